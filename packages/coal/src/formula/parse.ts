/**
 * Text to tree. Total: any text gives a tree or one coded refusal with the place. The work is bounded by
 * the limits of ast.ts before anything is computed: a loop cannot be written, a billion digits are too long
 * a text, and deep nesting is refused where it begins.
 *
 *   sum := product (('+' | '-') product)*      product := signed (('*' | '/') signed)*
 *   signed := '-' signed | primary             primary := number | date | name | name '(' sum (',' sum)* ')' | '(' sum ')'
 */
import { type Expression, type FunctionName, type Operator, FORMULA_LIMITS, isFunction } from './ast.ts';
import { type LexicalCode, type Token, lex } from './lexer.ts';

export type SyntaxCode =
  | LexicalCode
  | 'not_text'
  | 'empty'
  | 'too_long'
  | 'too_deep'
  | 'too_many_nodes'
  | 'unexpected'
  | 'unknown_function';
/** `at` is the index of the character, from 0. */
export type FormulaSyntax = { readonly ok: false; readonly code: SyntaxCode; readonly at: number };
export type ParsedFormula = { readonly ok: true; readonly expression: Expression } | FormulaSyntax;

export function parseFormula(text: unknown): ParsedFormula {
  if (typeof text !== 'string') return { ok: false, code: 'not_text', at: 0 };
  if (text.length > FORMULA_LIMITS.characters) {
    return { ok: false, code: 'too_long', at: FORMULA_LIMITS.characters };
  }
  const lexed = lex(text);
  if (!lexed.ok) return lexed;
  if (lexed.tokens.length === 1) return { ok: false, code: 'empty', at: 0 };
  const reader: Reader = { tokens: lexed.tokens, next: 0, nodes: 0, depth: 0 };
  try {
    const expression = sum(reader);
    expect(reader, '');
    return { ok: true, expression };
  } catch (error) {
    if (error instanceof Stop) return { ok: false, code: error.code, at: error.at };
    throw error;
  }
}

type Reader = { readonly tokens: readonly Token[]; next: number; nodes: number; depth: number };

/** Leaves the recursion at the first problem; never seen outside this file. */
class Stop extends Error {
  readonly code: SyntaxCode;
  readonly at: number;
  constructor(code: SyntaxCode, at: number) {
    super(code);
    this.code = code;
    this.at = at;
  }
}

function peek(reader: Reader): Token {
  const token = reader.tokens[reader.next];
  if (!token) throw new Stop('unexpected', 0);
  return token;
}

/** Takes the sign `text`, or the end when it is empty. */
function expect(reader: Reader, text: string): void {
  const token = peek(reader);
  const fits = text === '' ? token.type === 'end' : token.type === 'sign' && token.text === text;
  if (!fits) throw new Stop('unexpected', token.at);
  if (text !== '') reader.next += 1;
}

function takes(reader: Reader, ...signs: readonly string[]): string | undefined {
  const token = peek(reader);
  if (token.type !== 'sign' || !signs.includes(token.text)) return undefined;
  reader.next += 1;
  return token.text;
}

function node(reader: Reader, at: number, expression: Expression): Expression {
  reader.nodes += 1;
  if (reader.nodes > FORMULA_LIMITS.nodes) throw new Stop('too_many_nodes', at);
  return expression;
}

function deeper<T>(reader: Reader, at: number, inside: () => T): T {
  reader.depth += 1;
  if (reader.depth > FORMULA_LIMITS.depth) throw new Stop('too_deep', at);
  const result = inside();
  reader.depth -= 1;
  return result;
}

function sum(reader: Reader): Expression {
  return chain(reader, ['+', '-'], product);
}

function product(reader: Reader): Expression {
  return chain(reader, ['*', '/'], signed);
}

function chain(
  reader: Reader,
  operators: readonly Operator[],
  operand: (reader: Reader) => Expression,
): Expression {
  let left = operand(reader);
  for (;;) {
    const { at } = peek(reader);
    const operator = takes(reader, ...operators) as Operator | undefined;
    if (!operator) return left;
    left = node(reader, at, { type: 'binary', operator, left, right: operand(reader) });
  }
}

function signed(reader: Reader): Expression {
  const { at } = peek(reader);
  if (!takes(reader, '-')) return primary(reader);
  const of = deeper(reader, at, () => signed(reader));
  return node(reader, at, { type: 'negate', of });
}

function primary(reader: Reader): Expression {
  const token = peek(reader);
  reader.next += 1;
  switch (token.type) {
    case 'number':
      return node(reader, token.at, { type: 'number', value: plain(token.text) });
    case 'date':
      return node(reader, token.at, { type: 'date', value: token.text });
    case 'name':
      return takes(reader, '(')
        ? call(reader, token)
        : node(reader, token.at, { type: 'name', name: token.text });
    default: {
      if (token.text !== '(') throw new Stop('unexpected', token.at);
      const inside = deeper(reader, token.at, () => sum(reader));
      expect(reader, ')');
      return inside;
    }
  }
}

function call(reader: Reader, { text, at }: Token): Expression {
  if (!isFunction(text)) throw new Stop('unknown_function', at);
  const name: FunctionName = text;
  const values = deeper(reader, at, () => {
    const list = [sum(reader)];
    while (takes(reader, ',')) list.push(sum(reader));
    return list;
  });
  expect(reader, ')');
  return node(reader, at, { type: 'call', name, arguments: values });
}

/** "1.50" and "1.5" are one number. */
function plain(text: string): string {
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}
