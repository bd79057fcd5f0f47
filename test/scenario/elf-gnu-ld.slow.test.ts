import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparable } from './elf-comparable.js';
import { FIXTURES, LINKED_BY_LD, MODULES, OUTSIDE, PIE_FILE } from './elf-fixtures.js';
import {
  contents,
  firstLine,
  gnu,
  gnuAssemble,
  gnuLink,
  gnuLinkRelocatable,
  hasGcc,
  hasGnuLd,
  inScratch,
} from './elf-gnu.js';
import { BASE, linkFiles } from './elf-link.js';
import { randomSources } from './elf-random-source.js';

type Objects = Readonly<Record<string, Uint8Array>>;

/** Objects linked by us and by GNU ld. */
function linkedTwice(objects: Objects, outside: ReadonlyMap<string, bigint>): { ours: string; theirs: string } {
  const { layout, images } = linkFiles(objects, outside);
  const image = gnuLink(objects, layout.files, outside);
  return {
    ours: layout.files.map((file) => comparable(file, images)).join(''),
    theirs: layout.files.map((file) => comparable(file, [image])).join(''),
  };
}

function expectSame(objects: Objects, outside: ReadonlyMap<string, bigint>): void {
  const { ours, theirs } = linkedTwice(objects, outside);
  expect(ours).toBe(theirs);
}

describe('objects are linked as GNU ld links them', () => {
  const outside = new Map([
    ['outside0', BASE - 0x123456n],
    ['low0', 0x12345678n],
  ]);

  it.skipIf(!hasGnuLd)('whatever they refer to, each for itself and two joined by ld -r (needs GNU as and ld)', () => {
    const property = fc.property(randomSources, (sources) => {
      const objects = gnuAssemble(sources);
      expectSame(objects, outside);
      const { 'c.o': third = new Uint8Array(), ...two } = objects;
      expectSame({ 'ab.o': gnuLinkRelocatable(two), 'c.o': third }, outside);
    });
    fc.assert(property, { seed: 20181012, numRuns: 30, interruptAfterTimeLimit: 50_000, markInterruptAsFailure: true });
  });

  it.skipIf(!hasGnuLd)('as recorded, the fixtures (needs GNU ld; `vitest -u` records)', async () => {
    const { ours, theirs } = linkedTwice(MODULES, OUTSIDE);
    expect(ours).toBe(theirs);
    await expect(theirs).toMatchFileSnapshot(LINKED_BY_LD);
  });

  it.skipIf(!hasGcc)('made by gcc, for the kernel and position-independent (needs gcc)', () => {
    const source = readFileSync(join(FIXTURES, 'helper.c'), 'utf8');
    for (const flags of ['-O0 -mcmodel=kernel -fno-pic', '-O2 -fPIC', '-O1 -fno-pic -mcmodel=large', '-Os -fpie']) {
      const object = inScratch({ 'helper.c': source }, (directory) => {
        gnu(directory, 'gcc', '-c', '-ffunction-sections', '-fdata-sections', ...flags.split(' '), 'helper.c');
        return contents(directory, 'helper.o');
      });
      expectSame({ ...MODULES, 'helper.o': object }, OUTSIDE);
    }
  });
});

const script = readFileSync(join(FIXTURES, 'build.sh'), 'utf8');
const sameTools = ['gcc', 'ld'].every((tool) => script.includes(`#   ${firstLine(tool, '--version')}\n`));

describe('the fixtures of the ELF tests', () => {
  it('are small', () => {
    for (const bytes of [...Object.values(MODULES), PIE_FILE]) expect(bytes.length).toBeLessThan(4096);
  });

  it.skipIf(!sameTools)('are what build.sh makes (needs the gcc and ld that build.sh names)', () => {
    inScratch({}, (directory) => {
      gnu(directory, 'sh', join(FIXTURES, 'build.sh'), directory);
      for (const [name, bytes] of Object.entries({ ...MODULES, 'pie.elf': PIE_FILE })) {
        expect(Buffer.from(contents(directory, name)).equals(bytes), name).toBe(true);
      }
    });
  });
});
