import { z } from 'zod';
import { EVENT_SCHEMA } from '../event-json.js';

const step = z.int().min(1).describe('the step it belongs to, counting from 1; a filter does not renumber');
const cpu = z.int().min(0).max(7).describe('the CPU it happened on');
const address = z
  .string()
  .regex(/^0x[0-9a-f]{1,16}$/)
  .describe('linear address, as a string in hex');
const symbol = z.string().describe('the same with a symbol: `site+0x1`, or the address where none is near');
const bytes = z.string().regex(/^([0-9a-f]{2}( [0-9a-f]{2})*)?$/);
const vector = z.int().min(0).max(255).describe('interrupt vector');
const cpus = z.array(z.int().min(0).max(7));
const variant = z.string().nullable().describe('null: the scenario as written');
const site = z.string().nullable().describe('the symbol of the patched site');
const patch = {
  patch: z.int().min(0).describe('index in the list of patches'),
  site,
  insn: z.string().nullable().describe('the new instruction, as the scenario writes it'),
};
const range = { range: z.string().describe('the name of the range: a stub, a vector') };
const place = { address, symbol };

const event = <Kind extends string, Fields extends z.core.$ZodLooseShape>(kind: Kind, fields: Fields) =>
  z.strictObject({ event: z.literal(kind), step, cpu, ...fields });

/** Lines around the events of an execution. */
const FRAME_LINES = [
  z.strictObject({
    schema: z.literal(EVENT_SCHEMA).describe('name and version of this format'),
    event: z.literal('begin'),
    scenario: z.string().describe('its name'),
    variant,
    scheduler: z.string().describe('what chose the steps, for people: `random seed 1`'),
    cpus: z.int().min(1).max(8).describe('how many there are'),
  }),
  z.strictObject({
    event: z.literal('end'),
    end: z
      .string()
      .describe(
        '`violated`, `finished`, `limit`, `stopped`, `unsupported`, `interrupted`; of a replay `reproduced` or `diverged`',
      ),
    steps: z.int().min(0).describe('how many were done'),
    hash: z
      .string()
      .regex(/^[0-9a-f]{16}$/)
      .describe('of the last state (`xmc-state/1`)'),
  }),
  z.looseObject({
    schema: z.literal(EVENT_SCHEMA).optional().describe('of `check` alone, where no `begin` may stand before it'),
    event: z.literal('verdict'),
    variant,
  }),
] as const;

/** The fields of each kind of event. */
const EVENT_LINES = [
  event('instruction', {
    ...place,
    bytes: bytes.describe('what this CPU fetched; empty: nothing could be fetched'),
    times: z
      .array(z.int().min(0))
      .describe('for each byte, the `time` of the store that it comes from; 0: the initial image'),
    text: z.string().describe('disassembled'),
    exception: vector.nullable().describe('the exception that ended it; null: none'),
  }),
  event('text-store', {
    ...place,
    before: bytes.describe('what was there'),
    after: bytes.describe('what is there now'),
    time: z.int().min(1).describe('counts the stores to text, from 1'),
    alias: address.optional().describe('the other address through which it was stored, if there is one'),
  }),
  event('trap', { ...place, vector, errorCode: z.int().min(0).describe('0 where the vector has none') }),
  event('iret', place),
  event('stopped', { ...place, reason: z.string().describe('why the CPU stopped for good') }),
  event('ipi-sent', { vector, targets: cpus.describe('CPUs that it goes to') }),
  event('ipi-accepted', { vector }),
  event('ipi-acked', { vector, initiators: cpus.describe('CPUs that waited for it') }),
  event('sync-deferred', { targets: cpus.describe('CPUs that do it at their next kernel entry') }),
  event('deferred-sync', {}),
  event('serialize', {}),
  event('halt', {}),
  event('switch', {
    from: z.string().nullable().describe('the task that leaves; null: the CPU was idle'),
    to: z.string().nullable().describe('the task that is resumed; null: the CPU idles'),
  }),
  event('quiescent-state', {
    of: z.enum(['task', 'cpu']).describe('what a grace period no longer waits for'),
    last: z.boolean().describe('nothing else is waited for'),
  }),
  event('shadow-stack', { ...place, op: z.enum(['push', 'pop']).describe('what was done with the return address') }),
  event('procedure-step', {
    procedure: z.string().describe('its name'),
    label: z.string().describe('what the step does'),
  }),
  event('patch-begin', patch),
  event('patch-return', patch),
  event('range-entered', range),
  event('range-left', range),
  event('range-retired', range),
] as const;

/** A line of a JSON Lines trace. */
export const eventLineSchema = z.discriminatedUnion('event', [...FRAME_LINES, ...EVENT_LINES]);

/** The kinds of lines by name, each with its fields but `event`, in the order of the schema. */
export function eventFields(): ReadonlyMap<string, readonly string[]> {
  return new Map(
    eventLineSchema.options.map(({ shape }) => [
      shape.event.value,
      Object.keys(shape).filter((name) => name !== 'event'),
    ]),
  );
}

/** JSON Schema (draft-7) of a line. */
export function eventJsonSchema(): object {
  const schema = z.toJSONSchema(eventLineSchema, { target: 'draft-7', io: 'input' });
  return { ...schema, title: EVENT_SCHEMA };
}
