import type { Cell, HeldInShadow, ProfileRow, Rules } from './rules.js';

/** A named set of rules. */
export interface Profile {
  readonly name: string;
  readonly title: string;
  readonly rules: Rules;
}

const cell = <T>(value: T, source: string): Cell<T> => ({ value, source });

const STI_INTEL = 'SDM Vol. 2B, "STI": NMIs and SMIs may be blocked for one macroinstruction following an STI';
const STI_AMD = 'AMD APM Vol. 2: the shadow of STI holds maskable interrupts; nothing is said of NMI';
const ENTRY = 'SDM Vol. 3A, "Serializing Instructions": exception and interrupt delivery are not listed';
const IRET = 'SDM Vol. 3A, "Serializing Instructions", and AMD APM Vol. 2, 7.6.4: IRET is listed';
const DB_NOT_HELD = 'STI does not hold #DB; MOV SS and POP SS do (SDM Vol. 3A, "Masking Exceptions and Interrupts")';
const MC_NOT_HELD = 'machine checks are not held by STI (SDM Vol. 2B, "STI": does not prohibit exceptions)';
const COMMON_STORE = 'SDM Vol. 3A, "Guaranteed Atomic Operations": up to 8 bytes within a cache line since P6';

const yes = (source: string): Cell<boolean> => cell(true, source);
const no = (source: string): Cell<boolean> => cell(false, source);
const held = (value: HeldInShadow, source: string): Cell<HeldInShadow> => cell(value, source);

