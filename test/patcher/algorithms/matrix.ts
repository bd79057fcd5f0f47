import { CALL_F, NOP5, type WorldSetup } from './world.js';

/** A line's last two bytes: the site straddles 8 and 64 bytes. */
const STRADDLING = 0xffffffff8100013en;

/** The columns of the matrix that need no reschedule and no NMI, by rule and unit; elsewhere the site lies in one unit of 8. */
export const COLUMNS = {
  H1: { rules: 'fetch: coherent' },
  'H2/1': { rules: 'fetch: torn, unit: 1' },
  'H2/4': { rules: 'fetch: torn, unit: 4' },
  'H2/8': { rules: 'fetch: torn, unit: 8' },
  'H3/8': { rules: 'fetch: torn, unit: 8, store-boundary: 8', site: STRADDLING },
  'H3/64': { rules: 'fetch: torn, unit: 64', site: STRADDLING },
  'H4/8': { rules: 'fetch: monotone, unit: 8' },
  'H4/1': { rules: 'fetch: monotone, unit: 1' },
  'H5/1': { rules: 'fetch: any, unit: 1' },
} as const satisfies Record<string, Partial<WorldSetup>>;

export type Column = keyof typeof COLUMNS;
const ALL = Object.keys(COLUMNS) as readonly Column[];
/** Those in which a generated stub is stored in as many events as with coherent fetch. */
const BOUNDARY_64 = ALL.filter((column) => column !== 'H3/8');
const STALE: readonly Column[] = ['H4/8', 'H4/1', 'H5/1'];
/** Where the five bytes are fetched in several pieces, stored one after the other. */
const IN_PIECES: readonly Column[] = ['H2/1', 'H2/4', 'H3/8', 'H3/64', 'H4/1', 'H5/1'];

export const TRANSITIONS = { 'CALL->CALL': CALL_F, 'NOP5->CALL': NOP5 } as const;
export type Transition = keyof typeof TRANSITIONS;
export const BOTH = Object.keys(TRANSITIONS) as readonly Transition[];

/** What a row says: a property is violated in some columns, and nothing else is. */
interface Finding {
  readonly property: string;
  readonly columns: readonly Column[];
  readonly why: string;
  readonly transitions?: readonly Transition[];
}

export interface Row {
  readonly algorithm: string;
  /** The row of the matrix. */
  readonly row: string;
  readonly findings: readonly Finding[];
  /** Why the rest is safe. */
  readonly safe?: string;
  /**
   * Columns that are searched whole where they are safe. Fetch `any` of single bytes allows all that `monotone` does, that
   * all that `torn` does, and smaller units more than greater ones: the last safe column stands for those before it.
   */
  readonly weakest?: readonly Column[];
}

const torn = (columns: readonly Column[], why: string): Finding => ({
  property: 'no-torn-instruction',
  columns,
  why,
});

