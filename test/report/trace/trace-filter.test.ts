import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input-error.js';
import type { MachineEvent } from '../../../src/machine/event.js';
import { EVENT_GROUPS } from '../../../src/report/trace/event-groups.js';
import { TraceFilter } from '../../../src/report/trace/trace-filter.js';
import { SITE, SUBJECT } from '../subject.js';
import { EVERY_EVENT } from './every-event.js';
import { traced } from './traced.js';

const shown = (list: string): string[] => {
  const shows = TraceFilter.parse(list).of(SUBJECT);
  return Object.values(EVERY_EVENT)
    .filter(shows)
    .map(({ kind }) => kind);
};

describe('what a trace is limited to', () => {
  it('names every kind of event in some group', () => {
    const grouped: ReadonlySet<string> = new Set(Object.values(EVENT_GROUPS).flatMap(({ kinds }) => kinds));
    expect(Object.keys(EVERY_EVENT).filter((kind) => !grouped.has(kind))).toEqual([]);
  });

  it('is one of the groups, on one of the CPUs', () => {
    expect(shown('trap,ipi')).toEqual(['trap', 'iret', 'ipi-sent', 'ipi-accepted', 'ipi-acked', 'stopped']);
    expect(shown('ipi,cpu0')).toEqual(['ipi-sent']);
    expect(shown('cpu2')).toEqual(['trap', 'halt', 'deferred-sync']);
  });

  it('is a site where an instruction or a store has a byte of it', () => {
    const shows = TraceFilter.parse('site').of(SUBJECT);
    const insn = (rip: bigint, length: number): MachineEvent => {
      return { kind: 'instruction', cpu: 0, rip, bytes: new Uint8Array(length), times: [], exception: undefined };
    };
    const at = [insn(SITE - 2n, 2), insn(SITE - 2n, 3), insn(SITE + 4n, 1), insn(SITE + 5n, 1), insn(SITE, 0)];
    expect(at.map(shows)).toEqual([false, true, true, false, true]);
    const store = EVERY_EVENT['text-store'];
    expect([store, { ...store, address: SITE + 5n }].map(shows)).toEqual([true, false]);
  });

  it('is refused where it is unknown, with what is known', () => {
    const refused = (list: string): unknown => {
      try {
        TraceFilter.parse(list).of(SUBJECT);
      } catch (error) {
        return error instanceof InputError ? [error.message, error.hint] : error;
      }
      return undefined;
    };
    expect(refused('site,trp')).toEqual(['--only: unknown kind of event "trp"', "did you mean 'trap'?"]);
    expect(refused('wibble')).toEqual([
      '--only: unknown kind of event "wibble"',
      expect.stringContaining('known: site, insn, store, trap, ipi, '),
    ]);
    expect(refused('')).toEqual(['--only: unknown kind of event ""', expect.stringContaining('known: ')]);
    expect(refused('cpu3')).toEqual(['--only: there is no CPU 3, only CPUs 0, 1, 2', undefined]);
  });

  it('leaves the events of an execution that are told as they are', () => {
    const run = { scenario: 'call-swap', variant: 'text-poke-bp', format: 'jsonl' } as const;
    const all = traced(run).text.split('\n');
    const some = traced({ ...run, only: 'ipi,store' }).text.split('\n');
    expect(some).toEqual(all.filter((line) => /^$|"event":"(begin|end|ipi-[a-z]+|text-store)"/.test(line)));
    expect(some.length).toBeGreaterThan(20);
  });
});
