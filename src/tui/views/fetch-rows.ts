import { type Fetch, fetchesOf, instructionAt } from '../choices.js';
import { type Row, type Span, span } from '../row.js';
import type { Walk } from '../walk.js';

/** Most bytes that are shown of an instruction in a pane of some width. */
const bytesIn = (width: number): number => Math.min(15, Math.max(5, Math.floor((width - 24) / 3)));

/** What memory holds at RIP, and what the CPU would fetch there; a byte that differs is behind `*`. */
export function fetchRows(walk: Walk, cpu: number, width: number, height: number): Row[] {
  const { machine } = walk.timeline;
  const { rip } = machine.state(cpu);
  const fetches = fetchesOf(walk, cpu);
  machine.lookThrough(cpu);
  const held = instructionAt(machine.memory, rip);
  const most = bytesIn(width);
  const text = (bytes: Uint8Array): string => walk.subject.code.shortInsn(bytes, rip);
  const column = 3 * Math.min(most, Math.max(held.length, ...fetches.map(({ bytes }) => bytes.length)));
  const memory: Row = [span('memory'), ...bytesOf(held, [], most, column), span(` ${text(held)}`)];
  const room = height - 1;
  const shown = fetches.length > room ? fetches.slice(0, Math.max(0, room - 1)) : fetches;
  const rows = shown.map((fetch): Row => {
    const stale = fetch.isCurrent.some((current) => !current);
    const same = !stale && fetch.bytes.length === held.length;
    const words = same ? (fetches.length > 1 ? 'as memory has it' : 'the same') : text(fetch.bytes);
    return [
      span('fetch '),
      ...bytesOf(fetch.bytes, fetch.isCurrent, most, column),
      span(` ${words}`, same ? 'dim' : 'yellow'),
    ];
  });
  const left = fetches.length - shown.length;
  return [memory, ...rows, ...(left > 0 ? [[span(`fetch  ${left} more ways: o`, 'yellow')]] : [])];
}

function bytesOf(bytes: Uint8Array, isCurrent: Fetch['isCurrent'], most: number, column: number): Span[] {
  const shown = Array.from(bytes.subarray(0, most), (byte, i): Span => {
    const digits = byte.toString(16).padStart(2, '0');
    return isCurrent[i] === false ? span(`*${digits}`, 'red') : span(` ${digits}`);
  });
  const width = 3 * shown.length;
  const more = bytes.length > most ? '..' : '';
  return [...shown, span(more.padEnd(Math.max(0, column - width)))];
}
