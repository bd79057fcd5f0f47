// The last step of `npm run build`: the library as one file for browsers, dist/browser.js, which imports nothing. What
// the npm package of iced-x86 takes from Node is put into it: its module of 0.8 MB in base64, and the classes that are
// globals in browsers.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const DIST = fileURLToPath(new URL('../dist', import.meta.url));
const ICED = createRequire(import.meta.url).resolve('iced-x86');
const base64 = readFileSync(join(dirname(ICED), 'iced_x86_bg.wasm')).toString('base64');

/** What is said to Node, by file, and what is said in its place. */
const REPLACED = {
  [join(DIST, 'encoder/iced.js')]: [
    ["import { createRequire } from 'node:module';", "import required from 'iced-x86';"],
    ["createRequire(import.meta.url)('iced-x86')", 'required'],
  ],
  [ICED]: [
    ['const { TextDecoder, TextEncoder } = require(`util`);', ''],
    ["const path = require('path').join(__dirname, 'iced_x86_bg.wasm');", ''],
    [
      "const bytes = require('fs').readFileSync(path);",
      `const bytes = Uint8Array.from(atob('${base64}'), (character) => character.charCodeAt(0));`,
    ],
  ],
};

const withoutNode = {
  name: 'without-node',
  transform(code, id) {
    return REPLACED[id]?.reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`${id} does not say ${from}`);
      return text.replace(from, to);
    }, code);
  },
  resolveId(source, importer) {
    if (source.startsWith('node:')) throw new Error(`${importer} imports ${source}`);
  },
};

const bundle = await rolldown({ input: join(DIST, 'index.js'), platform: 'browser', plugins: [withoutNode] });
const { output } = await bundle.write({ file: join(DIST, 'browser.js'), format: 'esm', minify: true });
await bundle.close();
const [chunk, ...more] = output;
if (more.length > 0 || chunk.imports.length + chunk.dynamicImports.length > 0)
  throw new Error('the file for browsers is not all there is');
writeFileSync(join(DIST, 'browser.licenses.txt'), licenses(Object.keys(chunk.modules)));

/** The licences of the packages that are in the bundle. */
function licenses(files) {
  const folders = files.flatMap((file) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? []);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, files: _, ...rest } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
      return `${name} ${version} (${rest.license})\n\n${licenseIn(folder)}`;
    })
    .join('\n\n');
}

function licenseIn(folder) {
  for (const name of ['LICENSE', 'LICENSE.txt', 'LICENSE.md']) {
    try {
      return readFileSync(join(folder, name), 'utf8').trimEnd();
    } catch (error) {
      if (error.code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`${folder} has no licence`);
}
