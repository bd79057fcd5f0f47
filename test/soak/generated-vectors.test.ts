import { expect, it } from 'vitest';
import { type GeneratedTest, generateTests } from '../conform/generator.js';
import { linesOf, VECTOR_FILES } from '../conform/recorded-vectors.js';

it('The recorded tests are those that the generator makes of its seed, in its order', () => {
  const generated = new Map<string, string[]>();
  for (const { file, bytes, initial } of generateTests('xmc')) {
    const name = `host-${file}.jsonl.gz`;
    generated.set(name, [...(generated.get(name) ?? []), JSON.stringify({ bytes, initial })]);
  }
  expect([...generated.keys()].sort()).toEqual([...VECTOR_FILES].sort());
  for (const file of VECTOR_FILES) expect(linesOf(file).map(inputOf)).toEqual(generated.get(file));
});

/** What a test begins from; behind a program the recorder puts an INT3. */
function inputOf(line: string): string {
  const { bytes, initial, until }: GeneratedTest & { readonly until?: string } = JSON.parse(line);
  return JSON.stringify({ bytes: until === 'int3' ? bytes.replace(/cc$/, '') : bytes, initial });
}
