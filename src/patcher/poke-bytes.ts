import type { Patch } from '../machine/patch.js';
import type { ProcedureBuilder } from '../machine/procedure.js';
import type { Local, StepContext } from '../machine/step-context.js';

/** In which order a multi-byte poke stores its bytes: memcpy promises none. */
export type PokeOrder = 'any' | 'ascending';

/** Up to 8 bytes and where they go, in locals; the bytes are packed. */
export interface PackedText {
  readonly address: Local;
  readonly length: Local;
  readonly value: Local;
}

/** Packs up to 8 bytes into a local. */
export function packBytes(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/** Puts what a patch writes, and where, into locals. */
export function packPatch(p: ProcedureBuilder, patch: (c: StepContext) => Patch): PackedText {
  const [address, length, value] = [p.local(), p.local(), p.local()];
  p.set(address, (c) => patch(c).address);
  p.set(length, (c) => BigInt(patch(c).bytes.length));
  p.set(value, (c) => packBytes(patch(c).bytes));
  return { address, length, value };
}

/**
 * Adds the steps of a memcpy to text: the bytes are stored one by one, each by a step of its own, in every order that
 * `order` allows. The step's choice is the index of the byte.
 */
export function pokeBytes(p: ProcedureBuilder, label: string, what: PackedText, order: PokeOrder): void {
  storePieces(p, label, what, { size: () => 1, order });
}

/**
 * Adds the step of one store instruction to text: one event iff the bytes lie inside one aligned unit of `boundary`
 * bytes (the profile's store boundary); otherwise they become visible one by one, in any order, each by a step of its own.
 */
export function storeBytes(p: ProcedureBuilder, label: string, what: PackedText, boundary: number): void {
  const size = (c: StepContext): number => {
    const length = Number(c.get(what.length));
    const inUnit = Number(c.get(what.address) & BigInt(boundary - 1));
    return inUnit + length <= boundary ? length : 1;
  };
  storePieces(p, label, what, { size, order: 'any' });
}

/** The frame's scratch word is the mask of the bytes that are stored. */
function storePieces(
  p: ProcedureBuilder,
  label: string,
  what: PackedText,
  pieces: { readonly size: (c: StepContext) => number; readonly order: PokeOrder },
): void {
  const left = (c: StepContext): number[] => {
    const [length, size] = [Number(c.get(what.length)), pieces.size(c)];
    const starts: number[] = [];
    for (let i = 0; i < length; i += size) if (((c.scratch >> BigInt(i)) & 1n) === 0n) starts.push(i);
    return pieces.order === 'ascending' ? starts.slice(0, 1) : starts;
  };
  p.choose({
    label,
    choices: left,
    run: (c, start) => {
      const value = c.get(what.value) >> BigInt(8 * start);
      const size = pieces.size(c);
      const bytes = Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
      c.host.storeText(c.cpu, c.get(what.address) + BigInt(start), bytes);
      c.scratch |= ((1n << BigInt(size)) - 1n) << BigInt(start);
    },
  });
}
