import type { Expression } from './expression.js';
import type { Selection } from './select-form.js';
import type { SourceText } from './split-statements.js';

interface ItemBase {
  /** the statement without its labels */
  readonly text: SourceText;
  /** from the base of the block; the layout moves it */
  offset: number;
  /** length in bytes; the layout changes it where it is not fixed */
  size: number;
}

/** Something that takes up room in a block. */
export type Item = ItemBase &
  (
    | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
    | { readonly kind: 'instruction'; readonly selection: Selection }
    /** `jmp` or `jcc`, short for as long as it reaches */
    | { readonly kind: 'branch'; readonly long: Selection; readonly short: Selection; readonly target: Expression }
    | { readonly kind: 'data'; readonly width: 1 | 2 | 4 | 8 | 16; readonly values: readonly Expression[] }
    | {
        readonly kind: 'align';
        readonly boundary: number;
        readonly fill: Expression | undefined;
        readonly most: number;
      }
    | { readonly kind: 'fill'; readonly count: Expression; readonly width: number; readonly fill: Expression }
    | { readonly kind: 'org'; readonly target: Expression; readonly fill: Expression }
  );

/** Whether the item has the same length wherever it lies. */
export function isFixed(item: Item): boolean {
  if (item.kind === 'fill') return item.count.kind === 'number';
  return item.kind === 'bytes' || item.kind === 'instruction' || item.kind === 'data';
}
