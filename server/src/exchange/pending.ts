/** A command on its way through a shard, and everybody who waits for its outcome. */
import { commandHash } from './chain.ts';
import type { Outcome, Submission } from './types.ts';

export type Pending = {
  readonly submission: Submission;
  readonly key: string;
  readonly cmdHash: Buffer;
  /** Monotonic ms when it came. */
  readonly since: number;
  readonly settled: Promise<Outcome>;
  settle(outcome: Outcome): void;
};

/** Printable ASCII without spaces: the same bytes in memory, in JSON and in PostgreSQL. */
const NAME = /^[\x21-\x7e]{1,128}$/;

/** `(actor, cmdId)` as one map key; neither holds a NUL, so two pairs never meet. */
export function commandKey(actor: string, cmdId: string): string {
  return `${actor}\0${cmdId}`;
}

/** @throws RangeError on an actor or id that is empty, long or not printable ASCII: the caller's bug. */
export function pend(submission: Submission, since: number): Pending {
  for (const name of [submission.actor, submission.cmdId]) {
    if (!NAME.test(name))
      throw new RangeError('actor and command id are 1 to 128 printable ASCII characters');
  }
  const { promise, resolve } = Promise.withResolvers<Outcome>();
  return {
    submission,
    key: commandKey(submission.actor, submission.cmdId),
    cmdHash: commandHash(submission.body),
    since,
    settled: promise,
    settle: resolve,
  };
}
