import { formatStep, type Step } from '../../machine/step.js';
import { block, type Row, span } from '../row.js';
import { stepName, stepNotes } from '../step-line.js';
import type { DoneStep } from '../timeline.js';
import type { Walk } from '../walk.js';

/** The steps around the position: those that were done above the line, those that come next below it. */
export function stepsPane(walk: Walk, width: number, height: number): Row[] {
  const { timeline } = walk;
  const { position, length } = timeline;
  const ahead = Math.min(length - position, Math.max(1, Math.floor(height / 3), height - position));
  const behind = height - ahead;
  const past = timeline.doneSteps(position - behind + 1, position);
  const future = new Map(timeline.doneSteps(position + 1, position + ahead).map((done) => [done.step, done]));
  const numbers = String(Math.max(length, 99)).length;
  const rows: Row[] = past.map((done) => doneRow(walk, done, numbers, done.step === position));
  for (let number = position + 1; number <= position + ahead; number++) {
    const step = timeline.step(number);
    if (step !== undefined) rows.push(nextRow(walk, step, number, future.get(number), numbers));
  }
  if (rows.length === 0) rows.push([span('nothing was done yet: n does a step, ? is help', 'dim')]);
  return block(rows, width, height);
}

function doneRow({ timeline, subject }: Walk, done: DoneStep, numbers: number, isLast: boolean): Row {
  const step = timeline.step(done.step);
  if (step === undefined) return [];
  const notes = stepNotes(done, subject);
  return [
    span(`${isLast ? '>' : ' '}${String(done.step).padStart(numbers)} `, isLast ? 'bold' : 'dim'),
    span(`CPU ${step.cpu} `, isLast ? 'bold' : undefined),
    span(stepName(step, done, subject), isLast ? 'bold' : step.kind === 'procedure' ? 'cyan' : undefined),
    span(notes === '' ? '' : ` => ${notes}`, 'yellow'),
  ];
}

/** A step that is known and was not done yet is known by its name alone. */
function nextRow(
  { timeline, subject }: Walk,
  step: Step,
  number: number,
  done: DoneStep | undefined,
  numbers: number,
): Row {
  // biome-ignore format: one line
  const recorded = timeline.recorded[number - 1];
  const name =
    done !== undefined ? stepName(step, done, subject) : (recorded?.step === step ? recorded.label : undefined) ?? formatStep(step).slice(5); // biome-ignore format: one line
  return [span(` ${String(number).padStart(numbers)} CPU ${step.cpu} ${name}`, 'dim')];
}
