import type { CheckedVariant } from '../checked-variant.js';
import type { CheckOptions } from '../options.js';
import type { SentRecipes } from './sent-recipes.js';

/** What a thread that checks variants is started with; it is told nothing more. */
export interface VariantOrder {
  readonly recipes: SentRecipes;
  /** For a search without other threads; colours are decided. */
  readonly options: CheckOptions;
  readonly path: string;
  readonly width: number;
  readonly program: string;
  /** Whether anybody sees how far a search is. */
  readonly showsProgress: boolean;
  /** See `Turns`. */
  readonly turns: Int32Array<SharedArrayBuffer>;
}

/** What it tells of a variant, by its number: plain data. */
export type VariantNews =
  | { readonly kind: 'begun'; readonly number: number }
  | { readonly kind: 'progress'; readonly number: number; readonly text: string }
  | { readonly kind: 'checked'; readonly number: number; readonly checked: CheckedVariant };
