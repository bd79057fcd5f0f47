import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { node, ROOT } from './xmc.js';

const PAN = pathToFileURL(join(ROOT, 'bench/spin/pan.js')).href;

/** The value of an expression over what the module exports. */
async function evaluated(expression: string, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const script = `import * as pan from '${PAN}'; console.log(JSON.stringify(${expression}))`;
  const { code, stdout, stderr } = await node(['--input-type=module', '-e', script], { env });
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** What pan prints, and then the shell. */
const printed = (errors: number, before = ''): string =>
  JSON.stringify(`${before}
State-vector 40 byte, depth reached 85, errors: ${errors}
      899 states, stored
      701 states, matched
     1600 transitions (= stored+matched)
   54.600	total actual memory usage
pan: elapsed time 0.01 seconds
0m0.00s 0m0.00s
1m2.50s 0m0.50s
`);

const readOf = (text: string): string =>
  `(() => { try { return pan.readPan(${text}); } catch (error) { return error.message.split('\\n')[0]; } })()`;

describe.concurrent('SPIN beside xmc', () => {
  it('says which tools are missing', async () => {
    expect(await evaluated('pan.findSpin()', { PATH: '/nowhere', CC: 'no-such-compiler' })).toEqual({
      missing: 'not measured: spin and no-such-compiler not found on PATH (apt-get install spin gcc)',
    });
  });

  it('reads the figures that pan and the shell print', async () => {
    const figures = { states: 899, transitions: 1600, MB: 55, 'seconds of CPU': 63 };
    expect(await evaluated(readOf(printed(0)))).toEqual({ end: 'exhausted', ...figures });
    const violated = printed(1, 'pan:1: assertion violated (left==right) (at depth 49)');
    expect(await evaluated(readOf(violated))).toEqual({ end: 'no-torn-instruction', ...figures });
  });

  it('reads counts that pan writes with an exponent', async () => {
    const large = printed(0).replace('     1600 transitions', '2.7848399e+08 transitions');
    expect(await evaluated(readOf(large))).toMatchObject({ states: 899, transitions: 278_483_990 });
  });

  it('takes no search for a verdict that was cut short or found something else', async () => {
    expect(await evaluated(readOf(printed(0, 'error: max search depth too small')))).toBe(
      'pan did not search all states: max search depth too small',
    );
    expect(await evaluated(readOf(printed(0, 'Warning: Search not completed')))).toBe(
      'pan did not search all states: Search not completed',
    );
    expect(await evaluated(readOf(printed(1, 'pan:1: assertion violated (n<9) (at depth 3)')))).toBe(
      'pan found an error that the model does not name: (n<9)',
    );
    expect(await evaluated(readOf(printed(1, 'pan:1: invalid end state (at depth 3)')))).toMatch(
      /^pan says nothing like .*assertion violated/,
    );
  });
});
