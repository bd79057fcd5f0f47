import type { Json } from './event-json.js';
import type { HuntedViolation, HuntReport } from './hunt-report.js';
import { judgementJson, violationJson } from './run-json.js';

/** The name and version of the format of `xmc hunt --json`: an object that holds {@link huntJson} objects. */
export const HUNT_SCHEMA = 'xmc.hunt/1';

/** What a hunt has shown, as an object. */
export function huntJson(report: HuntReport): { readonly [key: string]: Json } {
  const { tallies, goals, profile } = report;
  return {
    ...judgementJson(report),
    strategy: report.strategy,
    preemptions: report.preemptions ?? null,
    seed: report.seed,
    profile: profile.name,
    changedRules: profile.changed,
    budgets: { ...report.budgets },
    properties: report.properties,
    executions: report.executions,
    steps: report.steps,
    stepsOfAnExecution: report.limit,
    strategies: [...tallies].map(([strategy, tally]) => ({ strategy, ...tally })),
    goalsReached: goals.filter(({ reached }) => reached).map(({ name }) => name),
    goalsNotReached: goals.filter(({ reached }) => !reached).map(({ name }) => name),
    details: report.details,
    violations: report.violations.map(huntedJson),
    untoldViolations: report.untold,
  };
}

function huntedJson(found: HuntedViolation): { readonly [key: string]: Json } {
  const { counterexample, shrunk } = found;
  const { violation, schedule } = counterexample;
  return {
    property: found.property,
    place: found.place,
    execution: found.execution,
    strategy: found.strategy,
    foundBy: [...found.by].map(([strategy, { count, first }]) => ({ strategy, executions: count, first })),
    steps: counterexample.steps,
    preemptions: counterexample.preemptions ?? null,
    switches: found.switches,
    shrunkFrom: shrunk.from,
    minimal: shrunk.isMinimal,
    violation: violation === undefined ? null : violationJson(violation),
    schedule: schedule?.file ?? null,
    replay: schedule?.replay ?? null,
  };
}
