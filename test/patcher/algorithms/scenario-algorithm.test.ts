import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/input-error.js';
import { buildScenario } from '../../../src/scenario/build/build.js';
import { loadScenario } from '../../../src/scenario/load.js';

const scenario = (algorithm: string, more = ''): string => `scenario: mine
text:
  - base: 0xffffffff81000000
    asm: |
      loop: .nops 5
            jmp.rel8 loop
sites: {loop: {}}
cpus: 2
tasks:
  patcher: {cpu: 0, procedure: patch}
  worker: {cpu: 1, entry: loop}
patch: [{site: loop, new: "jmp.rel32 loop"}]
${algorithm}
${more}`;

/** Where the algorithm stands in {@link scenario}. */
const LINE = 13;

function errorOf(text: string): string {
  try {
    buildScenario(loadScenario(text, 'mine.yaml'));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { location, message, hint } = error;
    return `${location?.line}:${location?.column}: ${message}${hint === undefined ? '' : ` (${hint})`}`;
  }
  return 'no error';
}

describe('the algorithm of a scenario', () => {
  it('is a name, text-poke-bp without one', () => {
    expect(loadScenario(scenario(''), 'mine.yaml').variant().algorithm).toBe('text-poke-bp');
    expect(loadScenario(scenario('algorithm: stop-machine'), 'mine.yaml').variant().algorithm).toBe('stop-machine');
    expect(errorOf(scenario('algorithm: stop-machine'))).toBe('no error');
    expect(errorOf(scenario('algorithm: stop-machines'))).toContain(
      `${LINE}:12: unknown algorithm "stop-machines" (did you mean 'stop-machine'? known: text-poke-bp, memcpy, `,
    );
  });

  it('may be steps, with a handler that emulates unless it says otherwise', () => {
    const { algorithm } = loadScenario(scenario('algorithm: {steps: [write-int3, poke 1..4]}'), 'mine.yaml').variant();
    expect(algorithm).toEqual({ handler: 'emulate', steps: ['write-int3', 'poke 1..4'] });
    expect(errorOf(scenario('algorithm: {handler: none, steps: [store, sync]}'))).toBe('no error');
  });

  it('may be steps in a variant', () => {
    const variants =
      'variants:\n  stored: {algorithm: {steps: [store, sync], handler: none}}\n  bare: {algorithm: memcpy}\n';
    const loaded = loadScenario(scenario('', variants), 'mine.yaml');
    expect(loaded.variant('stored').algorithm).toEqual({ handler: 'none', steps: ['store', 'sync'] });
    expect(loaded.variant('bare').algorithm).toBe('memcpy');
    expect(buildScenario(loaded, { variant: 'stored' }).machine.cpuCount).toBe(2);
  });

  it('is refused at its place: an unknown step, with what may have been meant', () => {
    expect(errorOf(scenario('algorithm: {steps: [publish, write-int]}'))).toContain(
      `${LINE}:30: algorithm.steps.1: unknown step 'write-int' (did you mean 'write-int3'? known: publish, `,
    );
    expect(errorOf(scenario('algorithm:\n  steps:\n    - sync\n    - sync 1\n'))).toBe(
      `${LINE + 3}:7: algorithm.steps.1: step 'sync' takes no bytes`,
    );
  });

  it('is refused at its place: a step that pokes outside its site, at the patch', () => {
    expect(errorOf(scenario('algorithm: {handler: none, steps: [poke 3..5]}'))).toMatch(
      /^12:[0-9]+: step 'poke 3\.\.5' pokes outside site loop, which is 5 bytes long \(its bytes are 0\.\.4\)$/,
    );
  });

  it('is refused at its place: steps that cannot come in this order', () => {
    expect(errorOf(scenario('algorithm: {steps: [sync, retire]}'))).toContain(
      `${LINE}:20: step 'retire' has no 'publish' before it`,
    );
  });

  it('is refused at its place: another form than these', () => {
    expect(errorOf(scenario('algorithm: {steps: []}'))).toBe(
      `${LINE}:20: algorithm.steps: expected at least one step, not a list`,
    );
    expect(errorOf(scenario('algorithm: {handler: skip}'))).toContain("'steps' is missing");
    expect(errorOf(scenario('algorithm: {handler: skips, steps: [sync]}'))).toContain(
      'algorithm.handler: expected emulate, skip, retry, none',
    );
    expect(errorOf(scenario('algorithm: {step: [sync]}'))).toMatch(/'steps'|unknown key 'step'/);
    expect(errorOf(scenario('algorithm: [sync]'))).toContain(
      'expected the name of an algorithm, or a map with steps and handler',
    );
    expect(errorOf(scenario('algorithm: {steps: [sync, {poke: 1}]}'))).toContain('algorithm.steps.1');
  });
});
