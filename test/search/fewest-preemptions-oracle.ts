import type { MachineSnapshot } from '../../src/machine/machine-snapshot.js';
import type { Step } from '../../src/machine/step.js';
import { INTERRUPTS, OWN_STEPS } from '../../src/machine/step-kinds.js';
import { plainKey } from '../../src/search/plain-key.js';
import type { Watched } from './engines.js';

interface Node {
  readonly snapshot: MachineSnapshot;
  readonly last: number;
  readonly preemptions: number;
}

/**
 * The fewest preemptions of all schedules of at most so many steps that violate a property, and the fewest steps with them,
 * the long way: for each number of steps all states, and the preemptions that each needs with exactly so many.
 * @returns undefined when there are more than `limit` of them
 */
export function fewestByLength(
  { machine, monitors }: Watched,
  { property, most, limit }: { readonly property: string; readonly most: number; readonly limit: number },
): { readonly preemptions: number; readonly steps: number } | undefined {
  const best = { preemptions: Number.POSITIVE_INFINITY, steps: 0 };
  let looked = 0;
  let layer = new Map<string, Node>([['', { snapshot: machine.save(), last: -1, preemptions: 0 }]]);
  for (let steps = 1; steps <= most; steps++) {
    const next = new Map<string, Node>();
    for (const node of layer.values()) {
      if (++looked > limit) return undefined;
      machine.restore(node.snapshot);
      const enabled = machine.cpus.map(({ cpu }) => {
        const all: Step[] = [];
        machine.enabledOn(cpu, all);
        return all;
      });
      const goesOn = node.last >= 0 && enabled[node.last]?.some(({ kind }) => OWN_STEPS.has(kind)) === true;
      for (const step of enabled.flat()) {
        const isPreemption = goesOn && step.cpu !== node.last && !INTERRUPTS.has(step.kind);
        const preemptions = node.preemptions + (isPreemption ? 1 : 0);
        machine.restore(node.snapshot);
        const depth = machine.context(step.cpu).depth;
        machine.apply(step);
        const { violation } = monitors;
        if (violation?.property === property && preemptions < best.preemptions)
          Object.assign(best, { preemptions, steps });
        if (violation !== undefined || machine.stopped?.kind === 'unsupported') continue;
        const last = machine.context(step.cpu).depth < depth ? -1 : step.cpu;
        const snapshot = machine.save();
        const key = `${last} ${plainKey(machine, snapshot)}`;
        const known = next.get(key);
        if (known === undefined || preemptions < known.preemptions) next.set(key, { snapshot, last, preemptions });
      }
    }
    layer = next;
  }
  return best;
}
