import { defineConfig } from 'vitest/config';

/** A hook may do what a test may: install the package, search, run the program. */
const within = (timeout: number) => ({ testTimeout: timeout, hookTimeout: timeout });
const shared = { isolate: false, ...within(60_000), setupFiles: ['test/fixed-seed.ts'] };
/** Tests of the built program and package: they need `npm run build` first. */
const program = ['test/cli/**/*.test.ts', 'test/package/**/*.test.ts'];
const soak = ['test/soak/**/*.test.ts'];
/** Tests that take seconds: part of `npm test`, not of the inner loop. */
const slow = ['test/**/*.slow.test.ts'];

export default defineConfig({
  test: {
    // All cores: vitest would leave one free.
    maxWorkers: '100%',
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: [...program, ...soak, ...slow] } },
      { test: { ...shared, name: 'slow', include: slow, exclude: [...program, ...soak], ...within(240_000) } },
      { test: { ...shared, name: 'program', include: program } },
      { test: { ...shared, name: 'soak', include: soak, ...within(1_200_000) } },
    ],
  },
});
