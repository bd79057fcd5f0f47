import { hex, hexAddress } from '../property/monitor.js';
import { eventJson, type Json } from './event-json.js';
import { isExpected, type VariantReport, type ViolationReport } from './run-report.js';

/** The name and version of the format of `xmc run --json`: an object that holds {@link variantJson} objects. */
export const RUN_SCHEMA = 'xmc.run/1';

/** The words of verdicts in JSON. */
const VERDICT_WORDS = {
  verified: 'VERIFIED',
  'no-bug-found': 'NO BUG FOUND',
  violated: 'VIOLATED',
  inconclusive: 'INCONCLUSIVE',
} as const;

/** Which variant it is, and what is said of it. */
export function judgementJson({ variant, verdict, expected }: Pick<VariantReport, 'variant' | 'verdict' | 'expected'>) {
  return {
    variant: variant ?? null,
    verdict: VERDICT_WORDS[verdict.kind],
    property: verdict.kind === 'violated' ? verdict.property : null,
    reason: verdict.kind === 'inconclusive' ? verdict.reason : null,
    expected: expected === undefined ? null : { verdict: expected.verdict, property: expected.property ?? null },
    asExpected: isExpected(verdict, expected) ?? null,
  };
}

/** What the executions of a variant have shown, as an object; addresses and bytes are hex strings. */
export function variantJson(report: VariantReport): { readonly [key: string]: Json } {
  const { violation, schedule } = report;
  return {
    ...judgementJson(report),
    scheduler: report.scheduler,
    executions: report.executions,
    steps: report.steps,
    end: report.end,
    hash: report.hash,
    goalsNotReached: report.goalsNotReached,
    details: report.details,
    violation: violation === undefined ? null : violationJson(violation),
    schedule: schedule?.file ?? null,
    replay: schedule?.replay ?? null,
  };
}

/** A violation as an object. */
export function violationJson({ violation, story, subject }: ViolationReport): { readonly [key: string]: Json } {
  const { property, cpu, step, address, bytes, message } = violation;
  return {
    property,
    cpu,
    step,
    address: hexAddress(address),
    symbol: subject.code.address(address),
    bytes: hex(bytes),
    text: bytes.length === 0 ? null : subject.code.insn(bytes, address),
    sites: subject.sites.map(({ symbol, address: start, versions }) => ({
      symbol,
      address: hexAddress(start),
      versions: versions.map((version) => ({ bytes: hex(version), text: subject.code.insns(version, start) })),
    })),
    message,
    events: story.flatMap((one) => one.events.map((event) => eventJson(one, event, subject))),
  };
}
