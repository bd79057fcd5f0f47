import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { eventFields, eventJsonSchema, eventLineSchema } from '../../../src/report/trace/event-schema.js';
import { firstVerdictLine, verdictLine } from '../../../src/report/trace/verdict-line.js';
import { EVERY_EVENT } from './every-event.js';
import { LIVELY, traced } from './traced.js';

const DOCS = readFileSync(new URL('../../../docs/trace.md', import.meta.url), 'utf8');
const FRAME = ['begin', 'end', 'verdict'];

describe('the schema of JSON lines', () => {
  it('has every kind of event', () => {
    const kinds = [...eventFields().keys()].filter((kind) => !FRAME.includes(kind));
    expect(kinds.sort()).toEqual(Object.keys(EVERY_EVENT).sort());
  });

  it('is met by every line of many executions, in which most kinds of events occur', () => {
    const kinds = new Set<string>();
    for (const [scenario, variant] of LIVELY) {
      const { text } = traced({ scenario, variant, format: 'jsonl' });
      for (const line of text.trimEnd().split('\n')) kinds.add(eventLineSchema.parse(JSON.parse(line)).event);
    }
    const missing = [...eventFields().keys()].filter((kind) => !kinds.has(kind));
    // Verdicts are of the program, and these executions come to no deferred sync.
    expect(missing).toEqual(['verdict', 'deferred-sync']);
  });

  it('is met by verdicts', () => {
    for (const line of [verdictLine, firstVerdictLine]) {
      expect(eventLineSchema.safeParse(JSON.parse(line({ variant: null, verdict: 'VERIFIED' }))).success).toBe(true);
    }
  });

  it('refuses a line with a field too many, one too few, and of no known kind', () => {
    const good = { event: 'iret', step: 1, cpu: 0, address: '0x10', symbol: 'a' };
    const { symbol, ...less } = good;
    const accepted = [good, { ...good, more: 1 }, less, { ...good, event: 'irett' }];
    expect(accepted.map((line) => eventLineSchema.safeParse(line).success)).toEqual([true, false, false, false]);
  });

  it('is documented kind by kind, with exactly its fields', () => {
    const rows = [...DOCS.matchAll(/^\| `([a-z0-9-]+)` \| [^|]* \| ([^|]*) \|$/gm)].map(([, kind, fields = '']) => {
      return [kind, [...fields.matchAll(/`([a-zA-Z]+)`/g)].map(([, name]) => name)] as const;
    });
    const expected = [...eventFields()].map(([kind, fields]) => {
      return [kind, FRAME.includes(kind) ? fields : fields.filter((name) => name !== 'step' && name !== 'cpu')];
    });
    expect(rows).toEqual(expected);
  });

  it('is JSON Schema, the same on every call', () => {
    expect(JSON.stringify(eventJsonSchema())).toBe(JSON.stringify(eventJsonSchema()));
    expect(eventJsonSchema()).toMatchObject({ title: 'xmc.event/1', oneOf: expect.any(Array) });
  });
});
