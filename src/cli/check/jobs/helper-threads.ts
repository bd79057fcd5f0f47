import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Helpers } from '../../../search/helpers/help.js';
import type { Answers, HelperPort, Request } from '../../../search/helpers/messages.js';
import type { Reductions } from '../../../search/reduction/reductions.js';
import { note } from '../../io/note.js';
import type { Recipe } from '../../scenario/prepare.js';
import { isOutOfMemory } from './out-of-memory.js';
import { type SentRecipes, sent } from './sent-recipes.js';

/** What a thread is started with. */
export interface HelperOrder {
  /** One. */
  readonly recipes: SentRecipes;
  readonly reductions: Reductions;
  /** How many states the search has looked at. */
  readonly looked: Int32Array<SharedArrayBuffer>;
}

/** How threads are started, and when. */
interface HelperKind {
  readonly script?: URL;
  readonly pace?: NonNullable<Helpers['pace']>;
}

/** Threads that help the search of one variant; each is started when it is asked for the first time. */
export class HelperThreads implements Helpers {
  readonly ports: readonly HelperThread[];
  readonly looked = new Int32Array(new SharedArrayBuffer(4));
  readonly pace?: NonNullable<Helpers['pace']>;

  /** @param kind in the place of what is usual */
  constructor(count: number, recipe: Recipe, reductions: Reductions, kind: HelperKind = {}) {
    const order = { recipes: sent([recipe]), reductions, looked: this.looked };
    const { script = new URL('./helper-thread.js', import.meta.url), pace } = kind;
    if (pace !== undefined) this.pace = pace;
    this.ports = Array.from({ length: count }, () => new HelperThread(order, script));
  }

  async close(): Promise<void> {
    await Promise.all(this.ports.map((port) => port.close()));
  }
}

/** A search asks and listens without ever waiting: messages are taken as they come. */
class HelperThread implements HelperPort {
  private readonly channel = new MessageChannel();
  private worker: Worker | undefined;
  private failure: Error | undefined;

  constructor(
    private readonly order: HelperOrder,
    private readonly script: URL,
  ) {}

  post(request: Request): void {
    this.worker ??= this.start();
    this.channel.port1.postMessage(request);
  }

  /** @throws Error when the thread found out that something is wrong with the search. */
  take(): Answers | undefined {
    if (this.failure !== undefined) throw this.failure;
    return receiveMessageOnPort(this.channel.port1)?.message;
  }

  async close(): Promise<void> {
    await this.worker?.terminate();
    this.channel.port1.close();
  }

  private start(): Worker {
    const { port2: port } = this.channel;
    const workerData = { ...this.order, port };
    const worker = new Worker(this.script, { workerData, transferList: [port] });
    worker.on('error', (error: Error) => {
      if (isOutOfMemory(error)) note('a thread ran out of memory; the search goes on without it');
      else this.failure = error;
    });
    return worker;
  }
}
