/** A word that may stand where the cursor is. */
export interface Candidate {
  readonly value: string;
  /** One line, for shells that show it. */
  readonly description: string;
}

/** What may stand where the cursor is. */
export interface Completion {
  /** In the order of the tables that they come from. */
  readonly candidates: readonly Candidate[];
  /** What the shell itself shall offer. */
  readonly paths: Paths;
}

/** Names of files, of directories alone, or none. */
export type Paths = 'files' | 'directories' | 'none';
