import { Register } from '../../iced.js';
import type { Cursor } from '../cursor.js';
import type { Expression } from '../expression.js';
import { type ExpressionGrammar, type LocalLabels, parseExpression } from '../parse-expression.js';
import { registerByName } from '../registers.js';
import { assemblyError } from '../source-line.js';
import type { RegisterTerm } from './address-sum.js';
import { sizeWords } from './size-words.js';

const registerPattern = /%?(st\s*\(\s*\d\s*\)|[A-Za-z]\w*)(?![\w.$])/iy;
const segmentPattern = /%?([c-gs]s)\s*:/iy;

/** Expressions with brackets, and registers in them; remembers what tells memory from a plain number. */
export class AddressGrammar implements ExpressionGrammar<RegisterTerm> {
  readonly locals: LocalLabels;
  /** `Register.None` while none has been met */
  segment: Register;
  /** a bracket or a segment has been met */
  isMemory: boolean;
  #depth = 0;

  /** @param segment the one that has been read already. */
  constructor(locals: LocalLabels, segment: Register | undefined) {
    this.locals = locals;
    this.segment = segment ?? Register.None;
    this.isMemory = segment !== undefined;
  }

  /** A register or a bracket. */
  readonly term = (cursor: Cursor): Expression<RegisterTerm> | undefined => {
    const { place } = cursor;
    const name = cursor.peek(registerPattern)?.[1] ?? '';
    const register = registerByName(name.replace(/\s/g, ''));
    if (register !== undefined) {
      if (this.#depth === 0) throw assemblyError(`${name} can only stand alone or in brackets`, place);
      cursor.take(registerPattern);
      return { kind: 'register', register, place };
    }
    // GNU as takes `dword [rbx]` for 4 bytes behind rbx.
    const word = name.toLowerCase();
    if (Object.hasOwn(sizeWords, word)) throw assemblyError(`'${name}' is a size`, place, `write ${word} ptr`);
    return this.suffix(cursor);
  };

  /** A bracket. */
  readonly suffix = (cursor: Cursor): Expression<RegisterTerm> | undefined => {
    if (!cursor.takeText('[')) return undefined;
    this.isMemory = true;
    this.segment = takeSegment(cursor) ?? this.segment;
    this.#depth++;
    const inner = parseExpression(cursor, this);
    this.#depth--;
    cursor.expect(']', 'to close the memory operand');
    return inner;
  };
}

/** The segment register of a `fs:` that comes next. */
export function takeSegment(cursor: Cursor): Register | undefined {
  const name = cursor.take(segmentPattern)?.[1];
  return name === undefined ? undefined : registerByName(name);
}
