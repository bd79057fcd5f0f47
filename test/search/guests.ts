import { type BuiltScenario, buildScenario } from '../../src/scenario/build/build.js';
import { loadScenario } from '../../src/scenario/load.js';

/** A scenario with guest code only: some instructions a task, which begins at its name on a CPU of its own, and a word. */
export function guests(code: Readonly<Record<string, string>>, more: string): BuiltScenario {
  const asm = Object.entries(code).map(([name, line]) => `      ${name}: ${line}`);
  const tasks = Object.keys(code).map((name, cpu) => `  ${name}: {cpu: ${cpu}, entry: ${name}}`);
  const text = `scenario: guests
text:
  - base: 0xffffffff81000000
    asm: |
${asm.join('\n')}
data: [{name: word, base: 0xffffffff83000000, size: 8}]
cpus: ${tasks.length}
tasks:
${tasks.join('\n')}
algorithm: memcpy
${more}`;
  return buildScenario(loadScenario(text, 'guests.yaml'));
}
