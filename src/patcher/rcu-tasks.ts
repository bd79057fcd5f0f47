import { type Procedure, procedure } from '../machine/procedure.js';
import type { GracePeriodWords } from '../machine/quiescent-states.js';
import type { KernelData } from './kernel-data.js';

/** The grace periods that a patcher can wait for, and the words of memory that the machine clears bits in meanwhile. */
export interface RcuTasks {
  readonly words: GracePeriodWords;
  /** synchronize_rcu_tasks() */
  readonly synchronize: Procedure;
  /** synchronize_rcu_tasks_rude() */
  readonly synchronizeRude: Procedure;
}

/**
 * Tasks RCU of kernel/rcu/tasks.h: what a patcher waits for before it frees text that a task may be standing in.
 *
 * synchronize_rcu_tasks() waits until every task present has since called schedule() by itself, idled or reached user
 * mode. A task that was preempted has done none of these, however often: it may have been taken off inside the text. The
 * rude one waits for CPUs and not for tasks, so that a preemption will do: it is for code that runs with preemption off.
 */
export function rcuTasks(data: KernelData): RcuTasks {
  data.tellApart('a grace period waits for tasks by number');
  const tasks = data.allocate('rcu_tasks_holdouts', 8);
  const cpus = data.allocate('rcu_tasks_rude_holdouts', 8);
  return {
    words: { tasks, cpus },
    synchronize: procedure('synchronize_rcu_tasks', (p) => {
      p.step('rcu_tasks_pertask: every task that runs or may run is a holdout', (c) => {
        c.store(tasks, c.host.holdouts(c.cpu, 'tasks'));
      });
      p.wait('check_all_holdout_tasks: until each has switched by itself, idled or reached user mode', (c) => {
        return c.load(tasks) === 0n;
      });
    }),
    synchronizeRude: procedure('synchronize_rcu_tasks_rude', (p) => {
      p.step('every CPU that does not idle is a holdout', (c) => c.store(cpus, c.host.holdouts(c.cpu, 'cpus')));
      p.wait('until each has changed tasks, idled or reached user mode', (c) => c.load(cpus) === 0n);
    }),
  };
}
