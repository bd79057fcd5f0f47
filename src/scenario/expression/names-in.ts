import type { Expression } from './syntax-tree.js';

/** A name and where it stands. */
export type Name = Expression & { readonly kind: 'name' };

/** Every name in an expression, from left to right. */
export function namesIn(expression: Expression): readonly Name[] {
  switch (expression.kind) {
    case 'name':
      return [expression];
    case 'integer':
      return [];
    case 'memory':
      return namesIn(expression.address);
    case 'group':
      return namesIn(expression.inside);
    case 'unary':
      return namesIn(expression.operand);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'in':
      return [expression.left, ...expression.choices].flatMap(namesIn);
  }
}
