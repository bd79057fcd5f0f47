/** One call site, one patch: small enough for the plain engine. */
export const SMALL = `
scenario: small
text:
  - base: 0xffffffff8100c0be
    asm: |
      worker:
      site:   call.rel32 old
      after:  jmp.rel8 worker
  - base: 0xffffffff82000000
    asm: |
      old:    ret
              .skip 0x1234
      new:    ret
sites: {site: {}}
cpus: 2
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker: {cpu: 1, entry: worker}
patch: [{site: site, new: call.rel32 new}]
budgets: {reschedule: 0}
variants:
  whole: {expect: verified}
  naive: {algorithm: memcpy, expect: {violated: no-torn-instruction}}
  blind:
    text.0.base: 0xffffffff8100c0c2
    algorithm: aligned-store
    profile: amd-apm
    expect: {violated: quiesced-after-return}
`;
