import { CodeSize, Encoder, Instruction } from '../iced.js';
import { fillOperand, type OperandValue } from './fill-operand.js';
import type { InstructionForm } from './instruction-form.js';
import { mergePrefixes } from './prefixes.js';

let sharedEncoder: Encoder | undefined;

/**
 * The bytes of a form at an address, with written prefixes in front. `values` go with the written operands; what the
 * text leaves out takes its only or its usual value.
 *
 * @throws Error when iced cannot encode it, for example %ah together with %r8b.
 */
export function encodeForm(
  form: InstructionForm,
  values: readonly OperandValue[],
  prefixes: readonly number[],
  address: bigint,
): Uint8Array {
  const instruction = new Instruction();
  try {
    instruction.code = form.code;
    instruction.codeSize = CodeSize.Code64;
    const byOperand = new Map<number, OperandValue>();
    for (const [i, { fills }] of form.written.entries()) {
      for (const index of fills) byOperand.set(index, values[i] ?? {});
    }
    for (const [index, slot] of form.slots.entries()) {
      const written = form.written.find((operand) => operand.fills.includes(index));
      fillOperand(instruction, index, written?.slot ?? slot, byOperand.get(index) ?? {});
    }
    const encoded = encodeAt(instruction, address);
    const merged = mergePrefixes(prefixes, encoded);
    const shift = merged.length - encoded.length;
    // Distances count from the end, which the prefixes moved.
    return shift === 0 ? merged : mergePrefixes(prefixes, encodeAt(instruction, address + BigInt(shift)));
  } finally {
    instruction.free();
  }
}

function encodeAt(instruction: Instruction, address: bigint): Uint8Array {
  sharedEncoder ??= new Encoder(64);
  try {
    sharedEncoder.encode(instruction, BigInt.asUintN(64, address));
    return sharedEncoder.takeBuffer();
  } catch (error) {
    // What it wrote before it failed would come out with the next instruction.
    sharedEncoder.takeBuffer();
    throw error instanceof Error ? error : new Error(String(error));
  }
}
