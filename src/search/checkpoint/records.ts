/** Bytes under a name; the same name may come several times. Words are in the byte order of the machine. */
export interface RecordSink {
  put(name: string, bytes: Uint8Array | Int32Array | Uint32Array): void;
}

/** What went into a {@link RecordSink}. */
export interface RecordSource {
  /** The records of a name in their order, each read when it is asked for. */
  all(name: string): Iterable<Uint8Array>;
}

/** Records in memory. */
export class Records implements RecordSink, RecordSource {
  private readonly list: (readonly [name: string, bytes: Uint8Array])[] = [];

  put(name: string, bytes: Uint8Array | Int32Array | Uint32Array): void {
    this.list.push([name, bytesOf(bytes).slice()]);
  }

  all(name: string): Iterable<Uint8Array> {
    return this.list.filter(([own]) => own === name).map(([, bytes]) => bytes);
  }
}

/** The bytes of words, not copied. */
export function bytesOf(words: Uint8Array | Int32Array | Uint32Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

/** Bytes as words. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  // Words lie at multiples of 4.
  const { buffer, byteOffset, byteLength } = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Int32Array(buffer, byteOffset, byteLength >>> 2);
}

/** The words of a name's only record. */
export function wordsIn(source: RecordSource, name: string): Int32Array {
  for (const bytes of source.all(name)) return wordsOf(bytes);
  throw new Error(`no record of ${name}`);
}
