import type { Procedure } from '../../machine/procedure.js';
import { type Row, span } from '../row.js';
import type { Walk } from '../walk.js';

/** The procedure that a CPU is in, its callers behind it, and its steps around the next one, which is behind `>`. */
export function procedureRows({ timeline }: Walk, cpu: number, _width: number, height: number): Row[] {
  const { machine } = timeline;
  const calls = machine.runner.calls(cpu);
  const current = calls.at(-1);
  if (current === undefined) return [];
  // The innermost one first: that is what has to be seen where there is little room.
  const chain = calls.map(({ procedure }) => shortName(procedure)).toReversed();
  const labels = stepsOf(current.procedure);
  const at = labels.findIndex(({ pc }) => pc === current.pc);
  const waits = machine.runner.choices(cpu).length === 0;
  const room = Math.max(1, height - 1);
  const above = Math.floor((room - 1) / 3);
  const first = Math.max(0, Math.min(at - above, labels.length - room));
  return [
    [span(`in ${chain.join(' < ')}`, 'cyan')],
    ...labels.slice(first, first + room).map(({ pc, label }): Row => {
      if (pc !== current.pc) return [span(` ${label}`, 'dim')];
      return [span(`>${label}`, 'bold'), ...(waits ? [span('  waits', 'yellow')] : [])];
    }),
  ];
}

/** The newer name alone where there are two. */
function shortName({ name }: Procedure): string {
  return name.replace(/ \(.*\)$/, '');
}

interface LabelledStep {
  readonly pc: number;
  readonly label: string;
}

/** The steps of a procedure, and the calls of others among them. */
function stepsOf({ program }: Procedure): LabelledStep[] {
  return program.flatMap((instruction, pc) => {
    if (instruction.kind === 'step') return [{ pc, label: instruction.step.label }];
    return instruction.kind === 'call' ? [{ pc, label: `call ${shortName(instruction.procedure)}` }] : [];
  });
}
