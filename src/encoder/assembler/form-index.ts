import { EncodingKind } from 'iced-x86';
import type { Syntax } from '../syntax.js';
import type { InstructionForm, NamedForm } from './instruction-form.js';
import { instructionForms } from './instruction-forms.js';
import { mnemonicAliases, registerSourceAliases } from './mnemonic-aliases.js';
import { shortcuts } from './spellings.js';

type FormsByName = ReadonlyMap<string, readonly InstructionForm[]>;

/** A part of the instruction set, read when a name asks for it: reading iced's tables takes tens of milliseconds. */
class Part {
  readonly #encodings: readonly EncodingKind[];
  readonly #shortcuts: readonly NamedForm[];
  #forms: readonly NamedForm[] | undefined;
  readonly #indexes = new Map<Syntax, FormsByName>();

  constructor(encodings: readonly EncodingKind[], more: readonly NamedForm[]) {
    this.#encodings = encodings;
    this.#shortcuts = more;
  }

  index(syntax: Syntax): FormsByName {
    this.#forms ??= [...this.#shortcuts, ...instructionForms(new Set(this.#encodings))];
    const index = this.#indexes.get(syntax) ?? indexed(this.#forms, syntax);
    this.#indexes.set(syntax, index);
    return index;
  }
}

const legacy = new Part([EncodingKind.Legacy], shortcuts);
// 3DNow! is left out: no CPU has it any more, and iced 1.21.0 forgets its REX prefix.
const vector = new Part([EncodingKind.VEX, EncodingKind.XOP], []);

/** All forms that a mnemonic, size suffix included, can stand for; empty when there is no such mnemonic. */
export function formsNamed(name: string, syntax: Syntax): readonly InstructionForm[] {
  return legacy.index(syntax).get(name) ?? vector.index(syntax).get(name) ?? [];
}

/** All mnemonics there are. */
export function mnemonics(syntax: Syntax): string[] {
  return [...legacy.index(syntax).keys(), ...vector.index(syntax).keys()];
}

function indexed(forms: readonly NamedForm[], syntax: Syntax): FormsByName {
  const index = new Map<string, InstructionForm[]>();
  const add = (name: string, more: readonly InstructionForm[]) => {
    const known = index.get(name);
    if (known === undefined) index.set(name, [...more]);
    else known.push(...more);
  };
  for (const { names, form } of forms) for (const name of names[syntax]) add(name, [form]);
  // Gathered first: an alias must not see what another one added.
  const aliased: [string, InstructionForm[]][] = [];
  for (const [alias, names] of Object.entries(mnemonicAliases[syntax])) {
    aliased.push([alias, names.flatMap((name) => index.get(name) ?? [])]);
  }
  for (const [alias, names] of syntax === 'att' ? Object.entries(registerSourceAliases) : []) {
    const all = names.flatMap((name) => index.get(name) ?? []);
    aliased.push([alias, all.filter((form) => !form.slots.some((slot) => slot.kind === 'memory'))]);
  }
  for (const [alias, more] of aliased) if (more.length > 0) add(alias, more);
  return index;
}
