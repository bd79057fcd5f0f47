import type { Syntax } from '../syntax.js';
import type { InstructionForm, NamedForm } from './instruction-form.js';
import { mnemonicAliases, registerSourceAliases } from './mnemonic-aliases.js';

/** Forms under all of their names in a syntax, aliases too; of one name in the order in which they are given. */
export function formsByName(
  forms: readonly NamedForm[],
  syntax: Syntax,
): ReadonlyMap<string, readonly InstructionForm[]> {
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
