import type { Rules } from '../profile/rules.js';
import { Int3Handled } from './int3-handled.js';
import { InterruptFlag } from './interrupt-flag.js';
import type { Monitor } from './monitor.js';
import { MonotonePerCpu } from './monotone-per-cpu.js';
import { NoOldAfterSync1 } from './no-old-after-sync1.js';
import { NoTornInstruction } from './no-torn-instruction.js';
import { NoUndefinedXmc } from './no-undefined-xmc.js';
import { NoUnhandledException } from './no-unhandled-exception.js';
import { NoUseAfterReuse } from './no-use-after-reuse.js';
import type { PassTracker } from './pass-tracker.js';
import { PROGRESS } from './progress.js';
import { QuiescedAfterReturn } from './quiesced-after-return.js';
import type { ReusedRange } from './reused-range.js';
import { ShadowStack } from './shadow-stack.js';
import { SiteEffect } from './site-effect.js';
import type { SiteTracker } from './site-tracker.js';

/** What the monitors of a machine share. */
export interface MonitorScope {
  readonly tracker: SiteTracker;
  readonly passes: PassTracker;
  readonly ranges: ReadonlyMap<string, ReusedRange>;
}

/** What the meaning of a property may depend on. */
export interface Conditions {
  readonly rules: Rules;
  /** Whether CPUs have a shadow stack. */
  readonly shadowStack: boolean;
}

/** A property that can be asked for by name. */
export interface Property {
  /** What watches for it in every step; absent when it speaks of all states together: only a search can judge it. */
  readonly monitor?: (scope: MonitorScope) => Monitor;
  /** Whether it is checked unless the scenario says otherwise. */
  readonly byDefault: (conditions: Conditions) => boolean;
  /** Its monitor asks which passes ended. */
  readonly usesPasses?: true;
  /** Why it means nothing under some conditions; undefined where it does. Default: it always does. */
  readonly meaningless?: (conditions: Conditions) => string | undefined;
}

const always = (): boolean => true;
const onRequest = (): boolean => false;

/** Fetch rules under which nothing but a serialising event raises a CPU's floor. */
const UNORDERED_FETCH: ReadonlySet<string> = new Set(['any', 'undefined-xmc', 'undefined-xmc-strict']);
const isUndefinedXmc = ({ rules: { fetch } }: Conditions): boolean =>
  fetch === 'undefined-xmc' || fetch === 'undefined-xmc-strict';

/** Every property by name. Of several that a step violates, the first is reported: the more special one. */
export const PROPERTIES: ReadonlyMap<string, Property> = new Map<string, Property>([
  ['no-torn-instruction', { byDefault: always, monitor: ({ tracker }) => new NoTornInstruction(tracker) }],
  ['int3-handled', { byDefault: always, monitor: ({ tracker }) => new Int3Handled(tracker) }],
  ['interrupt-flag', { byDefault: always, usesPasses: true, monitor: ({ passes }) => new InterruptFlag(passes) }],
  ['site-effect', { byDefault: always, usesPasses: true, monitor: ({ passes }) => new SiteEffect(passes) }],
  ['quiesced-after-return', { byDefault: always, monitor: ({ tracker }) => new QuiescedAfterReturn(tracker) }],
  ['no-old-after-sync1', { byDefault: onRequest, monitor: ({ tracker }) => new NoOldAfterSync1(tracker) }],
  [
    'monotone-per-cpu',
    { byDefault: always, usesPasses: true, monitor: ({ tracker, passes }) => new MonotonePerCpu(tracker, passes) },
  ],
  ['no-use-after-reuse', { byDefault: always, monitor: ({ ranges }) => new NoUseAfterReuse(ranges) }],
  [
    'no-undefined-xmc',
    {
      byDefault: isUndefinedXmc,
      meaningless: ({ rules: { fetch } }) =>
        UNORDERED_FETCH.has(fetch) ? undefined : `means nothing under the fetch rule ${fetch}`,
      monitor: () => new NoUndefinedXmc(),
    },
  ],
  [
    'shadow-stack',
    {
      byDefault: ({ shadowStack }) => shadowStack,
      meaningless: ({ shadowStack }) => (shadowStack ? undefined : "means nothing without 'shadow-stack: on'"),
      monitor: () => new ShadowStack(),
    },
  ],
  ['no-unhandled-exception', { byDefault: always, monitor: () => new NoUnhandledException() }],
  [PROGRESS, { byDefault: always }],
]);

/** The properties that are checked under some conditions unless the scenario says otherwise. */
export function defaultProperties(rules: Rules, shadowStack = false): string[] {
  return [...PROPERTIES].filter(([, { byDefault }]) => byDefault({ rules, shadowStack })).map(([name]) => name);
}
