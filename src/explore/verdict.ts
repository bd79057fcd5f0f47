import type { RunEnd } from './run.js';

/** What executions or a search have shown. That executions found nothing proves nothing; only an exhaustive search verifies. */
export type Verdict =
  /** Every state under every schedule was looked at. */
  | { readonly kind: 'verified' }
  | { readonly kind: 'no-bug-found' }
  | { readonly kind: 'violated'; readonly property: string }
  | { readonly kind: 'inconclusive'; readonly reason: string };

/** The verdict that one execution gives. */
export function verdictOf(end: RunEnd): Verdict {
  switch (end.kind) {
    case 'violated':
      return { kind: 'violated', property: end.violation.property };
    case 'unsupported':
      return { kind: 'inconclusive', reason: 'unsupported instruction' };
    case 'stopped':
      return { kind: 'inconclusive', reason: 'a CPU stopped' };
    case 'limit':
      return { kind: 'no-bug-found' };
    case 'finished':
      return end.waiting.length === 0 ? { kind: 'no-bug-found' } : { kind: 'inconclusive', reason: 'deadlock' };
  }
}

/** The procedures that wait although nothing can happen any more: `CPU 0 in text_poke_sync is at "..."`. */
export function waitingText(waiting: Extract<RunEnd, { kind: 'finished' }>['waiting']): string {
  return waiting.map(({ cpu, procedure, label }) => `CPU ${cpu} in ${procedure} is at "${label}"`).join('; ');
}

/** `VERIFIED exhaustive`, `NO BUG FOUND`, `VIOLATED no-torn-instruction`, `INCONCLUSIVE deadlock`. */
export function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'verified':
      return 'VERIFIED exhaustive';
    case 'no-bug-found':
      return 'NO BUG FOUND';
    case 'violated':
      return `VIOLATED ${verdict.property}`;
    case 'inconclusive':
      return `INCONCLUSIVE ${verdict.reason}`;
  }
}
