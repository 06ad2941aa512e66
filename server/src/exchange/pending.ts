/** A command on its way through the engine, and the promise its sender waits on. */
import { hash } from 'node:crypto';
import { commandText } from './chain.ts';
import { type Fingerprint, fingerprint } from './command-index.ts';
import type { Outcome, Submission } from './types.ts';

export type Pending = {
  readonly submission: Submission;
  /** Canonical text of the command: what is journaled, and what tells two commands of one id apart. */
  readonly text: string;
  readonly fingerprint: Fingerprint;
  /** Monotonic ms when it came. */
  readonly since: number;
  readonly settled: Promise<Outcome>;
  settle(outcome: Outcome): void;
  /** Its id only looked like a known one. */
  isNew: boolean;
};

/** Printable ASCII without spaces: the same bytes in memory, in JSON and in PostgreSQL. */
const NAME = /^[\x21-\x7e]{1,128}$/;

/**
 * A NUL or half a surrogate pair, as JSON escapes them: PostgreSQL keeps such a text, but gives back nothing
 * of the entry it stands in.
 */
const UNREADABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f]..)/;

/** `(actor, cmdId)` as one map key; neither holds a NUL, so two pairs never meet. */
export function commandKey(actor: string, cmdId: string): string {
  return `${actor}\0${cmdId}`;
}

/**
 * @throws RangeError on an actor or id that is empty, long or not printable ASCII, TypeError on a body
 *   that has no canonical text, or one that PostgreSQL cannot read back: the caller's bug.
 */
export function pend(submission: Submission, since: number): Pending {
  const { actor, cmdId, body } = submission;
  if (!NAME.test(actor) || !NAME.test(cmdId)) {
    throw new RangeError('actor and command id are 1 to 128 printable ASCII characters');
  }
  const text = commandText(body);
  if (text.includes('\\u') && UNREADABLE.test(text))
    throw new TypeError('a text PostgreSQL cannot read back');
  let settle: ((outcome: Outcome) => void) | undefined;
  const settled = new Promise<Outcome>((resolve) => {
    settle = resolve;
  });
  return {
    submission,
    text,
    fingerprint: fingerprint(actor, cmdId),
    since,
    settled,
    settle: settle!,
    isNew: false,
  };
}

/** Names a command in the quarantine. */
export function commandHash(pending: Pick<Pending, 'text'>): string {
  return hash('sha256', pending.text, 'hex');
}
