import { InputError } from '../../input-error.js';
import type { StateExpression, UserChecks } from '../../property/user-check.js';
import type { Checks, NamedExpression } from '../scenario.js';
import { compileExpression, type Term } from './compile.js';
import type { ExpressionScope } from './scope.js';

/**
 * Compiles the expressions of a scenario's `check`, for a machine whose tasks have been started.
 * @throws InputError for the first expression that is wrong, at its place in the file.
 */
export function compileChecks({ always, sometimes, finally: last }: Checks, scope: ExpressionScope): UserChecks {
  const compile = ({ name, expression }: NamedExpression): StateExpression => {
    const { holds, terms } = compileExpression(expression, scope);
    return { name, text: expression.text.trim(), holds, values: () => terms.map(valueText).join(', ') };
  };
  return { always: always.map(compile), sometimes: sometimes.map(compile), finally: last.map(compile) };
}

function valueText({ text, read }: Term): string {
  try {
    return `${text} = 0x${read().toString(16)}`;
  } catch (error) {
    // Behind a condition that guards it.
    if (!(error instanceof InputError)) throw error;
    return `${text} is not mapped`;
  }
}
