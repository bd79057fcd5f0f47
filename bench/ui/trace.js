import { readFileSync } from 'node:fs';
import { Tracer } from '../../dist/cli/trace/tracer.js';
import { Execution } from '../../dist/explore/execution.js';
import { SCHEDULERS } from '../../dist/explore/schedulers.js';
import { prepare } from '../../dist/judge/prepare.js';
import { eventJson } from '../../dist/report/event-json.js';
import { PLAIN } from '../../dist/report/paint.js';
import { stepCollector } from '../../dist/report/step-events.js';
import { TRACE_FORMATS } from '../../dist/report/trace/trace-formats.js';
import { loadScenario } from '../../dist/scenario/load.js';
import { cpuSeconds } from '../measure.js';

const SCENARIO = new URL('../../scenarios/call-swap.yaml', import.meta.url);
const STEPS = 100_000;
/** Steps between two looks at outputs, as `xmc run` has them. */
const SLICE = 500;
const ROUNDS = 5;
/** Events a second that a JSON Lines trace has to come to. */
const TARGET = 300_000;

const text = readFileSync(SCENARIO, 'utf8').replace('repeat: 20', 'repeat: 100000');
const recipe = {
  loaded: loadScenario(text, 'call-swap.yaml'),
  variant: 'text-poke-bp',
  files: new Map(),
  backend: 'wasm',
};

/** Takes text as a file does, and leaves it. */
class Nowhere {
  bytes = 0;
  pending = '';
  write(data) {
    this.pending += data;
  }
  flush() {
    this.bytes += Buffer.from(this.pending).length;
    this.pending = '';
  }
}

/** Executes the steps, with observers that hear of them; gives the CPU seconds. */
function executed(observersOf) {
  const { built, subject } = prepare(recipe);
  const { output, observers } = observersOf(subject);
  for (const observer of observers) built.machine.observe(observer);
  const execution = new Execution(built.machine, built.monitors, SCHEDULERS.random(1), STEPS);
  return cpuSeconds(() => {
    while (execution.advance(SLICE) === undefined) output?.flush();
    output?.flush();
  });
}

function begun(format, subject) {
  const output = new Nowhere();
  const writer = TRACE_FORMATS[format]((data) => output.write(data), { paint: PLAIN, width: 100 });
  const tracer = new Tracer(output, writer, undefined);
  const execution = {
    scenario: 'call-swap',
    variant: 'text-poke-bp',
    scheduler: 'random seed 1',
    steps: STEPS,
    subject,
  };
  return { output, observers: [tracer.begin(execution)] };
}

/** JSON Lines without anything that is remembered: what the jsonl format is compared with. */
function plainLines(subject) {
  const output = new Nowhere();
  const line = (step, event) => output.write(`${JSON.stringify(eventJson(step, event, subject))}\n`);
  const observer = stepCollector('all', (step) => {
    for (const event of step.events) line(step, event);
  });
  return { output, observers: [observer] };
}

function eventsOfSteps() {
  let events = 0;
  executed(() => ({ observers: [stepCollector('all', (step) => (events += step.events.length))] }));
  return events;
}

/** The best of several rounds, which take turns so that a busy machine slows all of them. */
export function traceRows() {
  const events = eventsOfSteps();
  const formats = Object.keys(TRACE_FORMATS);
  const best = new Map();
  const keep = (name, seconds) => best.set(name, Math.min(best.get(name) ?? Infinity, seconds));
  const ways = new Map([
    ['none', () => ({ observers: [] })],
    ['plain', plainLines],
    ...formats.map((format) => [format, (subject) => begun(format, subject)]),
  ]);
  for (let round = 0; round < ROUNDS; round++) for (const [name, way] of ways) keep(name, executed(way));
  const rate = (seconds) => Math.round(events / seconds);
  const added = (name) => best.get(name) - best.get('none');
  const ratio = Math.round((10 * added('plain')) / added('jsonl')) / 10;
  const rows = formats.flatMap((format) => [
    {
      name: `${format} trace: what it adds to a run`,
      unit: 'events/s',
      value: rate(added(format)),
      ...(format === 'jsonl' ? { target: TARGET } : {}),
    },
    { name: `${format} trace: with the run and its monitors`, unit: 'events/s', value: rate(best.get(format)) },
  ]);
  return [...rows, { name: 'jsonl trace beside JSON.stringify of every event', unit: 'times', value: ratio }];
}
