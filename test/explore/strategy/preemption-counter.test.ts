import { describe, expect, it } from 'vitest';
import { preemptionsOf } from '../../../src/explore/strategy/preemption-counter.js';
import { procedure } from '../../../src/machine/procedure.js';
import { parseStep, type Step } from '../../../src/machine/step.js';
import { Search } from '../../../src/search/search.js';
import { shortestWay } from '../../../src/search/shortest-way.js';
import { stepsOfWay } from '../../../src/search/way-steps.js';
import { World } from '../../machine/world.js';
import { built } from '../call-swap.js';

const steps = (...texts: readonly string[]): Step[] =>
  texts.map((text) => {
    const step = parseStep(text);
    if (step === undefined) throw new Error(`no step: ${text}`);
    return step;
  });

const iret = procedure('irq', (p) => p.step('iretq', (c) => c.host.interruptReturn(c.cpu)));
const loops = (): World =>
  new World({ asm: 'here: jmp here; once: nop; hlt', cpus: 2, tasks: ['here', 'once'], idt: { 64: iret } });

describe('a preemption', () => {
  it('is leaving a CPU that could go on', () => {
    expect(preemptionsOf(loops().machine, steps('cpu0 insn', 'cpu1 insn', 'cpu0 insn', 'cpu0 insn'))).toBe(2);
  });

  it('is not leaving one that is halted', () => {
    expect(preemptionsOf(loops().machine, steps('cpu1 insn', 'cpu1 insn', 'cpu0 insn'))).toBe(0);
  });

  it('is not accepting an interrupt, nor leaving a CPU that has just ended a handler', () => {
    const { machine } = loops().send(0x40, 1);
    const schedule = steps('cpu0 insn', 'cpu1 accept 0x40', 'cpu1 proc', 'cpu0 insn', 'cpu1 insn');
    expect(preemptionsOf(machine, schedule)).toBe(1);
  });

  it('is what "xmc check" counts', () => {
    const { machine, monitors } = built('memcpy');
    const search = new Search(machine, monitors, { limits: { states: 1e5, memory: 1e9 }, moveCache: true });
    search.advance(1e5);
    if (search.end?.kind !== 'violated') throw new Error('memcpy is violated');
    const { steps: length, violation } = search.end;
    const way = shortestWay(search, { length, arrives: (move) => move.violation?.property === violation.property });
    search.restore(0);
    const schedule = stepsOfWay(machine, way.steps);
    expect(way.preemptions).toBeGreaterThan(0);
    expect(preemptionsOf(built('memcpy').machine, schedule)).toBe(way.preemptions);
  });
});
