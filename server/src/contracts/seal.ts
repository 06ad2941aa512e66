/**
 * The centre signs last, with its own key, and only what it has verified: both parties' signatures over
 * the very document it issued. Then the contract binds, and money may begin to move.
 */
import { signedAttributes, completeSignature, loadFont, prepareSignature, verifyContract } from '@seam/esign';
import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Clock } from '../platform/clock.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { Fault, assert } from '../platform/fault.ts';
import { enqueue } from '../platform/outbox.ts';
import { isRefusal } from '../platform/refusal.ts';
import { type Authorities, CENTRE } from './pki/authorities.ts';
import { currentIssuingList } from './pki/revocation-lists.ts';
import { readCertificate } from '@seam/esign';
import { latestRevision, storeRevision } from './signing.ts';
import { contract } from './tables.ts';

export type SealDeps = { readonly sql: Sql; readonly authorities: Authorities; readonly clock: Clock };

export async function sealContract(deps: SealDeps, contractId: string): Promise<(tx: Tx) => Promise<void>> {
  const { sql, authorities } = deps;
  const row = first(await orm(sql).select().from(contract).where(eq(contract.id, contractId)));
  if (row?.state !== 'buyer_signed') return async () => {};
  const base = await latestRevision(sql, contractId);
  assert(base, `contract ${contractId} is signed without a document`);
  const now = deps.clock.now();
  const crls = [(await currentIssuingList(sql, authorities.issuing, now)).der];
  await demandValid(new Uint8Array(base.file), { deps, crls, now, require: ['sig_seller', 'sig_buyer'] });

  const { certificate, signer } = authorities.centre;
  const prepared = await prepareSignature({
    bytes: new Uint8Array(base.file),
    field: 'sig_centre',
    appearance: {
      role: '交易中心 Trading centre',
      name: 'Seam 煤炭交易中心',
      organization: CENTRE.organization,
      font: (await loadFont()).regular,
    },
    reason: `见证并归档合同 ${row.number} / witnesses and files contract ${row.number}`,
    time: now.getTime(),
  });
  if (!prepared.ok) throw new Fault('internal.error', `${prepared.code}: ${prepared.detail}`);
  const signature = await signer.sign(await signedAttributes(prepared.digest, certificate));
  const completed = await completeSignature({
    prepared: prepared.bytes,
    certificate,
    chain: [authorities.issuing.certificate],
    signature,
  });
  if (!completed.ok) throw new Fault('internal.error', `${completed.code}: ${completed.detail}`);
  await demandValid(completed.bytes, { deps, crls, now, require: ['sig_seller', 'sig_buyer', 'sig_centre'] });

  return async (tx) => {
    const stored = await storeRevision(tx, {
      contractId,
      n: base.n + 1,
      kind: 'sig_centre',
      file: completed.bytes,
      prevSha256: base.sha256,
      signedBy: null,
      certificateSerial: readCertificate(certificate).serialHex,
      signedAt: now,
    });
    if (isRefusal(stored)) throw new Fault('state.conflict', `contract ${contractId} was sealed meanwhile`);
    const moved = await orm(tx)
      .update(contract)
      .set({ state: 'binding', boundAt: now })
      .where(and(eq(contract.id, contractId), eq(contract.state, 'buyer_signed')))
      .returning({ id: contract.id });
    assert(moved.length === 1, `contract ${contractId} left buyer_signed while it was sealed`);
    // An amendment changes what settlement works by; it has none of its own.
    if (row.kind === 'amendment') return;
    await enqueue(tx, {
      effectKey: `settlement:${contractId}:open`,
      topic: 'settlement.open',
      payload: { contractId },
    });
  };
}

async function demandValid(
  bytes: Uint8Array,
  of: {
    deps: SealDeps;
    crls: Uint8Array[];
    now: Date;
    require: ('sig_seller' | 'sig_buyer' | 'sig_centre')[];
  },
): Promise<void> {
  const report = await verifyContract(bytes, {
    roots: [of.deps.authorities.root],
    require: of.require,
    crls: of.crls,
    at: of.now.getTime(),
  });
  if (report.valid) return;
  const findings = [...report.findings, ...report.signatures.flatMap((signature) => signature.findings)];
  throw new Fault('signature.invalid', findings.map((finding) => finding.code).join(', '));
}
