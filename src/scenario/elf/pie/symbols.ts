import { hex } from '../hex.js';
import { printable } from '../printable.js';
import type { ProgramHeader } from '../program-headers.js';
import { ElfRecord, type FileRange } from '../record.js';
import type { ElfSource } from '../source.js';
import {
  SpecialSection,
  SYMBOL_TABLE,
  type SymbolEntry,
  SymbolNames,
  symbolBinding,
  unsupportedSymbol,
} from '../symbol-table.js';
import { type Dynamic, DynamicTag } from './dynamic.js';
import { dynamicTable } from './dynamic-table.js';
import { fileBytesAt } from './file-bytes.js';
import type { PieSymbol } from './pie.js';

/** The symbols that dynamic relocations are against (DT_SYMTAB). The file does not say how many there are. */
export class DynamicSymbols {
  readonly #source: ElfSource;
  readonly #table: FileRange;
  readonly #names: SymbolNames;
  readonly #read = new Map<number, PieSymbol>();

  /** @throws InputError if the table or the names are not in the file */
  constructor(source: ElfSource, headers: readonly ProgramHeader[], dynamic: Dynamic) {
    this.#source = source;
    this.#table = tableOf(headers, dynamic);
    const { start, end } = dynamicTable(headers, dynamic, 'DT_STRTAB');
    this.#names = new SymbolNames(source.bytes.subarray(start, end));
  }

  /**
   * The symbol of a number; number 0 is none, whose address is 0.
   *
   * @param fail - makes the error about whoever asks
   * @throws InputError if there is no such symbol, or nothing can be linked to it
   */
  get(number: number, fail: (problem: string) => Error): PieSymbol {
    if (number === 0) return { kind: 'own', name: '', address: 0n, absolute: true };
    const known = this.#read.get(number);
    if (known !== undefined) return known;
    const { title, size, layout } = SYMBOL_TABLE;
    const start = this.#table.start + number * size;
    if (start + size > this.#table.end) throw fail(`symbol ${number} is not in the file`);
    const symbol = readSymbol(new ElfRecord(this.#source, `dynamic ${title} ${number}`, start, layout), this.#names);
    this.#read.set(number, symbol);
    return symbol;
  }
}

function tableOf(headers: readonly ProgramHeader[], dynamic: Dynamic): FileRange {
  const size = dynamic.get(DynamicTag.syment);
  if (size !== undefined && size.get('d_val') !== BigInt(SYMBOL_TABLE.size)) {
    throw size.error('d_val', `DT_SYMENT is not the size of an ELF64 symbol (${hex(SYMBOL_TABLE.size)})`);
  }
  const table = dynamic.get(DynamicTag.symtab);
  if (table === undefined) return { start: 0, end: 0 };
  const bytes = fileBytesAt(headers, table.get('d_val'));
  if (bytes === undefined) throw table.error('d_val', 'the symbols (DT_SYMTAB) are not in the file');
  return bytes;
}

function readSymbol(entry: SymbolEntry, names: SymbolNames): PieSymbol {
  const name = names.of(entry);
  const unsupported = unsupportedSymbol(entry);
  if (unsupported !== undefined) throw entry.error('st_info', `'${printable(name)}' is ${unsupported}`);
  const section = entry.number('st_shndx');
  if (section === SpecialSection.undefined) {
    return { kind: 'outside', name, weak: symbolBinding(entry, name) === 'weak' };
  }
  return { kind: 'own', name, address: entry.get('st_value'), absolute: section === SpecialSection.absolute };
}
