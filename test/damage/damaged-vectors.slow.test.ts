import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conformity } from '../../src/conform/conformity.js';
import { parseVector } from '../../src/conform/parse-vector.js';
import { PATIENCE, share } from './inputs.js';
import { textDamage } from './text-damage.js';
import { isPlaceIn, Outcomes, withinBounds } from './within-bounds.js';

const FILE = 'damaged.jsonl';
const lines = ['alu', 'control', 'stack', 'string'].flatMap((name) => {
  const path = fileURLToPath(new URL(`../conform/vectors/host-${name}.jsonl.gz`, import.meta.url));
  return gunzipSync(readFileSync(path)).toString().trimEnd().split('\n');
});
const anyLine = fc.constantFrom(...lines);
const anyEnd = fc.constantFrom(undefined, 'int3', 'hlt', 9);
const both = new Conformity(['wasm', 'bigint']);

/** Runs a test on both backends, which must agree on whatever it has become. */
function use(text: string): 'accepted' | 'refused' {
  return withinBounds(
    () => {
      const outcome = both.run(parseVector(text, FILE, 1));
      if (outcome.kind === 'failed')
        expect(outcome.findings.map(({ backends }) => backends)).toEqual([['wasm', 'bigint']]);
    },
    isPlaceIn(new Map([[FILE, text]])),
  );
}

describe('A damaged test vector is executed, with one result on both backends, or refused with a message and a place', () => {
  it(
    'damaged anywhere',
    () => {
      const outcomes = new Outcomes();
      fc.assert(
        fc.property(anyLine, textDamage, (line, damage) => {
          outcomes.add(use(damage(line).replaceAll('\n', ' ')));
        }),
        share(0.05),
      );
      outcomes.requireBoth(0.05);
    },
    PATIENCE,
  );

  it(
    'with other code and another end',
    () => {
      fc.assert(
        fc.property(anyLine, fc.uint8Array({ minLength: 1, maxLength: 20 }), anyEnd, (line, code, until) => {
          const vector = { ...JSON.parse(line), bytes: Buffer.from(code).toString('hex'), undefined: undefined, until };
          expect(use(JSON.stringify(vector))).toBe('accepted');
        }),
        share(0.05),
      );
    },
    PATIENCE,
  );
});
