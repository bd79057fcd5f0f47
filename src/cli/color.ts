import type { Paint } from '../report/paint.js';

/** Values of `--color`. */
export const COLOR_CHOICES = ['auto', 'always', 'never'] as const;
export type ColorChoice = (typeof COLOR_CHOICES)[number];

/**
 * Whether a stream gets colours: `--color`, then NO_COLOR (https://no-color.org: set and not empty), then FORCE_COLOR,
 * then whether it is a terminal that understands them. The one place that decides; chalk's own guess is not used.
 */
export function wantsColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  stream: { readonly isTTY?: boolean },
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return !['0', 'false'].includes(env.FORCE_COLOR);
  return stream.isTTY === true && env.TERM !== 'dumb';
}

/** How to paint on a stream. */
export async function paintFor(choice: ColorChoice, stream: { readonly isTTY?: boolean }): Promise<Paint> {
  const { PLAIN } = await import('../report/paint.js');
  if (!wantsColor(choice, process.env, stream)) return PLAIN;
  const { Chalk } = await import('chalk');
  const { bold, dim, red, green, yellow, cyan } = new Chalk({ level: 1 });
  return { bold, dim, red, green, yellow, cyan };
}
