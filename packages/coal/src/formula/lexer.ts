/** Cuts the text of a formula into tokens. Linear in the length; every token knows where it stands. */
import { FORMULA_LIMITS } from './ast.ts';

export type Token = {
  readonly type: 'number' | 'date' | 'name' | 'sign' | 'end';
  readonly text: string;
  /** Index of the first character. */
  readonly at: number;
};

export type LexicalCode =
  'unknown_character' | 'number_malformed' | 'too_many_digits' | 'name_too_long' | 'date_unknown';
export type Lexed =
  | { readonly ok: true; readonly tokens: readonly Token[] }
  | { readonly ok: false; readonly code: LexicalCode; readonly at: number };

/** One alternative each: space, date, what begins like a number, name, sign. */
const PIECE = /\s+|\d{4}-\d{2}-\d{2}(?![\d.])|\d[\d.]*|[A-Za-z]\w*|[-+*/(),]/y;
const NUMBER = /^(?:0|[1-9]\d*)(?:\.\d+)?$/;

export function lex(text: string): Lexed {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    PIECE.lastIndex = at;
    const piece = PIECE.exec(text)?.[0];
    if (piece === undefined) return { ok: false, code: 'unknown_character', at };
    const token = read(piece, at);
    if (typeof token === 'string') return { ok: false, code: token, at };
    if (token) tokens.push(token);
    at += piece.length;
  }
  return { ok: true, tokens: [...tokens, { type: 'end', text: '', at }] };
}

function read(text: string, at: number): Token | LexicalCode | undefined {
  if (/^\s/.test(text)) return undefined;
  if (/^[A-Za-z]/.test(text)) {
    return text.length > FORMULA_LIMITS.nameCharacters ? 'name_too_long' : { type: 'name', text, at };
  }
  if (!/^\d/.test(text)) return { type: 'sign', text, at };
  if (text.includes('-')) return isDay(text) ? { type: 'date', text, at } : 'date_unknown';
  if (!NUMBER.test(text)) return 'number_malformed';
  const [whole = '', fraction = ''] = text.split('.');
  const long = whole.length > FORMULA_LIMITS.wholeDigits || fraction.length > FORMULA_LIMITS.fractionDigits;
  return long ? 'too_many_digits' : { type: 'number', text, at };
}

/** A day of the Gregorian calendar, YYYY-MM-DD. */
export function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!match) return false;
  const [year, month, day] = match.slice(1).map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  return year > 0 && day >= 1 && day <= days;
}
