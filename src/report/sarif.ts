import type { Location, Notification, ReportingDescriptor, Result, ThreadFlow, ThreadFlowLocation } from 'sarif';
import type { SourceLocation } from '../input-error.js';
import { PROPERTY_HELP } from '../property/property-help.js';
import { interruptedText } from './case-kind.js';
import type { CaseCounterexample, CaseReport } from './case-report.js';
import { caseName, caseSummary, failureSentence } from './case-text.js';
import { diagnosticText } from './diagnostic.js';
import { jsonText } from './json-text.js';
import { PLAIN } from './paint.js';
import { safeText } from './safe-text.js';

/** Rules that are no property: what a result is about when there is no violation. */
const OTHER_RULES = {
  expectation: 'The verdict of a variant is the one that its scenario expects.',
  inconclusive: 'A verdict can be given: no limit is met, every instruction is supported, every goal is reached.',
} as const;

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * SARIF 2.1.0 (OASIS Standard): a result for each variant that failed, whose code flow has a thread flow for each CPU;
 * `executionOrder` says how they interleave. A result is `open` where the verdict is inconclusive. Invalid files are
 * notifications.
 * @param version of this program
 * @param left how many files were not come to, as somebody interrupted
 */
export function sarifText(reports: readonly CaseReport[], version: string, left = 0): string {
  const results = reports.flatMap(resultOf);
  const used = new Set(results.map(({ ruleId }) => ruleId ?? ''));
  const rules = [...new Set([...Object.keys(PROPERTY_HELP), ...Object.keys(OTHER_RULES), ...used])].map(ruleOf);
  const numbers = new Map(rules.map(({ id }, index) => [id, index]));
  const notifications = [...reports.flatMap(notificationsOf), ...interruptedOf(left)];
  return jsonText({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'xmc', version, rules } },
        columnKind: 'utf16CodeUnits',
        invocations: [{ executionSuccessful: notifications.length === 0, toolExecutionNotifications: notifications }],
        results: results.map((result) => ({ ...result, ruleIndex: numbers.get(result.ruleId ?? '') ?? -1 })),
      },
    ],
  });
}

function ruleOf(id: string): ReportingDescriptor {
  const help: Readonly<Record<string, string>> = { ...PROPERTY_HELP, ...OTHER_RULES };
  const text = help[id] ?? 'An expression that the scenario has under `check:`.';
  return { id, shortDescription: { text }, fullDescription: { text }, help: { text } };
}

function resultOf(report: CaseReport): Result[] {
  const { outcome, place } = report;
  if (outcome.kind === 'passed' || outcome.kind === 'invalid') return [];
  const counterexample = outcome.kind === 'failed' ? outcome.counterexample : undefined;
  const ruleId =
    outcome.kind === 'inconclusive' ? 'inconclusive' : (counterexample?.property ?? ('expectation' as const));
  const subject = `${report.scenario} ${caseName(report)}`;
  return [
    {
      ruleId,
      ...(outcome.kind === 'failed' ? { level: 'error' as const } : { kind: 'open' as const, level: 'none' as const }),
      message: { text: `${subject}: ${caseSummary(report)}. ${failureSentence(report)}` },
      locations: [locationOf(place, subject)],
      partialFingerprints: { 'xmcCase/v1': `${report.file}/${report.scenario}/${report.variant ?? ''}/${ruleId}` },
      ...(counterexample === undefined ? {} : { codeFlows: [{ threadFlows: threadFlows(counterexample) }] }),
    },
  ];
}

/** A thread flow for each CPU that does something, in the order of CPUs. */
function threadFlows({ flow, property }: CaseCounterexample): ThreadFlow[] {
  const cpus = [...new Set(flow.map(({ cpu }) => cpu))].sort((a, b) => a - b);
  return cpus.map((cpu) => ({
    id: `cpu${cpu}`,
    message: { text: `CPU ${cpu}` },
    locations: flow.flatMap((step, index): ThreadFlowLocation[] => {
      if (step.cpu !== cpu) return [];
      const isLast = index === flow.length - 1;
      const text = `step ${step.step}: ${step.text}${isLast ? `; here ${property} is violated` : ''}`;
      return [
        {
          location: locationOf(step.place, text),
          executionOrder: index + 1,
          importance: isLast ? 'essential' : 'important',
        },
      ];
    }),
  }));
}

function notificationsOf({ outcome, unwritten, place }: CaseReport): Notification[] {
  const errors = [
    ...(outcome.kind === 'invalid' ? [outcome.error] : []),
    ...(unwritten === undefined ? [] : [unwritten]),
  ];
  return errors.map((error) => ({
    level: 'error',
    message: { text: diagnosticText(error, PLAIN).join('\n') },
    locations: [locationOf(error.location ?? place)],
  }));
}

function interruptedOf(left: number): Notification[] {
  return left === 0 ? [] : [{ level: 'error', message: { text: interruptedText(left) } }];
}

function locationOf({ file, line, column }: SourceLocation, text?: string): Location {
  const region = line === undefined ? undefined : { startLine: line, ...(column && { startColumn: column }) };
  return {
    physicalLocation: { artifactLocation: { uri: uriOf(file) }, ...(region && { region }) },
    ...(text === undefined ? {} : { message: { text: safeText(text) } }),
  };
}

/** A relative path is a relative URI, which readers take as below the root of the sources. */
function uriOf(file: string): string {
  const path = file.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${path}` : path;
}
