import { alignmentNops } from './alignment-nops.js';
import { encodeOperands } from './encode-operands.js';
import type { Expression, Value } from './expression.js';
import { fitsField } from './fits.js';
import type { Item } from './item.js';
import type { ProgramScope } from './program-scope.js';
import type { Selection } from './select-form.js';
import { assemblyError } from './source-line.js';

/** The bytes of an item whose place is final. */
export function itemBytes(item: Item, base: bigint, scope: ProgramScope): Uint8Array {
  const address = base + BigInt(item.offset);
  const number = (expression: Expression, width: number) => field(item, scope.value(expression, address), width);
  switch (item.kind) {
    case 'bytes':
      return item.bytes;
    case 'instruction':
      return instructionBytes(item.selection, item, address, scope);
    case 'branch':
      return instructionBytes(item.size === item.short.length ? item.short : item.long, item, address, scope);
    case 'data': {
      const { width, values } = item;
      const here = (i: number) => address + BigInt(i * width);
      return repeated(
        values.map((value, i) => field(item, scope.value(value, here(i)), width)),
        1,
      );
    }
    case 'align':
      return item.fill === undefined ? alignmentNops(item.size) : repeated([number(item.fill, 1)], item.size);
    case 'fill': {
      const count = BigInt.asIntN(64, scope.value(item.count, address).value);
      if (count < 0n) throw assemblyError(`the count is negative: ${count}`, item.text);
      return repeated([number(item.fill, item.width)], item.size / item.width);
    }
    case 'org': {
      const target = scope.value(item.target, address);
      const from = target.kind === 'constant' ? 0n : base;
      const back = BigInt(item.offset) - BigInt.asIntN(64, target.value - from);
      if (back > 0n) throw assemblyError(`.org cannot go back by ${back} bytes`, item.text);
      return repeated([number(item.fill, 1)], item.size);
    }
  }
}

function instructionBytes(selection: Selection, item: Item, address: bigint, scope: ProgramScope): Uint8Array {
  const bytes = encodeOperands(selection.selected, address, (expression) => scope.value(expression, address));
  if (bytes.length !== item.size) throw new Error(`'${item.text.text}' changed its length after the layout`);
  return bytes;
}

function field(item: Item, { value, kind }: Value, width: number): Uint8Array {
  const bits = width * 8;
  const fits = width >= 8 || (kind === 'address' ? value < 1n << BigInt(bits) : fitsField(value, bits));
  if (!fits) throw assemblyError(`0x${value.toString(16)} does not fit ${bits} bits`, item.text);
  const extended = BigInt.asUintN(bits, width > 8 && kind !== 'address' ? BigInt.asIntN(64, value) : value);
  return Uint8Array.from({ length: width }, (_, i) => Number((extended >> BigInt(8 * i)) & 0xffn));
}

function repeated(pieces: readonly Uint8Array[], times: number): Uint8Array {
  const piece = Uint8Array.from(pieces.flatMap((bytes) => [...bytes]));
  const bytes = new Uint8Array(piece.length * times);
  for (let i = 0; i < times; i++) bytes.set(piece, i * piece.length);
  return bytes;
}
