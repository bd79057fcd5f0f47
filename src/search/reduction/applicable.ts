import type { Machine } from '../../machine/machine.js';
import type { Monitors } from '../../property/monitors.js';
import { exchangeableCpus } from './exchangeable-cpus.js';
import type { Reduction, Reductions } from './reductions.js';

/** Those that leave out states between steps, or forget what is in memory: an expression may be about just that. */
const HIDDEN_FROM_EXPRESSIONS: readonly Reduction[] = [
  'fusion',
  'race-freedom',
  'interrupt-points',
  'silent-stores',
  'dead-stack',
];

/** The reductions that may be used, why the others may not, and the CPUs that may exchange their names. */
export interface Applicable {
  readonly on: Reductions;
  readonly unused: Map<Reduction, string>;
  readonly group: readonly number[];
}

/** The reductions that may be used for a machine, and why the others may not. */
export function applicable(wanted: Reductions, machine: Machine, monitors: Monitors): Applicable {
  const unused = new Map<Reduction, string>();
  const refuse = (name: Reduction, why: string): void => {
    if (wanted.has(name)) unused.set(name, why);
  };
  if (!machine.delivery.interruptsAreTransparent)
    refuse('interrupt-points', 'a handler may look at what it interrupts');
  if (monitors.hasExpressions) {
    for (const name of HIDDEN_FROM_EXPRESSIONS) refuse(name, 'the scenario has checks of its own');
  }
  const why = hasInterrupts(machine) ? whyInterruptsMatter(machine, monitors) : undefined;
  if (why !== undefined) refuse('idle-interrupts', why);
  const exchangeable = exchangeableCpus(machine, monitors);
  if ('why' in exchangeable) refuse('symmetry', exchangeable.why);
  const group = 'group' in exchangeable ? exchangeable.group : [];
  return { on: new Set([...wanted].filter((name) => !unused.has(name))), unused, group };
}

/** Whether there may be NMIs or machine checks. To be asked of a machine at its beginning. */
export function hasInterrupts({ budgets }: Machine): boolean {
  return budgets.left('nmi') > 0 || budgets.left('mc') > 0;
}

/** Why it may matter that a CPU is in the handler of one. */
function whyInterruptsMatter({ fetch, kernel, delivery }: Machine, monitors: Monitors): string | undefined {
  if (monitors.namesTasks) return 'the scenario has checks of its own';
  if (monitors.hasGoalOfAllCpus) return 'a goal asks what CPUs are doing';
  if (fetch !== undefined) return 'a CPU may fetch what an interrupt would not let it';
  if (kernel.asksWhatCpusDo) return 'steps ask what CPUs are doing';
  return delivery.hasNmiStacks ? 'each CPU has an NMI stack of its own' : undefined;
}
