import { z } from 'zod';
import { STRAIGHT_LINE_HANDLERS } from '../patcher/straight-line.js';
import { limits } from './limits.js';
import {
  address,
  flag,
  generalRegisters,
  goalName,
  integer,
  kebabName,
  plainName,
  propertyName,
  ruleValue,
  siteName,
  statusFlags,
  symbolExpression,
  symbolName,
  vectorKey,
  words,
} from './schema-values.js';

/*
 * The grammar of a scenario file, key by key as it is written. What one key allows stands here; what depends on two
 * keys (exactly one of `asm` and `size`, a task's CPU below `cpus`) is checked in resolve.ts.
 */

const size = integer(1, limits.memoryBytes);
const stackSize = size.describe('Bytes, a multiple of 16.');
const asm = words('assembly').describe(
  'Assembly in the syntax that `syntax` says, best as a literal block (`asm: |`).',
);
const instruction = words('assembly').describe('Assembly of the replacement, e.g. `call.rel32 f`.');
const register = z.enum(generalRegisters, { error: 'expected a 64-bit general register such as rax' });

const textEntry = z.strictObject({
  name: symbolName.optional().describe('Becomes a symbol: the address of the first byte.'),
  base: address.optional().describe('Linear address of the first byte.'),
  asm: asm.optional(),
  size: size.optional().describe('Reserves executable bytes for code that is generated at run time (stubs).'),
  elf: words('the path of an ELF file').optional().describe('An ELF file, relative to this file.'),
  writable: flag.optional().describe('Whether guest code may write here. Default: no.'),
});

const dataEntry = z.strictObject({
  name: symbolName.describe('Becomes a symbol: the address of the first byte.'),
  base: address.describe('Linear address of the first byte.'),
  asm: asm.optional(),
  size: size.optional().describe('Bytes, zero at start.'),
  alias: symbolExpression
    .optional()
    .describe('Text that is mapped here a second time, to be read and written: the pages of `size` bytes (default 1).'),
});

/** Where the frame of a nested NMI goes. */
const NMI_STACK_RULES = ['linux', 'ist'] as const;

const siteEntry = z.strictObject({
  clobbers: z.array(register).optional().describe('Registers that a patch of this site may change freely.'),
  'flag-clobbers': z
    .union([z.literal('all'), z.array(z.enum(statusFlags, { error: 'expected a flag: cf, pf, af, zf, sf or of' }))], {
      error: 'expected `all` or a list of flags',
    })
    .optional()
    .describe('Status flags that a patch of this site may change freely.'),
  length: integer(1, 64).optional().describe('Bytes of the site. Default: the instruction there.'),
});

const taskEntry = z.strictObject({
  cpu: z
    .union([integer(0, 7), z.array(integer(0, 7)).min(1, { error: 'expected at least one CPU' })], {
      error: 'expected a CPU number from 0 to 7, or a list of them',
    })
    .describe(
      'The CPU it begins on. A list makes one task per CPU, named `task@cpu`. Of several tasks with the same CPU the first runs; the others wait until a CPU resumes them.',
    ),
  entry: symbolExpression.optional().describe('Guest code: where it begins.'),
  procedure: z
    .literal('patch', { error: 'expected `patch`' })
    .optional()
    .describe('`patch`: applies the list of patches.'),
  yields: z
    .array(symbolExpression)
    .min(1, { error: 'expected at least one address' })
    .optional()
    .describe('Instructions at which the task calls schedule(): what synchronize-rcu-tasks waits for.'),
  if: integer(0, 1).optional().describe('The interrupt flag at start. Default: 1.'),
  registers: z
    .partialRecord(register, symbolExpression)
    .optional()
    .describe('Initial values: an integer, a symbol expression, or `cpu` for the number of the CPU. Default: 0.'),
  stack: z
    .union(
      [
        stackSize,
        z.strictObject({
          size: stackSize.optional(),
          base: address.optional().describe('Lowest address. Default: chosen.'),
          private: stackSize.optional().describe('Size of a stack that each task has at the same linear address.'),
        }),
      ],
      { error: `expected 1 to ${limits.memoryBytes} bytes, or a map with size and base, or private` },
    )
    .optional()
    .describe('Default: 4096 bytes.'),
});

const patchEntry = z.strictObject({
  site: siteName,
  new: instruction,
  emulate: instruction.optional().describe('What the INT3 handler does instead while the patch is under way.'),
});

const patchItem = z.strictObject({
  ...patchEntry.partial().shape,
  batch: z.array(patchEntry).min(1, { error: 'expected at least one patch' }).optional(),
});
const patchList = z.array(patchItem).min(1, { error: 'expected at least one patch' });

const algorithm = z.union(
  [
    kebabName,
    z.strictObject({
      handler: z
        .enum(STRAIGHT_LINE_HANDLERS, { error: `expected ${STRAIGHT_LINE_HANDLERS.join(', ')}` })
        .optional()
        .describe('What the INT3 handler does at a published site. Default: emulate.'),
      steps: z
        .array(words('a step'), { error: 'expected a list of steps' })
        .min(1, { error: 'expected at least one step' })
        .describe('Done one after the other for each patch, e.g. [publish, write-int3, sync, poke 1..4].'),
    }),
  ],
  { error: 'expected the name of an algorithm, or a map with steps and handler' },
);

