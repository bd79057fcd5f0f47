import { type ResourceLimits, Worker } from 'node:worker_threads';
import { quantity } from '../../../report/quantity.js';
import { wantsColor } from '../../color.js';
import type { Interrupt } from '../../io/interrupt.js';
import { nameOf, type Recipe } from '../../scenario/prepare.js';
import type { CheckSurroundings } from '../check-variant.js';
import { type CheckOutcome, VariantFailure } from '../variant-failure.js';
import { sent } from './sent-recipes.js';
import { Turns } from './turns.js';
import type { VariantNews, VariantOrder } from './variant-news.js';

/** How a thread is started. */
interface ThreadKind {
  readonly script?: URL;
  readonly resourceLimits?: ResourceLimits;
}

/** Threads that check variants of a scenario: each takes the next one that nobody has begun. */
export class VariantThreads {
  private readonly order: VariantOrder;
  private readonly turns: Turns;
  private readonly workers = new Set<Worker>();
  /** By the number of the variant: what came of it, as long as it is not told, and how far those under way are. */
  private readonly outcomes = new Map<number, CheckOutcome>();
  private readonly texts = new Map<number, string>();
  /** That there is no use in starting threads. */
  private broken: Error | undefined;
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
   * @throws Error when threads end before they begin with a variant.
   */
  async *run(): AsyncGenerator<CheckOutcome> {
    const { recipes, around } = this;
    const { interrupt, options, progress } = around;
    const stop = (): void => this.turns.stop(interrupt.code ?? 0);
    interrupt.signal.addEventListener('abort', stop);
    if (interrupt.signal.aborted) stop();
    try {
      for (let thread = 0; thread < Math.min(options.jobs, recipes.length); thread++) this.start();
      for (let number = 0; number < recipes.length; number++) {
        const outcome = await this.outcomeOf(number);
        if (outcome === undefined) return;
        progress.clear();
        yield outcome;
      }
    } finally {
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
      if (outcome !== undefined || this.workers.size === 0) return outcome;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    }
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
    const recipe = this.recipes[number];
    if (recipe === undefined) throw new Error(`there is no variant ${number}`);
    this.end(number, new VariantFailure(nameOf(recipe), error));
    if (!this.turns.isOver) this.start();
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
