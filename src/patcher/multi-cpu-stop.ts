import { type Procedure, procedure } from '../machine/procedure.js';
import type { KernelData } from './kernel-data.js';

/** RESCHEDULE_VECTOR of arch/x86/include/asm/irq_vectors.h: what wakes the stopper threads. */
export const RESCHEDULE_VECTOR = 0xfd;

/** enum multi_stop_state of kernel/stop_machine.c. */
const MULTI_STOP = { none: 0n, prepare: 1n, disableIrq: 2n, run: 3n, exit: 4n } as const;

/** What stop_machine consists of: the call, and the handler that stands for the stopper threads of the other CPUs. */
export interface StopMachine {
  /** stop_machine(fn, data, cpu_online_mask): returns when every CPU has executed `fn`. */
  readonly call: Procedure;
  readonly handler: Procedure;
}

/**
 * stop_machine of kernel/stop_machine.c: every CPU goes through the states of multi_cpu_stop in step with all others, the
 * last to acknowledge one sets the next. While `fn` runs no CPU is anywhere else, and all have IF=0.
 *
 * The stopper is the thread of the highest priority; here it is the handler of the IPI that wakes it, so that a CPU is
 * stopped at a boundary with IF=1, as by a reschedule.
 * @param fn what every CPU executes
 */
export function stopMachine(data: KernelData, cpus: number, fn: Procedure): StopMachine {
  const state = data.allocate('multi_stop_data.state', 8);
  const threadAck = data.allocate('multi_stop_data.thread_ack', 8);

  const multiCpuStop = procedure('multi_cpu_stop', (p) => {
    const current = p.local();
    const flags = p.local();
    const last = p.local();
    p.set(flags, (c) => (c.state.interruptsEnabled ? 1n : 0n));
    p.while(
      (c) => c.get(current) !== MULTI_STOP.exit,
      () => {
        p.choose({
          label: 'newstate = READ_ONCE(msdata->state): wait for the next state',
          choices: (c) => (c.load(state) === c.get(current) ? [] : [0]),
          run: (c) => c.set(current, c.load(state)),
        });
        p.if(
          (c) => c.get(current) === MULTI_STOP.disableIrq,
          () => p.step('MULTI_STOP_DISABLE_IRQ: local_irq_disable()', (c) => c.state.setInterruptsEnabled(false)),
        );
        p.if(
          (c) => c.get(current) === MULTI_STOP.run,
          () => p.call(fn),
        );
        p.step('ack_state: atomic_dec_and_test(&msdata->thread_ack)', (c) => {
          c.store(threadAck, c.load(threadAck) - 1n);
          c.set(last, c.load(threadAck) === 0n ? 1n : 0n);
        });
        p.if(
          (c) => c.get(last) !== 0n && c.get(current) !== MULTI_STOP.exit,
          () => {
            p.step('set_state(msdata, msdata->state + 1)', (c) => {
              c.store(threadAck, BigInt(cpus));
              c.store(state, c.get(current) + 1n);
            });
          },
        );
      },
    );
    p.step('local_irq_restore(flags)', (c) => c.state.setInterruptsEnabled(c.get(flags) !== 0n));
  });

  const call = procedure('stop_machine', (p) => {
    p.step('set_state(MULTI_STOP_PREPARE); wake the stoppers of the other CPUs', (c) => {
      c.store(threadAck, BigInt(cpus));
      c.store(state, MULTI_STOP.prepare);
      const targets = Array.from({ length: cpus }, (_, cpu) => cpu).filter((cpu) => cpu !== c.cpu);
      for (const cpu of targets) c.host.setPending(cpu, RESCHEDULE_VECTOR);
      c.host.emit({ kind: 'ipi-sent', cpu: c.cpu, vector: RESCHEDULE_VECTOR, targets });
    });
    p.call(multiCpuStop);
    p.wait('wait_for_completion: every stopper is done', (c) => c.load(threadAck) === 0n);
  });

  const handler = procedure('sysvec_reschedule_ipi: the stopper thread', (p) => {
    p.call(multiCpuStop);
    p.step('iretq', (c) => c.host.interruptReturn(c.cpu));
  });

  return { call, handler };
}
