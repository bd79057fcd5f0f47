import type { ProcedureBuilder } from '../machine/procedure.js';
import type { Local, StepContext } from '../machine/step-context.js';

/** In which order a multi-byte poke stores its bytes: memcpy promises none. */
export type PokeOrder = 'any' | 'ascending';

/** Packs up to 8 bytes into a local. */
export function packBytes(bytes: Uint8Array): bigint {
  return bytes.reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

/**
 * Adds the steps of a memcpy to text: `length` bytes of the packed `value` are stored at `address` one by one, each by a
 * step of its own, in every order that `order` allows. The step's choice is the index of the byte.
 */
export function pokeBytes(
  p: ProcedureBuilder,
  label: string,
  what: { readonly address: Local; readonly length: Local; readonly value: Local },
  order: PokeOrder,
): void {
  const left = (c: StepContext): number[] => {
    const length = Number(c.get(what.length));
    const indices = Array.from({ length }, (_, i) => i).filter((i) => ((c.scratch >> BigInt(i)) & 1n) === 0n);
    return order === 'ascending' ? indices.slice(0, 1) : indices;
  };
  p.choose({
    label,
    choices: left,
    run: (c, index) => {
      const byte = Number((c.get(what.value) >> BigInt(8 * index)) & 0xffn);
      c.host.storeText(c.cpu, c.get(what.address) + BigInt(index), Uint8Array.of(byte));
      c.scratch |= 1n << BigInt(index);
    },
  });
}
