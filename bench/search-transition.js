import { readFileSync } from 'node:fs';
import { RoundRobin } from '../dist/explore/round-robin.js';
import { buildScenario } from '../dist/scenario/build/build.js';
import { loadScenario } from '../dist/scenario/load.js';
import { bestRate } from './measure.js';

const FIVE_CPUS = new URL('./five-cpus.yaml', import.meta.url);

/**
 * What a search does over and over: restore a state, do two steps, hash, take a snapshot. Patcher and four workers, in
 * the middle of patches; bare, and with the monitors of the default properties.
 */
export function searchTransitions() {
  const loaded = loadScenario(readFileSync(FIVE_CPUS, 'utf8'), 'bench/five-cpus.yaml');
  return { bare: transitions(loaded, 'bare'), 'with monitors': transitions(loaded, 'monitored') };
}

function transitions(loaded, variant) {
  const { machine } = buildScenario(loaded, { variant });
  const states = statesOf(machine);
  let kept;
  const work = () => {
    const count = 100_000;
    for (let i = 0; i < count; i++) {
      machine.restore(states[i % states.length]);
      twoSteps(machine, i);
      machine.hashLanes();
      kept = machine.save(kept);
    }
    return count;
  };
  work();
  const rate = bestRate(4, work);
  if (kept === undefined) throw new Error('nothing was done');
  return rate;
}

/** 64 states along a round-robin schedule, from the second patch on. */
function statesOf(machine) {
  const scheduler = new RoundRobin();
  const states = [];
  for (let i = 0; i < 1200; i++) {
    machine.hash();
    if (i >= 600 && i % 9 === 0 && states.length < 64) states.push(machine.save());
    machine.apply(scheduler.next(machine));
  }
  return states;
}

/** One step each of two CPUs. */
function twoSteps(machine, seed) {
  let done = 0;
  for (let cpu = seed % machine.cpuCount; done < 2; cpu = (cpu + 1) % machine.cpuCount) {
    const steps = [];
    machine.enabledOn(cpu, steps);
    if (steps[0] === undefined) continue;
    machine.apply(steps[0]);
    done++;
  }
}
