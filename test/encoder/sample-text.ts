import { Register } from 'iced-x86';
import { dialectOf } from '../../src/encoder/assembler/dialect.js';
import type { FormOperand, InstructionForm } from '../../src/encoder/assembler/instruction-form.js';
import { registerNameOf, registersOf } from '../../src/encoder/assembler/registers.js';
import type { Syntax } from '../../src/encoder/syntax.js';

const numbers = { 8: '0x12', 16: '0x1234', 32: '0x12345678', 64: '0x123456789abcdef' };

/** An instruction of a form under one of its names. */
export function sampleText(name: string, form: InstructionForm, syntax: Syntax): string {
  // The destination register of these is an address of the same width.
  const isPair = /^(movdir64b|enqcmds?)$/.test(name);
  const isNarrow = isPair && form.written.some(({ slot }) => slot.kind === 'register' && slot.accepts === 'gpr32');
  const operands = form.written.map((operand, i) => sampleOperand(operand, form, i, isNarrow, syntax));
  return `${name} ${dialectOf(syntax).attOrder(name, operands).join(',')}`.trim();
}

function sampleOperand(
  { slot, indirect }: FormOperand,
  { memory }: InstructionForm,
  position: number,
  isNarrow: boolean,
  syntax: Syntax,
): string {
  const { wording } = dialectOf(syntax);
  const register = (chosen: Register = Register.None) => wording.register(registerNameOf(chosen));
  const address = (index: string, scale: number, displacement: string) => {
    const base = isNarrow ? Register.ESI : Register.RSI;
    if (syntax === 'att') return `${displacement}(${register(base)},${index},${scale})`;
    return wording.sized(
      `[${register(base)}+${index}*${scale}${displacement && `+${displacement}`}]`,
      memory?.bytes ?? 0,
    );
  };
  const star = indirect ? wording.indirect : '';
  switch (slot.kind) {
    case 'register':
      return `${star}${register(registersOf(slot.accepts)[sampleNumber(slot.accepts, position)])}`;
    case 'fixed':
      return register(slot.register);
    case 'memory':
      return `${star}${address(register(isNarrow ? Register.EDI : Register.RDI), 4, '0x12')}`;
    case 'vector memory':
      return address(register(registersOf(slot.index)[7]), 2, '');
    case 'absolute':
      return syntax === 'att' ? '0x123456789abc' : 'ds:0x123456789abc';
    case 'string':
      return wording.sized(wording.memory(register(slot.base)), memory?.bytes ?? 0);
    case 'immediate':
      return wording.immediate(numbers[slot.bits]);
    case 'constant':
      return wording.immediate(String(slot.value));
    case 'branch':
      return '.';
  }
}

/** Different registers in every place, and none that has a meaning of its own: %ds, %cr3, %dr3. */
function sampleNumber(file: string, position: number): number {
  if (file === 'segment' || file === 'control' || file === 'debug') return 3;
  return file === 'gpr8' ? 3 - position : 5 - position;
}
