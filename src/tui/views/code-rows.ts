import { disassemble } from '../../encoder/disassemble.js';
import type { Memory } from '../../memory/memory.js';
import { hex } from '../../property/monitor.js';
import { clip } from '../../report/safe-text.js';
import { instructionAt } from '../choices.js';
import { type Row, span } from '../row.js';
import type { Walk } from '../walk.js';

/** Bytes that are disassembled on either side of RIP: enough for the tallest terminal. */
const AROUND = 256n;
/** Columns of bytes in a wide pane, and from which width on they are shown. */
const BYTES = { width: 24, from: 64 } as const;
/** So many zeros are no code. */
const FILLER = 16;
const WHERE = { least: 14, most: 24 } as const;

/** Columns of the pane, and those of addresses. */
interface Widths {
  readonly width: number;
  readonly where: number;
}

interface Line {
  readonly address: bigint;
  readonly bytes: Uint8Array;
}

/** The instructions around RIP as memory holds them, the one at RIP behind `>`. */
export function codeRows(walk: Walk, cpu: number, width: number, height: number): Row[] {
  const { machine } = walk.timeline;
  const { rip } = machine.state(cpu);
  machine.lookThrough(cpu);
  const above = linesBefore(walk, rip).slice(-Math.floor((height - 1) / 3));
  const lines = [...above, ...linesFrom(walk, rip, height - above.length)];
  if (lines.length === 0) return [[span(`nothing is mapped at ${walk.subject.code.address(rip)}`, 'red')]];
  const names = lines.map(({ address }) => walk.subject.code.address(address).length);
  const where = Math.min(WHERE.most, Math.max(WHERE.least, ...names));
  return lines.map((line) => lineRow(walk, line, line.address === rip, { width, where }));
}

function lineRow({ subject }: Walk, { address, bytes }: Line, isNext: boolean, widths: Widths): Row {
  const { code } = subject;
  const site = subject.sites.some(
    (other) => address >= other.address && address < other.address + BigInt(other.versions[0]?.length ?? 0),
  );
  const where = `${isNext ? '>' : ' '}${clip(code.address(address), widths.where).padEnd(widths.where)} `;
  const shown = widths.width < BYTES.from ? '' : `${hex(bytes)} `.padEnd(BYTES.width);
  return [
    span(where, isNext ? 'bold' : site ? 'cyan' : 'dim'),
    span(shown, 'dim'),
    span(code.shortInsn(bytes, address), isNext ? 'bold' : undefined),
  ];
}

function linesFrom({ timeline }: Walk, address: bigint, count: number): Line[] {
  const { memory } = timeline.machine;
  const lines: Line[] = [];
  for (let at = address; lines.length < count; ) {
    const bytes = instructionAt(memory, at);
    if (bytes.length === 0 || (lines.length > 0 && isFiller(memory, at))) break;
    // What is no instruction is shown byte by byte.
    lines.push({ address: at, bytes: isWhole(bytes, at) ? bytes : bytes.subarray(0, 1) });
    at = BigInt.asUintN(64, at + BigInt(lines.at(-1)?.bytes.length ?? 1));
  }
  return lines;
}

/** Whether nothing but zeros follows: the rest of a page, which nobody wrote. */
function isFiller(memory: Memory, address: bigint): boolean {
  if (memory.pageAt(address + BigInt(FILLER - 1)) === undefined) return false;
  return memory.bytes(address, FILLER).every((byte) => byte === 0);
}

function isWhole(bytes: Uint8Array, address: bigint): boolean {
  return disassemble(bytes, address)[0]?.length === bytes.length;
}

/** The instructions that end at an address. Where they begin is known from a symbol; else nobody can tell. */
function linesBefore({ timeline, built }: Walk, address: bigint): Line[] {
  const { memory } = timeline.machine;
  const symbol = built.symbols.nearest(address - 1n);
  if (symbol === undefined || symbol.offset > AROUND) return [];
  const start = address - 1n - symbol.offset;
  const length = Number(address - start);
  if (memory.pageAt(start) === undefined || memory.pageAt(address - 1n) === undefined) return [];
  const lines = disassemble(memory.bytes(start, length), start).map((line) => ({
    address: line.address,
    bytes: line.bytes,
  }));
  // A jump into the middle of an instruction has nothing before it.
  return lines.some(({ bytes }) => bytes.length === 0) ? [] : lines;
}
