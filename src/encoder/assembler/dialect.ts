import type { Syntax } from '../syntax.js';
import { attDialect } from './att/att-dialect.js';
import { intelDialect } from './intel/intel-dialect.js';
import type { RequestedLengths } from './match-form.js';
import type { Operand, OperandContext } from './operand.js';
import type { SourceText } from './split-statements.js';

/** What a syntax writes in its own way; which names instructions have in it is in the forms. */
export interface Dialect {
  readonly parseOperand: (text: SourceText, context: OperandContext) => Operand;
  /** puts the operands of an instruction from the order of this syntax into that of AT&T, and back */
  readonly attOrder: <T>(name: string, operands: readonly T[]) => readonly T[];
  /** words before the operands that ask for a length: `jmp short site` */
  readonly lengthWords: Readonly<Record<string, RequestedLengths>>;
  /** names that may say the operand size of a mnemonic which does not, where nothing else can */
  readonly sizedNames: (name: string, isMnemonic: (name: string) => boolean) => readonly string[];
  readonly wording: Wording;
}

/** How messages write operands. */
export interface Wording {
  readonly register: (name: string) => string;
  readonly immediate: (value: string) => string;
  /** memory at the address in a register, as it is written */
  readonly memory: (register: string) => string;
  /** memory of so many bytes, 0 when it is of no certain size */
  readonly sized: (memory: string, bytes: number) => string;
  /** what stands before an operand that a branch goes through */
  readonly indirect: string;
}

const dialects: Readonly<Record<Syntax, Dialect>> = { att: attDialect, intel: intelDialect };

/** What is special about a syntax. */
export function dialectOf(syntax: Syntax): Dialect {
  return dialects[syntax];
}
