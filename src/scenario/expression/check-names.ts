import type { SourceText } from '../source-text.js';
import { ExpressionText } from './expression-text.js';
import { namesIn } from './names-in.js';
import { parseExpression } from './parse.js';
import { type Names, requireName } from './scope.js';

/**
 * Checks the form of an expression, and that its names mean something, before there is a machine.
 * @param symbols undefined where they are not known yet: then names are left to who compiles the expression
 * @throws InputError at its place in the file.
 */
export function checkNames(source: SourceText, tasks: Names['tasks'], symbols: Names['symbols'] | undefined): void {
  const text = new ExpressionText(source);
  const names = namesIn(parseExpression(text, tasks.keys()));
  if (symbols === undefined) return;
  for (const name of names) requireName(name, { tasks, symbols }, text);
}
