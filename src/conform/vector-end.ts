/** How the execution of a test ended. */
export type VectorEnd =
  /** After as many instructions as it has, or at a HLT. */
  | { readonly kind: 'done' | 'hlt' }
  | { readonly kind: 'exception'; readonly vector: number }
  /** Not within so many steps. */
  | { readonly kind: 'endless'; readonly steps: number };
