import type { Register } from '../iced.js';
import type { Expression } from './expression.js';
import type { LocalLabels } from './parse-expression.js';
import type { SourcePlace } from './source-line.js';

/** `%rax`, or `*%rax` (indirect); `rax` in Intel syntax. */
export interface RegisterOperand {
  readonly kind: 'register';
  readonly register: Register;
  /** the target of a branch is in it */
  readonly indirect: boolean;
  readonly place: SourcePlace;
}

/** `$expression`; `number` or `offset symbol` in Intel syntax. */
export interface ImmediateOperand {
  readonly kind: 'immediate';
  readonly value: Expression;
  readonly place: SourcePlace;
}

/**
 * `segment:displacement(base,index,scale)`, each part optional; with a `*` before it, `indirect`. In Intel syntax `size
 * ptr segment:[base+index*scale+displacement]`. A bare expression is one without registers: the target of a direct
 * branch, or a memory operand at an absolute address.
 */
export interface AddressOperand {
  readonly kind: 'address';
  /** `Register.None` when not written */
  readonly segment: Register;
  readonly base: Register;
  readonly index: Register;
  readonly scale: number;
  readonly displacement: Expression | undefined;
  /** bytes that are read or written, where the operand itself says it */
  readonly size?: number;
  /** the target of a branch is there */
  readonly indirect: boolean;
  readonly place: SourcePlace;
}

/** Anything that can stand between commas after a mnemonic. */
export type Operand = RegisterOperand | ImmediateOperand | AddressOperand;

/** What the meaning of an operand depends on. */
export interface OperandContext {
  readonly locals: LocalLabels;
  /** replaces what is constant already by numbers */
  readonly fold: (expression: Expression) => Expression;
  /** the instruction is one that goes to its operand */
  readonly branches: boolean;
}
