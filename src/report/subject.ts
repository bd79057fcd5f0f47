import type { CodeText } from './code-text.js';

/** What a report speaks about: the names behind the numbers of a machine's events. */
export interface Subject {
  readonly cpus: number;
  readonly code: CodeText;
  /** The patches that `patch-begin` and `patch-return` number, with the new instruction as the scenario writes it. */
  readonly patches: readonly { readonly site: string; readonly insn: string }[];
  /** The sites with every whole version of their text, the original one first. */
  readonly sites: readonly SiteVersions[];
}

/** The versions that the text of a site may have. */
export interface SiteVersions {
  readonly symbol: string;
  readonly address: bigint;
  readonly versions: readonly Uint8Array[];
}
