import { type BuiltScenario, buildScenario } from '../../../src/scenario/build/build.js';
import { loadScenario } from '../../../src/scenario/load.js';

/** One patch of one site under one worker, or what differs from that. */
export interface WorldSetup {
  /** A name, or a map in YAML's flow style: `{steps: [...], handler: skip}`. */
  readonly algorithm: string;
  readonly from?: string;
  /** The new instructions, one patch after the other. */
  readonly to?: readonly string[];
  /** In YAML's flow style, beside `name: ideal`: `fetch: torn, unit: 4`. */
  readonly rules?: string;
  /** Where the site lies; its low bits decide which units it straddles. Default: at the start of a line. */
  readonly site?: bigint;
  /** Bytes of text that are reserved for stubs; 0 for none. */
  readonly stub?: number;
  /** IF of the worker. */
  readonly if?: 0 | 1;
  readonly workers?: number;
  /** How many NMIs there may be. Nothing is ever rescheduled. */
  readonly nmi?: number;
  /** The worker's loop keeps interrupts off at the site. */
  readonly irqOff?: boolean;
  /** RSP at the site is 8 past a multiple of 16. */
  readonly unaligned?: boolean;
  readonly clobbers?: string;
  readonly properties?: readonly string[];
  readonly backend?: 'wasm' | 'bigint';
}

export const NOP5 = '.nops 5';
export const CALL_F = 'call.rel32 f';
export const CALL_G = 'call.rel32 g';
const LINE = 0xffffffff81000100n;
export const STUB = 0xffffffff83000000n;
const CLOBBERS = 'rax, rcx, rdx, rsi, rdi, r8, r9, r10, r11';

/** What is watched: P1 to P5, so that properties that come later change no expectation here. */
export const PROPERTIES = [
  'no-torn-instruction',
  'int3-handled',
  'site-effect',
  'quiesced-after-return',
  'no-use-after-reuse',
  'no-unhandled-exception',
] as const;

/** The scenario of a setup, as YAML: a loop around the site, and two functions whose displacements differ in two bytes. */
export function yamlOf(setup: WorldSetup): string {
  const { algorithm, from = CALL_F, to = [CALL_G], rules = '', site = LINE, stub = 64, workers = 1 } = setup;
  const { irqOff = false, unaligned = false, clobbers = CLOBBERS, properties = PROPERTIES } = setup;
  return `
scenario: world
text:
  - base: 0x${(irqOff ? site - 1n : site).toString(16)}
    asm: |
      loop:   ${irqOff ? 'cli' : ''}
      site:   ${from}
      after:  ${irqOff ? 'sti' : ''}
              jmp.rel8 loop
      odd:    push %rax
              jmp.rel8 loop
  - base: 0xffffffff82000000
    asm: |
      f:      ret
              .skip 0x1234
      g:      ret
      h:      ret
${stub === 0 ? '' : `  - {name: stub, base: 0x${STUB.toString(16)}, size: ${stub}}`}
sites: {site: {clobbers: [${clobbers}], flag-clobbers: all}}
cpus: ${1 + workers}
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker: {cpu: [${Array.from({ length: workers }, (_, i) => i + 1)}], entry: ${unaligned ? 'odd' : 'loop'}, if: ${setup.if ?? 1}}
patch: [${to.map((text) => `{site: site, new: "${text}"}`).join(', ')}]
algorithm: ${algorithm}
profile: {name: ideal, ${rules}}
budgets: {reschedule: 0, nmi: ${setup.nmi ?? 0}}
properties: [${properties}]
`;
}

/** The machine of a setup with all its monitors. */
export function worldOf(setup: WorldSetup): BuiltScenario {
  const { backend } = setup;
  return buildScenario(loadScenario(yamlOf(setup), 'world.yaml'), backend === undefined ? {} : { backend });
}
