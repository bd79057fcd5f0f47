import { suggest } from '../../../suggest.js';
import { Register } from '../../iced.js';
import { checkAddress } from '../check-address.js';
import { Cursor } from '../cursor.js';
import type { Expression } from '../expression.js';
import type { AddressOperand, Operand, OperandContext } from '../operand.js';
import { parseExpression } from '../parse-expression.js';
import { registerByName, registerFile, registerNames } from '../registers.js';
import { assemblyError, type SourcePlace } from '../source-line.js';
import type { SourceText } from '../split-statements.js';

const registerPattern = /%\s*(st\s*\(\s*\d\s*\)|[A-Za-z]\w*)/iy;

/**
 * Reads one AT&T operand: `%register`, `$immediate`, `segment:displacement(base,index,scale)`, a bare expression, and
 * `*` before a register or a memory operand.
 *
 * @throws InputError on anything else, on unknown registers and on impossible base, index and scale combinations.
 */
export function parseAttOperand(text: SourceText, context: OperandContext): Operand {
  const cursor = new Cursor(text);
  const place = cursor.place;
  if (cursor.takeText('$')) {
    const value = expression(cursor, context);
    cursor.expectEnd();
    return { kind: 'immediate', value, place };
  }
  const indirect = cursor.takeText('*');
  const register = takeRegister(cursor);
  if (register !== undefined && !cursor.sees(':')) {
    cursor.expectEnd();
    return { kind: 'register', register, indirect, place };
  }
  if (register !== undefined) requireSegment(cursor, register, place);
  const address = parseAddress(cursor, register ?? Register.None, { indirect, place }, context);
  cursor.expectEnd();
  // GNU as writes the port operand of `in` and `out` as if it were memory.
  const isPort = address.base === Register.DX && address.displacement === undefined;
  if (isPort) return { kind: 'register', register: Register.DX, indirect, place };
  checkAddress(address);
  return address;
}

function expression(cursor: Cursor, { locals, fold }: OperandContext): Expression {
  return fold(parseExpression(cursor, { locals }));
}

function takeRegister(cursor: Cursor): Register | undefined {
  if (!cursor.sees('%')) return undefined;
  const place = cursor.place;
  const name = cursor.take(registerPattern)?.[1]?.replace(/\s+/g, '') ?? '';
  const register = registerByName(name);
  if (register !== undefined) return register;
  const near = suggest(name.toLowerCase(), registerNames());
  throw assemblyError(`unknown register '%${name}'`, place, near === undefined ? undefined : `did you mean %${near}?`);
}

function requireSegment(cursor: Cursor, register: Register, place: SourcePlace): void {
  cursor.expect(':', 'after the segment register');
  if (registerFile(register) !== 'segment') throw assemblyError('only a segment register can stand before a :', place);
}

function parseAddress(
  cursor: Cursor,
  segment: Register,
  common: { indirect: boolean; place: SourcePlace },
  context: OperandContext,
): AddressOperand {
  const absent = { base: Register.None, index: Register.None, scale: 1 };
  const displacement = opensRegisters(cursor) ? undefined : expression(cursor, context);
  const registers = opensRegisters(cursor) ? parseRegisters(cursor) : absent;
  return { kind: 'address', segment, displacement, ...registers, ...common };
}

function opensRegisters(cursor: Cursor): boolean {
  return cursor.peek(/\(\s*[%,]/y) !== undefined;
}

function parseRegisters(cursor: Cursor): { base: Register; index: Register; scale: number } {
  cursor.expect('(', 'before the base register');
  const base = takeRegister(cursor) ?? Register.None;
  let index: Register = Register.None;
  let scale = 1;
  if (cursor.takeText(',')) {
    index = takeRegister(cursor) ?? Register.None;
    if (cursor.takeText(',') && !cursor.sees(')')) {
      const written = cursor.take(/\w+/y)?.[0] ?? '';
      if (!/^[1248]$/.test(written)) throw cursor.error(`the scale must be 1, 2, 4 or 8, not '${written}'`);
      scale = Number(written);
    }
  }
  cursor.expect(')', 'to close the memory operand');
  return { base, index, scale };
}
