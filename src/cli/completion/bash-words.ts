/** Words of a command line. */
export interface BashWords {
  readonly words: readonly string[];
  /** The beginning of the last word that stays when the rest of it is replaced. */
  readonly attached: string;
}

/**
 * The words of COMP_WORDS as the program would get them. Bash leaves quotes in them, and makes three of
 * `--engine=fast`, of which it replaces the third alone.
 */
export function bashWords(given: readonly string[]): BashWords {
  const words: string[] = [];
  let attached = '';
  for (let i = 0; i < given.length; i++) {
    const word = unquoted(given[i] ?? '');
    attached = '';
    if (word === '=' && words.at(-1)?.startsWith('--') && i > 0 && given[i - 1]?.startsWith('--')) {
      attached = `${words.pop()}=`;
      i++;
      words.push(attached + unquoted(given[i] ?? ''));
    } else {
      words.push(word);
    }
  }
  return { words, attached };
}

/** A word without quotes and backslashes; a quote that is still open is one too. Variables stay as they are. */
function unquoted(word: string): string {
  return word.replace(/'([^']*)(?:'|$)|"((?:[^"\\]|\\.)*)(?:"|$)|\\(.)/gs, (_, single, double, escaped) => {
    if (double !== undefined) return double.replace(/\\(["\\$`])/g, '$1');
    return single ?? escaped;
  });
}
