import type { Search } from '../search/search.js';
import type { CodeText } from './code-text.js';

/** So many states of a group are looked at: more say nothing new. */
const LOOKED_AT = 2000;

/** What a CPU is seen to do in the states of a group. */
interface Doing {
  readonly waits: Set<string>;
  readonly steps: Set<string>;
  readonly places: Set<string>;
  readonly flags: Set<boolean>;
  moves: boolean;
  halted: boolean;
  dead: boolean;
}

/** What each CPU does in a group of states that is never left, in words: who waits for what, who goes round where. */
export function stuckText(search: Search, group: readonly number[], code: CodeText): string[] {
  const { machine } = search;
  const all = machine.cpus.map(
    (): Doing => ({
      waits: new Set(),
      steps: new Set(),
      places: new Set(),
      flags: new Set(),
      moves: false,
      halted: true,
      dead: false,
    }),
  );
  for (const state of group.slice(0, LOOKED_AT)) {
    const canMove = machine.cpus.map(({ cpu }) => search.moves(state, cpu).length > 0);
    search.restore(state);
    all.forEach((doing, cpu) => {
      note(search, cpu, canMove[cpu] ?? false, doing, code);
    });
  }
  return all.map((doing, cpu) => `CPU ${cpu} ${words(doing)}`);
}

function note({ machine }: Search, cpu: number, canMove: boolean, doing: Doing, code: CodeText): void {
  const { rip, halted, dead, interruptsEnabled } = machine.state(cpu);
  const at = machine.procedureAt(cpu);
  doing.moves ||= canMove;
  doing.dead ||= dead;
  doing.halted &&= halted || machine.isFinished(cpu);
  doing.flags.add(interruptsEnabled);
  if (at === undefined) doing.places.add(code.address(rip));
  else (canMove ? doing.steps : doing.waits).add(`${at.procedure}: "${at.label}"`);
}

function words({ waits, steps, places, flags, moves, halted, dead }: Doing): string {
  if (dead) return 'has stopped for good';
  const flag = flags.size === 2 ? '' : ` with IF=${flags.has(true) ? 1 : 0}`;
  if (!moves && waits.size > 0) return `waits${flag} in ${[...waits].join(' or ')}`;
  if (halted && steps.size === 0) return `has nothing to do${flag}`;
  const where = [...places, ...steps].slice(0, 4).join(', ');
  const more = places.size + steps.size > 4 ? ', ...' : '';
  if (waits.size > 0) return `comes back${flag} to ${[...waits].join(' or ')}, by ${where}${more}`;
  return moves ? `goes round${flag} at ${where}${more}` : `stands${flag} at ${where}${more}`;
}
