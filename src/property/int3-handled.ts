import { VECTOR } from '../cpu/vector.js';
import { INT3_INSN_OPCODE } from '../encoder/instruction-templates.js';
import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { ContextMonitor } from './context-monitor.js';
import { inContextOrder } from './context-order.js';
import { hexAddress } from './monitor.js';
import type { SiteTracker } from './site-tracker.js';
import type { Finding } from './violation.js';

/** A #BP at a site, raised by a patcher's INT3 and not yet returned from. */
interface OpenTrap {
  /** Whose context it is: a task's, across migrations, or an idle CPU's. */
  readonly owner: number;
  /** How many contexts it had when it was raised. */
  readonly depth: number;
  readonly address: bigint;
  readonly symbol: string;
}

/**
 * P2 `int3-handled`: a #BP that a patcher's INT3 raised is consumed by its handler. It was not when the CPU stops before
 * the handler's IRET: no IDT entry, or a handler that did not know the site any more.
 */
export class Int3Handled extends ContextMonitor<OpenTrap> {
  override readonly property = 'int3-handled';

  constructor(private readonly tracker: SiteTracker) {
    super();
  }

  observe(event: MachineEvent, machine: Machine): Finding | undefined {
    switch (event.kind) {
      case 'trap':
        if (event.vector === VECTOR.bp) this.opened(event.cpu, event.rip - 1n, machine);
        return undefined;
      case 'iret':
        this.closed(machine.tasks.owner(event.cpu), machine.context(event.cpu).depth);
        return undefined;
      case 'stopped':
        // What the machine cannot do says nothing of the patcher.
        if (machine.stopped?.kind === 'unsupported') return undefined;
        return this.lost(event.cpu, machine.tasks.owner(event.cpu), event.reason);
      default:
        return undefined;
    }
  }

  private opened(cpu: number, address: bigint, machine: Machine): void {
    const index = this.tracker.sites.findIndex((site) => site.address === address);
    const site = this.tracker.sites[index];
    // An INT3 that is the site's own instruction, whole and in force, is for somebody else to handle.
    if (site === undefined || this.tracker.text(index).current.bytes[0] === INT3_INSN_OPCODE) return;
    const { depth } = machine.context(cpu);
    const trap = { owner: machine.tasks.owner(cpu), depth, address, symbol: site.symbol };
    this.state = inContextOrder([...this.state, trap]);
  }

  private closed(by: number, left: number): void {
    this.state = this.state.filter(({ owner, depth }) => owner !== by || depth < left);
  }

  private lost(cpu: number, owner: number, reason: string): Finding | undefined {
    const trap = this.state.find((open) => open.owner === owner);
    return trap === undefined
      ? undefined
      : {
          cpu,
          address: trap.address,
          bytes: Uint8Array.of(INT3_INSN_OPCODE),
          message: `CPU ${cpu} executed the patcher's INT3 at ${trap.symbol} (${hexAddress(trap.address)}) and nobody handled the #BP: ${reason}`,
        };
  }
}