export const ROWS: readonly Row[] = [
  {
    algorithm: 'text-poke-bp',
    row: 'A1',
    findings: [],
    safe: 'whoever fetches at the site has serialised since the tail began to change, or executes INT3',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'memcpy',
    row: 'A7',
    findings: [
      torn(ALL, 'the first byte is new while the others are old, for everybody'),
      { property: 'quiesced-after-return', columns: STALE, why: 'nobody makes a CPU forget what it fetched' },
    ],
  },
  {
    algorithm: 'text-poke-bp-no-sync1',
    row: 'A3',
    findings: [torn(IN_PIECES, 'the first byte was fetched before INT3, the rest while the tail is written')],
    safe: 'in one piece the first byte is INT3 for whoever sees anything of the new tail',
    weakest: ['H4/8'],
  },
  {
    algorithm: 'text-poke-bp-no-sync2',
    row: 'A2',
    findings: [torn(['H5/1'], 'the new first byte with bytes of the old tail: a fetch that goes back in time')],
    safe: 'stores become visible in their order: who sees the new first byte sees the tail',
    weakest: ['H4/1'],
  },
  {
    algorithm: 'text-poke-bp-no-sync3',
    row: 'A4',
    findings: [
      { property: 'int3-handled', columns: ALL, why: 'the references are gone before the handler takes one' },
      // The matrix names P2 only. A CPU that keeps an old INT3 and executes it after the return breaks P4 as well.
      { property: 'quiesced-after-return', columns: STALE, why: 'a stale INT3 is executed after the return' },
    ],
  },
  {
    algorithm: 'text-poke-bp-no-sync',
    row: 'A5',
    findings: [
      { property: 'int3-handled', columns: ALL, why: 'the references are gone before the handler takes one' },
      torn(IN_PIECES, 'the first byte was fetched before INT3'),
      { property: 'quiesced-after-return', columns: STALE, why: 'nobody makes a CPU forget what it fetched' },
    ],
  },
  {
    algorithm: 'aligned-store',
    row: 'A8',
    findings: [
      torn(IN_PIECES, 'one store, but two fetches; or two stores where the site straddles the boundary'),
      { property: 'quiesced-after-return', columns: STALE, why: 'nobody makes a CPU forget what it fetched' },
    ],
    safe: 'one event, one fetch',
    weakest: ['H2/8'],
  },
  {
    algorithm: 'aligned-store-sync',
    row: 'A8s',
    findings: [torn(IN_PIECES, 'a sync afterwards is too late for a fetch in two pieces')],
    safe: 'one event, one fetch, and a sync before the return',
    weakest: ['H4/8'],
  },
  {
    algorithm: 'stop-machine',
    row: 'A9',
    findings: [],
    safe: 'no CPU is at the site while it changes, and each serialises before it goes on',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'int3-skips',
    row: 'A16',
    findings: [
      {
        property: 'site-effect',
        columns: ALL,
        why: 'neither the old nor the new function is called',
        transitions: ['CALL->CALL'],
      },
    ],
    safe: 'to skip is what the old NOP does (that a CPU goes back from new to old under `any` is P7, not watched here)',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'int3-retries',
    row: 'A17 (IF=1)',
    findings: [],
    safe: 'the site is executed when the INT3 is gone, and with IF=1 the IPIs come in between',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'emulate-no-gap',
    row: 'A20',
    // The matrix has P3. The frame's SS is damaged, so that the handler's IRET faults: the CPU never gets out with a wrong effect.
    findings: [{ property: 'int3-handled', columns: ALL, why: 'the emulated push overwrites SS in the frame: #GP' }],
  },
  {
    algorithm: 'emulate-no-fixup',
    row: 'A1 without a fix-up of the shadow stack',
    findings: [],
    safe: 'there is no shadow stack here, so that this is A1',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'stub-plain',
    row: 'A13',
    findings: [
      {
        property: 'no-use-after-reuse',
        columns: BOUNDARY_64,
        why: 'every IPI is taken in the stub, which is then freed',
      },
    ],
  },
  {
    algorithm: 'stub-sti',
    row: 'A12',
    findings: [],
    safe: 'IF=0 and then the shadow keep the last sync waiting; IRET serialises before the stub is fetched',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'stub-sti-no-first-sync',
    row: 'A12',
    findings: [],
    safe: 'IRET serialises before the stub is fetched',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'stub-sti-forgot-if',
    row: 'A12 with T6',
    findings: [
      {
        property: 'no-use-after-reuse',
        columns: BOUNDARY_64,
        why: 'STI with IF=1 has no shadow, and push is interruptible',
      },
    ],
  },
  {
    algorithm: 'stub-static',
    row: 'A14',
    findings: [],
    safe: 'text that never changes, and slots that only this CPU fills, with IF=0 until they are read',
    weakest: ['H5/1'],
  },
  {
    algorithm: 'stub-r10-r11',
    row: 'A14 with registers for slots',
    findings: [],
    safe: 'text that never changes, and registers that belong to the context',
    weakest: ['H5/1'],
  },
];

export function expected({ findings }: Row, column: Column, transition: Transition): string[] {
  return findings
    .filter(({ columns, transitions = BOTH }) => columns.includes(column) && transitions.includes(transition))
    .map(({ property }) => property)
    .sort();
}
