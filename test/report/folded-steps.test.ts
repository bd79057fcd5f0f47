import { describe, expect, it } from 'vitest';
import type { MachineEvent } from '../../src/machine/event.js';
import { foldedSteps } from '../../src/report/folded-steps.js';
import type { StepEvents } from '../../src/report/step-events.js';

const label = (text: string, cpu = 1): MachineEvent => ({ kind: 'procedure-step', cpu, procedure: 'irq', label: text });
const accepted: MachineEvent = { kind: 'ipi-accepted', cpu: 1, vector: 0xfc };
const serialises: MachineEvent = { kind: 'serialize', cpu: 1 };
const iret: MachineEvent = { kind: 'iret', cpu: 1, rip: 5n };
const acked: MachineEvent = { kind: 'ipi-acked', cpu: 1, vector: 0xfc, initiators: [0] };
const step = (number: number, cpu: number, ...events: readonly MachineEvent[]): StepEvents => ({
  ...{ step: number, cpu, interrupted: undefined, events },
});
const handler = [step(3, 1, label('sync'), serialises), step(4, 1, label('ack'), acked)];
const end = step(5, 1, label('iretq'), iret, serialises);
const begin = step(2, 1, accepted);

describe('An interrupt and its handler', () => {
  it('are told as one, with all that they caused, each thing once', () => {
    const before = step(1, 0, label('before', 0));
    expect(foldedSteps([before, begin, ...handler, end, step(6, 1, label('after'))])).toEqual([
      before,
      { ...begin, through: 5, events: [accepted, serialises, acked, iret] },
      step(6, 1, label('after')),
    ]);
  });

  it.each<readonly [string, readonly StepEvents[]]>([
    ['another CPU comes between', [begin, ...handler, step(5, 0, label('other', 0)), step(6, 1, iret)]],
    ['the handler does not end', [begin, ...handler]],
    ['another interrupt is accepted in it', [begin, ...handler, step(5, 1, { ...accepted, vector: 2 })]],
    [
      'it hands a range over',
      [begin, step(3, 1, label('free'), { kind: 'range-retired', cpu: 1, range: 'stub' }), { ...end, step: 4 }],
    ],
  ])('are told step by step where %s', (_what, steps) => {
    expect(foldedSteps(steps)).toEqual(steps);
  });
});

describe('A step that a procedure repeats', () => {
  const store = (number: number, ...caused: readonly MachineEvent[]): StepEvents =>
    step(number, 0, label('store one byte', 0), ...caused);
  const loud = { ...serialises, cpu: 0 };

  it('is told once, with the last of its numbers, where it causes nothing', () => {
    const steps = [store(1, loud), store(2), store(3), store(4), step(5, 0, label('next', 0))];
    expect(foldedSteps(steps)).toEqual([steps[0], { ...store(2), through: 4 }, steps[4]]);
  });

  it('is told each time where another CPU comes between', () => {
    const steps = [store(1), step(2, 1, label('store one byte')), store(3)];
    expect(foldedSteps(steps)).toEqual(steps);
  });
});
