import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { publint } from 'publint';
import { describe, expect, it } from 'vitest';
import { type Exports, manifest, type PackedFile, pack } from './packed.js';
import { ROOT, Workshop } from './xmc.js';

const packed = pack(new Workshop().path);
const tarball = new Uint8Array(readFileSync(packed.tarball));
const files: ReadonlyMap<string, PackedFile> = new Map(packed.files.map((file) => [file.path, file]));
const text = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** All that a user needs, and nothing else. */
const CONTENT = [
  /^dist\/.*\.(js|d\.ts)$/,
  /^dist\/browser\.licenses\.txt$/,
  /^man\/xmc\.1$/,
  /^scenarios\/.*\.(yaml|json)$/,
  /^examples\/.*\.(md|js|yaml|c|h|ld|sh|elf)$/,
  /^docs\/.*\.(md|svg)$/,
  /^(README\.md|CHANGELOG\.md|LICENSE|package\.json)$/,
];

/** Bytes. Of them 0.75 and 2.9 MB are the file for browsers (ADR 27). */
const MOST_PACKED = 1_900_000;
const MOST_UNPACKED = 7_400_000;

/** The files that an entry of `exports` leads to. */
function targets(exports: Exports): readonly string[] {
  return typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(targets);
}

describe('the package', () => {
  it('holds what is needed and nothing else', () => {
    const paths = [...files.keys()];
    expect(paths.filter((path) => !CONTENT.some((pattern) => pattern.test(path)))).toEqual([]);
    expect(paths.filter((path) => /\.test\.|(?<!^dist\/cli)\/tests?\//.test(path))).toEqual([]);
    expect(CONTENT.filter((pattern) => !paths.some((path) => pattern.test(path)))).toEqual([]);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'CHANGELOG.md', 'LICENSE']));
  });

  it('is no larger than it has to be', () => {
    expect(packed.size).toBeLessThan(MOST_PACKED);
    expect(packed.unpackedSize).toBeLessThan(MOST_UNPACKED);
  });

  it('has all of src, compiled and with its types', () => {
    const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    const wanted = sources.flatMap((path) => ['.js', '.d.ts'].map((end) => `dist/${path.replace(/\.ts$/, end)}`));
    expect(wanted.filter((path) => !files.has(path))).toEqual([]);
  });

  it('has the interpreter that is built beforehand', () => {
    const path = 'dist/cpu/backend/prebuilt.js';
    expect(files.get(path)?.size).toBe(readFileSync(join(ROOT, path)).length);
    expect(files.get(path)?.size).toBeGreaterThan(10_000);
  });

  it('names no source map that is not there', () => {
    const lost = [...files.keys()].filter((path) => {
      const map = path.endsWith('.js') && /^\/\/# sourceMappingURL=(.*)$/m.exec(text(path))?.[1];
      return map && !files.has(join(path, '..', map));
    });
    expect(lost).toEqual([]);
  });

  it('has programs that can be executed, and the manual page', () => {
    for (const path of Object.values(manifest.bin)) {
      expect(text(path).split('\n', 1)).toEqual(['#!/usr/bin/env node']);
      expect((files.get(path)?.mode ?? 0) & 0o111).toBe(0o111);
    }
    expect(files.has(manifest.man)).toBe(true);
  });

  it('has every file that its exports lead to', () => {
    const all = targets(manifest.exports);
    expect(all).toContain('./dist/index.js');
    // `./dist/*.js` leads to some file.
    const isThere = (target: string): boolean => {
      const [start = '', end] = target.slice(2).split('*');
      return end === undefined
        ? files.has(start)
        : [...files.keys()].some((path) => path.startsWith(start) && path.endsWith(end));
    };
    expect(all.filter((target) => !isThere(target))).toEqual([]);
  });

  it('has nothing that publint finds fault with', async () => {
    expect((await publint({ pack: { tarball: tarball.buffer } })).messages).toEqual([]);
  });

  it('has types that resolve in the modes node16 and bundler', async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball));
    if (result.types === false) throw new Error('there are no types');
    const problems = result.problems.filter((problem) => {
      // There are modules alone, no scripts for require(), and exports, which node10 does not know.
      if ('resolutionKind' in problem) return !['node10', 'node16-cjs'].includes(problem.resolutionKind);
      return !('resolutionOption' in problem && problem.resolutionOption === 'node10');
    });
    expect(problems).toEqual([]);
    for (const { resolutions } of Object.values(result.entrypoints)) {
      expect(resolutions['node16-esm'].resolution?.fileName).toBeDefined();
      expect(resolutions.bundler.resolution?.fileName).toBeDefined();
    }
  });
});
