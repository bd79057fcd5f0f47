import type { Code } from '../iced.js';
import type { Syntax } from '../syntax.js';
import type { Slot } from './slot.js';

/** An operand as it stands in the text. */
export interface FormOperand {
  readonly slot: Slot;
  /** the operands of iced's instruction that it fills: none for one that is only written, two in `imul $3,%eax` */
  readonly fills: readonly number[];
  /** the target of a branch is in it: written with a `*` in AT&T syntax */
  readonly indirect: boolean;
}

/** The memory that an encoding reads or writes. */
export interface FormMemory {
  /** 0 when it is of no certain size */
  readonly bytes: number;
  /** the size that is meant where none is given and there are others: 64 bits in `push` and `call` */
  readonly usual: boolean;
}

/** One encoding together with one way of writing its operands. */
export interface InstructionForm {
  readonly code: Code;
  /** the operands as written, in AT&T order */
  readonly written: readonly FormOperand[];
  /** the slots of all operands of iced's instruction, in iced's order */
  readonly slots: readonly Slot[];
  /** absent when there is no memory operand */
  readonly memory?: FormMemory;
  /** LOCK is allowed: a read-modify-write of memory */
  readonly lockable: boolean;
  /**
   * where both operands may be registers: whether the destination is in ModRM's r/m field (store) or reg field (load)
   */
  readonly direction: 'load' | 'store' | undefined;
}

/** Names in each syntax. */
export type FormNames = Readonly<Record<Syntax, readonly string[]>>;

/** A form and the names under which it is found. */
export interface NamedForm {
  readonly names: FormNames;
  readonly form: InstructionForm;
}
