/**
 * The revisions of a contract: appended one after the other, never changed. Their files are read only where
 * one is needed (see sessions.ts).
 */
import { createHash } from 'node:crypto';
import { and, asc, desc, eq, getTableColumns } from 'drizzle-orm';
import { type Connection, type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { contractRevision, contractSignature } from '../tables.ts';

const { file, ...facts } = getTableColumns(contractRevision);

export type RevisionRow = Omit<typeof contractRevision.$inferSelect, 'file'>;

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

/** The document as this revision has it. */
export async function fileOf(
  connection: Connection,
  { contractId, n }: Pick<RevisionRow, 'contractId' | 'n'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const [row] = await orm(connection)
    .select({ file })
    .from(contractRevision)
    .where(and(eq(contractRevision.contractId, contractId), eq(contractRevision.n, n)));
  return new Uint8Array(row!.file);
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
  readonly file: Uint8Array;
  readonly prevSha256: Uint8Array;
  readonly signedBy?: string | null;
  readonly certificateSerial?: string;
  readonly signedAt?: Date;
};

/** The primary key decides between two that were made on one base. */
export async function storeRevision(tx: Tx, revision: NewRevision): Promise<undefined | Refusal> {
  try {
    await orm(tx)
      .insert(contractRevision)
      .values({ ...revision, sha256: createHash('sha256').update(revision.file).digest() });
    return undefined;
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('contract.stale_revision');
    throw error;
  }
}
