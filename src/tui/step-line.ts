import { formatStep, type Step } from '../machine/step.js';
import { eventNote, ipiText } from '../report/event-note.js';
import type { StepEvents } from '../report/step-events.js';
import type { Subject } from '../report/subject.js';

/** What a step that was done is called in one line, without what it caused. */
export function stepName(step: Step, { events, interrupted }: StepEvents, { code }: Subject): string {
  for (const event of events) {
    if (event.kind === 'instruction') return `${code.address(event.rip)}: ${code.shortInsn(event.bytes, event.rip)}`;
    if (event.kind === 'procedure-step') return event.label;
    if (event.kind === 'ipi-accepted') {
      const at = interrupted === undefined ? '' : ` at ${code.address(interrupted)}`;
      return `accepts ${ipiText(event.vector)}${at}`;
    }
  }
  return formatStep(step).replace(/^cpu[0-9] /, '');
}

/** What a step caused; empty if nothing worth telling. */
export function stepNotes({ events }: StepEvents, subject: Subject): string {
  return events
    .map((event) => eventNote(event, subject))
    .filter((note) => note !== undefined)
    .join('; ');
}

/** All of a step in one line: what searches look through. */
export function stepLine(step: Step, events: StepEvents, subject: Subject): string {
  const notes = stepNotes(events, subject);
  const line = `CPU ${step.cpu} ${stepName(step, events, subject)}`;
  return notes === '' ? line : `${line} => ${notes}`;
}
