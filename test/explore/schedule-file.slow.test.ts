import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GZIP_PACKER } from '../../src/cli/io/file-packer.js';
import { crc32 } from '../../src/explore/schedule-file/crc32.js';
import { formatSchedule } from '../../src/explore/schedule-file/format.js';
import { looksLikeSchedule, parseSchedule } from '../../src/explore/schedule-file/parse.js';
import type { Schedule } from '../../src/explore/schedule-file.js';
import { recorded } from './call-swap.js';

const format = (schedule: Schedule): string => [...formatSchedule(schedule, GZIP_PACKER)].join('');
const parse = (text: string) => parseSchedule(text, 'x.schedule', GZIP_PACKER);

/** What a schedule is, without where its text stands in the file. */
function content({ source, ...rest }: Schedule): Schedule {
  return { ...rest, source: { name: source.name, text: source.text } };
}

describe('a schedule file', () => {
  it('is text, one step a line', () => {
    const schedule = recorded('memcpy', 100);
    const { steps, end } = schedule;
    const text = format(schedule);
    expect(looksLikeSchedule(text)).toBe(true);
    const lines = text.split('\n');
    expect(lines.slice(0, 5)).toEqual([
      'xmc-schedule 1',
      'scenario call-swap',
      'variant memcpy',
      'scheduler random seed 1',
      `steps ${steps.length}`,
    ]);
    expect(lines).toContain(` 1 cpu1 insn        h=${steps[0]?.hash}`);
    expect(text).toMatch(/^ *[0-9]+ cpu0 proc {8}h=[0-9a-f]{16} {2}mutex_lock\(&text_mutex\); patch begins$/m);
    expect(lines.slice(5 + steps.length, 11 + steps.length)).toEqual([
      'end violated',
      'property no-torn-instruction',
      `cpu ${end.cpu}`,
      'address 0xffffffff8100c0bc',
      `bytes ${end.bytes}`,
      `hash ${end.hash}`,
    ]);
    expect(text.endsWith('end of schedule\n')).toBe(true);
  });

  it('comes back as it was', () => {
    for (const [variant, limit] of [
      ['memcpy', 100],
      ['text-poke-bp', 5000],
    ] as const) {
      const schedule = recorded(variant, limit);
      expect(content(parse(format(schedule)))).toEqual(schedule);
      const drawn = { ...schedule, randomSeed: 0xffffffff };
      expect(content(parse(format(drawn)))).toEqual(drawn);
      const tooLarge = format(drawn).replace('random 4294967295', 'random 4294967296');
      expect(() => parse(tooLarge)).toThrow('a seed above 4294967295');
    }
  });

  it('says that it was shrunk, and whether no single step can be left out; one without that line is as before', () => {
    for (const isMinimal of [true, false]) {
      const shrunk = { ...recorded('memcpy', 100), shrunk: { from: 308, isMinimal } };
      const text = format(shrunk);
      expect(text).toContain(`\nshrunk from 308 steps${isMinimal ? ', 1-minimal' : ''}\nsteps `);
      expect(content(parse(text))).toEqual(shrunk);
    }
    expect(parse(format(recorded('memcpy', 100))).shrunk).toBeUndefined();
    const damaged = format({ ...recorded('memcpy', 100), shrunk: { from: 3, isMinimal: true } });
    expect(() => parse(damaged.replace('1-minimal', '2-minimal'))).toThrow('expected "steps"');
  });

  it('comes back as it was with any text and any files', () => {
    const empty = recorded('memcpy', 0);
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\r', 'é', '\t', '#') });
    const text = fc.array(line).map((lines) => lines.join('\n'));
    const name = fc.string({ unit: 'grapheme', minLength: 1 });
    const files = fc.dictionary(name, fc.uint8Array({ maxLength: 300 }), { maxKeys: 3, noNullPrototype: true });
    fc.assert(
      fc.property(text, name, files, (source, file, contents) => {
        const schedule = { ...empty, source: { name: file, text: source }, files: new Map(Object.entries(contents)) };
        expect(content(parse(format(schedule)))).toEqual(schedule);
      }),
    );
  });

  it('comes back with names that hold the line separators of Unicode', () => {
    const name = 'a\u2028b\u2029c\u0085';
    const files = new Map([[name, Uint8Array.of(1, 2, 3)]]);
    const schedule = { ...recorded('memcpy', 0), source: { name, text: 'a\u2028b' }, files };
    expect(content(parse(format(schedule)))).toEqual(schedule);
  });

  it('says where the embedded scenario stands', () => {
    const text = format(recorded('memcpy', 100));
    const { source } = parse(text);
    expect(text.split('\n')[source.line - 1]).toBe('scenario: call-swap');
  });

  it('holds compressed files as base64 of 76 columns, the same on every system', () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, i) => (i * i) & 0xff);
    const text = format({ ...recorded('memcpy', 0), files: new Map([['a "b".elf', bytes]]) });
    const [, head, ...lines] = /\n(file .*)\n([\s\S]*)\nend of schedule/.exec(text) ?? [];
    expect(head).toMatch(/^file "a \\"b\\".elf" bytes 1000 crc32 [0-9a-f]{8} lines [0-9]+$/);
    const base64 = (lines[0] ?? '').split('\n');
    expect(base64.slice(0, -1).every((line) => line.length === 76)).toBe(true);
    // The byte of the gzip header that names the operating system.
    expect(Buffer.from(base64.join(''), 'base64')[9]).toBe(255);
  });
});

describe('crc32', () => {
  it('has the check value of CRC-32', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe('cbf43926');
    expect(crc32(new Uint8Array())).toBe('00000000');
  });
});
