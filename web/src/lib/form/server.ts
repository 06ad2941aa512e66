/** Form actions: read what was typed, call the exchange, keep what was typed when the answer is no. */
import { fail, type ActionFailure } from '@sveltejs/kit';
import type { Problem } from '#lib/api/problem.ts';
import { text } from './read.ts';

export { decimalText, instant, text } from './read.ts';

export type Values = Readonly<Record<string, string>>;
export type Refused = { problem: Problem; values: Values };

/** Names that never go back into the page. */
const secret = /password|passphrase|secret|otp|pin$/i;

/** What was typed, without secrets and files; of several values with one name the last. */
export function typed(data: FormData): Values {
  const entries = [...data].filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(entries.filter(([name]) => !secret.test(name)));
}

/** The answer of an action when the exchange, or the page itself, refuses. */
export function refuse(problem: Problem, data: FormData): ActionFailure<Refused> {
  // Kit takes 400–599; a problem never carries anything else.
  return fail(problem.status, { problem, values: typed(data) });
}

/** A refusal that the page finds out by itself: `fields` are codes, as the exchange would give them. */
export function refuseFields(
  fields: Readonly<Record<string, string>>,
  data: FormData,
): ActionFailure<Refused> {
  return refuse({ code: 'request.invalid', title: 'Some fields need attention', status: 400, fields }, data);
}

/** For `call`: makes a repeat of the same submission safe. */
export function idempotency(data: FormData): { idempotencyKey?: string } {
  const key = text(data, 'idempotencyKey');
  return /^[\w.-]{8,128}$/.test(key) ? { idempotencyKey: key } : {};
}

/** An address of ours to go back to; anything that could leave the site becomes `/`. */
export function localPath(path: string | null | undefined): string {
  const base = 'http://local.invalid';
  const url = path?.startsWith('/') ? URL.parse(path, base) : null;
  // Parsed as a browser would: it drops line breaks and reads a backslash as a slash.
  return url?.origin === base ? url.pathname + url.search + url.hash : '/';
}
