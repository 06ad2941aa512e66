/**
 * The revisions of a contract: appended one after the other, never changed. Their files are read in threads
 * only (see files/kept-files.ts).
 */
import { and, asc, desc, eq, getTableColumns } from 'drizzle-orm';
import { type Connection, type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { RevisionFile } from '../files/kept-files.ts';
import { contractRevision, contractSignature } from '../tables.ts';

const { file: _file, appended: _appended, ...facts } = getTableColumns(contractRevision);

export type RevisionRow = Omit<typeof contractRevision.$inferSelect, 'file' | 'appended'>;

export async function latestRevision(
  connection: Connection,
  contractId: string,
): Promise<RevisionRow | undefined> {
  const rows = await orm(connection)
    .select(facts)
    .from(contractRevision)
    .where(eq(contractRevision.contractId, contractId))
    .orderBy(desc(contractRevision.n))
    .limit(1);
  return first(rows);
}

export async function revisionOf(
  connection: Connection,
  contractId: string,
  n: number,
): Promise<RevisionRow | undefined> {
  return first(
    await orm(connection)
      .select(facts)
      .from(contractRevision)
      .where(and(eq(contractRevision.contractId, contractId), eq(contractRevision.n, n))),
  );
}

/** The newest revision of one version: with whatever signatures it had when it was superseded. */
export async function lastOfVersion(
  connection: Connection,
  contractId: string,
  version: number,
): Promise<RevisionRow | undefined> {
  return (await revisionsOfVersion(connection, contractId, version)).at(-1);
}

/** In their order. */
export async function revisionsOfVersion(
  connection: Connection,
  contractId: string,
  version: number,
): Promise<RevisionRow[]> {
  return orm(connection)
    .select(facts)
    .from(contractRevision)
    .where(and(eq(contractRevision.contractId, contractId), eq(contractRevision.version, version)))
    .orderBy(asc(contractRevision.n));
}

/** The document of this revision, as threads are asked for it. */
export function fileOf({ contractId, n, sha256 }: RevisionRow): RevisionFile {
  return { contractId, n, sha256: Buffer.from(sha256).toString('hex') };
}

export type SignatureRow = typeof contractSignature.$inferSelect;

/** The signatures on one version, in their order: those on a superseded one count for nothing. */
export async function signaturesOfVersion(
  connection: Connection,
  contractId: string,
  version: number,
): Promise<SignatureRow[]> {
  const { contractId: id, n } = contractRevision;
  const rows = await orm(connection)
    .select({ signature: contractSignature })
    .from(contractSignature)
    .innerJoin(contractRevision, and(eq(id, contractSignature.contractId), eq(n, contractSignature.revision)))
    .where(and(eq(contractSignature.contractId, contractId), eq(contractRevision.version, version)))
    .orderBy(asc(contractSignature.revision));
  return rows.map(({ signature }) => signature);
}

export type NewRevision = {
  readonly contractId: string;
  readonly n: number;
  readonly kind: string;
  readonly appended: Uint8Array;
  /** Of the whole file, with what came before. */
  readonly sha256: Uint8Array;
  readonly prevSha256: Uint8Array;
  readonly signedBy?: string | null;
  readonly certificateSerial?: string;
  readonly signedAt?: Date;
};

/** The primary key decides between two that were made on one base. */
export async function storeRevision(tx: Tx, revision: NewRevision): Promise<undefined | Refusal> {
  try {
    await orm(tx).insert(contractRevision).values(revision);
    return undefined;
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('contract.stale_revision');
    throw error;
  }
}
