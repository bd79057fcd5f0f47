import { CALL_INSN_OPCODE, JMP8_INSN_OPCODE, JMP32_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { ProcedureBuilder } from '../machine/procedure.js';
import type { Local } from '../machine/step-context.js';
import type { MemoryRange } from './algorithm.js';

/** Where a call or a jump at `address` leads; 0 for anything else. */
export function branchTarget(address: bigint, bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [opcode] = bytes;
  const to = (displacement: number): bigint => BigInt.asUintN(64, address + BigInt(bytes.length + displacement));
  if ((opcode === CALL_INSN_OPCODE || opcode === JMP32_INSN_OPCODE) && bytes.length === 5)
    return to(view.getInt32(1, true));
  if (opcode === JMP8_INSN_OPCODE && bytes.length === 2) return to(view.getInt8(1));
  return 0n;
}

/** Adds the step that frees the named text in which the address in `old` lies; none when it lies in no such text. */
export function freeOld(p: ProcedureBuilder, text: ReadonlyMap<string, MemoryRange>, old: Local): void {
  const named = (address: bigint): string | undefined =>
    [...text].find(([, range]) => address >= range.address && address < range.address + BigInt(range.size))?.[0];
  p.if(
    (c) => named(c.get(old)) !== undefined,
    () => {
      p.step('free the text that the old instruction led to', (c) => {
        const range = named(c.get(old));
        if (range !== undefined) c.host.emit({ kind: 'range-retired', cpu: c.cpu, range });
      });
    },
  );
}
