import { parentPort, workerData } from 'node:worker_threads';
import { paintFor } from '../../color.js';
import { pause } from '../../io/interrupt.js';
import { checkedVariant } from '../checked-variant.js';
import { received } from './sent-recipes.js';
import { Turns } from './turns.js';
import type { VariantNews, VariantOrder } from './variant-news.js';

// A thread that checks variants of a scenario, one after another. What goes wrong in one of them ends it.
const { recipes, options, path, width, program, showsProgress, turns: shared } = workerData as VariantOrder;
const all = received(recipes);
const turns = new Turns(all.length, shared);
const paint = await paintFor(options.color, process.stdout);
const tell = (news: VariantNews): void => parentPort?.postMessage(news);
const interrupt = {
  get code() {
    return turns.code;
  },
  pause,
};

for (let number = turns.take(); number !== undefined; number = turns.take()) {
  await check(number);
}

async function check(number: number): Promise<void> {
  const recipe = all[number];
  if (recipe === undefined) throw new Error(`there is no variant ${number}`);
  tell({ kind: 'begun', number });
  const progress = {
    update: (text: () => string): void => {
      if (showsProgress) tell({ kind: 'progress', number, text: text() });
    },
    clear: (): void => {},
  };
  const around = { options, path, paint, width, program, interrupt, progress, checkpoints: undefined };
  tell({ kind: 'checked', number, checked: await checkedVariant(recipe, around) });
}
