import type { BuiltScenario } from '../../src/scenario/build/build.js';
import type { Compaction } from '../../src/search/compaction.js';
import type { Helpers } from '../../src/search/helpers/help.js';
import { Helper } from '../../src/search/helpers/helper.js';
import type { Answers, HelperPort, Request } from '../../src/search/helpers/messages.js';
import { ALL_REDUCTIONS, type Reductions } from '../../src/search/reduction/reductions.js';
import { Search } from '../../src/search/search.js';
import { found } from './found.js';
import { numbers } from './random-scenario.js';

/** Of a search that is small. */
const PACE = { least: 0, ahead: 200, atATime: 2 };

/** How a search is helped. */
export interface Help {
  readonly helpers: number;
  /** Chooses when messages arrive. */
  readonly seed: number;
  readonly reductions?: Reductions;
  readonly fingerprints?: Compaction;
  /** The limit of states. */
  readonly states?: number;
  /** What becomes of answers on their way. Default: nothing. */
  readonly onTheWay?: (answers: Answers) => Answers;
  /** One of so many answers is compared. Default: 13. */
  readonly checked?: number;
}

/** A helper that answers in its own time: some questions at once, others when it was asked for answers again and again. */
class SlowPort implements HelperPort {
  private readonly requests: Request[] = [];

  constructor(
    private readonly helper: Helper,
    private readonly next: (below: number) => number,
    private readonly onTheWay: (answers: Answers) => Answers,
  ) {}

  post(request: Request): void {
    this.requests.push(structuredClone(request));
  }

  take(): Answers | undefined {
    if (this.next(3) > 0) return undefined;
    const request = this.requests.shift();
    return request && this.onTheWay(structuredClone(this.helper.answer(request)));
  }
}

const same = (answers: Answers): Answers => answers;

/** What a search finds alone, and with helpers, of how many moves it was told, and how many of them it compared. */
export function helped(
  build: () => BuiltScenario,
  {
    helpers: count,
    seed,
    reductions = ALL_REDUCTIONS,
    states = 20_000,
    fingerprints,
    onTheWay = same,
    checked = 13,
  }: Help,
): { readonly alone: unknown; readonly together: unknown; readonly used: number } {
  const next = numbers(seed);
  const looked = new Int32Array(new SharedArrayBuffer(4));
  const port = (): HelperPort => new SlowPort(new Helper(build, reductions, looked, 0), next, onTheWay);
  const helpers: Helpers = { ports: Array.from({ length: count }, port), looked, pace: { ...PACE, checked } };
  const search = (options: { readonly helpers?: Helpers }): Search => {
    const { machine, monitors } = build();
    const limits = { states, memory: 2 ** 31 };
    const made = new Search(machine, monitors, { limits, moveCache: true, reductions, fingerprints, ...options });
    made.advance(Number.POSITIVE_INFINITY);
    return made;
  };
  const together = search({ helpers });
  const all = (one: Search): unknown => [found(one), one.counts.memory];
  return { alone: all(search({})), together: all(together), used: together.movesTold };
}
