import { disassemble, disassembleOne } from '../encoder/disassemble.js';
import { formatSymbol, type SymbolLookup, type SymbolOffset } from '../encoder/symbols.js';
import { PROCEDURE_TEXT } from '../machine/delivery.js';
import { hexAddress } from '../property/monitor.js';
import { safeText } from './safe-text.js';

/** Instructions whose text is kept; a trace meets the same ones again and again. */
const KEPT = 4096;
/** Longest name of a symbol that is shown. */
const LONGEST_NAME = 80;

/** Addresses and instructions as a person reads them: with symbols. */
export class CodeText {
  private readonly symbols: SymbolLookup;
  private readonly texts = new Map<string, string>();

  constructor(symbols: SymbolLookup) {
    this.symbols = { nearest: (address) => printableSymbol(symbols.nearest(address)) };
  }

  /** `site+0x3`, or the address where no symbol is near; where procedures run there is no text. */
  address(address: bigint): string {
    if (address === PROCEDURE_TEXT) return '(procedure)';
    const found = this.symbols.nearest(address);
    return found === undefined ? hexAddress(address) : formatSymbol(found);
  }

  /** `site+0x3 (0xffffffff8100c0bf)`. */
  fullAddress(address: bigint): string {
    const found = this.symbols.nearest(address);
    return found === undefined ? hexAddress(address) : `${formatSymbol(found)} (${hexAddress(address)})`;
  }

  /** `call 0xffffffff82000000 <old>`. */
  insn(bytes: Uint8Array, address: bigint): string {
    if (bytes.length === 0) return '(nothing fetched)';
    const key = `${address} ${bytes.join(' ')}`;
    const known = this.texts.get(key);
    if (known !== undefined) return known;
    if (this.texts.size >= KEPT) this.texts.clear();
    const { text } = disassembleOne(bytes, address, { symbols: this.symbols });
    this.texts.set(key, text);
    return text;
  }

  /** All instructions of some bytes: `nop; ret`. */
  insns(bytes: Uint8Array, address: bigint): string {
    return disassemble(bytes, address, { symbols: this.symbols })
      .map(({ text }) => text)
      .join('; ');
  }

  /** As {@link insn}, without addresses that have a symbol: `call old`. */
  shortInsn(bytes: Uint8Array, address: bigint): string {
    return this.insn(bytes, address).replace(/0x[0-9a-f]+ <([^>]+)>/g, '$1');
  }
}

function printableSymbol(found: SymbolOffset | undefined): SymbolOffset | undefined {
  if (found === undefined) return undefined;
  return { name: safeText(found.name).slice(0, LONGEST_NAME), offset: found.offset };
}
