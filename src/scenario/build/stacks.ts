import { PAGE_SIZE } from '../../memory/layout.js';
import type { Scenario, Task } from '../scenario.js';
import type { Placed } from './placement.js';

/** Where the stacks of a scenario lie: each task's, one for the idle task of each CPU, and maybe one for its NMIs. */
export interface Stacks {
  readonly tasks: ReadonlyMap<Task, Placed>;
  readonly idle: readonly Placed[];
  readonly nmi: readonly Placed[];
}

/** Where stacks go that the scenario does not place: private ones at the start, the others behind. */
const STACKS = 0xffffc90000000000n;
/** They are at least so far apart, so that running off one faults. */
const STACK_SPACING = 0x10000;
const CPU_STACK_SIZE = 4096n;

/** Finds a place for every stack. */
export function placeStacks(scenario: Scenario): Stacks {
  const largest = Math.max(0, ...scenario.tasks.map(({ stack }) => stack.size));
  const spacing = BigInt(STACK_SPACING * Math.ceil((largest + PAGE_SIZE) / STACK_SPACING));
  const slot = (index: number): bigint => STACKS + BigInt(index) * spacing;
  const placed = scenario.tasks.map((task, index): [Task, Placed] => {
    const { stack, name, origin } = task;
    const address = stack.base ?? slot(stack.kind === 'private' ? 0 : 1 + index);
    return [task, { name: `the stack of ${name}`, address, size: BigInt(stack.size), origin }];
  });
  const forEachCpu = (what: string, first: number): Placed[] =>
    Array.from({ length: scenario.cpus }, (_, cpu) => {
      const name = `the ${what} stack of CPU ${cpu}`;
      return { name, address: slot(first + cpu), size: CPU_STACK_SIZE, origin: undefined };
    });
  const idle = forEachCpu('idle', 1 + scenario.tasks.length);
  const nmi = scenario.nmiStack === 'ist' ? forEachCpu('NMI', 1 + scenario.tasks.length + scenario.cpus) : [];
  return { tasks: new Map(placed), idle, nmi };
}

/** The places that the stacks take. Private ones may be at one address: that is what they are for. */
export function stackPlaces({ tasks, idle, nmi }: Stacks): Placed[] {
  const shared = new Map([...tasks].map(([{ stack }, place], index) => [keyOf(stack.kind, place, index), place]));
  return [...shared.values(), ...idle, ...nmi];
}

const keyOf = (kind: 'own' | 'private', { address, size }: Placed, index: number): string =>
  kind === 'own' ? `${index}` : `${address} ${size}`;
