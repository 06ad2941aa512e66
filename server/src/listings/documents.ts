/**
 * Documents of a lot. What a file is, its content says: a name and a type given by the sender are not believed.
 * Readers get it as a download, so that nothing in it runs on our pages.
 */
import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import { DOCUMENT_BYTES_MAX, type ListingDocumentView } from '@seam/protocol';
import { and, asc, eq, getTableColumns, sql } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { ownListing } from './commands.ts';
import { DOCUMENTS_MAX } from './limits.ts';
import type { Actor } from './ports.ts';
import { listingDocument } from './tables-more.ts';
import type { ListingRow } from './tables.ts';

const TYPES: ReadonlySet<string> = new Set(['application/pdf', 'image/png', 'image/jpeg', 'image/webp']);

type NewDocument = {
  readonly kind: ListingDocumentView['kind'];
  readonly name: string;
  readonly visibility: ListingDocumentView['visibility'];
  /** Base64. */
  readonly file: string;
};

export async function addDocument(
  tx: Tx,
  actor: Actor,
  listingId: string,
  input: NewDocument,
): Promise<ListingDocumentView | Refusal> {
  const row = await ownListing(tx, actor, listingId);
  if (isRefusal(row)) return row;
  const file = Buffer.from(input.file, 'base64');
  const wrong = (code: 'listing.document_type' | 'listing.document_too_large', accepted: string): Refusal =>
    refuse(code, { fields: { file: code }, accepted: { file: accepted } });
  if (file.length > DOCUMENT_BYTES_MAX)
    return wrong('listing.document_too_large', `≤ ${DOCUMENT_BYTES_MAX} B`);
  const type = await fileTypeFromBuffer(file);
  if (!type || !TYPES.has(type.mime)) return wrong('listing.document_type', 'PDF, PNG, JPEG, WebP');
  const known = await documentsOf(tx, listingId);
  if (known.length >= DOCUMENTS_MAX) {
    return refuse('listing.documents_full', { accepted: { documents: String(DOCUMENTS_MAX) } });
  }
  const sha256 = createHash('sha256').update(file).digest();
  if (known.some((one) => one.sha256 === sha256.toString('hex'))) return refuse('listing.document_known');
  const stored = {
    id: newId(),
    listingId,
    kind: input.kind,
    // A name for people, without what a file system or a header could take amiss.
    name:
      input.name
        .replaceAll(/[\p{Cc}/\\"]/gu, ' ')
        .trim()
        .slice(0, 200) || 'document',
    mime: type.mime,
    sha256,
    visibility: input.visibility,
    createdBy: actor.personId,
  };
  await orm(tx)
    .insert(listingDocument)
    .values({ ...stored, file });
  const added = (await documentsOf(tx, listingId)).find((one) => one.id === stored.id);
  return added ?? refuse('resource.not_found');
}

const { file: _file, ...FACTS } = getTableColumns(listingDocument);

/** Without the files; oldest first. */
export async function documentsOf(connection: Connection, listingId: string): Promise<ListingDocumentView[]> {
  const rows = await orm(connection)
    .select({ ...FACTS, bytes: sql<number>`octet_length(file)` })
    .from(listingDocument)
    .where(eq(listingDocument.listingId, listingId))
    .orderBy(asc(listingDocument.id));
  return rows.map(({ id, kind, name, mime, bytes, sha256, visibility, createdAt }) => ({
    id,
    kind,
    name,
    mime,
    bytes,
    sha256: Buffer.from(sha256).toString('hex'),
    visibility,
    createdAt: createdAt.toISOString(),
  }));
}

/** Who reads: staff and the own company all, companies of the exchange what is for them, others what is public. */
export function maySee(
  visibility: ListingDocumentView['visibility'],
  row: Pick<ListingRow, 'sellerId'>,
  principal: Principal | null,
): boolean {
  if (visibility === 'public') return true;
  if (!principal) return false;
  if (principal.staff || principal.organisationId === row.sellerId) return true;
  return visibility === 'members' && principal.organisationStatus === 'active';
}

export async function documentFile(
  connection: Connection,
  of: { listingId: string; documentId: string },
): Promise<
  { name: string; mime: string; file: Uint8Array; visibility: ListingDocumentView['visibility'] } | undefined
> {
  return first(
    await orm(connection)
      .select({
        name: listingDocument.name,
        mime: listingDocument.mime,
        file: listingDocument.file,
        visibility: listingDocument.visibility,
      })
      .from(listingDocument)
      .where(and(eq(listingDocument.listingId, of.listingId), eq(listingDocument.id, of.documentId))),
  );
}
