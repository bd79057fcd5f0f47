import type { Machine } from '../machine/machine.js';
import type { Monitors } from '../property/monitors.js';
import { MoveCache } from './move-cache.js';
import { MoveMaker } from './move-maker.js';
import { StateTable } from './state-table.js';

/** All states of a machine, breadth first. */
export function explore(machine: Machine, monitors: Monitors, { cache = true, maxStates = 1e9 } = {}) {
  const vector = machine.vector();
  const maker = new MoveMaker(machine, monitors, vector);
  const source = cache ? new MoveCache(maker) : maker;
  vector.read();
  const states = new StateTable(vector.length + 8);
  states.insert(vector.ids, vector.length, -1, 0, 0);
  let state = new Int32Array(256);
  let next = new Int32Array(256);
  let transitions = 0;
  let violations = 0;
  for (let at = 0; at < states.count && states.count < maxStates; at++) {
    states.read(at, state);
    const length = states.length;
    for (let cpu = 0; cpu < machine.cpuCount; cpu++) {
      const moves = source.moves(state, length, cpu);
      for (let choice = 0; choice < moves.length; choice++) {
        const move = moves[choice]!;
        transitions++;
        if (move.violation !== undefined) { violations++; continue; }
        const { parts, ids } = move;
        let end = length;
        next.set(state);
        for (let i = 0; i < parts.length; i++) {
          const part = parts[i]!;
          while (end <= part) next[end++] = 0;
          next[part] = ids[i]!;
        }
        states.insert(next, end, at, cpu, choice);
      }
    }
  }
  return { states: states.count, transitions, violations, cache: source instanceof MoveCache ? { hits: source.hits, misses: source.misses } : undefined, length: vector.length, bytes: states.bytes };
}
