import { FLAG, STATUS_FLAGS } from './machine-state.mjs';

/** The eight tests behind the condition codes (SDM Vol. 1, Appendix B); an odd code is the opposite. */
const TESTS = [
  (flag) => flag('of'),
  (flag) => flag('cf'),
  (flag) => flag('zf'),
  (flag) => flag('cf') || flag('zf'),
  (flag) => flag('sf'),
  (flag) => flag('pf'),
  (flag) => flag('sf') !== flag('of'),
  (flag) => flag('zf') || flag('sf') !== flag('of'),
];

const isTrue = (condition, rflags) =>
  TESTS[condition >> 1]((name) => (rflags & FLAG[name]) !== 0n) !== (condition % 2 === 1);

/** `rflags` with other status flags, such that condition code `condition` (0 = O .. 15 = NLE) is `wanted`. */
export function flagsWhere(condition, wanted, rflags, random) {
  let flags = rflags;
  while (isTrue(condition, flags) !== wanted) flags = (flags & ~STATUS_FLAGS) | (random.bits(12) & STATUS_FLAGS);
  return flags;
}
