import type { Schedule } from '../explore/schedule-file.js';
import { formatStep } from '../machine/step.js';
import { isOpenEnded } from './follow-schedule.js';
import type { KeptSchedule } from './shelf.js';

/** The kept schedule that has the same steps, to the same end. */
export function keptAlready(kept: readonly KeptSchedule[], schedule: Schedule): KeptSchedule | undefined {
  const text = executionText(schedule);
  return kept.find((one) => executionText(one.schedule) === text);
}

/** Whether another schedule would be followed no better than one that is kept: both show nothing by their steps. */
export function isNeedless(kept: readonly KeptSchedule[], schedule: Schedule): boolean {
  return isOpenEnded(schedule) && kept.some((one) => isOpenEnded(one.schedule));
}

/** The steps by their ids and what they lead to, without the states: those change with every byte of the scenario. */
function executionText({ steps, end, randomSeed }: Schedule): string {
  return [randomSeed, end.kind, end.property, ...steps.map(({ step }) => formatStep(step))].join('\n');
}
