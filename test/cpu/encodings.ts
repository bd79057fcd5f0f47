import { decode } from '../../src/cpu/decode.js';
import { MAX_INSTRUCTION_LENGTH } from '../../src/cpu/decoded-instruction.js';
import { HANDLERS } from '../../src/cpu/semantics/index.js';
import type { Random } from './random.js';

/** Bytes that begin an instruction of a certain handler: prefixes, opcode, ModRM. */
type Start = readonly number[];

const PREFIXES: readonly Start[] = [[], [0x66], [0xf2], [0xf3], [0x66, 0xf2], [0x66, 0xf3]];
/** ModRM with a register and with a memory operand, for each value of its middle field. */
const MODRMS = Array.from({ length: 16 }, (_, i) => (i < 8 ? 0xc0 : 0x00) | ((i & 7) << 3));
/** ENDBR64, ENDBR32: all of ModRM counts; then MOV to and from CR8, INVPCID, and MASKMOVDQU with EDI. */
const RARE: readonly Start[] = [
  [0xf3, 0x0f, 0x1e, 0xfa],
  [0xf3, 0x0f, 0x1e, 0xfb],
  [0x44, 0x0f, 0x22, 0xc0],
  [0x44, 0x0f, 0x20, 0xc0],
  [0x66, 0x0f, 0x38, 0x82, 0x07],
  [0x67, 0x66, 0x0f, 0xf7, 0xc1],
];

/** For each handler, by key, how its instructions begin. Found by decoding, not written down. */
export class Encodings {
  private readonly starts = new Map<string, [Start, ...Start[]]>();
  private readonly wanted: ReadonlySet<string> = new Set(HANDLERS.map(({ key }) => key));

  constructor() {
    for (const start of allStarts()) this.add(start);
  }

  /** The keys of all handlers that an instruction exists for. */
  get keys(): readonly string[] {
    return [...this.starts.keys()];
  }

  private add(start: Start): void {
    const key = handlerOf(padded(start));
    if (key === undefined || !this.wanted.has(key)) return;
    const known = this.starts.get(key);
    if (known === undefined) this.starts.set(key, [start]);
    else if (known.length < 8) known.push(start);
  }

  /** A random instruction of a handler: other registers, addresses, immediates, and prefixes that change nothing. */
  random(key: string, random: Random, fill: (bytes: Uint8Array) => void): Uint8Array {
    const starts = this.starts.get(key);
    if (starts === undefined) throw new Error(`no instruction for ${key}`);
    for (let attempt = 0; attempt < 12; attempt++) {
      const start = vary(random.pick(starts), random);
      const bytes = padded(start);
      const rest = bytes.subarray(start.length);
      random.fill(rest);
      if (rest.length > 0 && random.oneIn(2)) fill(rest);
      const decoded = decode(bytes);
      if (decoded.kind === 'instruction' && decoded.handler === key) return decoded.bytes;
    }
    const decoded = decode(padded(starts[0]));
    if (decoded.kind !== 'instruction') throw new Error(`no instruction for ${key}`);
    return decoded.bytes;
  }
}

function* allStarts(): Generator<Start> {
  yield* RARE;
  for (const prefixes of PREFIXES) {
    for (const rex of [[], [0x48]]) {
      // The prefix 67 makes other instructions of string instructions and of those that look at RCX.
      for (let opcode = 0x6c; opcode < 0xf0; opcode++) yield [0x67, ...prefixes, ...rex, opcode, 0x00];
      for (let opcode = 0; opcode < 0x200; opcode++) {
        const bytes = opcode < 0x100 ? [opcode] : [0x0f, opcode & 0xff];
        for (const modrm of MODRMS) yield [...prefixes, ...rex, ...bytes, modrm];
      }
      for (const opcode of [0xf0, 0xf1, 0xf5, 0xf6, 0xf8, 0xf9, 0xfc]) {
        for (const modrm of MODRMS) {
          yield [...prefixes, ...rex, 0x0f, 0x38, opcode, modrm];
          yield [0x67, ...prefixes, ...rex, 0x0f, 0x38, opcode, modrm];
        }
      }
      // System instructions, of which all of ModRM counts; UMONITOR and its like.
      for (let modrm = 0xc0; modrm < 0x100; modrm++) {
        for (const opcode of [0x01, 0xae]) {
          yield [...prefixes, ...rex, 0x0f, opcode, modrm];
          yield [0x67, ...prefixes, ...rex, 0x0f, opcode, modrm];
        }
      }
    }
  }
  yield* vexStarts();
}

/** XOP, and VEX in its form of three bytes, maps 0F38 and 0F3A, where the instructions on general-purpose registers are. */
function* vexStarts(): Generator<Start> {
  for (const map of [9, 10]) {
    for (const wvvvvLpp of [0x78, 0xf8, 0x60, 0xe0]) {
      for (const opcode of [0x01, 0x02, 0x10]) {
        for (const modrm of MODRMS) yield [0x8f, 0xe0 | map, wvvvvLpp, opcode, modrm];
      }
    }
  }
  for (const wvvvvLpp of [0x79, 0xf9, 0x61, 0xe1]) {
    for (let opcode = 0xe0; opcode < 0xf0; opcode++) {
      for (const modrm of [0x06, 0x07]) yield [0xc4, 0xe2, wvvvvLpp, opcode, modrm];
    }
  }
  for (const map of [2, 3]) {
    for (let wvvvvLpp = 0; wvvvvLpp < 0x100; wvvvvLpp++) {
      for (let opcode = 0xf0; opcode < 0x100; opcode++) {
        for (const modrm of MODRMS) yield [0xc4, 0xe0 | map, wvvvvLpp, opcode, modrm];
      }
    }
  }
}

function padded(start: Start): Uint8Array {
  const bytes = new Uint8Array(MAX_INSTRUCTION_LENGTH);
  bytes.set(start);
  return bytes;
}

function handlerOf(bytes: Uint8Array): string | undefined {
  const decoded = decode(bytes);
  return decoded.kind === 'instruction' ? decoded.handler : undefined;
}

/** Other registers (REX and ModRM bits), and sometimes a prefix in front; what that breaks is decoded and dropped. */
function vary(start: Start, random: Random): Start {
  const varied = [...start];
  const last = varied.length - 1;
  if (random.oneIn(2)) varied[last] = (varied[last] ?? 0) ^ random.below(0x100);
  else varied[last] = (varied[last] ?? 0) ^ random.below(8);
  const rex = varied.indexOf(0x48);
  if (rex >= 0) varied[rex] = 0x48 | random.below(8);
  else if (random.oneIn(3)) {
    const opcode = varied.findIndex((byte) => ![0x66, 0x67, 0xf2, 0xf3].includes(byte));
    varied.splice(opcode, 0, 0x40 | random.below(8));
  }
  if (random.oneIn(6)) varied.unshift(random.pick([0x67, 0x64, 0x65, 0x2e, 0x36, 0x3e, 0x26, 0xf0, 0xf2, 0xf3, 0x66]));
  return varied;
}
