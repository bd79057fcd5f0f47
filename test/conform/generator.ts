/** A test before it is recorded. */
export interface GeneratedTest {
  readonly file: string;
  readonly name: string;
  readonly bytes: string;
  readonly initial: object;
}
interface Generator {
  generateTests(seed: string): readonly GeneratedTest[];
  sampleTests(seed: string, count: number): readonly GeneratedTest[];
}
const generator: unknown = await import(new URL('../../tools/oracle/generate.mjs', import.meta.url).href);

/** What makes the tests that are recorded. */
export const { generateTests, sampleTests } = generator as Generator;
