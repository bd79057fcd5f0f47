import { defineConfig } from 'vitest/config';

const shared = { isolate: false, testTimeout: 60_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { ...shared, name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/cli/**', 'test/scenario-runs/**'] } },
      // Runs the built program, so it needs `npm run build` first.
      { test: { ...shared, name: 'program', include: ['test/cli/**/*.test.ts', 'test/scenario-runs/**/*.test.ts'] } },
    ],
  },
});
