import { describe, expect, it } from 'vitest';
import type { MachineEvent } from '../../../src/machine/event.js';
import { eventJson } from '../../../src/report/event-json.js';
import { EventLines } from '../../../src/report/trace/event-lines.js';
import { SITE, SUBJECT } from '../subject.js';
import { EVERY_EVENT } from './every-event.js';
import { LIVELY, traced } from './traced.js';

const plainLine = (step: number, event: MachineEvent, subject = SUBJECT): string =>
  `${JSON.stringify(eventJson({ step }, event, subject))}\n`;

describe('lines of events', () => {
  it.each(Object.values(EVERY_EVENT))('are what JSON.stringify gives: $kind', (event) => {
    const lines = new EventLines(SUBJECT);
    // The second time parts are remembered.
    expect([lines.line(1, event), lines.line(22, event)]).toEqual([plainLine(1, event), plainLine(22, event)]);
  });

  it('do not confuse two instructions at one address, nor versions of the same bytes', () => {
    const lines = new EventLines(SUBJECT);
    const of = (bytes: readonly number[], times: readonly number[], exception?: number): MachineEvent => {
      return { kind: 'instruction', cpu: 0, rip: SITE, bytes: Uint8Array.from(bytes), times, exception };
    };
    const events = [
      of([0x90], [0]),
      of([0x90], [7]),
      of([0xcc], [7], 3),
      of([0x66, 0x90], [0, 0]),
      of([0x90], [0]),
      of([], [], 14),
      of([0xcc], [0], 0),
    ];
    expect(events.map((event) => lines.line(5, event))).toEqual(events.map((event) => plainLine(5, event)));
  });

  it.each(LIVELY)('are the same as those of plain JSON in an execution of %s, %s', (scenario, variant) => {
    const { text, steps, subject } = traced({ scenario, variant, format: 'jsonl' });
    const expected = steps.flatMap(({ step, events }) => events.map((event) => plainLine(step, event, subject)));
    expect(expected.length).toBeGreaterThan(10);
    expect(text.split('\n').slice(1, -2).join('\n')).toBe(expected.join('').trimEnd());
  });
});
