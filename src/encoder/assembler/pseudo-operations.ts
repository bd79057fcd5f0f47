import { type Formatter, type Instruction, Mnemonic } from '../iced.js';
import type { NamedForm } from './instruction-form.js';

/** What has names of its own for some immediates. */
const families: ReadonlySet<Mnemonic> = new Set([
  ...[Mnemonic.Cmpps, Mnemonic.Cmppd, Mnemonic.Cmpss, Mnemonic.Cmpsd, Mnemonic.Pclmulqdq],
  ...[Mnemonic.Vcmpps, Mnemonic.Vcmppd, Mnemonic.Vcmpss, Mnemonic.Vcmpsd, Mnemonic.Vpclmulqdq],
  ...[Mnemonic.Vpcomb, Mnemonic.Vpcomw, Mnemonic.Vpcomd, Mnemonic.Vpcomq],
  ...[Mnemonic.Vpcomub, Mnemonic.Vpcomuw, Mnemonic.Vpcomud, Mnemonic.Vpcomuq],
]);

/** All immediates with a name are below. */
const limit = 32;

/**
 * The names that stand for an instruction with a certain immediate: `cmpltsd %xmm1,%xmm2` is `cmpsd $1,%xmm1,%xmm2`,
 * `pclmulhqlqdq` is `pclmulqdq $1`. They are the same in both syntaxes.
 *
 * @param sample an instruction of the form; its immediate is changed.
 * @param formatter one that uses these names.
 */
export function pseudoOperations({ form, names }: NamedForm, sample: Instruction, formatter: Formatter): NamedForm[] {
  const index = form.slots.findIndex((slot) => slot.kind === 'immediate');
  if (index < 0 || !families.has(sample.mnemonic)) return [];
  const written = form.written.filter(({ fills }) => !fills.includes(index));
  const found: NamedForm[] = [];
  for (let value = 0; value < limit; value++) {
    sample.immediate8 = value;
    const name = formatter.formatMnemonic(sample);
    if (names.att.includes(name)) continue;
    const implied = { kind: 'constant' as const, value: BigInt(value) };
    const slots = form.slots.map((slot, i) => (i === index ? implied : slot));
    found.push({ names: { att: [name], intel: [name] }, form: { ...form, slots, written } });
  }
  return found;
}
