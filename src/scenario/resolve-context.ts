import { InputError } from '../input-error.js';
import { parseSymbolExpression } from './expression.js';
import type { Problem } from './problem.js';
import { originOf, type ScenarioSource } from './scenario-source.js';
import { followPath, pathText, type SourceNode, type SourcePath } from './source-node.js';
import type { Origin, SourceText } from './source-text.js';

/** What the parts of the resolver share: places in the file, and the problems found so far. */
export class ResolveContext {
  readonly problems: Problem[] = [];
  readonly #source: ScenarioSource;
  readonly #root: SourceNode;

  constructor(source: ScenarioSource, root: SourceNode) {
    this.#source = source;
    this.#root = root;
  }

  problem(path: SourcePath, message: string, hint?: Problem['hint']): void {
    const prefix = path.length === 0 ? '' : `${pathText(path)}: `;
    this.problems.push({ path, message: `${prefix}${message}`, ...(hint === undefined ? {} : { hint }) });
  }

  /** Does something with the text at `path`; an error of it is a problem at the error's own place. */
  attempt(path: SourcePath, action: () => void): void {
    try {
      action();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      const { message, hint, location, excerpt } = error;
      const origin = location && { location, ...(excerpt === undefined ? {} : { excerpt }) };
      this.problems.push({
        path,
        message,
        ...(origin === undefined ? {} : { origin }),
        ...(hint === undefined ? {} : { hint }),
      });
    }
  }

  origin(path: SourcePath): Origin {
    return originOf(this.#source, this.#root, path);
  }

  /** The scalar at `path` as text for a later parser. */
  text(path: SourcePath): SourceText {
    const { found, value } = followPath(this.#root, path);
    if (!found || value.kind !== 'scalar') throw new Error(`no scalar at ${pathText(path)}`);
    return this.#source.scalarText(value);
  }

  /** As {@link text}, for a symbol expression, whose form is checked now; its symbols are known only after assembly. */
  expression(path: SourcePath): SourceText {
    const text = this.text(path);
    try {
      parseSymbolExpression(text);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      this.problem(path, error.message);
    }
    return text;
  }

  /** As {@link text}, or undefined when the key was left out. */
  optionalText(path: SourcePath): SourceText | undefined {
    return followPath(this.#root, path).found ? this.text(path) : undefined;
  }
}
