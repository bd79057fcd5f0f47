import { fetchable } from '../machine/fetch-view.js';
import type { Machine } from '../machine/machine.js';
import { hex } from '../property/monitor.js';
import type { Violation } from '../property/violation.js';
import { columnTrace, type TraceWidth } from './column-trace.js';
import { foldedSteps } from './folded-steps.js';
import { missingOrder } from './missing-order.js';
import type { Paint } from './paint.js';
import { wrap } from './safe-text.js';
import type { StepEvents } from './step-events.js';
import type { SiteVersions, Subject } from './subject.js';
import { bytesBesideVersions, sentence } from './violation-text.js';

/** Columns of running text. */
const TEXT_WIDTH = 96;

/** A schedule that violates a property, executed. */
export interface ToldCounterexample {
  /** Every step. */
  readonly steps: readonly StepEvents[];
  /** Undefined for a property that speaks of no single step. */
  readonly violation: Violation | undefined;
  readonly subject: Subject;
  /** In its last state. */
  readonly machine: Machine;
}

/** How the steps of a counterexample are printed. */
export interface TraceLayout {
  readonly width: TraceWidth;
  /** Every step has lines of its own; else some are told as one: see {@link foldedSteps}. */
  readonly allSteps: boolean;
}

/** The lines that explain a counterexample: what was executed, the steps with a column for each CPU, what was not ordered. */
export function counterexampleText(told: ToldCounterexample, paint: Paint, { width, allSteps }: TraceLayout): string[] {
  const { steps, violation, subject, machine } = told;
  const sentences = violation === undefined ? [] : [sentence(violation), ...missingOrder(steps, subject)];
  const bytes = violation === undefined ? [] : bytesBesideVersions(violation, subject, paint);
  return [
    ...sentences.flatMap((text) => wrap(text, TEXT_WIDTH).map((line) => `  ${line}`)),
    ...(sentences.length === 0 ? [] : ['']),
    ...(bytes.length === 0 ? [] : [...bytes.map((line) => `  ${line}`), '']),
    ...columnTrace(allSteps ? steps : foldedSteps(steps), subject, paint, width),
    '',
    ...subject.sites.flatMap((site) => siteText(site, machine, paint)),
  ];
}

/** The bytes of a site in the last state: as memory holds them, and what each CPU may fetch where that differs. */
function siteText({ symbol, address, versions }: SiteVersions, machine: Machine, paint: Paint): string[] {
  const now = machine.memory.bytes(address, versions[0]?.length ?? 0);
  const seen = machine.cpus.flatMap(({ cpu }) => {
    const others = fetchable(machine, cpu, address, now.length)
      .map(hex)
      .filter((bytes) => bytes !== hex(now));
    return others.length === 0 ? [] : [`    CPU ${cpu} may fetch  ${paint.red(others.join('  or  '))}`];
  });
  const same = seen.length === 0 ? '; every CPU fetches that' : '';
  return [`  ${symbol} in memory  ${hex(now)}${paint.dim(same)}`, ...seen, ''];
}