const cpuNumbers = z.array(integer(0, 7)).min(1, { error: 'expected at least one CPU' });

const count = integer(0, 1000);
const names = z.array(plainName, { error: 'expected a list of names' });
const expressions = z.record(plainName, words('an expression'));

const expectation = z
  .union([z.enum(['verified', 'violated']), z.strictObject({ violated: propertyName })], {
    error: 'expected verified, violated, or a map such as {violated: no-torn-instruction}',
  })
  .describe('The verdict that a check must reach.');

/** The whole file. */
export const scenarioFileSchema = z
  .strictObject(
    {
      scenario: kebabName.describe('The name of the scenario.'),
      title: words('a title').optional(),
      refs: z.array(words('a reference')).optional().describe('Mails, commits, manual sections.'),
      syntax: z
        .enum(['att', 'intel'], { error: 'expected att or intel' })
        .optional()
        .describe('Assembly syntax, that of GNU as for AT&T or for Intel without register prefixes. Default: att.'),
      text: z.array(textEntry).min(1, { error: 'expected at least one entry' }).describe('Executable memory.'),
      data: z.array(dataEntry).optional().describe('Memory that is read and written, never executed.'),
      sites: z.record(siteName, siteEntry).optional().describe('The places that are patched.'),
      cpus: integer(1, 8).describe('Number of CPUs.'),
      tasks: z.record(plainName, taskEntry).describe('What runs, by name.'),
      handlers: z
        .record(vectorKey, symbolExpression)
        .optional()
        .describe('Guest code that handles a vector, by its name (`nmi`, `bp`, `ud`) or number: where it begins.'),
      nmi: z
        .strictObject({
          stack: z
            .enum(NMI_STACK_RULES, { error: `expected ${NMI_STACK_RULES.join(' or ')}` })
            .optional()
            .describe(
              '`linux`: a nested NMI has a frame of its own. `ist`: each frame goes to the top of one stack, as the hardware does it. Default: linux.',
            ),
        })
        .optional()
        .describe('How NMIs are delivered.'),
      patch: z
        .union([patchList, z.strictObject({ repeat: integer(1, 1_000_000).optional(), list: patchList })], {
          error: 'expected a list of patches, or a map with repeat and list',
        })
        .optional()
        .describe('Applied one after the other by the task with `procedure: patch`.'),
      algorithm: algorithm.optional().describe('How text is patched. Default: text-poke-bp.'),
      sync: z
        .strictObject({
          skip: cpuNumbers.optional().describe('Left out: the IPI is neither sent to them nor waited for.'),
          defer: cpuNumbers
            .optional()
            .describe('While they idle or are in user mode: synced at their next kernel entry instead of by an IPI.'),
        })
        .optional()
        .describe('CPUs that sync core does not reach at once. Default: none.'),
      'shadow-stack': flag
        .optional()
        .describe('Whether CPUs have a shadow stack, which RET is checked against. Default: no.'),
      profile: z
        .union([kebabName, z.object({ name: kebabName.optional() }).catchall(ruleValue)], {
          error: 'expected a profile name, or a map with name and rules',
        })
        .optional()
        .describe('The rules of the hardware: a name, or a map of `name` and single rules. Default: ideal.'),
      budgets: z
        .strictObject({
          reschedule: count.optional().describe('Default: 1.'),
          nmi: count.optional().describe('Default: 0.'),
          mc: count.optional().describe('Default: 0.'),
        })
        .optional()
        .describe('How often an environment may act, at most.'),
      steps: integer(1, Number.MAX_SAFE_INTEGER).optional().describe('Limit of steps for `xmc run`.'),
      properties: z
        .union([names, z.strictObject({ enable: names.optional(), disable: names.optional() })], {
          error: 'expected a list of properties, or a map with enable and disable',
        })
        .optional()
        .describe('Properties to check: exactly these, or the default set with changes.'),
      check: z
        .strictObject({
          always: expressions.optional().describe('Must hold in every state.'),
          sometimes: expressions.optional().describe('Must hold in some reachable state.'),
          finally: expressions
            .optional()
            .describe(
              'Must hold where every procedure has returned and every task has returned, is halted, or is off its CPU, even if it could be resumed.',
            ),
        })
        .optional()
        .describe('Named expressions of your own.'),
      goals: z
        .strictObject({
          add: z
            .array(goalName, { error: 'expected a list of goals' })
            .optional()
            .describe('Goals beside those of the algorithm, such as old-and-new-executed.'),
          waive: z
            .array(goalName, { error: 'expected a list of goals' })
            .optional()
            .describe('Goals that cannot be reached here, of the algorithm or `finally NAME`: not asked for.'),
        })
        .optional()
        .describe(
          'What executions have to reach for a verdict to mean something: changes to what the algorithm asks for.',
        ),
      expect: expectation.optional(),
      variants: z
        .record(kebabName, z.object({ expect: expectation.optional() }).catchall(z.unknown()))
        .optional()
        .describe('By name: paths into this file (`budgets.nmi`) and the values to put there.'),
    },
    { error: 'expected a map with scenario, text, cpus and tasks' },
  )
  .meta({ title: 'xmc scenario' });

/** A scenario file after validation, still with the keys of the file. */
export type ScenarioFile = z.output<typeof scenarioFileSchema>;
