import { z } from 'zod';
import { scenarioFileSchema } from './schema.js';

/** JSON Schema (draft-7, what YAML editors read) of a scenario file; the same object on every call. */
export function scenarioJsonSchema(): object {
  return z.toJSONSchema(scenarioFileSchema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'bigint') jsonSchema.type = 'integer';
    },
  });
}
