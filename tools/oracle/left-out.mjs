/**
 * Forms (iced-x86's `Code`) that are not recorded, each by a rule: what they do is not the same on every x86-64 CPU, or
 * is the operating system's to decide. SDM: Intel's manual; APM: AMD's.
 */
export const LEFT_OUT = [
  {
    forms: /^(Cpuid|Rdtscp?|Rdpid_r64|Rdrand_r(16|32|64)|Rdseed_r(16|32|64)|Xgetbv)$/,
    reason: 'gives what the processor or the system has: its name, the time, its number, randomness, what XSAVE saves',
  },
  {
    forms: /^(Syscall|Int_imm8)$/,
    reason: 'enters the operating system; which vectors of INT n programs may use is its choice (SDM, APM: INT n, DPL)',
  },
  {
    forms: /^(Xsetbv|Rdpkru|Wrpkru|Rdpmc|Setssbsy|Clrssbsy_m64|Wruss[dq]_.*)$/,
    reason:
      'what the operating system enables in CR4 and MSRs decides between #UD, #GP and a result (SDM, "Exceptions")',
  },
  {
    forms: /^(Sldt|Str|Smsw)_|^S[gi]dt_/,
    reason:
      'with UMIP the operating system decides whether programs see a value, and Linux makes one up (SDM SGDT, SMSW)',
  },
  {
    forms: /^(Monitor[dq]|Mwait)$/,
    reason: 'at CPL 3 a matter of a model-specific register (APM MONITOR, MWAIT: HWCR.MonMwaitUserEn)',
  },
  {
    forms: /^Int1$/,
    reason: 'a hypervisor may stand between (APM Vol. 2, intercept ICEBP); under that of the CPU recorded on RIP stays',
  },
  {
    forms: /^(Serialize|Wrmsrns)$|^(Ptwrite|Tpause|Umonitor|Umwait|Movdiri|Movdir64b|A(add|and|x?or)|VEX_Cmp\w+xadd)_/,
    reason: 'instructions that the CPU recorded on does not have (SDM, CPUID feature flag of each)',
  },
  {
    forms: /^XOP_/,
    reason: 'instructions that the CPU recorded on no longer has (APM Vol. 3, CPUID Fn8000_0001_ECX[TBM])',
  },
  {
    forms: /^(Monitorx[dq]|Mwaitx)$/,
    reason: 'not announced to guests under the hypervisor of the CPU recorded on (APM MONITORX, MWAITX)',
  },
  { forms: /^Bswap_r16$/, reason: 'the result is undefined (SDM BSWAP; APM BSWAP)' },
  {
    forms: /^Prefetchreserved|^Prefetchwt1_|_0F0D$/,
    reason: 'hints that one vendor reserves and the other does not know (APM PREFETCH; SDM PREFETCHW)',
  },
  {
    forms: /rel16$|rel8_16$|^(Call|Jmp)_rm16$|^Retnw/,
    reason:
      'near branches with 66: AMD obeys it, Intel does not (SDM Jcc, CALL, RET; APM "Near Branches in 64-Bit Mode")',
  },
  {
    forms: /^(Call|Jmp|L[fgs]s_r64)_m1664$/,
    reason:
      'far pointers with 64 bits of offset: Intel reads them, AMD ignores REX.W (SDM LSS, JMP, CALL; APM LSS, JMP)',
  },
  { forms: /^VEX_KNC_/, reason: 'instructions of a coprocessor (Knights Corner)' },
];

/** Why a form is not recorded, or undefined. */
export const reasonLeftOut = (name) => LEFT_OUT.find(({ forms }) => forms.test(name))?.reason;
