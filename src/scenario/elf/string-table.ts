const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The string that starts at an offset of a string table; undefined if there is none that ends inside the table. */
export function stringAt(table: Uint8Array, offset: number): string | undefined {
  const end = offset < table.length ? table.indexOf(0, offset) : -1;
  return end === -1 ? undefined : decoder.decode(table.subarray(offset, end));
}
