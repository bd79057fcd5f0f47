import { scenarioSuite } from 'xmc/vitest';

// A describe for each file, a test for each variant: its verdict is what its `expect:` says.
scenarioSuite('scenarios/**/*.yaml');
