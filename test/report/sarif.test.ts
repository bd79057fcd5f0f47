import type { Log } from 'sarif';
import { describe, expect, it } from 'vitest';
import { PROPERTIES } from '../../src/property/properties.js';
import { PROPERTY_HELP } from '../../src/property/property-help.js';
import { sarifText } from '../../src/report/sarif.js';
import { judged } from '../regression/judged.js';
import { swapBy } from '../regression/swap-scenario.js';
import { REPORTS } from './case-reports.js';

/** The only run of a log. */
function runOf(text: string): Log['runs'][number] {
  const log = JSON.parse(text) as Log;
  expect(log.version).toBe('2.1.0');
  expect(log.runs).toHaveLength(1);
  const [run] = log.runs;
  if (run === undefined) throw new Error('no run');
  return run;
}

describe('a SARIF log', () => {
  const run = runOf(sarifText(REPORTS, '1.2.3'));
  const results = run.results ?? [];

  it('has a result for each variant that failed or is open, at its place', () => {
    expect(results.map(({ ruleId, level, kind }) => [ruleId, level, kind])).toEqual([
      ['no-torn-instruction', 'error', undefined],
      ['inconclusive', 'none', 'open'],
    ]);
    expect(results[0]?.message.text).toContain('swap broken: VIOLATED no-torn-instruction, 3 steps; expected verified');
    expect(results[0]?.locations?.[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'races/swap.yaml' },
      region: { startLine: 41, startColumn: 3 },
    });
    expect(results[0]?.partialFingerprints).toEqual({
      'xmcCase/v1': 'races/swap.yaml/swap/broken/no-torn-instruction',
    });
  });

  it('names a rule with help for each result', () => {
    const rules = run.tool.driver.rules ?? [];
    expect(run.tool.driver).toMatchObject({ name: 'xmc', version: '1.2.3' });
    for (const { ruleId, ruleIndex } of results) expect(rules[ruleIndex ?? -1]?.id).toBe(ruleId);
    for (const { help } of rules) expect(help?.text).toMatch(/\.$/);
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  });

  it('has a thread flow for each CPU, and an execution order across them', () => {
    const flows = results[0]?.codeFlows?.[0]?.threadFlows ?? [];
    expect(flows.map(({ id, locations }) => [id, locations.map(({ executionOrder }) => executionOrder)])).toEqual([
      ['cpu0', [2]],
      ['cpu1', [1, 3]],
    ]);
    const lines = flows.map(({ locations }) =>
      locations.map(({ location }) => location?.physicalLocation?.region?.startLine),
    );
    expect(lines).toEqual([[28], [7, undefined]]);
    expect(flows[1]?.locations[1]).toMatchObject({
      importance: 'essential',
      location: { message: { text: 'step 3: site: call old+0x3a; here no-torn-instruction is violated' } },
    });
  });

  it('tells of invalid files as notifications, with the name as a URI', () => {
    expect(run.invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [
          {
            level: 'error',
            message: { text: 'races/bad one.yaml:2:1: error: unknown key: "cpu"' },
            locations: [
              { physicalLocation: { artifactLocation: { uri: 'races/bad%20one.yaml' }, region: { startLine: 2 } } },
            ],
          },
        ],
      },
    ]);
    expect(runOf(sarifText(REPORTS.slice(0, 2), '1')).invocations).toMatchObject([{ executionSuccessful: true }]);
  });

  it('was not successful when it was interrupted', () => {
    expect(runOf(sarifText(REPORTS.slice(0, 2), '1', 1)).invocations).toMatchObject([
      {
        executionSuccessful: false,
        toolExecutionNotifications: [{ message: { text: 'interrupted: 1 file not tested to the end' } }],
      },
    ]);
  });

  it('is the same text each time', () => {
    expect(sarifText(REPORTS, '1')).toBe(sarifText(REPORTS, '1'));
  });
});

it('leads from each step of a real counterexample to what is behind it', async () => {
  const run = runOf(sarifText([await judged(swapBy('memcpy'), undefined)], '1'));
  const flows = run.results?.[0]?.codeFlows?.[0]?.threadFlows ?? [];
  const places = flows.map(({ id, locations }) => [
    id,
    locations.map(({ location }) => location?.physicalLocation?.artifactLocation?.uri),
  ]);
  expect(places).toEqual([
    ['cpu0', ['patch.0', 'patch.0']],
    ['cpu1', ['text.0.asm']],
  ]);
});

it('has a sentence for every property', () => {
  expect(Object.keys(PROPERTY_HELP).sort()).toEqual([...PROPERTIES.keys()].sort());
});
