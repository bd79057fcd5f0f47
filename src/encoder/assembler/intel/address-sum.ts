import type { Register } from '../../iced.js';
import type { Expression } from '../expression.js';
import { knownNumber } from '../fits.js';
import { assemblyError, type SourcePlace } from '../source-line.js';

/** A register in an expression. */
export interface RegisterTerm {
  readonly kind: 'register';
  readonly register: Register;
  readonly place: SourcePlace;
}

/** A register that is added to an address. */
export interface ScaledRegister extends RegisterTerm {
  /** absent when it is not written */
  readonly scale?: bigint;
}

/** An expression as a sum of registers and a rest without any. */
export interface AddressSum {
  readonly registers: readonly ScaledRegister[];
  readonly rest: Expression | undefined;
}

type Fold = (expression: Expression) => Expression;
type Binary = Extract<Expression<RegisterTerm>, { readonly kind: 'binary' }>;

/**
 * Takes the registers out of an expression such as `rbx+rcx*4+8`.
 *
 * @param fold replaces what is constant already by numbers.
 * @throws InputError where a register is neither added nor multiplied by a known number.
 */
export function addressSum(expression: Expression<RegisterTerm>, fold: Fold): AddressSum {
  switch (expression.kind) {
    case 'register':
      return { registers: [expression], rest: undefined };
    case 'unary':
      return onlyRest({ ...expression, operand: restOf(addressSum(expression.operand, fold)) });
    case 'binary':
      return combined(expression, addressSum(expression.left, fold), addressSum(expression.right, fold), fold);
    default:
      return onlyRest(expression);
  }
}

function combined(binary: Binary, left: AddressSum, right: AddressSum, fold: Fold): AddressSum {
  switch (binary.operator) {
    case '+': {
      const registers = [...left.registers, ...right.registers];
      if (left.rest === undefined || right.rest === undefined) return { registers, rest: left.rest ?? right.rest };
      return { registers, rest: { ...binary, left: left.rest, right: right.rest } };
    }
    case '-':
      return { registers: left.registers, rest: { ...binary, left: left.rest ?? zero, right: restOf(right) } };
    case '*':
      if (left.registers.length > 0) return scaled(left, fold(restOf(right)));
      if (right.registers.length > 0) return scaled(right, fold(restOf(left)));
  }
  return onlyRest({ ...binary, left: restOf(left), right: restOf(right) });
}

const zero: Expression = { kind: 'number', value: 0n };
const onlyRest = (rest: Expression): AddressSum => ({ registers: [], rest });

/** The expression that a sum without registers is. */
function restOf({ registers, rest }: AddressSum): Expression {
  const [register] = registers;
  if (register !== undefined) throw misuse(register);
  return rest ?? zero;
}

function scaled({ registers, rest }: AddressSum, factor: Expression): AddressSum {
  const [register, second] = registers;
  const scale = knownNumber(factor);
  if (register === undefined) return onlyRest(factor);
  if (second !== undefined || rest !== undefined || register.scale !== undefined) throw misuse(register);
  if (scale === undefined) throw assemblyError('the scale must be a number that is known here', register.place);
  return { registers: [{ ...register, scale }], rest: undefined };
}

function misuse({ place }: RegisterTerm): Error {
  return assemblyError('a register can only be added, or multiplied by 1, 2, 4 or 8', place);
}
