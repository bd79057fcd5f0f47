import type { Insn, Size } from './insn.js';

/**
 * Which operands are in memory: a letter for the first and one for the second operand, `m` memory, `r` register or
 * immediate; a letter for the third operand only where that is in memory (some VEX encodings).
 */
export type Form = '' | 'r' | 'm' | 'rr' | 'rm' | 'mr' | 'rrm';

/** How an instruction uses its first operand, as the manual's operand-encoding tables say: r, w, or r and w. */
export type DestAccess = 'r' | 'w' | 'rw';

/** What makes one handler of the interpreter: a definition at one size and in one form. */
export interface Handler {
  readonly key: string;
  readonly definition: Definition;
  readonly form: Form;
  readonly size: Size;
  readonly sourceSize: Size;
}

/** The meaning of an instruction with the shapes that it comes in. */
export interface Definition {
  readonly name: string;
  readonly shape: Shape;
  readonly meaning: (insn: Insn) => void;
}

export interface Shape {
  readonly forms: readonly Form[];
  /** Operand sizes, or pairs of operand size and source size. */
  readonly sizes: readonly (Size | readonly [Size, Size])[];
  /** Default: `rw`. */
  readonly dest?: DestAccess;
}

/** The names of a definition's handlers, as the decoder asks for them. */
export function handlerKey(name: string, form: Form, size: Size, sourceSize: Size): string {
  return `${name}/${form}/${size}${sourceSize === size ? '' : `<${sourceSize}`}`;
}

/** Every handler of some definitions, in order. */
export function handlersOf(definitions: readonly Definition[]): readonly Handler[] {
  return definitions.flatMap((definition) =>
    definition.shape.forms.flatMap((form) =>
      definition.shape.sizes.map((entry) => {
        const [size, sourceSize] = typeof entry === 'number' ? [entry, entry] : entry;
        return { key: handlerKey(definition.name, form, size, sourceSize), definition, form, size, sourceSize };
      }),
    ),
  );
}

/** Collects the definitions of one file. */
export class Definitions {
  readonly all: Definition[] = [];

  /** Adds an instruction: its mnemonic (Intel's, lower case), its shapes, its meaning. */
  define(name: string, shape: Shape, meaning: (insn: Insn) => void): void {
    this.all.push({ name, shape, meaning });
  }
}

/** Sizes of most instructions, and those without bytes. */
export const BWLQ: readonly Size[] = [1, 2, 4, 8];
export const WLQ: readonly Size[] = [2, 4, 8];
/** `op r/m, r`, `op r, r/m`, `op r/m, imm`. */
export const TWO_OPERANDS: readonly Form[] = ['rr', 'rm', 'mr'];
/** `op r/m`. */
export const ONE_OPERAND: readonly Form[] = ['r', 'm'];
