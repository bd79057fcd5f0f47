import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CRC, callSwapWith, ROOT, Workshop } from './xmc.js';

const ELF = readFileSync(`${ROOT}/examples/crc-t10dif/crc-t10dif.elf`);

/** The example's ELF file with some bytes changed. */
function elfWith(offset: number, ...bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(ELF);
  copy.set(bytes, offset);
  return copy;
}

/** Runs a scenario in a directory of its own, which must be as before. */
async function refused(scenario: string | Uint8Array, elf?: Uint8Array) {
  const workshop = new Workshop();
  workshop.write('bad.yaml', scenario);
  if (elf !== undefined) workshop.write('crc-t10dif.elf', elf);
  const before = workshop.files();
  const { code, stdout, stderr } = await workshop.xmc(['run', 'bad.yaml', '--trace=bad.trace', '--json']);
  expect(workshop.files()).toEqual(before);
  expect(stderr).not.toMatch(/^ +at |internal error/m);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return stderr;
}

describe.concurrent('xmc run of bad input says what and where, exits with 2 and writes nothing', () => {
  it.each([
    ['malformed YAML', callSwapWith(['steps: 20000', 'steps: [']), 'bad.yaml:38:1: error: '],
    [
      'an unknown key',
      callSwapWith(['cpus: 3', 'cpsu: 3']),
      "bad.yaml:23:1: error: unknown key 'cpsu'\n   23 | cpsu: 3\n      | ^\nhint: did you mean 'cpus'?\n",
    ],
    [
      'an unknown symbol',
      callSwapWith(['call.rel32 new"', 'call.rel32 nwe"']),
      "bad.yaml:31:26: error: undefined symbol 'nwe'",
    ],
    ['overlapping text', callSwapWith(['0xffffffff82000000', '0xffffffff8100c0be']), 'bad.yaml:12:5: error: '],
    ['an unassemblable line', callSwapWith(['mov $1, %eax', 'mov $1, %eaxx']), 'bad.yaml:14:'],
    [
      'a patch of another length',
      callSwapWith(['site, new: "call.rel32 new"', 'site, new: "jmp.rel8 after"']),
      'bad.yaml:31:26: error: "jmp.rel8 after" is 2 bytes long, but site site is 5',
    ],
    [
      'an unknown algorithm',
      callSwapWith(['algorithm: text-poke-bp', 'algorithm: text-poke-pb']),
      'error: unknown algorithm "text-poke-pb"',
    ],
    ['a file that is no text', Uint8Array.of(0xff, 0xfe, 0), 'bad.yaml: error: not a text file (UTF-8)\n'],
    ['an empty file', '', 'bad.yaml'],
  ])('%s', async (_what, scenario, said) => {
    expect(await refused(scenario)).toContain(said);
  });

  it.each([
    ['is not there', undefined, 'bad.yaml:8:10: error: crc-t10dif.elf: cannot be read: no such file or directory\n'],
    ['is cut off', ELF.subarray(0, 3000), 'crc-t10dif.elf: error: '],
    ['is for 32 bits', elfWith(4, 1), 'crc-t10dif.elf: error: '],
  ])('an ELF file that %s', async (_what, elf, said) => {
    expect(await refused(readFileSync(CRC), elf)).toContain(said);
  });
});

describe.concurrent('xmc run of a file that cannot be read', () => {
  const workshop = new Workshop();

  it('says so', async () => {
    const missing = await workshop.xmc(['run', 'missing.yaml']);
    expect(missing).toEqual({
      code: 2,
      stdout: '',
      stderr: 'missing.yaml: error: cannot be read: no such file or directory\n',
    });
    const directory = await workshop.xmc(['run', '.']);
    expect(directory).toEqual({ code: 2, stdout: '', stderr: '.: error: it is a directory\n' });
  });

  it('or written, either', async () => {
    workshop.write('ok.yaml', callSwapWith());
    const nowhere = await workshop.xmc(['run', 'ok.yaml', '--trace=no/such/dir.trace']);
    expect(nowhere.stderr).toBe('xmc: error: cannot write no/such/dir.trace: no such file or directory\n');
    const itself = await workshop.xmc(['run', 'ok.yaml', '--trace=./ok.yaml']);
    expect(itself.stderr).toContain('will not write the trace over ./ok.yaml');
    expect([nowhere.code, itself.code]).toEqual([2, 2]);
    expect(workshop.read('ok.yaml')).toBe(callSwapWith());
  });
});
