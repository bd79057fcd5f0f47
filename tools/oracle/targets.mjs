import { CODE, FLAG, STATUS_FLAGS } from './machine-state.mjs';

const LOW_TARGETS = [
  0n,
  0x1000n,
  0x1000_1001n,
  0x1000_1fffn,
  0x2000_0000n,
  0x7fff_0000_1234n,
  0x8000_0000n,
  0xffff_ffffn,
];

/** Any address of a program but the test's own, mapped or not: the step ends before anything is fetched from it. */
export function codeTarget(random) {
  return random.chance(0.5)
    ? random.pick(LOW_TARGETS)
    : random.chance(0.5)
      ? CODE + 1n + random.bits(12)
      : random.bits(46);
}

/** What POPF finds: TF stays 0 (a trap would follow), VM VIF VIP too; reserved bits, IF, IOPL, NT, AC, ID are tried. */
export function flagsImage(random) {
  const others = [FLAG.if, FLAG.df, FLAG.fixed, 0x8n, 0x20n, 0x8000n, 0x1000n, 0x2000n, 0x4000n, 0x40000n, 0x200000n];
  let image = random.bits(12) & STATUS_FLAGS;
  for (const bit of others) if (random.chance(0.35)) image |= bit;
  return image;
}
