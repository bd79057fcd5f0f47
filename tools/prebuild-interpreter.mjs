// The last step of `npm run build`: emits the interpreter's module from the definitions that were just compiled and
// writes it over dist/cpu/backend/prebuilt.js, which is empty until then.
import { rmSync, writeFileSync } from 'node:fs';
import { interpreterBytes } from '../dist/cpu/backend/interpreter-bytes.js';
import { interpreterFingerprint } from '../dist/cpu/backend/interpreter-fingerprint.js';
import { HANDLERS } from '../dist/cpu/semantics/index.js';

const FILE = new URL('../dist/cpu/backend/prebuilt.js', import.meta.url);

const prebuilt = {
  fingerprint: interpreterFingerprint(HANDLERS),
  base64: Buffer.from(interpreterBytes(HANDLERS)).toString('base64'),
};
writeFileSync(FILE, `export const PREBUILT = ${JSON.stringify(prebuilt)};\n`);
// The map of what was there before.
rmSync(new URL(`${FILE.href}.map`), { force: true });
