/**
 * The centre signs last, with its own key, and only what it has verified: both parties' signatures, with
 * their timestamps, over the very document it issued.
 */
import { createHash } from 'node:crypto';
import { readCertificate, signedAttributes } from '@seam/esign';
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { Fault, assert } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import { findingsOf } from '../press/jobs.ts';
import { CENTRE } from '../pki/authorities.ts';
import { type ContractRow, contract, contractRefusal, contractSignature } from '../tables.ts';
import type { SealingDeps } from './deps.ts';
import { lockContract } from './end.ts';
import { type RevisionRow, fileOf, latestRevision, storeRevision } from './revisions.ts';

const NOTHING = async (): Promise<void> => {};

/** @returns what to write; repeating it for a contract that is sealed, void or to be refused writes nothing. */
export async function sealContract(
  deps: SealingDeps,
  contractId: string,
): Promise<(tx: Tx) => Promise<void>> {
  const { sql } = deps;
  const row = first(await orm(sql).select().from(contract).where(eq(contract.id, contractId)));
  const base = await latestRevision(sql, contractId);
  if (row?.state !== 'buyer_signed' || base?.kind !== 'sig_buyer') return NOTHING;
  if (await isRefusalProposed(sql, contractId)) return NOTHING;
  const sealed = await seal(deps, row, base);
  return async (tx) => {
    const now = await lockContract(tx, contractId);
    // A person of the centre may have spoken up meanwhile.
    if (now.state !== 'buyer_signed' || (await isRefusalProposed(tx, contractId))) return;
    const revision = base.n + 1;
    const refused = await storeRevision(tx, {
      contractId,
      n: revision,
      kind: 'sig_centre',
      appended: sealed.appended,
      sha256: sealed.sha256,
      prevSha256: base.sha256,
      certificateSerial: sealed.serial,
      signedAt: sealed.at,
    });
    if (refused) throw new Fault('state.conflict', `contract ${contractId} was sealed meanwhile`);
    await orm(tx).insert(contractSignature).values({
      contractId,
      revision,
      field: 'sig_centre',
      sessionId: null,
      cms: sealed.cms,
      value: sealed.value,
      token: sealed.token,
      stampedAt: sealed.stampedAt,
      certificateSerial: sealed.serial,
      handedInAt: sealed.at,
    });
    await enqueue(tx, {
      effectKey: `contract:${contractId}:archive:1`,
      topic: 'contracts.archive',
      payload: { contractId, attempt: 1 },
    });
  };
}

async function isRefusalProposed(connection: SealingDeps['sql'] | Tx, contractId: string): Promise<boolean> {
  const rows = await orm(connection)
    .select({ id: contractRefusal.contractId })
    .from(contractRefusal)
    .where(eq(contractRefusal.contractId, contractId));
  return rows.length > 0;
}

async function seal(deps: SealingDeps, row: ContractRow, base: RevisionRow) {
  const { press, authority, centre, tsa, clock, revocation } = deps;
  const at = clock.now();
  const file = fileOf(base);
  const crls = await revocation.crls(at);
  const demand = { roots: [authority.root], at: at.getTime(), crls, requireLevel: 'B-T' } as const;
  const signed = await press.run('verify', { ...demand, file, require: ['sig_seller', 'sig_buyer'] });
  if (!signed.valid) throw new Fault('signature.invalid', findingsOf(signed).join(', '));
  const prepared = await press.run('prepare', {
    bytes: file,
    field: 'sig_centre',
    appearance: {
      role: '交易中心 Trading centre',
      name: 'Seam 煤炭交易中心',
      organization: CENTRE.organization,
    },
    reason: `见证并归档合同 ${row.number} / witnesses and files contract ${row.number}`,
    time: at.getTime(),
  });
  if (!prepared.ok) throw new Fault('internal.error', `${prepared.code}: ${prepared.detail}`);
  const { certificate } = centre;
  const signature = await centre.sign(await signedAttributes(prepared.digest, certificate));
  const token = await tsa.stamp(new Uint8Array(createHash('sha256').update(signature).digest()));
  const completed = await press.run('complete', {
    prepared: { base: file, appended: prepared.appended },
    certificate,
    chain: authority.chain,
    signature,
    token,
    demand: { ...demand, at: clock.now().getTime(), require: ['sig_seller', 'sig_buyer', 'sig_centre'] },
  });
  if (!completed.ok) throw new Fault('internal.error', `${completed.code}: ${completed.detail}`);
  const stampedAt = completed.report.signatures.at(-1)?.signedAt;
  if (!completed.report.valid) throw new Fault('signature.invalid', findingsOf(completed.report).join(', '));
  assert(stampedAt, `the seal of contract ${row.id} has no time`);
  const serial = readCertificate(certificate).serialHex;
  return { ...completed, at, serial, token, value: signature, stampedAt: new Date(stampedAt) };
}
