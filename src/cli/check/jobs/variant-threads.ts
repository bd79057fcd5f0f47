import { type ResourceLimits, Worker } from 'node:worker_threads';
import { nameOf, type Recipe } from '../../../judge/prepare.js';
import { quantity } from '../../../report/quantity.js';
import { wantsColor } from '../../color.js';
import type { Interrupt } from '../../io/interrupt.js';
import type { Progress } from '../../io/progress.js';
import type { CheckSurroundings } from '../surroundings.js';
import { type CheckOutcome, outcomeOf, VariantFailure } from '../variant-failure.js';
import { sent } from './sent-recipes.js';
import { Turns } from './turns.js';
import type { VariantNews, VariantOrder } from './variant-news.js';

/** Milliseconds of a check before threads are started: what is over sooner would take longer with them. */
const PATIENCE = 2000;

/** How threads are started, and when. */
interface ThreadKind {
  readonly script?: URL;
  readonly resourceLimits?: ResourceLimits;
  /** Milliseconds. */
  readonly patience?: number;
  /** Whether variants are checked here too, beside threads. */
  readonly here?: boolean;
}

/** Checks variants of a scenario here and in threads: each takes the next one that nobody has begun. */
export class VariantThreads {
  private readonly order: VariantOrder;
  private readonly turns: Turns;
  private readonly workers = new Set<Worker>();
  /** By the number of the variant: what came of it, as long as it is not told, and how far those under way are. */
  private readonly outcomes = new Map<number, CheckOutcome>();
  private readonly texts = new Map<number, string>();
  /** That there is no use in going on. */
  private broken: unknown;
  private isBusyHere = false;
  private isClosed = false;
  private wake = (): void => {};

  constructor(
    private readonly recipes: readonly Recipe[],
    private readonly around: CheckSurroundings & { readonly interrupt: Interrupt },
    private readonly kind: ThreadKind = {},
  ) {
    this.turns = Turns.make(recipes.length);
    const { path, width, program, options } = around;
    const color = wantsColor(options.color, process.env, process.stdout) ? 'always' : 'never';
    this.order = {
      recipes: sent(recipes),
      options: { ...options, jobs: 1, color },
      ...{ path, width, program },
      showsProgress: process.stderr.isTTY === true,
      turns: this.turns.shared,
    };
  }

  /**
   * What comes of the variants, in their order, up to the first one that was not begun.
   * @throws Error when threads end before they begin with a variant; InputError.
   */
  async *run(): AsyncGenerator<CheckOutcome> {
    const { recipes, around } = this;
    const { interrupt, progress } = around;
    const { patience = PATIENCE, here = true } = this.kind;
    const stop = (): void => this.turns.stop(interrupt.code ?? 0);
    interrupt.signal.addEventListener('abort', stop);
    if (interrupt.signal.aborted) stop();
    const timer = setTimeout(() => this.startAll(), patience);
    try {
      if (here) this.checkHere();
      else this.startAll();
      for (let number = 0; number < recipes.length; number++) {
        const outcome = await this.outcomeOf(number);
        if (outcome === undefined) return;
        progress.clear();
        yield outcome;
      }
    } finally {
      clearTimeout(timer);
      interrupt.signal.removeEventListener('abort', stop);
      progress.clear();
      this.isClosed = true;
      await Promise.all([...this.workers].map((worker) => worker.terminate()));
    }
  }

  /** Waits for it; undefined: nobody is there any more to begin with it. */
  private async outcomeOf(number: number): Promise<CheckOutcome | undefined> {
    for (;;) {
      if (this.broken !== undefined) throw this.broken;
      const outcome = this.outcomes.get(number);
      this.outcomes.delete(number);
      if (outcome !== undefined || (this.workers.size === 0 && !this.isBusyHere)) return outcome;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
  }

  /** Does what one job does; it is one of them. */
  private async checkHere(): Promise<void> {
    const { around, turns } = this;
    const options = { ...around.options, jobs: 1 };
    this.isBusyHere = true;
    try {
      for (let number = turns.take(); number !== undefined; number = turns.take()) {
        const progress = this.progressOf(number);
        this.end(number, await outcomeOf(this.recipe(number), { ...around, options, progress }));
      }
    } catch (error) {
      this.broken ??= error;
    }
    this.isBusyHere = false;
    this.wake();
  }

  private progressOf(number: number): Pick<Progress, 'update' | 'clear'> {
    const update = (text: () => string): void => {
      if (this.order.showsProgress) this.hear({ kind: 'progress', number, text: text() });
    };
    return { update, clear: () => {} };
  }

  private startAll(): void {
    const { recipes, around, kind } = this;
    const threads = Math.min(around.options.jobs, recipes.length) - (kind.here === false ? 0 : 1);
    for (let thread = 0; thread < threads && !this.turns.isOver; thread++) this.start();
  }

  private start(): void {
    const { script = new URL('./variant-thread.js', import.meta.url), resourceLimits } = this.kind;
    const worker = new Worker(script, { workerData: this.order, ...(resourceLimits && { resourceLimits }) });
    let underWay: number | undefined;
    let failure: Error | undefined;
    this.workers.add(worker);
    worker.on('message', (news: VariantNews) => {
      underWay = news.kind === 'checked' ? undefined : news.number;
      this.hear(news);
    });
    worker.on('error', (error: Error) => {
      failure = error;
    });
    worker.on('exit', () => {
      this.workers.delete(worker);
      if (this.isClosed) return;
      if (underWay !== undefined) this.fail(underWay, failure ?? new Error('its thread has ended'));
      else this.broken ??= failure;
      this.wake();
    });
  }

  private hear(news: VariantNews): void {
    if (news.kind === 'checked') this.end(news.number, news.checked);
    if (news.kind === 'progress') {
      this.texts.set(news.number, news.text);
      this.around.progress.update(() => this.progressText());
    }
  }

  /** A thread has ended over a variant: another one goes on with the next. */
  private fail(number: number, error: Error): void {
    this.end(number, new VariantFailure(nameOf(this.recipe(number)), error));
    if (!this.turns.isOver) this.start();
  }

  private recipe(number: number): Recipe {
    const recipe = this.recipes[number];
    if (recipe === undefined) throw new Error(`there is no variant ${number}`);
    return recipe;
  }

  private end(number: number, outcome: CheckOutcome): void {
    this.texts.delete(number);
    this.outcomes.set(number, outcome);
    this.wake();
  }

  /** How far the first of the searches under way is: it is told next. */
  private progressText(): string {
    const first = Math.min(...this.texts.keys());
    const more = this.texts.size - 1;
    return `${this.texts.get(first) ?? ''}${more === 0 ? '' : `; ${quantity(more, 'variant')} more under way`}`;
  }
}
