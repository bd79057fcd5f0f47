import type { z } from 'zod';
import { objectSource } from './define/object-source.js';
import { type LoadedScenario, loadSource } from './load.js';
import type { scenarioFileSchema } from './schema.js';

/** The values of a file as TypeScript has them: integers may also be numbers, and nothing is changed. */
type Definable<Value> = unknown extends Value
  ? Value
  : Value extends bigint
    ? bigint | number
    : Value extends readonly (infer Item)[]
      ? readonly Definable<Item>[]
      : Value extends object
        ? { readonly [Key in keyof Value]: Definable<Value[Key]> }
        : Value;

/**
 * A scenario as an object: the very keys and values of a scenario file (docs/scenario-file.md). Integers are bigint, or
 * number where they are exact; assembly and expressions are strings.
 */
export type ScenarioDefinition = Definable<z.input<typeof scenarioFileSchema>>;

/**
 * A scenario from an object in the place of a YAML file: validated and resolved in the same way, in all its variants.
 * Its `text` is the same scenario as YAML, which schedules hold, so that `xmc replay` needs nothing but a schedule.
 *
 * @example
 * const scenario = defineScenario({
 *   scenario: 'loop',
 *   cpus: 1,
 *   text: [{ base: 0xffffffff81000000n, asm: 'f: jmp f' }],
 *   tasks: { worker: { cpu: 0, entry: 'f' } },
 * });
 *
 * @throws InputError for the first problem. `location.file` is the path of the value in the place of a file's name
 * (`tasks.worker.cpu`); in assembly (`text.0.asm`) `line` and `column` count within the text.
 */
export function defineScenario(definition: ScenarioDefinition): LoadedScenario {
  const { scenario } = Object(definition) as { readonly scenario?: unknown };
  return loadSource(objectSource(definition, `${typeof scenario === 'string' ? scenario : 'scenario'}.yaml`));
}
