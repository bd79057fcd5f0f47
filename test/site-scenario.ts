/** A patcher on CPU 0, and a worker whose text has a call site. */
export interface SiteScenario {
  readonly name: string;
  /** Of the worker's text. Default: one that lets the site straddle two units of 8 bytes. */
  readonly base?: string;
  /** Assembly with `worker` and `site`. Default: the site is executed for ever. */
  readonly code?: string;
  /** Assembly elsewhere, with `old` and `new` where those are not in the code. Default: their addresses differ in two bytes. */
  readonly called?: string;
  /** Default: 2. */
  readonly cpus?: number;
  /** The worker, as in `tasks`. Default: on CPU 1. */
  readonly worker?: string;
  /** What the file says of the site. Default: nothing. */
  readonly site?: string;
  /** What the site is made to call, one after the other. Default: `new`. */
  readonly patch?: readonly string[];
  /** How many NMIs there may be. Default: none. */
  readonly nmi?: number;
  /** What else the file says, after `budgets: {reschedule: 0, nmi: ..}`. */
  readonly more?: string;
}

/** A site that is executed for ever with something between it and the way back; `handler` is an IRET. */
export function bodyBehindSite(body: string): Pick<SiteScenario, 'base' | 'code' | 'called'> {
  return {
    base: '0xffffffff8100c0bc',
    code: `worker:\nsite: call.rel32 old\n${body}\njmp worker`,
    called: 'old: ret; nop; nop; new: ret; handler: iretq',
  };
}

/** The text of the scenario file. */
export function siteScenario({
  name,
  base = '0xffffffff8100c0be',
  code = 'worker:\nsite: call.rel32 old\nafter: jmp.rel8 worker',
  called = 'old: ret\n.skip 0x1234\nnew: ret',
  cpus = 2,
  worker = '{cpu: 1, entry: worker}',
  site = '{}',
  patch = ['new'],
  nmi = 0,
  more = '',
}: SiteScenario): string {
  return `
scenario: ${name}
text:
  - base: ${base}
    asm: |
${indented(code)}
  - base: 0xffffffff82000000
    asm: |
${indented(called)}
  - {name: data, base: 0xffffffff83000000, size: 64}
sites: {site: ${site}}
cpus: ${cpus}
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker: ${worker}
patch: [${patch.map((target) => `{site: site, new: call.rel32 ${target}}`).join(', ')}]
budgets: {reschedule: 0, nmi: ${nmi}}
${more}`;
}

const indented = (code: string): string => code.replace(/^/gm, '      ');
