import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../src', import.meta.url));
const MAX_LINES = 300;

/** The rooms from the ground up; a file may import from its own room and from any layer below. */
const LAYERS: readonly (readonly string[])[] = [
  ['input-error.ts', 'suggest.ts'],
  ['encoder', 'memory', 'profile'],
  ['cpu'],
  ['machine'],
  ['patcher', 'property'],
  ['explore', 'search'],
  ['scenario', 'conform', 'litmus', 'report'],
  ['judge'],
  ['tui', 'gdb', 'api'],
  ['regression'],
  ['cli'],
  ['vitest'],
  ['index.ts', 'cli.ts'],
];

/** Files that may import a package or the node modules; a folder ends in a slash. */
const ALLOWED_IN: readonly { readonly what: RegExp; readonly where: readonly string[] }[] = [
  { what: /^iced-x86$/, where: ['encoder/iced.ts'] },
  // vitest/ runs inside a test runner: it finds the test's folder, and reads and writes beside it through cli/.
  { what: /^node:/, where: ['cli.ts', 'cli/', 'vitest/', 'encoder/iced.ts'] },
  { what: /^(ink|react)$/, where: ['tui/ink/'] },
  { what: /^vitest$/, where: ['vitest/'] },
  { what: /^tinyglobby$/, where: ['cli/test/find-scenarios.ts'] },
];

interface SourceFile {
  /** Path below src, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files: readonly SourceFile[] = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => {
    const text = readFileSync(join(SRC, path), 'utf8');
    return { path: path.split(sep).join('/'), text, imports: importsOf(text) };
  });

/** Every module that a file names: `import ... from`, `export ... from`, `import '...'` and `import('...')`. */
function importsOf(text: string): string[] {
  return [...text.matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*'([^'\n]+)'/g)].map((match) => match[1] ?? '');
}

/** The file that a relative import means, as a path below src. */
function resolve(from: SourceFile, specifier: string): string {
  const path = normalize(join(SRC, dirname(from.path), specifier)).replace(/\.js$/, '.ts');
  return relative(SRC, path).split(sep).join('/');
}

const relativeImports = (file: SourceFile): string[] =>
  file.imports.filter((specifier) => specifier.startsWith('.')).map((specifier) => resolve(file, specifier));

/** The room of a file: its first folder, or itself at the top. */
const roomOf = (path: string): string => path.split('/')[0] ?? path;
const layerOf = (path: string): number => LAYERS.findIndex((rooms) => rooms.includes(roomOf(path)));

/** A file as it is at run time: `import type` is gone. */
function withoutTypeImports(file: SourceFile): SourceFile {
  return { ...file, imports: importsOf(file.text.replace(/^(?:import|export) type [^;]*;/gm, '')) };
}

function mayImport(from: string, to: string): boolean {
  return roomOf(from) === roomOf(to) || layerOf(to) < layerOf(from);
}

describe('the architecture', () => {
  it('has a layer for every room', () => {
    expect(files.filter(({ path }) => layerOf(path) < 0).map(({ path }) => path)).toEqual([]);
  });

  it('imports downwards only', () => {
    const upward = files.flatMap((file) =>
      relativeImports(file)
        .filter((to) => !mayImport(file.path, to))
        .map((to) => `${file.path} imports ${to}`),
    );
    expect(upward).toEqual([]);
  });

  it('imports files that exist, by their .js name', () => {
    const known = new Set(files.map(({ path }) => path));
    const broken = files.flatMap((file) =>
      file.imports
        .filter((specifier) => specifier.startsWith('.'))
        .filter((specifier) => !specifier.endsWith('.js') || !known.has(resolve(file, specifier)))
        .map((specifier) => `${file.path} imports ${specifier}`),
    );
    expect(broken).toEqual([]);
  });

  it('imports iced-x86 in one file only, node modules there and at the edge, ink and react in one folder', () => {
    const misplaced = files.flatMap((file) =>
      file.imports
        .filter((specifier) => {
          const rule = ALLOWED_IN.find(({ what }) => what.test(specifier));
          return rule !== undefined && !rule.where.some((place) => file.path.startsWith(place));
        })
        .map((specifier) => `${file.path} imports ${specifier}`),
    );
    expect(misplaced).toEqual([]);
  });

  it('loads what draws on terminals only when it is needed', () => {
    const statically = files.filter(
      ({ path, text }) => !path.startsWith('tui/ink/') && /from '[^']*tui\/ink\//.test(text),
    );
    expect(statically.map(({ path }) => path)).toEqual([]);
    expect(
      files.filter(({ text }) => text.includes("import('../../tui/ink/draw.js')")).map(({ path }) => path),
    ).toEqual(['cli/step/step-command.ts']);
  });

  it('has no cycles between files, imports of types left aside', () => {
    const imports = new Map(files.map((file) => [file.path, relativeImports(withoutTypeImports(file))]));
    expect(findCycle(imports)?.join(' -> ')).toBeUndefined();
  });

  it(`has no file over ${MAX_LINES} lines`, () => {
    const lines = (text: string): number => text.split('\n').length - 1;
    const long = files.filter(({ text }) => lines(text) > MAX_LINES);
    expect(long.map(({ path, text }) => `${path}: ${lines(text)} lines`)).toEqual([]);
  });

  it('has named exports only', () => {
    expect(files.filter(({ text }) => /^export default\b/m.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the checks themselves', () => {
  it('see every way to name a module', () => {
    const text = [
      "import { a } from './a.js';",
      "import type { B } from './b.js';",
      "import {\n  c,\n} from './c.js';",
      "import './d.js';",
      "export { e } from './e.js';",
      "const f = await import('./f.js');",
    ].join('\n');
    expect(importsOf(text)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `./${name}.js`));
  });

  it('tell up from down', () => {
    expect(mayImport('cpu/decode.ts', 'memory/memory.ts')).toBe(true);
    expect(mayImport('cpu/semantics/alu.ts', 'cpu/flags.ts')).toBe(true);
    expect(mayImport('memory/memory.ts', 'cpu/cells.ts')).toBe(false);
    expect(mayImport('memory/memory.ts', 'encoder/nops.ts')).toBe(false);
    expect(mayImport('input-error.ts', 'memory/memory.ts')).toBe(false);
    expect(mayImport('cli.ts', 'index.ts')).toBe(false);
  });

  it('find a cycle', () => {
    expect(
      findCycle(
        new Map([
          ['a', ['b']],
          ['b', ['c']],
          ['c', ['a']],
        ]),
      ),
    ).toEqual(['a', 'b', 'c', 'a']);
    expect(
      findCycle(
        new Map([
          ['a', ['b', 'c']],
          ['b', ['c']],
          ['c', []],
        ]),
      ),
    ).toBeUndefined();
  });
});

/** A path from a node to itself, if there is one. */
function findCycle(edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const finished = new Set<string>();
  const path: string[] = [];
  const visit = (node: string): readonly string[] | undefined => {
    const start = path.indexOf(node);
    if (start >= 0) return [...path.slice(start), node];
    if (finished.has(node)) return undefined;
    path.push(node);
    for (const next of edges.get(node) ?? []) {
      const cycle = visit(next);
      if (cycle !== undefined) return cycle;
    }
    path.pop();
    finished.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const cycle = visit(node);
    if (cycle !== undefined) return cycle;
  }
  return undefined;
}
