/**
 * Taking a party's signature in three steps, none of which holds a transaction while somebody else works:
 * it is checked (in the press), kept (one transaction, the only place where two on one base are told apart),
 * and completed with its timestamp (see stamp.ts). What is kept is never lost: it is completed by whoever
 * comes first, the caller, a repeat of the call, or the work that was written with it.
 */
import type { ContractState, PasskeyAssertion } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import { type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../../platform/db.ts';
import { inTransaction } from '../../platform/http.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { type ContractRow, contract, signingSession } from '../tables.ts';
import type { SignerProof, SigningDeps } from './deps.ts';
import { challengeOf, sessionOf } from './open.ts';
import { beyondLimit, turn, usableCertificate } from './parties.ts';
import { latestRevision } from './revisions.ts';
import { type SessionRow, lockSession } from './sessions.ts';
import { stampKept } from './stamp.ts';

export type HandedIn = {
  readonly sessionId: string;
  readonly signature: Uint8Array;
  readonly passkey?: PasskeyAssertion | undefined;
  readonly clientBundleSha256?: string | undefined;
  readonly ip: string;
  readonly userAgent: string;
};
type Deps = SigningDeps & { readonly proof: SignerProof };

/** The caller completes it at once; should it die on the way, the work begins after this. */
const OWN_CHANCE_MS = 5_000;

/** @throws Fault `contract.timestamp_unavailable` with the signature kept. */
export async function completeSigning(
  deps: Deps,
  principal: Principal,
  given: HandedIn,
): Promise<{ contractId: string } | Refusal> {
  const session = await sessionOf(deps, given.sessionId, principal);
  if (!session) return refuse('signing_session.unknown');
  if (isRepeat(session, given)) return stampKept(deps, session.id);
  if (session.state !== 'open') return refuse('signing_session.used');
  const mine = { ...deps, principal, given };
  // Asked once without a lock, so that nobody has documents checked for a session that cannot end well.
  const checked = await mayComplete(mine, deps.sql, session);
  if (isRefusal(checked)) return checked;
  const { certificate } = checked;
  const fits = await deps.press.run('fits', {
    prepared: { sessionId: session.id },
    certificate: new Uint8Array(certificate.der),
    signature: given.signature,
  });
  if (!fits) return refuse('signature.invalid');
  const kept = await inTransaction(deps.sql, async (tx) => keep(mine, tx));
  return isRefusal(kept) ? kept : stampKept(deps, session.id);
}

/** The same signature again, after the timestamp had to be waited for. */
function isRepeat(session: SessionRow, { signature }: HandedIn): boolean {
  const same = session.signature !== null && Buffer.from(session.signature).equals(signature);
  return (
    same && (session.state === 'signed_waiting' || (session.state === 'used' && session.delayedAt !== null))
  );
}

type Mine = Deps & { readonly principal: Principal; readonly given: HandedIn };

async function mayComplete(
  { clock, principal, proof }: Mine,
  connection: Deps['sql'] | Tx,
  session: SessionRow,
  row?: ContractRow,
) {
  const now = clock.now();
  if (session.state !== 'open') return refuse('signing_session.used');
  if (session.expiresAt < now) return refuse('signing_session.expired');
  const of =
    row ?? first(await orm(connection).select().from(contract).where(eq(contract.id, session.contractId)))!;
  const base = await latestRevision(connection, of.id);
  if (of.state !== 'voided' && base?.n !== session.baseRevision) return refuse('contract.stale_revision');
  const early = turn(of.state as ContractState, session.field);
  if (early) return early;
  // Lowered since the session was opened, it counts too.
  const beyond = await beyondLimit(proof, connection, of, principal.personId);
  if (beyond) return beyond;
  const usable = await usableCertificate(connection, principal.personId, session.certificateSerial, now);
  return isRefusal(usable) ? usable : { certificate: usable };
}

/** The compare-and-set: under the contract's lock, on the base it was made for, and the first on it. */
async function keep(mine: Mine, tx: Tx): Promise<undefined | Refusal> {
  const { clock, given } = mine;
  const session = await lockSession(tx, given.sessionId);
  const row = first(
    await orm(tx).select().from(contract).where(eq(contract.id, session.contractId)).for('update'),
  )!;
  const checked = await mayComplete(mine, tx, session, row);
  if (isRefusal(checked)) return checked;
  const proof = await proven(mine, tx, session, checked.certificate.der);
  if (isRefusal(proof)) return proof;
  const now = clock.now();
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .update(signingSession)
        .set({
          state: 'signed_waiting',
          signature: given.signature,
          keptAt: now,
          proofAt: proof.at,
          assertion: given.passkey ?? null,
          ip: given.ip,
          userAgent: given.userAgent.slice(0, 300),
          clientBundleSha256: given.clientBundleSha256 ?? null,
        })
        .where(eq(signingSession.id, session.id)),
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('contract.stale_revision');
    throw error;
  }
  await enqueue(tx, {
    effectKey: `signing:${session.id}:stamp:1`,
    topic: 'contracts.stamp',
    payload: { sessionId: session.id, attempt: 1 },
    // By the database's clock, which decides what is due, and near enough to ours.
    notBefore: new Date(Date.now() + OWN_CHANCE_MS),
  });
  return undefined;
}

async function proven(
  { proof, principal, given, clock }: Mine,
  tx: Tx,
  session: SessionRow,
  certificate: Uint8Array,
): Promise<{ at: Date } | Refusal> {
  if (session.proofKind === 'password') return { at: session.proofAt! };
  if (!given.passkey) return refuse('signature.proof_missing');
  const now = clock.now();
  const asserted = await proof.assertPasskey(tx, {
    personId: principal.personId,
    challenge: challengeOf(session, certificate),
    assertion: given.passkey,
    now,
  });
  return isRefusal(asserted) ? asserted : { at: now };
}
