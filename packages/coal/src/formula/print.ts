/**
 * Tree to text, one text for each tree: spaces and parentheses only where the grammar needs them. Reading
 * the text gives the same tree, so the text is what is shown, hashed and signed.
 */
import type { Expression } from './ast.ts';

const SUM = 1;
const PRODUCT = 2;
const SIGNED = 3;

export function printFormula(expression: Expression): string {
  switch (expression.type) {
    case 'number':
    case 'date':
      return expression.value;
    case 'name':
      return expression.name;
    case 'negate':
      return `-${inside(expression.of, SIGNED)}`;
    case 'binary': {
      const level = levelOf(expression);
      // Operators lead from left to right: the right side needs parentheses at the same level already.
      return `${inside(expression.left, level)} ${expression.operator} ${inside(expression.right, level + 1)}`;
    }
    case 'call':
      return `${expression.name}(${expression.arguments.map(printFormula).join(', ')})`;
  }
}

function inside(expression: Expression, least: number): string {
  const text = printFormula(expression);
  return levelOf(expression) < least ? `(${text})` : text;
}

function levelOf(expression: Expression): number {
  if (expression.type === 'binary')
    return expression.operator === '+' || expression.operator === '-' ? SUM : PRODUCT;
  return expression.type === 'negate' ? SIGNED : SIGNED + 1;
}
