import type { Code } from 'iced-x86';
import type { Slot } from './slot.js';

/** An operand as it stands in the text. */
export interface FormOperand {
  readonly slot: Slot;
  /** the operands of iced's instruction that it fills: none for one that is only written, two in `imul $3,%eax` */
  readonly fills: readonly number[];
  /** written with a `*` */
  readonly indirect: boolean;
}

/** One encoding together with one way of writing its operands in AT&T syntax. */
export interface InstructionForm {
  readonly code: Code;
  /** the operands as written, in AT&T order */
  readonly written: readonly FormOperand[];
  /** the slots of all operands of iced's instruction, in iced's order */
  readonly slots: readonly Slot[];
  /** LOCK is allowed: a read-modify-write of memory */
  readonly lockable: boolean;
  /**
   * where both operands may be registers: whether the destination is in ModRM's r/m field (store) or reg field (load)
   */
  readonly direction: 'load' | 'store' | undefined;
}

/** A form and the names under which it is found. */
export interface NamedForm {
  readonly names: readonly string[];
  readonly form: InstructionForm;
}
