import { type Instruction, OpKind, Register } from '../iced.js';
import { formatSymbol, type SymbolLookup } from '../symbols.js';

/** ` <old+0x3>` to go behind a branch target, or nothing. */
export function branchSymbol(instruction: Instruction, symbols: SymbolLookup | undefined): string {
  for (let i = 0; i < instruction.opCount; i++) {
    if (instruction.opKind(i) !== OpKind.NearBranch64) continue;
    const found = symbols?.nearest(instruction.nearBranchTarget);
    return found === undefined ? '' : ` <${formatSymbol(found)}>`;
  }
  return '';
}

/**
 * What an operand that is an address refers to: the address of a %rip-relative one with its symbol, the symbol of an
 * absolute one, and that of an immediate that is just a symbol's address.
 */
export function annotation(instruction: Instruction, symbols: SymbolLookup | undefined): string | undefined {
  for (let i = 0; i < instruction.opCount; i++) {
    const kind = instruction.opKind(i);
    if (kind === OpKind.Memory) {
      if (instruction.isIpRelMemoryOperand) {
        const address = instruction.ipRelMemoryAddress;
        const found = symbols?.nearest(address);
        return `0x${address.toString(16)}${found === undefined ? '' : ` <${formatSymbol(found)}>`}`;
      }
      const isAbsolute = instruction.memoryBase === Register.None && instruction.memoryIndex === Register.None;
      // What a segment with a base of its own moves is no address.
      const isMoved = instruction.memorySegment === Register.FS || instruction.memorySegment === Register.GS;
      const found = isAbsolute && !isMoved ? symbols?.nearest(instruction.memoryDisplacementU64) : undefined;
      if (found !== undefined) return `<${formatSymbol(found)}>`;
    } else if (addressImmediates.has(kind)) {
      const found = symbols?.nearest(instruction.immediate(i));
      if (found !== undefined && found.offset === 0n) return `<${found.name}>`;
    }
  }
  return undefined;
}

const addressImmediates: ReadonlySet<OpKind> = new Set([
  OpKind.Immediate32,
  OpKind.Immediate32to64,
  OpKind.Immediate64,
]);
