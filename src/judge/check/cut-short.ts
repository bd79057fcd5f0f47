import { grouped } from '../../report/quantity.js';
import type { LimitReached } from '../../search/search-end.js';
import type { CheckChoice } from './choice.js';
import type { Stopped } from './slices.js';

/** What ended a search that would have gone on. */
export type CutShort = Stopped | { readonly kind: 'limit'; readonly limit: LimitReached };

/** `limit of 1,000 states`, `timeout of 5 s`, `interrupted`. */
export function cutShortText(end: CutShort, { limits, timeout }: CheckChoice): string {
  switch (end.kind) {
    case 'limit':
      return `limit of ${end.limit === 'states' ? `${grouped(limits.states)} states` : `${grouped(limits.memory / 2 ** 20)} MB`}`;
    case 'timeout':
      return `timeout of ${grouped(timeout ?? 0)} s`;
    case 'interrupted':
      return 'interrupted';
  }
}