/** The named profiles: one row a profile, one cell a rule, each with its source. */
export const PROFILE_ROWS: Readonly<Record<string, { readonly title: string; readonly row: ProfileRow }>> = {
  ideal: {
    title: 'coherent instruction fetch; what stays racy is the order of events',
    row: {
      fetch: cell('coherent', 'the base case: what the order of events alone can do'),
      unit: cell(64, 'without effect under coherent fetch'),
      storeBoundary: cell(64, COMMON_STORE),
      mfenceSerialises: yes('the most helpful reading: AMD APM Vol. 2, 7.6.4'),
      iretSerialises: yes(IRET),
      nmiHeldInStiShadow: held(true, 'the most helpful reading of SDM Vol. 2B, "STI"'),
      dbHeldInStiShadow: held(false, DB_NOT_HELD),
      mcHeldInStiShadow: held(false, MC_NOT_HELD),
      serialiseAtExceptionEntry: no(ENTRY),
      smcCoherentAcrossAliases: yes('coherent fetch sees every store'),
    },
  },
  'amd-apm': {
    title: "AMD's manual to the letter",
    row: {
      fetch: cell('monotone', 'AMD APM Vol. 2, 7.6.1: stores become visible to instruction fetchers in program order'),
      unit: cell(8, 'AMD APM Vol. 2, 7.6.1: a naturally aligned quadword'),
      storeBoundary: cell(8, 'AMD APM Vol. 2, 7.3.2: atomic within a naturally aligned quadword'),
      mfenceSerialises: yes('AMD APM Vol. 2, 7.6.4: MFENCE is listed'),
      iretSerialises: yes(IRET),
      nmiHeldInStiShadow: held(false, STI_AMD),
      dbHeldInStiShadow: held(false, DB_NOT_HELD),
      mcHeldInStiShadow: held(false, MC_NOT_HELD),
      serialiseAtExceptionEntry: no('AMD APM Vol. 2, 7.6.4: delivery is not listed'),
      smcCoherentAcrossAliases: yes('AMD APM Vol. 2, 7.6.1: self-modification is checked by physical address'),
    },
  },
  'intel-practice': {
    title: 'what Intel processors do, as far as their makers have said',
    row: {
      fetch: cell('monotone', "Intel's unofficial answer of 2010 on breakpoint patching (lkml 1001.1/01530)"),
      unit: cell(16, 'aligned 16-byte fetch windows up to Skylake'),
      storeBoundary: cell(64, COMMON_STORE),
      mfenceSerialises: no('SDM Vol. 3A, "Serializing Instructions": MFENCE orders memory only'),
      iretSerialises: yes(IRET),
      nmiHeldInStiShadow: held(true, 'lkml, April 2019: all modern Intel microarchitectures block NMI in the shadow'),
      dbHeldInStiShadow: held(false, DB_NOT_HELD),
      mcHeldInStiShadow: held(false, MC_NOT_HELD),
      serialiseAtExceptionEntry: no(ENTRY),
      smcCoherentAcrossAliases: no(
        'SDM Vol. 3A, "Handling Self- and Cross-Modifying Code": another linear address needs a serialising operation',
      ),
    },
  },
  'intel-sdm': {
    title: "Intel's manual to the letter",
    row: {
      fetch: cell(
        'undefined-xmc',
        'SDM Vol. 3A, "Handling Self- and Cross-Modifying Code", and the erratum on unsynchronized XMC',
      ),
      unit: cell(16, 'model-specific; the letter allows any version anyway'),
      storeBoundary: cell(64, COMMON_STORE),
      mfenceSerialises: no('SDM Vol. 3A, "Serializing Instructions": MFENCE orders memory only'),
      iretSerialises: yes(IRET),
      nmiHeldInStiShadow: held('optional', STI_INTEL),
      dbHeldInStiShadow: held(false, DB_NOT_HELD),
      mcHeldInStiShadow: held(false, MC_NOT_HELD),
      serialiseAtExceptionEntry: no(ENTRY),
      smcCoherentAcrossAliases: no('SDM Vol. 3A, "Handling Self- and Cross-Modifying Code"'),
    },
  },
  paranoid: {
    title: 'everything that no manual forbids',
    row: {
      fetch: cell('any', 'uop cache, instruction cache and prefetch may each hold another version'),
      unit: cell(1, 'no granularity is promised to a fetch'),
      storeBoundary: cell(1, 'no atomicity is promised to a fetcher'),
      mfenceSerialises: no('SDM Vol. 3A, "Serializing Instructions"'),
      iretSerialises: yes(IRET),
      nmiHeldInStiShadow: held(false, STI_AMD),
      dbHeldInStiShadow: held(false, DB_NOT_HELD),
      mcHeldInStiShadow: held(false, MC_NOT_HELD),
      serialiseAtExceptionEntry: no(ENTRY),
      smcCoherentAcrossAliases: no('SDM Vol. 3A, "Handling Self- and Cross-Modifying Code"'),
    },
  },
  'spin-baseline': {
    title: 'the abstract model of the comparison with SPIN: a stale view for each unit',
    row: {
      fetch: cell('per-unit', 'the model of the comparison: each unit is refreshed on its own'),
      unit: cell(8, 'the model of the comparison'),
      storeBoundary: cell(8, 'the model of the comparison'),
      mfenceSerialises: no('the model of the comparison has none'),
      iretSerialises: yes(IRET),
      nmiHeldInStiShadow: held(true, 'the model of the comparison has no NMI'),
      dbHeldInStiShadow: held(false, DB_NOT_HELD),
      mcHeldInStiShadow: held(false, MC_NOT_HELD),
      serialiseAtExceptionEntry: no(ENTRY),
      smcCoherentAcrossAliases: yes('the model of the comparison has no self-modification'),
    },
  },
};

/** The rules of a row, without their sources. */
function rulesOf(row: ProfileRow): Rules {
  return {
    fetch: row.fetch.value,
    unit: row.unit.value,
    storeBoundary: row.storeBoundary.value,
    mfenceSerialises: row.mfenceSerialises.value,
    iretSerialises: row.iretSerialises.value,
    nmiHeldInStiShadow: row.nmiHeldInStiShadow.value,
    dbHeldInStiShadow: row.dbHeldInStiShadow.value,
    mcHeldInStiShadow: row.mcHeldInStiShadow.value,
    serialiseAtExceptionEntry: row.serialiseAtExceptionEntry.value,
    smcCoherentAcrossAliases: row.smcCoherentAcrossAliases.value,
  };
}

/** The rules of a profile that is known to exist. */
export function rulesOfProfile(name: keyof typeof PROFILE_ROWS): Rules {
  const profile = PROFILE_ROWS[name];
  if (profile === undefined) throw new Error(`no profile ${name}`);
  return rulesOf(profile.row);
}

/** The profiles by name. */
export const PROFILES: ReadonlyMap<string, Profile> = new Map(
  Object.entries(PROFILE_ROWS).map(([name, { title, row }]) => [name, { name, title, rules: rulesOf(row) }]),
);
