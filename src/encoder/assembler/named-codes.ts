import { Code, EncodingKind } from '../iced.js';
import type { Syntax } from '../syntax.js';
import { formsByName } from './forms-by-name.js';
import type { NamedForm } from './instruction-form.js';
import { codesOf, instructionForms } from './instruction-forms.js';
import type { PrebuiltMnemonics } from './prebuilt-mnemonics.js';
import { shortcuts } from './spellings.js';

/** Every name of some instructions, with the encodings that it stands for in iced's order. */
export type NamedCodes = Readonly<Record<Syntax, readonly (readonly [name: string, codes: readonly Code[]])[]>>;

/** The parts of the instruction set: a name that is in the first does not mean anything of the second. */
export type Part = 'legacy' | 'vector';

/** 3DNow! is left out: no CPU has it any more, and iced 1.21.0 forgets its REX prefix. */
const KINDS: Readonly<Record<Part, ReadonlySet<EncodingKind>>> = {
  legacy: new Set([EncodingKind.Legacy]),
  vector: new Set([EncodingKind.VEX, EncodingKind.XOP]),
};

const SHORTCUTS: Readonly<Record<Part, readonly NamedForm[]>> = { legacy: shortcuts, vector: [] };

/**
 * The names of a part: the prebuilt ones if iced had as many encodings then, else they are gathered, which
 * takes a hundred milliseconds and more.
 */
export function namedCodes(part: Part, prebuilt?: PrebuiltMnemonics): NamedCodes {
  return prebuilt !== undefined && isAllOfIced(prebuilt.encodings) ? prebuilt[part] : gathered(part);
}

/** The forms of some encodings of a part, under each of their names. */
export function formsOfCodes(part: Part, codes: readonly Code[], syntax: Syntax): ReturnType<typeof formsByName> {
  return formsByName([...SHORTCUTS[part], ...instructionForms(codes)], syntax);
}

/** All encodings of a part, in iced's order. */
export function codesOfPart(part: Part): Code[] {
  return codesOf(KINDS[part]);
}

/** Whether iced has so many encodings; it numbers them from 0. */
function isAllOfIced(encodings: number): boolean {
  return Code[encodings - 1] !== undefined && Code[encodings] === undefined;
}

function gathered(part: Part): NamedCodes {
  const forms = [...SHORTCUTS[part], ...instructionForms(codesOfPart(part))];
  const names = (syntax: Syntax) =>
    [...formsByName(forms, syntax)].map(([name, named]) => {
      const codes = new Set(named.map(({ code }) => code));
      return [name, [...codes].sort((a, b) => a - b)] as const;
    });
  return { att: names('att'), intel: names('intel') };
}
