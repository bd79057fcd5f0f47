import { describe, expect, it } from 'vitest';
import type { TraceWidth } from '../../../src/report/column-trace.js';
import { PLAIN } from '../../../src/report/paint.js';
import { textTrace } from '../../../src/report/trace/text-trace.js';
import type { TracedStep } from '../../../src/report/trace/trace-writer.js';
import { SITE, SUBJECT } from '../subject.js';
import { EVERY_EVENT } from './every-event.js';
import { LIVELY, traced } from './traced.js';

const NESTING = { contexts: 1, frames: 0 };

function textOf(steps: readonly TracedStep[], width: TraceWidth, cpus = SUBJECT.cpus): string[] {
  let text = '';
  const writer = textTrace(
    (data) => {
      text += data;
    },
    PLAIN,
    width,
  );
  writer.begin({ scenario: 's', variant: undefined, scheduler: 'seed 1', steps: 100, subject: { ...SUBJECT, cpus } });
  for (const step of steps) writer.step(step);
  return text.trimEnd().split('\n').slice(1);
}

const LONG = `${'a'.repeat(90)} ${'b'.repeat(10)}`;
const events = [{ kind: 'procedure-step', cpu: 0, procedure: 'p', label: LONG } as const];
const LONG_STEP: TracedStep = { step: 7, cpu: 0, interrupted: undefined, events, shown: events, nesting: NESTING };

describe('a trace as text', () => {
  it('has a column for each CPU, and the bytes of the site whenever they change', () => {
    const { text } = traced({ scenario: 'call-swap', variant: 'memcpy', format: 'text' });
    expect(text.split('\n').slice(1, 5)).toEqual([
      ' step  CPU 0                     CPU 1                     CPU 2                     site',
      '                                                                                     e8 3f 3f ff 00',
      '    1                            site: call old',
      '    2                            old: mov $0x1,%eax',
    ]);
    expect(text).toMatch(/^ {3}11 {2}memcpy: store one byte {56}e8 3f 51 ff 00$/m);
  });

  it.each(LIVELY)('fits 100 columns: %s, %s', (scenario, variant) => {
    const lines = traced({ scenario, variant, format: 'text' }).text.split('\n');
    // The first line is the name of the execution.
    expect(lines.slice(1).filter((line) => line.length > 100)).toEqual([]);
    expect(lines[1]).toMatch(/^ +step {2}CPU 0/);
  });

  it('has lanes where a CPU would have less than 20 columns', () => {
    expect(textOf([LONG_STEP], 100, 5)[0]).toMatch(/^ {3}step {2}cpu {4}where /);
    expect(textOf([LONG_STEP], { wide: undefined }, 5)[0]).toMatch(/CPU 4 +site$/);
  });

  it('cuts what is longer than a column; when it is wide it breaks it, and nothing is missing', () => {
    expect(textOf([LONG_STEP], 100).join('\n')).toContain(`${'a'.repeat(20)}`);
    expect(textOf([LONG_STEP], 100).join('\n')).toContain('..');
    for (const wide of [undefined, 40, 100, 150]) {
      const rows = textOf([LONG_STEP], { wide }).slice(3);
      expect(rows.map((row) => row.replace(/^ +7/, '').trim()).join('')).toBe(LONG.replace(' ', ''));
    }
  });

  it('follows stores that it does not tell', () => {
    const store = (step: number, at: number, byte: number, isShown: boolean): TracedStep => {
      const after = Uint8Array.of(byte);
      const event = { ...EVERY_EVENT['text-store'], address: SITE + BigInt(at), before: after, after };
      const shown = isShown ? [event] : [];
      return { step, cpu: 0, interrupted: undefined, events: [event], shown, nesting: NESTING };
    };
    const rows = textOf([store(1, 0, 0xcc, false), store(2, 1, 0x90, true)], 100).slice(2);
    expect(rows[0]).toMatch(/^ {4}2 .* cc 90 3f ff 00$/);
    expect(rows.join()).not.toContain('cc ->');
  });
});
