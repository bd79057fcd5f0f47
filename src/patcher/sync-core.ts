import { type Procedure, procedure, transparent } from '../machine/procedure.js';
import type { StepContext, StepHost } from '../machine/step-context.js';
import type { KernelData } from './kernel-data.js';
import { REACHES_ALL, type SyncReach } from './sync-reach.js';

/** CALL_FUNCTION_VECTOR of arch/x86/include/asm/irq_vectors.h. */
export const CALL_FUNCTION_VECTOR = 0xfc;

/** A bit of a CPU's context_tracking.work: sync_core() is to be done at the next kernel entry. */
const CT_WORK_SYNC = 1n;

/** What sync core consists of: the call that a patcher makes, and the handler of its IPI. */
export interface SyncCore {
  /** smp_text_poke_sync_each_cpu (text_poke_sync). */
  readonly call: Procedure;
  readonly handler: Procedure;
  /** What every kernel entry begins with; absent where no CPU defers. */
  readonly onKernelEntry?: (host: StepHost, cpu: number) => void;
}

/**
 * on_each_cpu(do_sync_core, NULL, 1): every online CPU executes a serialising instruction before the caller goes on.
 *
 * The call-function queue is data of the simulated kernel: for each CPU the set of CPUs that asked it, and for each
 * asking CPU the set of CPUs that have not acknowledged. An IPI is maskable: a CPU with IF=0 keeps the caller waiting.
 *
 * A CPU that defers is the nohz_full CPU of the patches "context_tracking,x86: Defer some IPIs until a user->kernel
 * transition": on_each_cpu_cond(do_sync_core_defer_cond), where the condition is !ct_set_cpu_work(cpu, CT_WORK_SYNC). Its
 * work is done by ct_work_flush() in the entry code, before anything that is patched may be executed.
 */
export function syncCore(data: KernelData, cpus: number, reach: SyncReach = REACHES_ALL): SyncCore {
  const queued = data.allocate('call_function_queue', 8 * cpus, { perCpu: true, cpuSet: true });
  const waiting = data.allocate('call_function_waiting', 8 * cpus, { perCpu: true, cpuSet: true });
  const queue = (cpu: number): bigint => queued + 8n * BigInt(cpu);
  const unacked = (cpu: number): bigint => waiting + 8n * BigInt(cpu);
  const bit = (cpu: number): bigint => 1n << BigInt(cpu);
  const others = (c: StepContext): number[] =>
    Array.from({ length: cpus }, (_, cpu) => cpu).filter((cpu) => cpu !== c.cpu && !reach.skip.has(cpu));
  const work = reach.defer.size === 0 ? 0n : data.allocate('context_tracking.work', 8 * cpus, { perCpu: true });
  for (let cpu = 0; cpu < cpus; cpu++) {
    data.distinguish(cpu, `${reach.skip.has(cpu) ? 'is skipped' : ''} ${reach.defer.has(cpu) ? 'defers' : ''}`);
  }
  const workOf = (cpu: number): bigint => work + 8n * BigInt(cpu);

  /** ct_set_cpu_work() for each of `targets` that defers; those that are left, because they do not or are in the kernel. */
  const setWork = (c: StepContext, targets: readonly number[]): readonly number[] => {
    if (reach.defer.size === 0) return targets;
    const inKernel = c.host.holdouts(c.cpu, 'cpus');
    const deferring = targets.filter((cpu) => reach.defer.has(cpu) && (inKernel & bit(cpu)) === 0n);
    for (const cpu of deferring) c.store(workOf(cpu), CT_WORK_SYNC);
    if (deferring.length > 0) c.host.emit({ kind: 'sync-deferred', cpu: c.cpu, targets: deferring });
    return targets.filter((cpu) => !deferring.includes(cpu));
  };

  const call = procedure('smp_text_poke_sync_each_cpu (text_poke_sync)', (p) => {
    p.step('on_each_cpu(do_sync_core): send the IPI to the other CPUs', (c) => {
      const targets = setWork(c, others(c));
      c.store(
        unacked(c.cpu),
        targets.reduce((mask, cpu) => mask | bit(cpu), 0n),
      );
      for (const cpu of targets) {
        c.store(queue(cpu), c.load(queue(cpu)) | bit(c.cpu));
        c.host.setPending(cpu, CALL_FUNCTION_VECTOR);
      }
      c.host.emit({ kind: 'ipi-sent', cpu: c.cpu, vector: CALL_FUNCTION_VECTOR, targets });
    });
    p.step('do_sync_core() on this CPU', (c) => c.host.serialize(c.cpu));
    p.wait('wait for all acks', (c) => c.load(unacked(c.cpu)) === 0n);
  });

  const handler = transparent('sysvec_call_function', (p) => {
    const initiators = p.local();
    p.step('take the queued calls; do_sync_core()', (c) => {
      c.set(initiators, c.load(queue(c.cpu)));
      c.store(queue(c.cpu), 0n);
      c.host.serialize(c.cpu);
    });
    p.step('ack', (c) => {
      const acked = Array.from({ length: cpus }, (_, cpu) => cpu).filter(
        (cpu) => (c.get(initiators) & bit(cpu)) !== 0n,
      );
      for (const cpu of acked) c.store(unacked(cpu), c.load(unacked(cpu)) & ~bit(c.cpu));
      c.host.emit({ kind: 'ipi-acked', cpu: c.cpu, vector: CALL_FUNCTION_VECTOR, initiators: acked });
    });
    p.step('iretq', (c) => c.host.interruptReturn(c.cpu));
  });

  if (reach.defer.size === 0) return { call, handler };
  const ctWorkFlush = (host: StepHost, cpu: number): void => {
    if (!reach.defer.has(cpu) || host.load(workOf(cpu), 8) === 0n) return;
    host.store(workOf(cpu), 8, 0n);
    host.emit({ kind: 'deferred-sync', cpu });
    host.serialize(cpu);
  };
  return { call, handler, onKernelEntry: ctWorkFlush };
}
