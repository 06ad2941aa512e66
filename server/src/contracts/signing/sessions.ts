/** Signing sessions as rows, without the document each holds: threads read that (see files/kept-files.ts). */
import { eq, getTableColumns } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { signingSession } from '../tables.ts';

const { prepared: _prepared, appended: _appended, ...facts } = getTableColumns(signingSession);

export type SessionRow = Omit<typeof signingSession.$inferSelect, 'prepared' | 'appended'>;

export async function sessionById(connection: Connection, id: string): Promise<SessionRow | undefined> {
  return first(await orm(connection).select(facts).from(signingSession).where(eq(signingSession.id, id)));
}

export async function lockSession(tx: Tx, id: string): Promise<SessionRow> {
  return first(
    await orm(tx).select(facts).from(signingSession).where(eq(signingSession.id, id)).for('update'),
  )!;
}

/** @returns the session as stored, without what it holds. */
export async function storeSession(
  connection: Connection,
  session: typeof signingSession.$inferInsert,
): Promise<SessionRow> {
  return first(await orm(connection).insert(signingSession).values(session).returning(facts))!;
}
