/** What the host does when it cannot decide: which failures may pass, and how a command is refused. */
import { ClockUnfit } from './clock.ts';
import { AppendUnknown, ConnectionLost } from './journal.ts';
import type { Pending } from './pending.ts';
import type { Outcome, RefusalCode } from './types.ts';

/** The world failed and may come back; anything else is a broken promise of ours, or a broken journal. */
export function mayPass(error: Error): boolean {
  if (error instanceof ClockUnfit || error instanceof ConnectionLost) return true;
  const cause = error instanceof AppendUnknown ? error.cause : error;
  if (cause instanceof ConnectionLost || cause === undefined) return true;
  const { code } = cause as { code?: unknown };
  // SQLSTATE classes 22, 23 and 42: PostgreSQL refused what we sent, and would again.
  return typeof code === 'string' && !/^(22|23|42)/.test(code);
}

export function refused(code: RefusalCode, retryAfterMs?: number): Outcome {
  return { status: 'refused', code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}

export function splitByAge(pendings: readonly Pending[], latest: number): [Pending[], Pending[]] {
  return [pendings.filter((p) => p.since <= latest), pendings.filter((p) => p.since > latest)];
}
