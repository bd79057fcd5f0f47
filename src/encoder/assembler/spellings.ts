import { Code, Mnemonic, Register } from '../iced.js';
import { impliedRegistersOf } from './implied-registers.js';
import type { FormNames, FormOperand, InstructionForm, NamedForm } from './instruction-form.js';
import type { Slot } from './slot.js';

/** What of an instruction decides how else it may be written. */
export interface SpellingContext {
  readonly mnemonic: Mnemonic;
  /** 32 or 64 when the encoding fixes the address size, else 0 */
  readonly addressSize: number;
  /** the AT&T name without a size suffix */
  readonly bare: string;
  /** the names that say the operand size */
  readonly sized: FormNames;
}

const accumulators: ReadonlySet<Register> = new Set([Register.AL, Register.AX, Register.EAX, Register.RAX]);

const isFixed = (operand: FormOperand, register?: Register) =>
  operand.slot.kind === 'fixed' && (register === undefined || operand.slot.register === register);
const isAccumulator = ({ slot }: FormOperand) => slot.kind === 'fixed' && accumulators.has(slot.register);
const isConstant = (operand: FormOperand) => operand.slot.kind === 'constant';
const isString = (operand: FormOperand) => operand.slot.kind === 'string';
const isOnlyWritten = (operand: FormOperand) => operand.fills.length === 0;

/**
 * The other ways in which GNU as lets the operands of a form be written: some left out, swapped or spelled out. The
 * examples are in AT&T syntax, but it is the same in Intel syntax.
 */
export function spellings(named: NamedForm, context: SpellingContext): NamedForm[] {
  const { form, names } = named;
  const { written } = form;
  const { mnemonic, sized } = context;
  const variants: NamedForm[] = [];
  const add = (operands: readonly FormOperand[], under: FormNames = names) =>
    variants.push({ names: under, form: { ...form, written: operands } });
  const without = (drop: (operand: FormOperand) => boolean) => written.filter((operand) => !drop(operand));

  // shl %eax; blendvps %xmm1,%xmm2; shld %eax,%ebx
  if (written.some(isConstant)) add(without(isConstant));
  if (written.some(isOnlyWritten) && mnemonic !== Mnemonic.Nop) add(without(isOnlyWritten));
  const takesCount = mnemonic === Mnemonic.Shld || mnemonic === Mnemonic.Shrd;
  if (takesCount && written.some((operand) => isFixed(operand, Register.CL))) {
    add(without((operand) => isFixed(operand, Register.CL)));
  }
  variants.push(...stackSpellings(named, context.bare));
  // stosb; stosb (%rdi), where Intel syntax has stos byte ptr [rdi] too
  if (written.some(isString)) {
    add([], mnemonic === Mnemonic.Xlatb ? names : sized);
    if (written.some(isAccumulator)) add(without(isAccumulator), { ...sized, intel: names.intel });
  }
  // inb $5; outb (%dx)
  if (mnemonic === Mnemonic.In || mnemonic === Mnemonic.Out) {
    add(without(isAccumulator), sized);
  }
  // test (%rax),%edx; xchg %rax,%rbx
  const commutes = mnemonic === Mnemonic.Xchg || mnemonic === Mnemonic.Test;
  if (commutes && !written.some((operand) => operand.slot.kind === 'immediate')) {
    variants.push({ names, form: { ...form, written: [...written].reverse(), direction: 'load' } });
  }
  // imul $3,%eax
  if (mnemonic === Mnemonic.Imul && written.length === 3) {
    const [immediate, , destination] = written;
    const source = form.slots[1];
    if (immediate !== undefined && destination !== undefined && source?.kind === 'register') {
      add([immediate, { ...destination, fills: [0, 1] }]);
    }
  }
  // monitor %rax,%ecx,%edx
  for (const registers of impliedRegistersOf(context.bare, context.addressSize)) add(registers.map(writtenOnly));
  return variants;
}

/**
 * The forms of an encoding that has no name of its own, but is another instruction with a 32-bit address
 * (`addr32 monitor` to iced): `monitor %eax,%ecx,%edx`.
 *
 * @param bare what iced calls it in AT&T syntax.
 */
export function narrowSpellings(form: InstructionForm, bare: string): NamedForm[] {
  const [, mnemonic] = /^addr32 (\w+)$/.exec(bare) ?? [];
  if (mnemonic === undefined) return [];
  const names = { att: [mnemonic], intel: [mnemonic] };
  return impliedRegistersOf(mnemonic, 32).map((registers) => ({
    names,
    form: { ...form, written: registers.map(writtenOnly) },
  }));
}

/** `fcomi %st(3)` leaves out %st, `fcomi` and `faddp` leave out %st(1) too. */
function stackSpellings({ form, names }: NamedForm, bare: string): NamedForm[] {
  const isStackTop = (operand: FormOperand) => isFixed(operand, Register.ST0);
  if (!form.slots.some((slot) => slot.kind === 'register' && slot.encodes === 'st')) return [];
  const variants: NamedForm[] = [];
  if (form.written.some(isStackTop) && !bare.startsWith('fcmov')) {
    variants.push({ names, form: { ...form, written: form.written.filter((operand) => !isStackTop(operand)) } });
  }
  if (/^f(xch|u?comi?p?|(add|mul|subr?|divr?)p)$/.test(bare)) {
    const slots = form.slots.map(
      (slot): Slot => (slot.kind === 'register' ? { kind: 'fixed', register: Register.ST1 } : slot),
    );
    variants.push({ names, form: { ...form, slots, written: [] } });
  }
  return variants;
}

const writtenOnly = (register: Register): FormOperand => ({
  slot: { kind: 'fixed', register },
  fills: [],
  indirect: false,
});

const plainForm = { slots: [], lockable: false, direction: undefined };

/** Texts that GNU as encodes as something shorter than their own encoding. */
export const shortcuts: readonly NamedForm[] = [
  {
    names: { att: ['xchg', 'xchgq'], intel: ['xchg', 'xchgq'] },
    form: { ...plainForm, code: Code.Nopd, written: [writtenOnly(Register.RAX), writtenOnly(Register.RAX)] },
  },
  {
    names: { att: ['int'], intel: ['int'] },
    form: {
      ...plainForm,
      code: Code.Int3,
      written: [{ slot: { kind: 'constant', value: 3n }, fills: [], indirect: false }],
    },
  },
];
