import { shellWord } from '../io/shell-word.js';
import { type BashWords, bashWords } from './bash-words.js';
import type { Candidate, Completion } from './candidate.js';
import type { Shell } from './shell.js';

interface Dialect {
  /**
   * The words of a command line as a shell hands them over, as a program would get them. `attached` is what stands in
   * front of the part of the last one that the shell will replace.
   */
  readonly words: (given: readonly string[]) => BashWords;
  /** A candidate as the shell's script takes it, in one line. */
  readonly candidate: (candidate: Candidate) => string;
}

const asGiven = (words: readonly string[]): BashWords => ({ words, attached: '' });

const DIALECTS: Readonly<Record<Shell, Dialect>> = {
  bash: { words: bashWords, candidate: ({ value }) => shellWord(value) },
  zsh: {
    words: asGiven,
    candidate: ({ value, description }) => [value.replaceAll(':', '\\:'), ...described(description)].join(':'),
  },
  fish: { words: asGiven, candidate: ({ value, description }) => [value, ...described(description)].join('\t') },
};

/** The words of a command line behind the program's name, and what the shell will not replace of the last. */
export function wordsOf(shell: Shell, given: readonly string[]): BashWords {
  return DIALECTS[shell].words(given);
}

/** What a shell's script reads: which names of files are wanted, and a line for every candidate. */
export function answerText(shell: Shell, { candidates, paths }: Completion, attached: string): string {
  const own = candidates.map(({ value, description }) => ({ value: value.slice(attached.length), description }));
  return [paths, ...own.map(DIALECTS[shell].candidate), ''].join('\n');
}

function described(description: string): readonly string[] {
  return description === '' ? [] : [description];
}

/** What `xmc completion` prints: the shell asks `xmc complete` at each Tab, so that nothing here has to be kept up. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# bash completion of xmc
_xmc() {
    local answer
    mapfile -t answer < <(xmc complete bash -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    case \${answer[0]-} in
        files) compopt -o default ;;
        directories) compopt -o dirnames ;;
    esac
    COMPREPLY=("\${answer[@]:1}")
}
complete -F _xmc xmc
`,
  zsh: `#compdef xmc
_xmc() {
    local -a answer candidates
    answer=("\${(@f)$(xmc complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    candidates=("\${(@)answer[2,-1]}")
    case $answer[1] in
        files) compset -P '--*='; _files ;;
        directories) compset -P '--*='; _files -/ ;;
        none) _describe xmc candidates ;;
    esac
}
if [[ $funcstack[1] == _xmc ]]; then
    _xmc "$@"
else
    compdef _xmc xmc
fi
`,
  fish: `# fish completion of xmc
function __xmc_complete
    set -l word (commandline -ct)
    set -l attached (string match -r -- '^--[^=]+=' $word)
    set -l path (string replace -r -- '^--[^=]+=' '' $word)
    set -l answer (xmc complete fish -- (commandline -opc)[2..-1] "$word" 2>/dev/null)
    switch "$answer[1]"
        case files
            string replace -r -- '^' "$attached" (__fish_complete_path "$path")
        case directories
            string replace -r -- '^' "$attached" (__fish_complete_directories "$path" '')
        case none
            printf '%s\\n' $answer[2..-1]
    end
end
complete -c xmc -f -a '(__xmc_complete)'
`,
};
