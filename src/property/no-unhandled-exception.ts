import type { MachineEvent } from '../machine/event.js';
import type { Machine } from '../machine/machine.js';
import { hexAddress, type Monitor } from './monitor.js';
import type { Finding } from './violation.js';

/**
 * `no-unhandled-exception`: no CPU stops because of an exception that nothing handles, which is how executing something
 * that nobody wrote ends when no other property saw it.
 */
export class NoUnhandledException implements Monitor {
  readonly property = 'no-unhandled-exception';

  observe(event: MachineEvent, machine: Machine): Finding | undefined {
    if (event.kind !== 'stopped' || machine.stopped?.kind === 'unsupported') return undefined;
    const { cpu, rip } = event;
    return {
      cpu,
      address: rip,
      bytes: new Uint8Array(),
      message: `CPU ${cpu} stopped at ${hexAddress(rip)}: ${event.reason}`,
    };
  }
}
