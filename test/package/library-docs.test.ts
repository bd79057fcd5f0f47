import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transform } from 'rolldown/utils';
import { describe, expect, it } from 'vitest';
import { node, ROOT, Workshop } from '../cli/xmc.js';

/** A program of docs/library.md, and what the page says that it prints. */
interface Sample {
  readonly title: string;
  readonly code: string;
  readonly printed: string;
}

/** The blocks of a page that are TypeScript, each with the block of text behind it; titles number those of a section. */
function samplesOf(page: string): Sample[] {
  return page.split(/^## /m).flatMap((section) => {
    const [title = ''] = section.split('\n', 1);
    return [...section.matchAll(/^```ts\n(.*?)^```\n\n```text\n(.*?)^```$/gms)].map(
      ([, code = '', printed = ''], index) => ({ title: `${title} (${index + 1})`, code, printed }),
    );
  });
}

const PAGE = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
const SAMPLES = samplesOf(PAGE);

/** A project that depends on this package, with the samples in it. */
const shop = new Workshop();
mkdirSync(join(shop.path, 'node_modules'));
symlinkSync(ROOT, join(shop.path, 'node_modules/xmc'));
SAMPLES.forEach(({ code }, index) => {
  shop.write(`sample${index}.ts`, code);
});

describe('docs/library.md', () => {
  it('has a program in nearly every section, and each says what it prints', () => {
    expect(SAMPLES.length).toBe(PAGE.match(/^```ts$/gm)?.length);
    expect(SAMPLES.length).toBeGreaterThan(5);
  });

  it('has programs that the compiler takes, with the types of the package', async () => {
    const config = {
      compilerOptions: {
        ...{ strict: true, noEmit: true, target: 'ES2022', module: 'NodeNext', skipLibCheck: true },
        ...{ exactOptionalPropertyTypes: true, types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] },
      },
      include: ['*.ts'],
    };
    shop.write('package.json', '{"type": "module"}');
    shop.write('tsconfig.json', JSON.stringify(config));
    const tsc = promisify(execFile)(join(ROOT, 'node_modules/.bin/tsc'), ['-p', shop.path]);
    expect(await tsc.catch((error: { readonly stdout: string }) => error)).toMatchObject({ stdout: '' });
  });

  it.concurrent.each(SAMPLES.map((sample, index) => ({ ...sample, index })))(
    'has a program under $title that prints what the page says',
    async ({ code, printed, index }) => {
      const { code: javascript } = await transform(`sample${index}.ts`, code);
      shop.write(`sample${index}.mjs`, javascript);
      const {
        code: exitCode,
        stdout,
        stderr,
      } = await node([join(shop.path, `sample${index}.mjs`)], {
        env: { TMPDIR: shop.path },
      });
      expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: printed, stderr: '' });
    },
  );
});
