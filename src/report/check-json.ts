import type { CheckReport, Counterexample } from './check-report.js';
import type { Json } from './event-json.js';
import { judgementJson, violationJson } from './run-json.js';

/** The name and version of the format of `xmc check --json`: an object that holds {@link checkJson} objects. */
export const CHECK_SCHEMA = 'xmc.check/1';

/** What a search has shown, as an object. */
export function checkJson(report: CheckReport): { readonly [key: string]: Json } {
  const { counts, counterexample, profile } = report;
  const { variant, verdict, ...judged } = judgementJson(report);
  return {
    variant,
    verdict,
    proof: proofOf(report),
    fingerprints: fingerprintsJson(report),
    ...judged,
    engine: report.engine,
    reductions: report.reductions.on.filter((name) => !report.reductions.unused.has(name)),
    profile: profile.name,
    rules: { ...profile.rules },
    budgets: { ...report.budgets },
    properties: report.properties,
    states: counts.states,
    frontier: counts.frontier,
    transitions: counts.transitions,
    depth: counts.depth,
    goalsNotReached: report.goalsNotReached,
    details: report.details,
    counterexample:
      counterexample === undefined
        ? null
        : {
            steps: counterexample.steps,
            preemptions: counterexample.preemptions ?? null,
            nothingShorter: counterexample.nothingShorter ?? 'sure',
            fewestPreemptions: fewestJson(counterexample),
            violation: counterexample.violation === undefined ? null : violationJson(counterexample.violation),
            schedule: counterexample.schedule?.file ?? null,
            replay: counterexample.schedule?.replay ?? null,
          },
  };
}

function proofOf({ verdict }: CheckReport): Json {
  if (verdict.kind !== 'verified') return null;
  return verdict.probability === undefined ? 'exhaustive' : 'probabilistic';
}

/** Null: states were compared exactly. */
function fingerprintsJson({ fingerprints }: CheckReport): Json {
  if (fingerprints === undefined) return null;
  const { bits, seed, exactly, probability, halfCollisions } = fingerprints;
  return { bits, seed, exactStates: exactly, omissionProbability: probability, halfCollisions: { ...halfCollisions } };
}

/** Null: it is a shortest, and has no preemptions, or nobody has looked for longer ones with fewer. */
function fewestJson({ fewest, preemptions = 0 }: Counterexample): Json {
  if (fewest === undefined) return null;
  const { shortest, bound, cutShort } = fewest;
  return { shortest, bound, atLeast: cutShort?.preemptions ?? preemptions, cutShort: cutShort?.why ?? null };
}
