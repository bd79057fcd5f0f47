// A step of `npm run build`: gathers the names of instructions from iced's tables with what was just compiled, and
// writes them over dist/encoder/assembler/prebuilt-mnemonics.js, which is empty until then.
import { rmSync, writeFileSync } from 'node:fs';
import { allCodes } from '../dist/encoder/assembler/instruction-forms.js';
import { namedCodes } from '../dist/encoder/assembler/named-codes.js';

const FILE = new URL('../dist/encoder/assembler/prebuilt-mnemonics.js', import.meta.url);

const prebuilt = { encodings: allCodes().length, legacy: namedCodes('legacy'), vector: namedCodes('vector') };
writeFileSync(FILE, `export const PREBUILT_MNEMONICS = ${JSON.stringify(prebuilt)};\n`);
// The map of what was there before.
rmSync(new URL(`${FILE.href}.map`), { force: true });
