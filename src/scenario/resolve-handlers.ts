import { VECTOR, vectorName } from '../cpu/vector.js';
import { RESCHEDULE_VECTOR } from '../machine/rescheduling.js';
import { didYouMean } from '../suggest.js';
import type { ResolveContext } from './resolve-context.js';
import type { Handler } from './scenario.js';
import type { ScenarioFile } from './schema.js';

const VECTORS: ReadonlyMap<string, number> = new Map(Object.entries(VECTOR));
const LAST_VECTOR = 255;

function vectorOf(key: string): number | undefined {
  const vector = /^[0-9]/.test(key) ? Number(key) : VECTORS.get(key);
  return vector !== undefined && vector <= LAST_VECTOR ? vector : undefined;
}

/** JavaScript has keys that are integers come first. */
function inFileOrder(context: ResolveContext, keys: readonly string[]): readonly string[] {
  const placed = keys.map((key) => ({ key, ...context.origin(['handlers', key]).location }));
  placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
  return placed.map(({ key }) => key);
}

/** The handlers of a scenario that are guest code, by vector. */
export function resolveHandlers(context: ResolveContext, { handlers = {} }: ScenarioFile): readonly Handler[] {
  const keys = new Map<number, string>();
  return inFileOrder(context, Object.keys(handlers)).flatMap((key) => {
    const path = ['handlers', key];
    const entry = context.expression(path);
    const vector = vectorOf(key);
    const other = vector === undefined ? undefined : keys.get(vector);
    if (vector === undefined) {
      const hint = () =>
        didYouMean(key, VECTORS.keys()) ?? `a number up to ${LAST_VECTOR}, or ${[...VECTORS.keys()].join(', ')}`;
      context.problem(path, `unknown vector '${key}'`, hint);
      return [];
    }
    if (other !== undefined) context.problem(path, `${vectorName(vector)} has a handler already: '${other}'`);
    if (vector === RESCHEDULE_VECTOR) context.problem(path, `${vectorName(vector)} is how tasks leave their CPU`);
    keys.set(vector, key);
    return [{ vector, entry }];
  });
}
