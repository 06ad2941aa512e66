/** The rows of transport documents, without their files. */
import { and, eq, getTableColumns } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { type DocumentRow, deliveryDocument } from './tables.ts';

const { file: _file, ...COLUMNS } = getTableColumns(deliveryDocument);

/** Without the files, oldest first. */
export async function documentsOf(connection: Connection, orderId: string): Promise<DocumentRow[]> {
  return orm(connection)
    .select(COLUMNS)
    .from(deliveryDocument)
    .where(eq(deliveryDocument.deliveryOrderId, orderId))
    .orderBy(deliveryDocument.enteredAt, deliveryDocument.id);
}

export const isLive = ({ state }: Pick<DocumentRow, 'state'>): boolean =>
  state === 'open' || state === 'stands' || state === 'objected';

export async function setDocument(
  tx: Tx,
  id: string,
  to: Partial<Pick<DocumentRow, 'state' | 'decidedBy' | 'decidedAt' | 'reason'>>,
): Promise<void> {
  await orm(tx).update(deliveryDocument).set(to).where(eq(deliveryDocument.id, id));
}

export async function documentById(tx: Tx, id: string): Promise<DocumentRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(await orm(tx).select(COLUMNS).from(deliveryDocument).where(eq(deliveryDocument.id, id)));
}

/** The file of a document of this order; the caller has seen that the reader may. */
export async function documentFile(
  connection: Connection,
  of: { readonly orderId: string; readonly documentId: string },
): Promise<{ name: string; type: string; file: Uint8Array } | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(of.documentId)) return undefined;
  const { fileName: name, fileType: type, file } = deliveryDocument;
  return first(
    await orm(connection)
      .select({ name, type, file })
      .from(deliveryDocument)
      .where(and(eq(deliveryDocument.id, of.documentId), eq(deliveryDocument.deliveryOrderId, of.orderId))),
  );
}
