import type { Register } from 'iced-x86';
import type { Expression } from './expression.js';
import type { SourcePlace } from './source-line.js';

/** `%rax`, or `*%rax` (indirect). */
export interface RegisterOperand {
  readonly kind: 'register';
  readonly register: Register;
  readonly indirect: boolean;
  readonly place: SourcePlace;
}

/** `$expression`. */
export interface ImmediateOperand {
  readonly kind: 'immediate';
  readonly value: Expression;
  readonly place: SourcePlace;
}

/**
 * `segment:displacement(base,index,scale)`, each part optional; with a `*` before it, `indirect`. A bare expression is
 * one without registers: the target of a direct branch, or a memory operand at an absolute address.
 */
export interface AddressOperand {
  readonly kind: 'address';
  /** `Register.None` when not written */
  readonly segment: Register;
  readonly base: Register;
  readonly index: Register;
  readonly scale: number;
  readonly displacement: Expression | undefined;
  readonly indirect: boolean;
  readonly place: SourcePlace;
}

/** Anything that can stand between commas after a mnemonic. */
export type Operand = RegisterOperand | ImmediateOperand | AddressOperand;
