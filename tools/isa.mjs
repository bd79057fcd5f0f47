// Writes docs/isa.md: which instructions are implemented. Needs `npm run build`.

import { writeFileSync } from 'node:fs';
import { decode } from '../dist/cpu/decode.js';
import { HANDLERS } from '../dist/cpu/semantics/index.js';
import { registersOf } from '../dist/encoder/assembler/registers.js';
import { sampleInstruction } from '../dist/encoder/assembler/sample-instruction.js';
import { slotsOf } from '../dist/encoder/assembler/slot.js';
import { page } from './isa/page.mjs';
import { survey } from './isa/survey.mjs';

const encodings = survey({ decode, HANDLERS, registersOf, sampleInstruction, slotsOf });
writeFileSync(new URL('../docs/isa.md', import.meta.url), page(encodings));
