import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { hex, type Monitor } from './monitor.js';
import { overlaps, type Site, type SiteText, sameBytes } from './site.js';
import { isIn, type SiteTracker } from './site-tracker.js';
import type { Finding } from './violation.js';

/**
 * P4 `quiesced-after-return`: after the patch API returned, until the next patch of the site begins, no CPU whose
 * previous step came after the return executes INT3 or bytes of a retired version. Versions count, not byte values.
 */
export class QuiescedAfterReturn implements Monitor {
  readonly property = 'quiesced-after-return';

  constructor(private readonly tracker: SiteTracker) {}

  observe(event: MachineEvent, machine: Machine): Finding | undefined {
    if (event.kind !== 'instruction') return undefined;
    for (const [index, site] of this.tracker.sites.entries()) {
      const text = this.tracker.text(index);
      const returned = text.open === undefined && text.replaced !== undefined;
      if (!returned || isIn(text.unsettled, event.cpu)) continue;
      if (!overlaps(site, event.rip, Math.max(event.bytes.length, 1))) continue;
      const what = retired(site, text, event, machine);
      if (what === undefined) continue;
      const { cpu, rip: address, bytes } = event;
      return {
        cpu,
        address,
        bytes,
        message: `CPU ${cpu} executed ${what} at ${site.symbol} after the patch had returned`,
      };
    }
    return undefined;
  }
}

/** In words, what of the instruction does not belong to the version in force. */
function retired(site: Site, { current }: SiteText, event: InstructionEvent, machine: Machine): string | undefined {
  const { rip, bytes, times } = event;
  if (rip === site.address && bytes[0] === INT3_INSN_OPCODE && current.bytes[0] !== INT3_INSN_OPCODE) {
    return "the patcher's INT3";
  }
  const stale = times.findIndex((time, i) => {
    const address = rip + BigInt(i);
    return overlaps(site, address, 1) && time !== machine.memory.text.timeOf(machine.memory.offsetOf(address));
  });
  if (stale >= 0) return `"${hex(bytes)}", byte ${stale} of a retired version,`;
  // The patcher may have returned without writing what it was asked for.
  const inForce = current.instructions.get(Number(rip - site.address));
  return inForce !== undefined && sameBytes(inForce, bytes) ? undefined : `"${hex(bytes)}" of a retired version`;
}
