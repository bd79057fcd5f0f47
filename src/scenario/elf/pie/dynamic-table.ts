import { hex } from '../hex.js';
import type { ProgramHeader } from '../program-headers.js';
import type { FileRange } from '../record.js';
import { type Dynamic, DynamicTag } from './dynamic.js';
import { fileBytesAt } from './file-bytes.js';

/** The tables of which the dynamic section says where they are and how long. */
const TABLES = {
  DT_STRTAB: [DynamicTag.strtab, DynamicTag.strsz],
  DT_RELA: [DynamicTag.rela, DynamicTag.relasz],
  DT_JMPREL: [DynamicTag.jmprel, DynamicTag.pltrelsz],
} as const;

/**
 * The bytes of a table that the dynamic section names; none where it does not.
 *
 * @throws InputError if they are not all in one segment
 */
export function dynamicTable(
  headers: readonly ProgramHeader[],
  dynamic: Dynamic,
  name: keyof typeof TABLES,
): FileRange {
  const [startTag, sizeTag] = TABLES[name];
  const table = dynamic.get(startTag);
  const size = dynamic.get(sizeTag)?.get('d_val') ?? 0n;
  if (table === undefined || size === 0n) return { start: 0, end: 0 };
  const bytes = fileBytesAt(headers, table.get('d_val'));
  if (bytes === undefined || size > BigInt(bytes.end - bytes.start)) {
    throw table.error('d_val', `the ${hex(size)} bytes of ${name} are not in the file`);
  }
  return { start: bytes.start, end: bytes.start + Number(size) };
}
