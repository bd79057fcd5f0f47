import { hasErrorCode, vectorName } from '../cpu/vector.js';
import type { MachineEvent } from '../machine/event.js';
import { CALL_FUNCTION_VECTOR } from '../patcher/sync-core.js';
import { hex } from '../property/monitor.js';
import { safeText } from './safe-text.js';
import type { Subject } from './subject.js';

/** Vectors of interrupts that the simulated kernel uses. */
const INTERRUPTS: ReadonlyMap<number, string> = new Map([[CALL_FUNCTION_VECTOR, 'CALL_FUNCTION_VECTOR']]);

/** Vectors below are exceptions, NMI and #MC (SDM Vol. 3A, 6.2). */
const FIRST_INTERRUPT = 32;

/** `IPI 0xfc (CALL_FUNCTION_VECTOR)`, `NMI`. */
export function ipiText(vector: number): string {
  if (vector < FIRST_INTERRUPT) return vectorName(vector);
  const name = INTERRUPTS.get(vector);
  return `IPI 0x${vector.toString(16)}${name === undefined ? '' : ` (${name})`}`;
}

/** `CPU 1`, `CPUs 1, 2, 3`. */
export function cpuList(cpus: readonly number[]): string {
  return cpus.length === 1 ? `CPU ${cpus[0]}` : `CPUs ${cpus.join(', ')}`;
}

/** What a trace remarks on an event; undefined for the events that a trace has lines of their own for. */
export function eventNote(event: MachineEvent, { code, patches }: Subject): string | undefined {
  switch (event.kind) {
    case 'instruction':
    case 'procedure-step':
    case 'ipi-accepted':
      return undefined;
    case 'text-store': {
      const through = event.alias === undefined ? '' : ` through ${code.address(event.alias)}`;
      return `text ${code.address(event.address)}: ${hex(event.before)} -> ${hex(event.after)}${through}`;
    }
    case 'trap': {
      const error = hasErrorCode(event.vector) ? ` with error code 0x${event.errorCode.toString(16)}` : '';
      return `${vectorName(event.vector)}${error}, saved RIP ${code.address(event.rip)}`;
    }
    case 'iret':
      return `IRET to ${code.address(event.rip)}`;
    case 'serialize':
      return 'serialises';
    case 'halt':
      return 'halts';
    case 'ipi-sent':
      return `${ipiText(event.vector)} sent to ${event.targets.length === 0 ? 'nobody' : cpuList(event.targets)}`;
    case 'ipi-acked':
      return `acknowledged to ${cpuList(event.initiators)}`;
    case 'patch-begin':
    case 'patch-return': {
      const patch = patches[event.patch];
      const what = patch === undefined ? `${event.patch}` : `of ${patch.site} to "${safeText(patch.insn)}"`;
      return `patch ${what} ${event.kind === 'patch-begin' ? 'begins' : 'has returned'}`;
    }
    case 'range-entered':
      return `enters ${event.range}`;
    case 'range-left':
      return `leaves ${event.range}`;
    case 'range-retired':
      return `${event.range} may be reused`;
    case 'switch':
      return `${event.from ?? 'idle'} leaves the CPU, ${event.to ?? 'idle'} is resumed`;
    case 'shadow-stack':
      return `shadow stack: ${event.op} ${code.address(event.address)}`;
    case 'sync-deferred':
      return `sync core of ${cpuList(event.targets)} deferred to the next kernel entry`;
    case 'deferred-sync':
      return 'does the sync core that was deferred';
    case 'quiescent-state':
      return `a grace period no longer waits for this ${event.of === 'task' ? 'task' : 'CPU'}`;
    case 'stopped':
      return `CPU ${event.cpu} stops: ${event.reason}`;
  }
}
