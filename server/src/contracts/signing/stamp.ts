/**
 * From a kept signature to a signed revision: a timestamp is fetched, the document completed and verified in
 * the press, and the revision stored if its base is still the newest. No transaction is open meanwhile.
 *
 * While the timestamp authority is away the signature stays kept. A revision without a token is never written.
 */
import { createHash } from 'node:crypto';
import type { SignatureField } from '@seam/esign';
import type { ContractState, ProblemCode } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { Fault, assert } from '../../platform/fault.ts';
import { enqueue } from '../../platform/outbox.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { moveContract } from '../lifecycle.ts';
import { findingsOf } from '../press/jobs.ts';
import { certificate } from '../pki/tables.ts';
import { contract, contractSignature, signingSession } from '../tables.ts';
import type { SigningDeps } from './deps.ts';
import { lapseIfDue } from './end.ts';
import { SIDES, turn, usableCertificate } from './parties.ts';
import { latestRevision, storeRevision } from './revisions.ts';
import { type SessionRow, lockSession, sessionById } from './sessions.ts';

const FIELDS: Readonly<Record<SessionRow['field'], readonly SignatureField[]>> = {
  sig_seller: ['sig_seller'],
  sig_buyer: ['sig_seller', 'sig_buyer'],
};

/**
 * @throws Fault `contract.timestamp_unavailable`, `contract.press_busy` or `signature.too_large`; the
 * signature is then still kept.
 */
export async function stampKept(
  deps: SigningDeps,
  sessionId: string,
): Promise<{ contractId: string } | Refusal> {
  const { sql } = deps;
  const session = await sessionById(sql, sessionId);
  assert(session, `signing session ${sessionId} is missing`);
  const { contractId } = session;
  if (session.state === 'used') return { contractId };
  if (session.state === 'dropped') return refuse(session.droppedBecause as ProblemCode);
  assert(session.state === 'signed_waiting' && session.signature, `session ${sessionId} holds no signature`);
  const signature = new Uint8Array(session.signature);
  const token = await stampOrWait(deps, session, signature);
  const made = await complete(deps, session, signature, token);
  const outcome = await sql.begin(async (tx) => store(deps, tx, sessionId, made));
  return isRefusal(outcome) ? outcome : { contractId };
}

/** Since when it is waited for is written down, once, so that a repeat of the call is known as one. */
async function stampOrWait(
  { sql, tsa, clock }: SigningDeps,
  session: SessionRow,
  signature: Uint8Array,
): Promise<Uint8Array> {
  try {
    return await tsa.stamp(new Uint8Array(createHash('sha256').update(signature).digest()));
  } catch (error) {
    await sql`update signing_session set delayed_at = ${clock.now()}
      where id = ${session.id} and delayed_at is null`;
    throw error;
  }
}

type Made = {
  appended: Uint8Array;
  sha256: Uint8Array;
  cms: Uint8Array;
  token: Uint8Array;
  value: Uint8Array;
  stampedAt: Date;
};

async function complete(
  { sql, press, authority, clock }: SigningDeps,
  session: SessionRow,
  signature: Uint8Array,
  token: Uint8Array,
): Promise<Made> {
  const holder = first(
    await orm(sql).select().from(certificate).where(eq(certificate.serial, session.certificateSerial)),
  )!;
  const completed = await press.run('complete', {
    prepared: { sessionId: session.id },
    certificate: new Uint8Array(holder.der),
    chain: authority.chain,
    signature,
    token,
    demand: {
      roots: [authority.root],
      at: clock.now().getTime(),
      require: FIELDS[session.field],
      requireLevel: 'B-T',
    },
  });
  if (!completed.ok) {
    const code = completed.code === 'SIGNATURE_TOO_LARGE' ? 'signature.too_large' : 'internal.error';
    throw new Fault(code, `${completed.code}: ${completed.detail}`);
  }
  const stampedAt = completed.report.signatures.at(-1)?.signedAt;
  if (!completed.report.valid || !stampedAt)
    throw new Fault(
      'internal.error',
      `the signed revision is not valid: ${findingsOf(completed.report).join()}`,
    );
  return {
    ...completed,
    token,
    value: signature,
    stampedAt: new Date(stampedAt),
  };
}

/** A refusal here is final and committed: the signature is dropped, with the reason. */
async function store(deps: SigningDeps, tx: Tx, sessionId: string, made: Made): Promise<undefined | Refusal> {
  const session = await lockSession(tx, sessionId);
  const row = first(
    await orm(tx).select().from(contract).where(eq(contract.id, session.contractId)).for('update'),
  )!;
  if (session.state === 'used') return undefined;
  if (session.state !== 'signed_waiting') return refuse(session.droppedBecause as ProblemCode);
  const { field, contractId } = session;
  const base = await latestRevision(tx, contractId);
  const usable = await usableCertificate(tx, session.personId, session.certificateSerial, made.stampedAt);
  const unfit =
    turn(row.state as ContractState, field) ??
    (base?.n === session.baseRevision ? undefined : refuse('contract.stale_revision')) ??
    (isRefusal(usable) ? usable : undefined);
  if (unfit) {
    await orm(tx)
      .update(signingSession)
      .set({ state: 'dropped', droppedBecause: unfit.refused })
      .where(eq(signingSession.id, sessionId));
    await lapseIfDue(tx, row, deps.clock.now());
    return unfit;
  }
  await storeSigned(tx, session, made, base!);
  await orm(tx)
    .update(contract)
    .set({ state: moveContract(row.state as ContractState, SIDES[field].move)! })
    .where(eq(contract.id, contractId));
  if (field === 'sig_buyer') {
    await enqueue(tx, {
      effectKey: `contract:${contractId}:seal`,
      topic: 'contracts.seal',
      payload: { contractId },
    });
  }
  return undefined;
}

async function storeSigned(
  tx: Tx,
  session: SessionRow,
  made: Made,
  base: { n: number; sha256: Uint8Array },
): Promise<void> {
  const { contractId, field, certificateSerial, personId } = session;
  const revision = base.n + 1;
  const refused = await storeRevision(tx, {
    contractId,
    n: revision,
    kind: field,
    appended: made.appended,
    sha256: made.sha256,
    prevSha256: base.sha256,
    signedBy: personId,
    certificateSerial,
    signedAt: session.keptAt!,
  });
  assert(!refused, `revision ${revision} of contract ${contractId} appeared under its lock`);
  await orm(tx).insert(contractSignature).values({
    contractId,
    revision,
    field,
    sessionId: session.id,
    cms: made.cms,
    value: made.value,
    token: made.token,
    stampedAt: made.stampedAt,
    certificateSerial,
    personId,
    proofKind: session.proofKind,
    proofAt: session.proofAt,
    assertion: session.assertion,
    ip: session.ip,
    userAgent: session.userAgent,
    clientBundleSha256: session.clientBundleSha256,
    handedInAt: session.keptAt!,
  });
  await orm(tx).update(signingSession).set({ state: 'used' }).where(eq(signingSession.id, session.id));
}
