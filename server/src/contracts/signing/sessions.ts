/**
 * Signing sessions as rows. The document each holds is read only by who needs it: a quarter of a megabyte in
 * and out costs the market's event loop more than everything else in a signature.
 */
import { eq, getTableColumns } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { signingSession } from '../tables.ts';

const { prepared, ...facts } = getTableColumns(signingSession);

export type SessionRow = Omit<typeof signingSession.$inferSelect, 'prepared'>;

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

/** What is to be signed: the document with room for the signature. */
export async function preparedOf(
  connection: Connection,
  { id }: Pick<SessionRow, 'id'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const [row] = await orm(connection)
    .select({ prepared })
    .from(signingSession)
    .where(eq(signingSession.id, id));
  return new Uint8Array(row!.prepared);
}
