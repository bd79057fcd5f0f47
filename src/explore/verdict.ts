import type { RunEnd } from './run.js';

/** What executions or a search have shown. That executions found nothing proves nothing; only an exhaustive search verifies. */
export type Verdict =
  /**
   * Every state under every schedule was looked at; with a probability: but for the case, of at most that probability, that one
   * was taken for another because their fingerprints are the same.
   */
  | { readonly kind: 'verified'; readonly probability?: number | undefined }
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

/** `p <= 2.8e-10`: two digits, rounded up. */
export function probabilityText(probability: number): string {
  if (probability === 0 || probability === 1) return `p <= ${probability}`;
  const exponent = Math.floor(Math.log10(probability)) - 1;
  return `p <= ${Number(`${Math.ceil(probability / 10 ** exponent)}e${exponent}`).toExponential()}`;
}

/** `VERIFIED exhaustive`, `VERIFIED probabilistic p <= 2.8e-10`, `NO BUG FOUND`, `VIOLATED no-torn-instruction`, `INCONCLUSIVE deadlock`. */
export function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'verified':
      return verdict.probability === undefined
        ? 'VERIFIED exhaustive'
        : `VERIFIED probabilistic ${probabilityText(verdict.probability)}`;
    case 'no-bug-found':
      return 'NO BUG FOUND';
    case 'violated':
      return `VIOLATED ${verdict.property}`;
    case 'inconclusive':
      return `INCONCLUSIVE ${verdict.reason}`;
  }
}
