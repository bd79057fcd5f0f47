import { decode } from '../../src/cpu/decode.js';
import { HANDLERS } from '../../src/cpu/semantics/index.js';
import { registersOf } from '../../src/encoder/assembler/registers.js';
import { sampleInstruction } from '../../src/encoder/assembler/sample-instruction.js';
import { slotsOf } from '../../src/encoder/assembler/slot.js';

/** An encoding as tools/isa/survey.mjs gives it. */
export interface Encoding {
  readonly code: string;
  readonly mnemonic: string;
  readonly features: string;
  readonly state: 'implemented' | 'partly' | 'unsupported';
  readonly samples: readonly Uint8Array[];
}

const tool = (name: string): Promise<unknown> => import(new URL(`../../tools/isa/${name}`, import.meta.url).href);
const { survey } = (await tool('survey.mjs')) as { survey(project: object): readonly Encoding[] };

/** Every encoding of 64-bit mode. */
export const surveyed = survey({ decode, HANDLERS, registersOf, sampleInstruction, slotsOf });

/** The page docs/isa.md. */
export const { page } = (await tool('page.mjs')) as { page(encodings: readonly Encoding[]): string };
