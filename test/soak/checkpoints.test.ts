import { describe, expect, it } from 'vitest';
import { buildScenario } from '../../src/scenario/build/build.js';
import { resumed } from '../search/resumed.js';
import { expectedVariants } from '../search/verdicts.js';

describe('A search that is stopped, written down and read back', () => {
  it.each((process.env.XMC_CK ?? 'stub.yaml').split(',').flatMap(expectedVariants))(
    'finds what it finds at once: $name',
    ({ loaded, variant }) => {
      const { whole, resumed: pieced } = resumed(() => buildScenario(loaded, { variant }), { most: 3000, seed: 1 });
      expect(pieced).toEqual(whole);
    },
  );
});
