/** Special sessions: the centre announces their hours, producers enter lots for them. */
import { asc, eq, gt, inArray } from 'drizzle-orm';
import type { SpecialSessionView } from '@seam/protocol';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { DAY_MS, SESSION_DAYS_MAX } from './limits.ts';
import { type SessionRow, specialSession } from './tables-more.ts';

export async function sessionById(connection: Connection, id: string): Promise<SessionRow | undefined> {
  return first(await orm(connection).select().from(specialSession).where(eq(specialSession.id, id)));
}

/** Those that are not over at `now`, soonest first. */
export async function listSessions(connection: Connection, now: Date): Promise<SpecialSessionView[]> {
  const rows = await orm(connection)
    .select()
    .from(specialSession)
    .where(gt(specialSession.closesAt, now))
    .orderBy(asc(specialSession.opensAt), asc(specialSession.id));
  return sessionViews(connection, rows);
}

export async function sessionViews(
  connection: Connection,
  rows: readonly SessionRow[],
): Promise<SpecialSessionView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const counts = await connection<{ id: string; lots: number }[]>`
    select session_id as id, count(*)::int as lots from listing
    where session_id in ${connection(ids)} and state in ('published', 'in_auction', 'sold_out')
    group by session_id`;
  const lots = new Map(counts.map((row) => [row.id, row.lots]));
  return rows.map(({ id, name, nameZh, opensAt, closesAt }) => ({
    id,
    name,
    nameZh,
    opensAt: opensAt.toISOString(),
    closesAt: closesAt.toISOString(),
    lots: lots.get(id) ?? 0,
  }));
}

export async function sessionsByIds(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, SessionRow>> {
  if (ids.length === 0) return new Map();
  const rows = await orm(connection)
    .select()
    .from(specialSession)
    .where(inArray(specialSession.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

export async function createSession(
  tx: Tx,
  of: {
    name: string;
    nameZh: string | undefined;
    opensAt: string;
    closesAt: string;
    personId: string;
    now: Date;
  },
): Promise<SpecialSessionView | Refusal> {
  const [opensAt, closesAt] = [new Date(of.opensAt), new Date(of.closesAt)];
  const fits = opensAt > of.now && closesAt > opensAt;
  if (!fits || closesAt.getTime() - opensAt.getTime() > SESSION_DAYS_MAX * DAY_MS) {
    const at = opensAt > of.now ? 'closesAt' : 'opensAt';
    return refuse('listing.session_hours', { fields: { [at]: 'listing.session_hours' } });
  }
  const row = {
    id: newId(),
    name: of.name.trim(),
    nameZh: of.nameZh ?? null,
    opensAt,
    closesAt,
    createdBy: of.personId,
  };
  await orm(tx).insert(specialSession).values(row);
  return (await sessionViews(tx, [row]))[0]!;
}
