import { describe, expect, it } from 'vitest';
import { GZIP_PACKER } from '../../src/cli/io/file-packer.js';
import { formatSchedule } from '../../src/explore/schedule-file/format.js';
import { parseSchedule } from '../../src/explore/schedule-file/parse.js';
import { errorLine, errorOf } from '../scenario/input-error.js';
import { recorded } from './call-swap.js';

const FILE = Uint8Array.from({ length: 500 }, (_, i) => (i * 7) & 0xff);
const TEXT = [...formatSchedule({ ...recorded('memcpy', 100), files: new Map([['a.elf', FILE]]) }, GZIP_PACKER)].join(
  '',
);
const parse = (text: string) => parseSchedule(text, 'x', GZIP_PACKER);

/** What is said of the file with a text replaced. */
function said(from: string | RegExp, to: string): string {
  const text = TEXT.replace(from, to);
  if (text === TEXT) throw new Error(`nothing to replace: ${from}`);
  return errorLine(errorOf(() => parse(text)));
}

describe('a damaged schedule file', () => {
  it.each([
    ['empty', /[\s\S]*/, '', /^x:1: the file ends where an xmc schedule should be: it is cut off$/],
    ['another file', /[\s\S]*/, '#!/bin/sh\n', /^x:1: not an xmc schedule$/],
    ['of a later version', 'xmc-schedule 1', 'xmc-schedule 2', /^x:1: a schedule of format 2; this program reads/],
    ['without its scenario', /^scenario .*\n/m, '', /^x:2: expected "scenario" and its name$/],
    ['cut off in the steps', /^ *9 [\s\S]*/m, '', /^x:14: the file ends where step 9 of [0-9]+/],
    ['cut off in a line', /(h=[0-9a-f]{5})[\s\S]*/, '$1', /^x:6: the file ends where step 1 of/],
    ['with too few steps', /^steps [0-9]+/m, 'steps 3', /^x:9: expected "end" and one of/],
    ['with too many steps', /^steps [0-9]+/m, 'steps 1000', /^x:[0-9]+: expected step [0-9]+ of 1000/],
    ['with endless steps', /^steps [0-9]+/m, 'steps 999999999999', /^x:5: more than 2000000 steps$/],
    ['with steps out of order', /^ *3 /m, ' 4 ', /^x:8: expected step 3 of/],
    ['with an unknown step', /cpu1 insn/, 'cpu1 inns', /^x:[0-9]+: "cpu1 inns" is no step$/],
    ['with a CPU too many', /cpu1 insn/, 'cpu9 insn', /^x:[0-9]+: "cpu9 insn" is no step$/],
    ['without a label', / {2}mutex_lock.*/, '', /^x:[0-9]+: the label of the procedure step is missing$/],
    ['with a label too many', /(cpu1 insn.*)/, '$1  label', /^x:[0-9]+: only "proc" has a label$/],
    ['without a hash at the end', /^hash .*\n/m, '', /^x:[0-9]+: expected "hash" and the 16 hex digits/],
    ['with two ends', /^hash [0-9a-f]{16}/m, 'hash 0123456789abcdef', /^x:[0-9]+: the hash of the end is not the one/],
    ['with an unknown end', 'end violated', 'end well', /^x:[0-9]+: expected "end" and one of violated, /],
    ['with a changed scenario', 'cpus: 3', 'cpus: 2', /^x:[0-9]+: the embedded scenario call-swap.yaml is not the one/],
    ['with a shorter scenario', /^cpus: 3\n/m, '', /^x:[0-9]+: the embedded scenario call-swap.yaml is not the one/],
    ['with an endless scenario', /(yaml" lines) [0-9]+/, '$1 999999999', /^x:[0-9]+: the file ends where the text of/],
    ['with an unquoted name', '"call-swap.yaml"', '"call\\swap.yaml"', /: no name in double quotes: /],
    ['with garbled base64', /(crc32 .* lines [0-9]+\n.{20})./, '$1!', /^x:[0-9]+: expected a line of base64, of the/],
    ['with other base64', /(crc32 .* lines [0-9]+\n.{20})../, '$1zz', /^x:[0-9]+: the embedded file a.elf is damaged$/],
    ['with another size', 'bytes 500', 'bytes 499', /^x:[0-9]+: the embedded file a.elf is damaged$/],
    ['with a hostile size', 'bytes 500', 'bytes 99999999999', /^x:[0-9]+: a.elf: embedded files have at most/],
    [
      'with another checksum',
      /(bytes 500 crc32) ......../,
      '$1 00000000',
      /^x:[0-9]+: the embedded file a.elf is damaged$/,
    ],
    ['with a file twice', /^(file [\s\S]*)(?=end of schedule)/m, '$1$1', /^x:[0-9]+: a.elf is embedded twice$/],
    ['without its last line', 'end of schedule\n', '', /^x:[0-9]+: the file ends where "end of schedule"/],
    ['with something behind it', /$/, 'more\n', /^x:[0-9]+: nothing may follow the end of the schedule$/],
  ])('%s is refused with its line', (_what, from, to, message) => {
    expect(said(from, to)).toMatch(message);
  });

  it('does not unpack more than it says', () => {
    const bomb = GZIP_PACKER.pack(new Uint8Array(50 << 20));
    const lines = bomb.match(/.{1,76}/g) ?? [];
    const head = `file "bomb" bytes 500 crc32 00000000 lines ${lines.length}`;
    expect(said('end of schedule', `${[head, ...lines].join('\n')}\nend of schedule`)).toMatch(/bomb is damaged$/);
  });

  it('is read in time that grows with its size, however hostile', () => {
    const spaces = ' '.repeat(1 << 20);
    expect(said(/^ 1 cpu/m, ` 1 cpu${spaces}`)).toMatch(/^x:6: expected step 1/);
    expect(said('"call-swap.yaml" lines', `"${'" lines'.repeat(1 << 17)}`)).toMatch(
      /^x:[0-9]+: no name in double quotes: "" lines/,
    );
  });
});
