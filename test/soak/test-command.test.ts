import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT, Workshop } from '../cli/xmc.js';

const workshop = new Workshop();
const SWAP = readFileSync(join(ROOT, 'test/vitest/scenario-suite/swap.yaml'), 'utf8');

function write(name: string, content: string): void {
  workshop.write(join('scenarios', name), content);
}

beforeEach(() => {
  rmSync(join(workshop.path, 'scenarios'), { recursive: true, force: true });
  mkdirSync(join(workshop.path, 'scenarios'));
});

describe('xmc test', () => {
  it('tells an invalid file and tests the others', async () => {
    write('bad.yaml', 'scenario: bad\ncpus: 0\n');
    write('swap.yaml', SWAP);
    const { code, stdout } = await workshop.xmc(['test']);
    expect(code).toBe(2);
    expect(stdout).toMatch(
      /^scenarios\/bad\.yaml\n {2}! {5}scenarios\/bad\.yaml\nscenarios\/bad\.yaml:\d+:\d+: error: /,
    );
    expect(stdout).toMatch(/\n2 variants as expected, 1 invalid\n$/);
  });

  it('says the same bytes each time, whatever the number of threads', async () => {
    write('swap.yaml', SWAP);
    const jobs = ['1', '2'].map((count) => workshop.xmc(['test', '--reporter', 'sarif', '--jobs', count]));
    const [alone, helped] = await Promise.all(jobs);
    expect(alone?.code).toBe(0);
    expect(helped).toEqual(alone);
  });
});
