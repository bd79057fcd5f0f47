import { hex, hexAddress } from '../property/monitor.js';
import type { RunEnd } from './run.js';
import { waitingText } from './verdict.js';

/** How an execution can end, as schedule files write it. */
export const END_KINDS = ['violated', 'unsupported', 'stopped', 'deadlock', 'finished', 'limit'] as const;

/** What an end has beside its kind, in the order in which files write it. */
export const END_FIELDS = ['property', 'cpu', 'address', 'bytes', 'reason', 'hash'] as const;

/**
 * How a recorded execution ended, as text: two ends are the same when all of it is. Addresses and bytes are written in
 * hex; `hash` is the state's hash at the end and always there.
 */
export type RecordedEnd = {
  readonly kind: (typeof END_KINDS)[number];
  readonly hash: string;
} & { readonly [field in Exclude<(typeof END_FIELDS)[number], 'hash'>]?: string };

/** The end of a run as files record it. */
export function recordedEnd(end: RunEnd, hash: string): RecordedEnd {
  switch (end.kind) {
    case 'violated': {
      const { property, cpu, address, bytes } = end.violation;
      return {
        kind: 'violated',
        property,
        cpu: String(cpu),
        address: hexAddress(address),
        ...(bytes.length > 0 ? { bytes: hex(bytes) } : {}),
        hash,
      };
    }
    case 'unsupported':
    case 'stopped': {
      const { cpu, rip, reason } = end.stop;
      return { kind: end.kind, cpu: String(cpu), address: hexAddress(rip), reason, hash };
    }
    case 'finished':
      return end.waiting.length === 0
        ? { kind: 'finished', hash }
        : { kind: 'deadlock', reason: waitingText(end.waiting), hash };
    case 'limit':
      return { kind: 'limit', hash };
  }
}

/** The first thing in which two ends differ: what it is, and its value in each. */
export function endDifference(
  expected: RecordedEnd,
  found: RecordedEnd,
): { readonly field: string; readonly expected: string; readonly found: string } | undefined {
  for (const field of ['kind', ...END_FIELDS] as const) {
    const [a, b] = [expected[field] ?? 'none', found[field] ?? 'none'];
    if (a !== b) return { field, expected: a, found: b };
  }
  return undefined;
}
