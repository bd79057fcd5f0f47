import type { Paint } from '../../report/paint.js';
import { safeText } from '../../report/safe-text.js';
import type { LoadedScenario } from '../../scenario/load.js';

/** What stands above the variants of a scenario: its name and its title, as the first of them has it. */
export function headingText(loaded: LoadedScenario, variant: string | undefined, paint: Paint): readonly string[] {
  const { title } = loaded.variant(variant);
  return [`${paint.bold(loaded.name)}${title === undefined ? '' : `: ${safeText(title)}`}`, ''];
}
