import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElfImage, type PlacedElf, readElf } from '../../src/scenario/elf.js';

/** Whether GNU as and ld can be run. */
export const hasGnuLd: boolean = ['as', 'ld'].every((tool) => {
  return spawnSync(tool, ['--version'], { encoding: 'utf8' }).stdout?.includes('GNU') ?? false;
});

/** Whether gcc can be run too. */
export const hasGcc: boolean = hasGnuLd && spawnSync('gcc', ['--version']).status === 0;

/** An object or its source, by the name that it has in the scratch directory. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Run something in a directory of its own with some files in it. */
export function inScratch<T>(files: Files, use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'xmc-elf-'));
  try {
    for (const [name, contents] of Object.entries(files)) writeFileSync(join(directory, name), contents);
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Run a tool in a directory. @throws Error with what it printed if it fails */
export function gnu(directory: string, tool: string, ...args: string[]): void {
  execFileSync(tool, args, { cwd: directory, stdio: 'pipe' });
}

/** A file of a directory. */
export function contents(directory: string, name: string): Uint8Array {
  return new Uint8Array(readFileSync(join(directory, name)));
}

/** Assemble sources (`a.s`) to objects (`a.o`) and give these. */
export function gnuAssemble(sources: Readonly<Record<string, string>>): Record<string, Uint8Array> {
  return inScratch(sources, (directory) =>
    Object.fromEntries(
      Object.keys(sources).map((name) => {
        const object = name.replace(/s$/, 'o');
        gnu(directory, 'as', '--64', '-o', object, name);
        return [object, contents(directory, object)];
      }),
    ),
  );
}

/** Link objects into one object. */
export function gnuLinkRelocatable(objects: Files): Uint8Array {
  return inScratch(objects, (directory) => {
    gnu(directory, 'ld', '-r', '-o', 'all.o', ...Object.keys(objects));
    return contents(directory, 'all.o');
  });
}

/** Where GNU ld puts its own tables: away from everything, yet within reach of it. */
export const LD_TABLES = 0xffffffffb0000000n;

/** Link objects with GNU ld, each section to where `placed` has it; outside symbols by name. */
export function gnuLink(objects: Files, placed: readonly PlacedElf[], outside: ReadonlyMap<string, bigint>): ElfImage {
  const sections = placed.flatMap(({ file, sections: all }) =>
    all.filter(({ name }) => name !== '.got').map((section) => ({ ...section, file })),
  );
  sections.sort((a, b) => (a.address < b.address ? -1 : 1));
  const statements = sections.map(({ file, name, address }, i) => {
    const what = name === 'COMMON' ? '*(COMMON)' : `${file}(${name})`;
    return `  .s${i} 0x${address.toString(16)} : { ${what} }`;
  });
  const tables = `  .got 0x${LD_TABLES.toString(16)} : { *(.got) *(.got.plt) *(.plt) *(.iplt) *(.igot*) *(.rela*) }`;
  const script = ['SECTIONS {', ...statements, tables, '  /DISCARD/ : { *(*) }', '}', ''].join('\n');
  return inScratch({ ...objects, 'script.ld': script }, (directory) => {
    const defined = [...outside].map(([name, address]) => `--defsym=${name}=0x${address.toString(16)}`);
    const options = ['-static', '--no-relax', '-z', 'norelax', '-z', 'noexecstack', '-e', '0', '-T', 'script.ld'];
    gnu(directory, 'ld', ...options, ...defined, '-o', 'linked.elf', ...Object.keys(objects));
    return readElf(contents(directory, 'linked.elf'), 'linked.elf');
  });
}

/** The first line that a tool prints, or undefined if it cannot be run. */
export function firstLine(tool: string, ...args: string[]): string | undefined {
  return spawnSync(tool, args, { encoding: 'utf8' }).stdout?.split('\n')[0];
}
