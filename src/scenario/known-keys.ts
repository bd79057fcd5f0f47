import { scenarioJsonSchema } from './json-schema.js';
import type { SourcePath } from './source-node.js';

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function property(value: unknown, key: string | number): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** The alternatives of a schema: of a union each, otherwise itself. */
function alternatives(schema: unknown): readonly unknown[] {
  const anyOf = property(schema, 'anyOf');
  return Array.isArray(anyOf) ? anyOf.flatMap(alternatives) : [schema];
}

function step(schema: unknown, key: string | number): readonly unknown[] {
  const next =
    typeof key === 'number'
      ? property(schema, 'items')
      : (property(property(schema, 'properties'), key) ?? property(schema, 'additionalProperties'));
  return isObject(next) ? alternatives(next) : [];
}

function namedKeys(schema: unknown): readonly string[] {
  const properties = property(schema, 'properties');
  const names = property(property(schema, 'propertyNames'), 'enum');
  return [...(isObject(properties) ? Object.keys(properties) : []), ...(Array.isArray(names) ? names.map(String) : [])];
}

/** The keys that the schema names for the map at `path`; for error messages, so it need not be fast. */
export function knownKeys(path: SourcePath): readonly string[] {
  let schemas = alternatives(scenarioJsonSchema());
  for (const key of path) schemas = schemas.flatMap((schema) => step(schema, key));
  return schemas.flatMap(namedKeys);
}
