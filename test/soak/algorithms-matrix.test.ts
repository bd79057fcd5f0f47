import { describe, expect, it } from 'vitest';
import { RandomScheduler } from '../../src/explore/random-scheduler.js';
import type { Step } from '../../src/machine/step.js';
import { ALGORITHMS } from '../../src/patcher/algorithms.js';
import type { BuiltScenario } from '../../src/scenario/build/build.js';
import { type Build, runTwice } from '../explore/run-twice.js';
import {
  BOTH,
  COLUMNS,
  type Column,
  expected,
  ROWS,
  type Row,
  TRANSITIONS,
  type Transition,
} from '../patcher/algorithms/matrix.js';
import { reachable } from '../patcher/algorithms/reachable.js';
import { worldOf } from '../patcher/algorithms/world.js';

const world = (
  { algorithm }: Row,
  column: Column,
  transition: Transition,
  backend?: 'wasm' | 'bigint',
): BuiltScenario =>
  worldOf({ algorithm, from: TRANSITIONS[transition], ...COLUMNS[column], ...(backend && { backend }) });

/** Follows a schedule that was found with coherent fetch: every fetch returns what is there now. */
function replay({ machine, monitors }: BuiltScenario, schedule: readonly Step[]): string | undefined {
  for (const step of schedule) {
    if (step.kind !== 'instruction') {
      machine.apply(step);
      continue;
    }
    // The current bytes are those of the latest time in every unit; of fewer units, if the first is INT3.
    const fetched = machine.enabled().filter((other) => other.kind === 'instruction' && other.cpu === step.cpu);
    const latest = fetched.sort(byTimes).at(-1);
    expect(latest).toBeDefined();
    machine.apply(latest ?? step);
  }
  return monitors.violation?.property;
}

function byTimes(a: Step, b: Step): number {
  const [ours, theirs] = [a, b].map((step) => (step.kind === 'instruction' ? (step.times ?? []) : []));
  return ours?.map((time, unit) => time - (theirs?.[unit] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

describe('the matrix of algorithms and fetch rules', () => {
  it('has a row for every algorithm but those that differ from text_poke_bp in their references alone', () => {
    const names = [...ALGORITHMS.keys()].filter((name) => !name.startsWith('text-poke-bp-desc'));
    expect(new Set(ROWS.map(({ algorithm }) => algorithm))).toEqual(new Set(names));
  });

  for (const row of ROWS) {
    const { algorithm, findings, safe, weakest = [] } = row;
    const name = `${row.row} ${algorithm}`;
    const always = findings.filter(({ columns }) => columns.includes('H1'));
    const others = findings.filter(({ columns }) => !columns.includes('H1'));

    it(`${name}, all schedules with coherent fetch: ${always.map(({ why }) => why).join('; ') || safe}`, () => {
      for (const transition of BOTH) {
        const { violations, stuck } = reachable(world(row, 'H1', transition));
        const properties = expected(row, 'H1', transition);
        expect([transition, [...violations.keys()].sort(), stuck]).toEqual([transition, properties, 0]);
        // What coherent fetch allows, every rule allows.
        for (const [property, schedule] of violations) {
          for (const column of always.find((finding) => finding.property === property)?.columns ?? []) {
            expect([column, replay(world(row, column, transition), schedule)]).toEqual([column, property]);
          }
        }
      }
    });

    for (const { property, columns, why } of others) {
      it(`${name} violates ${property} under ${columns.join(', ')}: ${why}`, () => {
        // What a return leaves behind is far from the start; the first column is the one that allows least.
        const far = property === 'quiesced-after-return';
        for (const [index, column] of (far ? columns.slice(0, 1) : columns).entries()) {
          for (const transition of index === 0 && !far ? BOTH : (['NOP5->CALL'] as const)) {
            const { violations } = reachable(world(row, column, transition), [property]);
            expect([column, transition, violations.has(property)]).toEqual([column, transition, true]);
          }
        }
      });
    }

    for (const column of weakest) {
      it(`${name}, all schedules under ${column}: ${safe}`, () => {
        const { violations, stuck } = reachable(world(row, column, 'NOP5->CALL'));
        expect([[...violations.keys()], stuck, expected(row, column, 'NOP5->CALL')]).toEqual([[], 0, []]);
      });
    }

    it(`${name} violates nothing else under random schedules`, () => {
      for (const [seed, column] of (['H2/4', 'H3/8', 'H4/8', 'H5/1'] as const).entries()) {
        const build: Build = (backend) => world(row, column, 'CALL->CALL', backend);
        const { end } = runTwice(build, () => new RandomScheduler(seed), 250);
        const properties = expected(row, column, 'CALL->CALL');
        if (end.kind === 'violated') expect([column, ...properties]).toContain(end.violation.property);
        else expect(['limit', 'finished']).toContain(end.kind);
      }
    });
  }
});
