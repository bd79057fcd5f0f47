import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { InstructionEvent, MachineEvent } from '../machine/event.js';
import { hex, hexAddress, type Monitor } from './monitor.js';
import { overlaps, type Site, type SiteText, sameBytes } from './site.js';
import type { SiteTracker } from './site-tracker.js';
import type { Finding } from './violation.js';

/**
 * P1 `no-torn-instruction`: an executed instruction that overlaps a site sits at a boundary of a version of the site and
 * consists wholly of that version, or is INT3 at the start. Bytes after a RET do not count: they are not of it.
 */
export class NoTornInstruction implements Monitor {
  readonly property = 'no-torn-instruction';

  constructor(private readonly tracker: SiteTracker) {}

  observe(event: MachineEvent): Finding | undefined {
    if (event.kind !== 'instruction') return undefined;
    for (const [index, site] of this.tracker.sites.entries()) {
      if (!overlaps(site, event.rip, Math.max(event.bytes.length, 1))) continue;
      if (!isWhole(site, this.tracker.text(index), event)) return this.finding(site, this.tracker.text(index), event);
    }
    return undefined;
  }

  private finding(site: Site, text: SiteText, { cpu, rip, bytes }: InstructionEvent): Finding {
    const versions = text.versions.map((version) => `"${hex(version.bytes)}"`).join(', ');
    const where = rip === site.address ? site.symbol : `${hexAddress(rip)}, which overlaps ${site.symbol}`;
    return {
      cpu,
      address: rip,
      bytes,
      message: `CPU ${cpu} executed "${hex(bytes)}" at ${where}: nobody wrote that instruction (whole versions are ${versions})`,
    };
  }
}

function isWhole(site: Site, text: SiteText, { rip, bytes }: InstructionEvent): boolean {
  if (rip === site.address && bytes[0] === INT3_INSN_OPCODE) return true;
  return text.versions.some((version) => {
    const instruction = version.instructions.get(Number(rip - site.address));
    return instruction !== undefined && sameBytes(instruction, bytes);
  });
}
