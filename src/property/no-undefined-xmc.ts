import { CELL, cpuBase } from '../cpu/cells.js';
import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { InstructionEvent, MachineEvent, TextStoreEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { LINE_SIZE } from '../memory/layout.js';
import type { ByteVersion } from '../memory/text-versions.js';
import { hex, hexAddress, type Monitor } from './monitor.js';
import type { Finding } from './violation.js';

const LINE = BigInt(LINE_SIZE);
const ONE_BYTE = new Uint8Array(1);

/**
 * `no-undefined-xmc`: no CPU executes an instruction of which another CPU has modified a byte since this CPU last
 * serialised ("unsynchronized cross-modifying code", SDM Vol. 3A, "Handling Self- and Cross-Modifying Code"), whatever
 * version of the byte it fetched. Exempt is the instruction's first byte when it changed to or from INT3, as the makers
 * of processors have said since 2010; under the fetch rule `undefined-xmc-strict` nothing is.
 *
 * It needs a fetch rule under which a CPU's floor is the text time of its last serialisation.
 */
export class NoUndefinedXmc implements Monitor {
  readonly property = 'no-undefined-xmc';
  /** Lines of text that were stored to, here or in a state that was left: their instructions have to be heard of. */
  private readonly stored = new Set<bigint>();

  observe(event: MachineEvent, machine: Machine): Finding | undefined {
    if (event.kind === 'text-store') this.watch(event, machine);
    return event.kind === 'instruction' ? this.executed(event, machine) : undefined;
  }

  private watch({ address, after }: Pick<TextStoreEvent, 'address' | 'after'>, machine: Machine): void {
    for (let line = address & ~(LINE - 1n); line < address + BigInt(after.length); line += LINE) {
      if (this.stored.has(line)) continue;
      this.stored.add(line);
      machine.watched.add(line, line + LINE);
    }
  }

  learned(): readonly unknown[] {
    return [...this.stored];
  }

  learn(lines: readonly unknown[], machine: Machine): void {
    for (const address of lines as readonly bigint[]) this.watch({ address, after: ONE_BYTE }, machine);
  }

  private executed({ cpu, rip, bytes }: InstructionEvent, machine: Machine): Finding | undefined {
    const { memory } = machine;
    memory.footprint?.fetched();
    const serialised = memory.linear.int32(cpuBase(cpu) + CELL.fetchFloor);
    for (let i = 0; i < bytes.length; i++) {
      const address = rip + BigInt(i);
      const page = memory.translate(address, 'execute');
      const versions = page === 0 ? undefined : memory.text.versionsOf(page);
      const exempt = i === 0 && machine.rules.fetch !== 'undefined-xmc-strict';
      const change = versions && changeByAnother(versions, { cpu, serialised, exempt });
      if (change === undefined) continue;
      const message = `CPU ${cpu} executed "${hex(bytes)}" at ${hexAddress(rip)}, of which CPU ${change.cpu} has modified byte ${i} since CPU ${cpu} last serialised`;
      return { cpu, address: rip, bytes, message };
    }
    return undefined;
  }
}

/** The first change of a byte that another CPU has made since a CPU serialised, and that is not exempt. */
function changeByAnother(
  versions: readonly ByteVersion[],
  { cpu, serialised, exempt }: { readonly cpu: number; readonly serialised: number; readonly exempt: boolean },
): ByteVersion | undefined {
  return versions.find((version, index) => {
    if (version.time <= serialised || version.cpu === undefined || version.cpu === cpu) return false;
    const isInt3 = version.value === INT3_INSN_OPCODE || versions[index - 1]?.value === INT3_INSN_OPCODE;
    return !(exempt && isInt3);
  });
}
