import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOME } from '../../src/cpu/semantics/fetch-outcome.js';
import { HANDLERS } from '../../src/cpu/semantics/index.js';
import { Encodings } from './encodings.js';
import { TestMachine } from './machine-with.js';
import { type Coverage, RandomProgram } from './random-program.js';

const PROGRAM_LENGTH = 50;
const outcomes: ReadonlySet<string> = new Set(Object.values(OUTCOME));
const instructionKeys = HANDLERS.filter(({ definition }) => !outcomes.has(definition.name)).map(({ key }) => key);

describe('the two backends', () => {
  const encodings = new Encodings();
  const machine = new TestMachine();
  const coverage: Coverage = { handlers: new Set(), ends: new Set(), textEvents: 0 };

  it('have handlers for instructions that exist, and no others', () => {
    expect(instructionKeys.filter((key) => !encodings.keys.includes(key))).toEqual([]);
  });

  it.each([1, 2, 3, 4])('give the same state after every step of random programs (seed %i)', (seed) => {
    const seeds = fc.array(fc.integer({ min: 0, max: 0xffffffff }), {
      minLength: 1,
      maxLength: PROGRAM_LENGTH,
      size: 'max',
    });
    fc.assert(
      fc.property(seeds, (list) => {
        const program = new RandomProgram(list, encodings, coverage);
        try {
          program.run(machine);
        } catch (error) {
          throw new Error(`${program.trace.join('\n')}\n${error instanceof Error ? error.message : error}`);
        }
      }),
      { seed, numRuns: 900 },
    );
  });

  it('executed every handler in those programs', () => {
    // There is no counter for RDPMC, and no compatibility mode for SYSRET to return to.
    const neverDone = ['rdpmc//8', 'sysret//8'];
    const missed = instructionKeys.filter((key) => !coverage.handlers.has(key));
    expect(missed.filter((key) => !neverDone.includes(key))).toEqual([]);
  });

  it('met every kind of end in those programs, and code that changes itself', () => {
    expect([...coverage.ends].sort()).toEqual(
      [
        ...['', '#BP', '#DB', '#DE', '#GP', '#NM', '#PF', '#SS', '#UD'],
        ...['halt', 'iret', 'mfence', 'serialize', 'syscall', 'sysret', 'unsupported', 'INT n'],
      ].sort(),
    );
    expect(coverage.textEvents).toBeGreaterThan(5);
  });
});
