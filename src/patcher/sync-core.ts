import { type Procedure, procedure } from '../machine/procedure.js';
import type { StepContext } from '../machine/step-context.js';
import type { KernelData } from './kernel-data.js';

/** CALL_FUNCTION_VECTOR of arch/x86/include/asm/irq_vectors.h. */
export const CALL_FUNCTION_VECTOR = 0xfc;

/** What sync core consists of: the call that a patcher makes, and the handler of its IPI. */
export interface SyncCore {
  /** smp_text_poke_sync_each_cpu (text_poke_sync). */
  readonly call: Procedure;
  readonly handler: Procedure;
}

/**
 * on_each_cpu(do_sync_core, NULL, 1): every online CPU executes a serialising instruction before the caller goes on.
 *
 * The call-function queue is data of the simulated kernel: for each CPU the set of CPUs that asked it, and for each
 * asking CPU the set of CPUs that have not acknowledged. An IPI is maskable: a CPU with IF=0 keeps the caller waiting.
 */
export function syncCore(data: KernelData, cpus: number): SyncCore {
  const queued = data.allocate('call_function_queue', 8 * cpus);
  const waiting = data.allocate('call_function_waiting', 8 * cpus);
  const queue = (cpu: number): bigint => queued + 8n * BigInt(cpu);
  const unacked = (cpu: number): bigint => waiting + 8n * BigInt(cpu);
  const bit = (cpu: number): bigint => 1n << BigInt(cpu);
  const others = (c: StepContext): number[] =>
    Array.from({ length: cpus }, (_, cpu) => cpu).filter((cpu) => cpu !== c.cpu);

  const call = procedure('smp_text_poke_sync_each_cpu (text_poke_sync)', (p) => {
    p.step('on_each_cpu(do_sync_core): send the IPI to the other CPUs', (c) => {
      const targets = others(c);
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

  const handler = procedure('sysvec_call_function', (p) => {
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

  return { call, handler };
}
