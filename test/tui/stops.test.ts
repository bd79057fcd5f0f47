import { beforeAll, describe, expect, it } from 'vitest';
import { Run } from '../../src/tui/run.js';
import { parseBreakpoint, parseWatch, type Stop } from '../../src/tui/stops.js';
import { ANY, type Walk } from '../../src/tui/walk.js';
import { errorOf } from '../scenario/input-error.js';
import { counterexample } from './walks.js';

let walk: Walk;

beforeAll(async () => {
  walk = (await counterexample('stub.plain')).walk;
});

/** The positions at which runs stop, one after the other. */
function stopsOf(stop: Stop, direction: 'forward' | 'back'): number[] {
  const positions: number[] = [];
  walk.timeline.goTo(direction === 'forward' ? 0 : walk.timeline.length);
  for (;;) {
    const run = new Run(walk, { goal: '', direction, source: ANY, stops: [stop] });
    while (run.outcome === undefined) run.advance(50);
    if (run.outcome.kind !== 'stopped') return positions;
    positions.push(walk.timeline.position);
  }
}

/** Lines that cannot be read, and what is said of each. */
function refused(parse: (text: string, walk: Walk) => Stop, lines: readonly (readonly [string, string])[]): void {
  it.each(lines)('"%s" is refused: %s', (text, said) => {
    const { message, hint = '' } = errorOf(() => parse(text, walk));
    expect(`${message}; ${hint}`).toContain(said);
  });
}

describe('a breakpoint', () => {
  it.each([
    ['stub', [43]],
    ['0xffffffff83000000 cpu 1', [43]],
    ['after', []],
    ['stub cpu 0', []],
    ['on trap', [37]],
    ['on text-store', [3, 4, 16, 26, 46]],
    ['on ipi-accepted cpu 1', [7, 20, 33, 50]],
    ['if u8[site] == 0xcc', [16]],
    ['if worker.if == 0', [7, 20, 33, 37, 50]],
    ['if [worker.rsp] == 1', []],
  ])('at "%s" stops runs at the same steps both ways', (text, positions) => {
    const stop = parseBreakpoint(text, walk);
    const forward = stopsOf(stop, 'forward');
    expect(stopsOf(stop, 'back')).toEqual(forward.toReversed());
    expect(forward).toEqual(positions);
  });

  refused(parseBreakpoint, [
    ['', 'nothing to break at; site+1, on trap'],
    ['sitte', "unknown symbol 'sitte'; did you mean 'site'?"],
    ['site +', 'expected a symbol or an integer, not the end'],
    ['on trup', "unknown event 'trup'; did you mean 'trap'?"],
    ['on', "unknown symbol 'on'"],
    ['site cpu 7', 'there is no CPU 7: they are 0 to 1'],
    ['if worker.raxx == 1', "task worker has no register 'raxx'"],
    ['if 1 == 1', 'compares what is the same in every state'],
    ['if [0x10] == 1', 'nothing is mapped at 0x10'],
    ['if worker.rax =', "unexpected '='"],
  ]);
});

describe('a watch', () => {
  it('stops runs where the memory changes, both ways', () => {
    const stop = parseWatch('site 5', walk);
    expect(stopsOf(stop, 'forward')).toEqual([16, 26, 46]);
    expect(stopsOf(stop, 'back')).toEqual([46, 26, 16]);
    expect(stopsOf(parseWatch('site+4 1', walk), 'forward')).toEqual([]);
  });

  refused(parseWatch, [
    ['', 'nothing to watch'],
    ['0x1000', 'nothing is mapped at 0x1000'],
    ['site 5000', 'watches 1 to 4096 bytes, not 5000'],
    ['site 0', 'watches 1 to 4096 bytes, not 0'],
    ['nowhere 8', "unknown symbol 'nowhere'"],
  ]);
});

describe('a watch of a stack', () => {
  it('reads it as the CPU sees whose it is, and says so', () => {
    walk.timeline.goTo(0);
    const stop = parseWatch('0xffffc90000000ff8 8', walk, 1);
    expect(stop.text).toBe('0xffffc90000000ff8 8 as CPU 1 sees it');
    walk.timeline.machine.lookThrough(0);
    expect(stop.sample?.()).toMatch(/^[0-9a-f ]{23}$/);
    expect(stopsOf(stop, 'forward').length).toBeGreaterThan(0);
  });
});
