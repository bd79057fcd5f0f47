/** A part of an expression that is a number of 64 bits: none above the lowest `bits` is ever set. */
export interface NumberPart {
  readonly kind: 'number';
  readonly read: () => bigint;
  readonly bits: number;
  /** Its value, if that is the same in every state. */
  readonly constant: bigint | undefined;
}

/** A part that is true or false, depending on the state. */
export interface ConditionPart {
  readonly kind: 'condition';
  readonly holds: () => boolean;
}

/** A compiled part of an expression. */
export type Part = NumberPart | ConditionPart;

/** A number that is the same in every state. */
export function constantPart(value: bigint): NumberPart {
  return { kind: 'number', read: () => value, bits: value.toString(2).length, constant: value };
}

/** A number that depends on the state. */
export function numberPart(read: () => bigint, bits = 64): NumberPart {
  return { kind: 'number', read, bits, constant: undefined };
}

/** Something that is true or false. */
export function conditionPart(holds: () => boolean): ConditionPart {
  return { kind: 'condition', holds };
}
