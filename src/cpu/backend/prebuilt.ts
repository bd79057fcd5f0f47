/** An interpreter's module as it was emitted when the program was built. */
export interface Prebuilt {
  /** What it was made of, see `interpreterFingerprint`. */
  readonly fingerprint: string;
  /** The module's bytes in base64 (RFC 4648, section 4). */
  readonly base64: string;
}

/** Absent in the sources: `npm run build` writes the built program's own over this file's compiled form. */
export const PREBUILT: Prebuilt | undefined = undefined;
