/** Gathers what is kept of a contract that binds, and has it packed. */
import { asc, eq } from 'drizzle-orm';
import { type Connection, first, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import type { ContractPorts } from '../ports.ts';
import { certificateLog } from '../pki/tables.ts';
import type { SigningDeps } from '../signing/deps.ts';
import { fileOf, revisionsOfVersion, signaturesOfVersion } from '../signing/revisions.ts';
import { readCertificate } from '@seam/esign';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { type ContractRow, contractArchive, contractArchiveItem, sale } from '../tables.ts';
import type { Evidence, LogLine, PackagedSignature } from './evidence.ts';

type Deps = Pick<SigningDeps, 'sql' | 'press' | 'authority'> & { readonly ports: ContractPorts };

/** @returns the zip; a contract that bound before there were archives has none. */
export async function evidenceOf(deps: Deps, row: ContractRow): Promise<Uint8Array | Refusal> {
  const { sql } = deps;
  const archive = first(
    await orm(sql).select().from(contractArchive).where(eq(contractArchive.contractId, row.id)),
  );
  if (!archive)
    return refuse('contract.not_binding', { detail: 'this contract was made without an archive' });
  const items = await orm(sql)
    .select()
    .from(contractArchiveItem)
    .where(eq(contractArchiveItem.contractId, row.id))
    .orderBy(asc(contractArchiveItem.kind), asc(contractArchiveItem.n));
  const ders = (kind: (typeof items)[number]['kind']): Uint8Array[] =>
    items.filter((item) => item.kind === kind).map(({ der }) => new Uint8Array(der));
  const certificates = ders('certificate');
  const signatures = await signaturesOf(deps, row, certificates);
  const own = new Set(signatures.map((one) => one.certificateSerial));
  const revisions = await revisionsOfVersion(sql, row.id, row.version);
  return deps.press.run('pack', {
    number: row.number,
    contractId: row.id,
    terms: row.terms!,
    revisions: revisions.map((one) => ({ kind: one.kind, ...fileOf(one) })),
    signatures,
    documentToken: new Uint8Array(archive.documentToken),
    archivedAt: archive.archivedAt,
    report: archive.report,
    root: deps.authority.root,
    chain: certificates.filter((der) => !own.has(readCertificate(der).serialHex)),
    crls: ders('crl'),
    ocspResponses: ders('ocsp'),
    log: await logOf(sql, own),
    origin: await originOf(sql, row, archive),
  });
}

async function signaturesOf(
  { sql, ports }: Deps,
  row: ContractRow,
  certificates: readonly Uint8Array[],
): Promise<PackagedSignature[]> {
  const rows = await signaturesOfVersion(sql, row.id, row.version);
  const people = await ports.personNamesOf(
    sql,
    rows.flatMap((signed) => signed.personId ?? []),
  );
  return rows.map((signed) => {
    const { field, revision, stampedAt, handedInAt, certificateSerial } = signed;
    const certificate = certificates.find((der) => readCertificate(der).serialHex === certificateSerial);
    assert(certificate, `the certificate of ${field} of contract ${row.id} is not in its archive`);
    return {
      field,
      revision,
      stampedAt,
      handedInAt,
      certificateSerial,
      certificate,
      cms: new Uint8Array(signed.cms),
      value: new Uint8Array(signed.value),
      token: new Uint8Array(signed.token),
      session:
        signed.sessionId === null
          ? null
          : {
              id: signed.sessionId,
              person: signed.personId === null ? null : (people.get(signed.personId) ?? null),
              proof: signed.proofKind!,
              proofAt: signed.proofAt,
              assertion: signed.assertion,
              clientBundleSha256: signed.clientBundleSha256,
            },
    };
  });
}

async function logOf(connection: Connection, serials: ReadonlySet<string>): Promise<LogLine[]> {
  const rows = await orm(connection).select().from(certificateLog).orderBy(asc(certificateLog.seq));
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return rows.flatMap((row, index) =>
    serials.has(row.serial)
      ? {
          seq: row.seq,
          serial: row.serial,
          leafHash: hex(row.leafHash),
          previousChainHash: index === 0 ? '0'.repeat(64) : hex(rows[index - 1]!.chainHash),
          chainHash: hex(row.chainHash),
        }
      : [],
  );
}

async function originOf(
  connection: Connection,
  row: ContractRow,
  archive: typeof contractArchive.$inferSelect,
): Promise<Evidence['origin']> {
  const sold = first(await orm(connection).select().from(sale).where(eq(sale.id, row.saleId)))!;
  const { journalShard: shard, journalSeq: seq, journalHash: hash } = archive;
  const journal =
    shard === null || seq === null || hash === null
      ? null
      : { shard, seq: String(seq), hash: Buffer.from(hash).toString('hex') };
  return { kind: sold.originKind, id: sold.originId, journal };
}
