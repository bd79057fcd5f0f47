import type { Footprint } from '../../memory/footprint.js';
import { extentOf } from '../experience.js';
import type { Moves } from '../move.js';
import { areSameMoves } from '../move-cache.js';
import type { MoveFinder } from '../move-maker.js';
import type { Accesses } from '../reduction/accesses.js';
import type { Sharing } from '../reduction/sharing.js';
import type { Workshop } from '../workshop.js';
import { AnswerBook } from './answer-book.js';
import { Colleague } from './colleague.js';
import { type Findings, retrace } from './findings.js';
import type { HelperPort } from './messages.js';
import { retell } from './noted-uses.js';

/** Helpers of a search, and where it writes down how many states it has looked at. */
export interface Helpers {
  readonly ports: readonly HelperPort[];
  readonly looked: Int32Array;
  /** In the place of {@link PACE}. */
  readonly pace?: Readonly<Record<keyof typeof PACE, number>>;
}

/** What is asked of a search that is helped. */
interface Helped {
  /** How many states were found, and looked at, since it began or began anew, and how often it did that. */
  readonly found: number;
  readonly looked: number;
  readonly restarts: number;
  /** Whether the vector of a state is there: of those to be looked at it is. */
  isKept(state: number): boolean;
  /** The vector of a state, for now. */
  vectorOf(state: number): Int32Array;
}

/** How a search goes about it. */
export const PACE = {
  /** A search that has found fewer states is over, after some seconds, before help makes up for what it takes to begin. */
  least: 150_000,
  /** How many states ahead helpers are asked for moves, and for how many states at a time. */
  ahead: 2048,
  atATime: 128,
  /** One of so many answers is compared with what is found without help. */
  checked: 1021,
} as const satisfies Record<string, number>;

/**
 * Asks helpers for moves that a search is going to need. What they say is what it would find itself, so that it does not
 * matter which of its moves they were in time with (docs/soundness/jobs.md).
 */
export class Help {
  /** How many answers were used. */
  used = 0;
  private readonly colleagues: readonly Colleague[];
  private book: AnswerBook | undefined;
  private readonly pace: Readonly<Record<keyof typeof PACE, number>>;
  /** What was noted and passed on, and the sets of accesses. */
  private readonly passedOn = new Map<Findings, Accesses | undefined>();
  /** A number for what the search rests on; answers on another basis are worth nothing. */
  private version = -1;
  private restarts = 0;
  private isWorthIt = false;
  /** The next state to ask about. */
  private next = 0;

  constructor(private readonly helpers: Helpers) {
    this.pace = helpers.pace ?? PACE;
    this.colleagues = helpers.ports.map((port) => new Colleague(port));
  }

  /** Asks about the moves of the next states that the search does not know yet. */
  lookAhead(search: Helped, workshop: Workshop): void {
    const { found, looked } = search;
    this.isWorthIt ||= found >= this.pace.least;
    if (!this.isWorthIt) return;
    if (search.restarts !== this.restarts) {
      this.restarts = search.restarts;
      this.next = 0;
    }
    this.next = Math.max(this.next, looked);
    const end = Math.min(found, looked + this.pace.ahead);
    if (end - this.next < this.pace.atATime) return;
    Atomics.store(this.helpers.looked, 0, looked);
    for (; this.next < end; this.next++)
      if (search.isKept(this.next)) this.lookAt(this.next, search.vectorOf(this.next), workshop);
    const version = this.versionOf(workshop);
    for (const colleague of this.colleagues) colleague.ask(workshop, version);
  }

  private lookAt(state: number, vector: Int32Array, { machine, cache, vector: { length } }: Workshop): void {
    for (let cpu = 0; cpu < machine.cpuCount; cpu++) {
      if (cache?.knows(vector, length, cpu) === true) continue;
      // Who is asked the same twice need not think twice.
      const colleague = this.colleagues[(vector[cpu] ?? 0) % this.colleagues.length];
      colleague?.note(state, cpu, vector, length);
    }
  }

  /** Finds moves in what was said, and otherwise by itself. */
  finding(finder: MoveFinder, workshop: () => Workshop): MoveFinder {
    return {
      moves: (state: Int32Array, length: number, cpu: number, footprint?: Footprint): Moves => {
        const said = footprint && this.said(state, length, cpu, footprint, workshop());
        if (said === undefined) return finder.moves(state, length, cpu, footprint);
        if (++this.used % this.pace.checked === 0) this.check(said, finder.moves(state, length, cpu), cpu);
        return said;
      },
    };
  }

  /** What was said of the moves of a CPU; everything is noted as if it had been found here. */
  private said(
    state: Int32Array,
    length: number,
    cpu: number,
    footprint: Footprint,
    workshop: Workshop,
  ): Moves | undefined {
    this.book ??= new AnswerBook(workshop.machine.cpuCount, workshop.vector, workshop.shapes);
    this.listen(this.versionOf(workshop), this.book);
    const answer = this.book.find(state, length, cpu);
    if (answer === undefined) return undefined;
    const { list, findings } = answer;
    retrace(findings, footprint);
    return { list, accesses: this.heard(findings, workshop.conclusions.sharing) };
  }

  /** Passes on what was noted, once: what is said again changes nothing. */
  private heard(findings: Findings, sharing: Sharing | undefined): Accesses | undefined {
    if (sharing === undefined || this.passedOn.has(findings)) return this.passedOn.get(findings);
    const { noted, accesses } = findings;
    if (noted !== undefined) retell(noted, sharing);
    const known = accesses && sharing.sets.of(accesses.read, accesses.written);
    this.passedOn.set(findings, known);
    return known;
  }

  private listen(version: number, book: AnswerBook): void {
    if (version !== this.version) book.clear();
    this.version = version;
    for (const colleague of this.colleagues) colleague.listen(version, book);
  }

  private versionOf(workshop: Workshop): number {
    return this.restarts + extentOf(workshop);
  }

  private check(said: Moves, done: Moves, cpu: number): void {
    if (!areSameMoves(said, done)) throw new Error(`a step of CPU ${cpu} came out differently elsewhere`);
  }
}
