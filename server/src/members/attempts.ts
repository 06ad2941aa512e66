/**
 * Limits on attempts, shared by every process. An attempt is counted before it is made, in one statement:
 * a hundred at once get no further than one after another.
 */
import { createHash } from 'node:crypto';
import type { Sql } from 'postgres';
import { Fault } from '../platform/fault.ts';
import type { AttemptLimit } from './limits.ts';

/** @throws Fault `request.rate_limited` with the time to wait, when there were too many. */
export async function countAttempt(sql: Sql, limit: AttemptLimit, who: string, now: Date): Promise<void> {
  const endsAt = new Date(now.getTime() + limit.windowMs);
  const [row] = await sql<{ count: number; endsAt: Date }[]>`
    insert into attempt_count as a (bucket, count, ends_at) values (${bucketOf(limit, who)}, 1, ${endsAt})
    on conflict (bucket) do update set
      count = case when a.ends_at <= ${now} then 1 else a.count + 1 end,
      ends_at = case when a.ends_at <= ${now} then excluded.ends_at else a.ends_at end
    returning count, ends_at as "endsAt"`;
  if (!row || row.count <= limit.max) return;
  throw new Fault('request.rate_limited', 'too many attempts; wait before the next one', {
    retryAfterMs: Math.max(1, row.endsAt.getTime() - now.getTime()),
  });
}

/** A right password was no attempt to guess one. */
export async function forgiveAttempt(sql: Sql, limit: AttemptLimit, who: string): Promise<void> {
  await sql`update attempt_count set count = greatest(count - 1, 0) where bucket = ${bucketOf(limit, who)}`;
}

/** Ends the count altogether. */
export async function forgetAttempts(sql: Sql, limit: AttemptLimit, who: string): Promise<void> {
  await sql`delete from attempt_count where bucket = ${bucketOf(limit, who)}`;
}

/** Counts whose time is over say nothing any more; a few at a time keep the table small. */
export async function sweepAttempts(sql: Sql, now: Date): Promise<void> {
  await sql`delete from attempt_count where bucket in
    (select bucket from attempt_count where ends_at < ${now} limit 100 for update skip locked)`;
}

function bucketOf(limit: AttemptLimit, who: string): string {
  return `${limit.kind}:${createHash('sha256').update(who).digest('hex')}`;
}
