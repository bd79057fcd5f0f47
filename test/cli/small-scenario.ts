import { siteScenario } from '../site-scenario.js';

/** One call site, one patch: small enough for the plain engine. */
export const SMALL = siteScenario({
  name: 'small',
  more: `
variants:
  whole: {expect: verified}
  naive: {algorithm: memcpy, expect: {violated: no-torn-instruction}}
  blind:
    text.0.base: 0xffffffff8100c0c2
    algorithm: aligned-store
    profile: amd-apm
    expect: {violated: quiesced-after-return}
`,
});
