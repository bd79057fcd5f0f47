import { Register, RegisterExt } from '../../iced.js';
import { isVector } from '../registers.js';
import { assemblyError } from '../source-line.js';
import type { ScaledRegister } from './address-sum.js';

/** The registers of a memory operand as it is encoded; `Register.None` for one that is not there. */
export interface BaseAndIndex {
  readonly base: Register;
  readonly index: Register;
  readonly scale: number;
}

const scales: ReadonlySet<bigint> = new Set([1n, 2n, 4n, 8n]);

/**
 * Tells base and index apart among the registers that are added: as in GNU as the index is the one with a scale, else
 * the second, except that rsp is never the index and a vector register always.
 *
 * @throws InputError on more than two registers, on two with a scale, and on a scale that is not 1, 2, 4 or 8.
 */
export function baseAndIndex(registers: readonly ScaledRegister[]): BaseAndIndex {
  const [, , third] = registers;
  if (third !== undefined) throw assemblyError('an address has a base and an index, no third register', third.place);
  const [scaled, alsoScaled] = registers.filter(({ scale }) => scale !== undefined);
  if (alsoScaled !== undefined) throw assemblyError('only one register can have a scale', alsoScaled.place);
  const [first, second] = registers.filter(({ scale }) => scale === undefined);
  if (scaled === undefined) return first === undefined ? absent : unscaled(first.register, second?.register);
  const { register: index, scale = 1n, place } = scaled;
  if (!scales.has(scale)) throw assemblyError(`the scale must be 1, 2, 4 or 8, not '${scale}'`, place);
  return { base: first?.register ?? Register.None, index, scale: Number(scale) };
}

const absent: BaseAndIndex = { base: Register.None, index: Register.None, scale: 1 };

function unscaled(first: Register, second: Register = Register.None): BaseAndIndex {
  const swapped = isVector(first) || RegisterExt.fullRegister(second) === Register.RSP;
  return swapped ? { base: second, index: first, scale: 1 } : { base: first, index: second, scale: 1 };
}
