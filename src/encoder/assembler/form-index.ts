import { EncodingKind } from 'iced-x86';
import type { InstructionForm, NamedForm } from './instruction-form.js';
import { instructionForms } from './instruction-forms.js';
import { mnemonicAliases, registerSourceAliases } from './mnemonic-aliases.js';
import { shortcuts } from './spellings.js';

type FormsByName = ReadonlyMap<string, readonly InstructionForm[]>;

// Reading iced's tables takes tens of milliseconds, so vector encodings are read only when a name asks for them.
const legacyEncodings: ReadonlySet<EncodingKind> = new Set([EncodingKind.Legacy]);
// 3DNow! is left out: no CPU has it any more, and iced 1.21.0 forgets its REX prefix.
const vectorEncodings: ReadonlySet<EncodingKind> = new Set([EncodingKind.VEX, EncodingKind.XOP]);

let legacy: FormsByName | undefined;
let vector: FormsByName | undefined;

/** All forms that an AT&T mnemonic, size suffix included, can stand for; empty when there is no such mnemonic. */
export function formsNamed(name: string): readonly InstructionForm[] {
  legacy ??= indexed([...shortcuts, ...instructionForms(legacyEncodings)]);
  const found = legacy.get(name);
  if (found !== undefined) return found;
  vector ??= indexed(instructionForms(vectorEncodings));
  return vector.get(name) ?? [];
}

/** All mnemonics there are. */
export function mnemonics(): string[] {
  formsNamed('');
  return [...(legacy?.keys() ?? []), ...(vector?.keys() ?? [])];
}

function indexed(forms: readonly NamedForm[]): FormsByName {
  const index = new Map<string, InstructionForm[]>();
  const add = (name: string, more: readonly InstructionForm[]) => {
    const known = index.get(name);
    if (known === undefined) index.set(name, [...more]);
    else known.push(...more);
  };
  for (const { names, form } of forms) for (const name of names) add(name, [form]);
  // Gathered first: an alias must not see what another one added.
  const aliased: [string, InstructionForm[]][] = [];
  for (const [alias, names] of Object.entries(mnemonicAliases)) {
    aliased.push([alias, names.flatMap((name) => index.get(name) ?? [])]);
  }
  for (const [alias, names] of Object.entries(registerSourceAliases)) {
    const all = names.flatMap((name) => index.get(name) ?? []);
    aliased.push([alias, all.filter((form) => !form.slots.some((slot) => slot.kind === 'memory'))]);
  }
  for (const [alias, more] of aliased) if (more.length > 0) add(alias, more);
  return index;
}
