/**
 * What makes a contract's proof last for decades, and what alone makes it bind: the state of every certificate
 * after the last signature, written into the document, a timestamp over the whole, and the verifier's word
 * that nothing is missing. Then money may begin to move.
 */
import { readCertificate } from '@seam/esign';
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { Fault, assert } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { JournalEntryOf } from '../ports.ts';
import { findingsOf } from '../press/jobs.ts';
import { certificate } from '../pki/tables.ts';
import { type ContractRow, contract, contractArchive, contractArchiveItem, sale } from '../tables.ts';
import type { SealingDeps } from './deps.ts';
import { lockContract, tellAward } from './end.ts';
import { type RevisionRow, fileOf, latestRevision, signaturesOfVersion, storeRevision } from './revisions.ts';

export type ArchivingDeps = SealingDeps & { readonly journalEntryOf: JournalEntryOf };

export async function archiveContract(
  deps: ArchivingDeps,
  contractId: string,
): Promise<(tx: Tx) => Promise<void>> {
  const { sql } = deps;
  const row = first(await orm(sql).select().from(contract).where(eq(contract.id, contractId)));
  const base = await latestRevision(sql, contractId);
  if (row?.state !== 'buyer_signed' || base?.kind !== 'sig_centre') return async () => {};
  const made = await archive(deps, base);
  const origin = first(await orm(sql).select().from(sale).where(eq(sale.id, row.saleId)))!;
  const entry = await deps.journalEntryOf(sql, origin);
  return async (tx) => {
    const now = await lockContract(tx, contractId);
    if (now.state !== 'buyer_signed') return;
    const n = base.n + 1;
    const refused =
      (await storeRevision(tx, {
        contractId,
        n,
        kind: 'dss',
        appended: made.stored.appended,
        sha256: made.stored.sha256,
        prevSha256: base.sha256,
      })) ??
      (await storeRevision(tx, {
        contractId,
        n: n + 1,
        kind: 'document_timestamp',
        appended: made.appended,
        sha256: made.sha256,
        prevSha256: made.stored.sha256,
      }));
    if (refused) throw new Fault('state.conflict', `contract ${contractId} was archived meanwhile`);
    await orm(tx)
      .insert(contractArchive)
      .values({
        contractId,
        finalRevision: n + 1,
        finalSha256: made.sha256,
        level: 'B-LTA',
        report: made.report,
        documentToken: made.token,
        journalShard: entry?.shard ?? null,
        journalSeq: entry?.seq ?? null,
        journalHash: entry?.hash ?? null,
        archivedAt: made.at,
      });
    await orm(tx)
      .insert(contractArchiveItem)
      .values(made.items.map((item) => ({ contractId, ...item })));
    await bind(tx, now, made.at);
  };
}

async function bind(tx: Tx, row: ContractRow, at: Date): Promise<void> {
  await orm(tx).update(contract).set({ state: 'binding', boundAt: at }).where(eq(contract.id, row.id));
  // An amendment changes what a settlement under way goes by; it opens none.
  if (row.kind !== 'contract') return;
  await tellAward(tx, row, 'signed');
  await enqueue(tx, {
    effectKey: `settlement:${row.id}:open`,
    topic: 'settlement.open',
    payload: { contractId: row.id },
  });
}

const SECOND_MS = 1000;

async function archive(deps: ArchivingDeps, base: RevisionRow) {
  const { sql, press, authority, revocation, tsa, centre, clock } = deps;
  const { contractId } = base;
  const file = fileOf(base);
  const signatures = await signaturesOfVersion(sql, contractId, base.version);
  const at = clock.now();
  // Lists and answers speak in whole seconds, and must not be from before the last signature.
  const second = Math.floor(at.getTime() / SECOND_MS) * SECOND_MS;
  if (signatures.some(({ stampedAt }) => stampedAt.getTime() > second))
    throw new Fault('service.unavailable', 'the last timestamp is of a moment still to come');
  const serials = [...new Set(signatures.map((one) => one.certificateSerial))];
  const crls = await revocation.crls(at);
  const ocspResponses = await revocation.ocsp(serials, at);
  const certificates = [centre.certificate, ...authority.chain];
  for (const serial of serials) {
    const held = first(await orm(sql).select().from(certificate).where(eq(certificate.serial, serial)));
    if (held) certificates.unshift(new Uint8Array(held.der));
  }
  const centreSerial = readCertificate(centre.certificate).serialHex;
  assert(serials.includes(centreSerial), `contract ${contractId} is sealed with an earlier certificate`);
  const stored = await press.run('dss', { base: file, content: { certificates, ocspResponses, crls } });
  const token = await tsa.stamp(stored.imprint);
  const stamped = await press.run('stamp', {
    base: file,
    dss: stored.appended,
    token,
    demand: {
      roots: [authority.root],
      at: at.getTime(),
      require: ['sig_seller', 'sig_buyer', 'sig_centre'],
      requireRevocation: true,
      requireLevel: 'B-LTA',
    },
  });
  if (!stamped.report.valid)
    throw new Fault(
      'signature.invalid',
      `the archive is not valid: ${findingsOf(stamped.report).join(', ')}`,
    );
  const items = [
    ...certificates.map((der, n) => ({ kind: 'certificate' as const, n, der })),
    ...crls.map((der, n) => ({ kind: 'crl' as const, n, der })),
    ...ocspResponses.map((der, n) => ({ kind: 'ocsp' as const, n, der })),
  ];
  return { ...stamped, at, stored, token, items };
}
