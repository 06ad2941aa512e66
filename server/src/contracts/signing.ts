/**
 * Signing in sequence: seller, buyer, centre.
 *
 * A session holds the prepared bytes; the party's browser checks them, signs with a key that never
 * leaves it, and hands in the signature. It is verified before it becomes part of a revision, and a
 * revision is only added to the one it was prepared on.
 */
import { createHash } from 'node:crypto';
import { completeSignature, loadFont, prepareSignature } from '@seam/esign';
import type { ContractState } from '@seam/protocol';
import { and, desc, eq } from 'drizzle-orm';
import { type Connection, type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../platform/db.ts';
import { Fault } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { type ContractMove, moveContract } from './lifecycle.ts';
import type { Authorities } from './pki/authorities.ts';
import { type CertificateRow, certificate, certificateRevocation } from './pki/tables.ts';
import { type ContractRow, contract, contractRevision, signingSession } from './tables.ts';

const SESSION_MS = 10 * 60_000;

export type PartyField = 'sig_seller' | 'sig_buyer';
const SIDES = {
  sig_seller: { move: 'sign_as_seller', role: '卖方 Seller' },
  sig_buyer: { move: 'sign_as_buyer', role: '买方 Buyer' },
} as const satisfies Record<PartyField, { move: ContractMove; role: string }>;

/** The contract as far as this company may see it: both parties, nobody else. */
export async function contractOf(
  connection: Connection,
  id: string,
  principal: Principal,
): Promise<{ row: ContractRow; field: PartyField | null } | undefined> {
  const row = first(await orm(connection).select().from(contract).where(eq(contract.id, id)));
  if (!row) return undefined;
  if (principal.staff) return { row, field: null };
  if (row.sellerId === principal.organisationId) return { row, field: 'sig_seller' };
  if (row.buyerId === principal.organisationId) return { row, field: 'sig_buyer' };
  return undefined;
}

/** The certificate, when it is this person's and may sign now. */
export async function usableCertificate(
  connection: Connection,
  personId: string,
  serial: string,
  now: Date,
): Promise<CertificateRow | Refusal> {
  const found = first(
    await orm(connection)
      .select()
      .from(certificate)
      .leftJoin(certificateRevocation, eq(certificate.serial, certificateRevocation.serial))
      .where(and(eq(certificate.serial, serial), eq(certificate.personId, personId))),
  );
  if (!found) return refuse('certificate.missing');
  if (found.certificate_revocation) return refuse('certificate.revoked');
  if (found.certificate.notAfter < now || found.certificate.notBefore > now)
    return refuse('certificate.expired');
  return found.certificate;
}

export async function latestRevision(connection: Connection, contractId: string) {
  const rows = await orm(connection)
    .select()
    .from(contractRevision)
    .where(eq(contractRevision.contractId, contractId))
    .orderBy(desc(contractRevision.n))
    .limit(1);
  return first(rows);
}

/** Whether `field` may sign from this state, and if not why. */
function turn(state: ContractState, field: PartyField): Refusal | undefined {
  if (moveContract(state, SIDES[field].move)) return undefined;
  if (state === 'drafted') return refuse('contract.not_ready');
  if (state === 'voided' || state === 'binding') return refuse('contract.not_open');
  const signed = field === 'sig_seller' ? state !== 'issued' : state === 'buyer_signed';
  return refuse(signed ? 'contract.already_signed' : 'contract.not_your_turn');
}

/** Prepares the increment that this party's signature will fill. */
export async function openSigning(
  tx: Tx,
  principal: Principal,
  input: { contractId: string; certificateSerial: string; organisationName: string; now: Date },
) {
  const mine = await contractOf(tx, input.contractId, principal);
  if (!mine?.field) return refuse('resource.not_found');
  const { row, field } = mine;
  const early = turn(row.state as ContractState, field);
  if (early) return early;
  const usable = await usableCertificate(tx, principal.personId, input.certificateSerial, input.now);
  if (isRefusal(usable)) return usable;
  const base = await latestRevision(tx, row.id);
  if (!base) return refuse('contract.not_ready');
  const prepared = await prepareSignature({
    bytes: new Uint8Array(base.file),
    field,
    appearance: {
      role: SIDES[field].role,
      name: principal.personName,
      organization: input.organisationName,
      font: (await loadFont()).regular,
    },
    reason: `签署合同 ${row.number} / signs contract ${row.number}`,
    time: input.now.getTime(),
  });
  if (!prepared.ok) throw new Fault('contract.font_missing_glyph', `${prepared.code}: ${prepared.detail}`);
  const session = {
    id: newId(),
    contractId: row.id,
    field,
    baseRevision: base.n,
    personId: principal.personId,
    certificateSerial: usable.serial,
    prepared: prepared.bytes,
    digest: prepared.digest,
    state: 'open' as const,
    expiresAt: new Date(input.now.getTime() + SESSION_MS),
  };
  await orm(tx).insert(signingSession).values(session);
  return { session, baseSha256: Buffer.from(base.sha256).toString('hex') };
}

/** Verifies, embeds and stores a party's signature, if its base is still the newest revision. */
export async function completeSigning(
  tx: Tx,
  authorities: Authorities,
  principal: Principal,
  input: { sessionId: string; signature: Uint8Array; now: Date },
): Promise<{ contractId: string } | Refusal> {
  const session = first(
    await orm(tx).select().from(signingSession).where(eq(signingSession.id, input.sessionId)).for('update'),
  );
  if (!session || session.personId !== principal.personId) return refuse('signing_session.unknown');
  if (session.state !== 'open') return refuse('signing_session.used');
  if (session.expiresAt < input.now) return refuse('signing_session.expired');
  const row = first(
    await orm(tx).select().from(contract).where(eq(contract.id, session.contractId)).for('update'),
  )!;
  const base = await latestRevision(tx, row.id);
  if (!base || base.n !== session.baseRevision) return refuse('contract.stale_revision');
  const early = turn(row.state as ContractState, session.field);
  if (early) return early;
  const usable = await usableCertificate(tx, principal.personId, session.certificateSerial, input.now);
  if (isRefusal(usable)) return usable;
  const completed = await completeSignature({
    prepared: new Uint8Array(session.prepared),
    certificate: new Uint8Array(usable.der),
    chain: [authorities.issuing.certificate],
    signature: input.signature,
  });
  if (!completed.ok) return refuse('signature.invalid', { detail: completed.detail });
  const stored = await storeRevision(tx, {
    contractId: row.id,
    n: base.n + 1,
    kind: session.field,
    file: completed.bytes,
    prevSha256: base.sha256,
    signedBy: principal.personId,
    certificateSerial: usable.serial,
    signedAt: input.now,
  });
  if (isRefusal(stored)) return stored;
  await orm(tx).update(signingSession).set({ state: 'used' }).where(eq(signingSession.id, session.id));
  await orm(tx)
    .update(contract)
    .set({ state: moveContract(row.state as ContractState, SIDES[session.field].move)! })
    .where(eq(contract.id, row.id));
  if (session.field === 'sig_buyer') {
    await enqueue(tx, {
      effectKey: `contract:${row.id}:seal`,
      topic: 'contracts.seal',
      payload: { contractId: row.id },
    });
    await tellOrigin(tx, row, 'signed');
  }
  return { contractId: row.id };
}

export async function storeRevision(
  tx: Tx,
  revision: {
    contractId: string;
    n: number;
    kind: string;
    file: Uint8Array;
    prevSha256: Uint8Array;
    signedBy: string | null;
    certificateSerial: string;
    signedAt: Date;
  },
): Promise<undefined | Refusal> {
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

/** A party will not sign: the contract is void, with the reason for the other side to read. */
export async function declineSigning(
  tx: Tx,
  principal: Principal,
  input: { contractId: string; reason: string },
): Promise<{ contractId: string } | Refusal> {
  const mine = await contractOf(tx, input.contractId, principal);
  if (!mine?.field) return refuse('resource.not_found');
  const row = first(await orm(tx).select().from(contract).where(eq(contract.id, mine.row.id)).for('update'))!;
  const next = moveContract(row.state as ContractState, 'void');
  if (!next) return refuse('contract.not_open');
  // A draft has no terms yet and is not a document that could be declined.
  if (row.terms === null) return refuse('contract.not_ready');
  await orm(tx)
    .update(contract)
    .set({ state: next, voidedReason: input.reason })
    .where(eq(contract.id, row.id));
  await enqueue(tx, {
    effectKey: `contract:${row.id}:voided`,
    topic: 'contracts.voided',
    payload: { contractId: row.id },
  });
  await tellOrigin(tx, row, mine.field === 'sig_seller' ? 'seller_declined' : 'buyer_declined');
  return { contractId: row.id };
}

/** An award may be waiting for what its contract comes to. */
async function tellOrigin(tx: Tx, row: ContractRow, what: string): Promise<void> {
  if (row.kind === 'amendment') return;
  const [origin] =
    await tx`select 1 from sale where id = ${row.saleId} and origin_key like 'auction:%:award:%'`;
  if (!origin) return;
  await enqueue(tx, {
    effectKey: `contract:${row.id}:${what}`,
    topic: 'auctions.contract_ended',
    payload: { contractId: row.id, what },
  });
}
