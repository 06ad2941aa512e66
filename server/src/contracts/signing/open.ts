/**
 * Opening a session: the document with room for this person's signature, prepared on the newest revision.
 * Nothing is promised by it; two sessions on one base are decided when their signatures come.
 */
import { createHash } from 'node:crypto';
import type { ContractState, ProofKind } from '@seam/protocol';
import { Fault } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { SignerProof, SigningDeps } from './deps.ts';
import { SIDES, beyondLimit, contractOf, turn, usableCertificate } from './parties.ts';
import { fileOf, latestRevision } from './revisions.ts';
import { type SessionRow, sessionById, storeSession } from './sessions.ts';

const SESSION_MS = 10 * 60_000;
/** A person opens one, perhaps again on another device; each holds a whole document. */
const OPEN_MAX = 5;
/** For so long a late signature is still told that it came too late. */
const DAY_MS = 24 * 3600_000;

export type OpenedSession = {
  readonly session: SessionRow;
  readonly baseSha256: Uint8Array;
  readonly passkey: { challenge: string; rpId: string; credentialIds: string[] } | null;
};

export async function openSigning(
  deps: SigningDeps & { readonly proof: SignerProof },
  principal: Principal,
  input: { contractId: string; certificateSerial: string; organisationName: string; proof: ProofKind },
): Promise<OpenedSession | Refusal> {
  const { sql, clock, press } = deps;
  const now = clock.now();
  const mine = await contractOf(sql, input.contractId, principal);
  if (!mine?.field) return refuse('resource.not_found');
  const { row, field } = mine;
  const early = turn(row.state as ContractState, field);
  if (early) return early;
  const beyond = await beyondLimit(deps.proof, sql, row, principal.personId);
  if (beyond) return beyond;
  const usable = await usableCertificate(sql, principal.personId, input.certificateSerial, now);
  if (isRefusal(usable)) return usable;
  const proof = await offeredProof(deps, principal, input.proof, now);
  if (isRefusal(proof)) return proof;
  const base = await latestRevision(sql, row.id);
  if (!base) return refuse('contract.not_ready');
  const prepared = await press.run('prepare', {
    bytes: fileOf(base),
    field,
    appearance: { role: SIDES[field].role, name: principal.personName, organization: input.organisationName },
    reason: `签署合同 ${row.number} / signs contract ${row.number}`,
    time: now.getTime(),
  });
  if (!prepared.ok) {
    if (prepared.code === 'FONT_MISSING_GLYPH')
      return refuse('contract.font_missing_glyph', { detail: prepared.detail });
    throw new Fault('internal.error', `${prepared.code}: ${prepared.detail}`);
  }
  const session = {
    id: newId(),
    contractId: row.id,
    field,
    baseRevision: base.n,
    personId: principal.personId,
    certificateSerial: usable.serial,
    appended: prepared.appended,
    digest: prepared.digest,
    state: 'open' as const,
    expiresAt: new Date(now.getTime() + SESSION_MS),
    proofKind: input.proof,
    proofAt: proof.at,
    loginSessionId: principal.loginSessionId,
  };
  const stored = await storeSession(sql, session);
  await forgetOldest(deps, session);
  const { rpId, credentialIds } = proof;
  const passkey =
    rpId === null
      ? null
      : { challenge: challengeOf(stored, usable.der).toString('base64url'), rpId, credentialIds };
  return { session: stored, baseSha256: base.sha256, passkey };
}

/**
 * What a passkey answers for one signature: this session, this document, this certificate. The page computes
 * it too, so that nobody makes it answer for another document.
 */
export function challengeOf(session: Pick<SessionRow, 'id' | 'digest'>, certificate: Uint8Array): Buffer {
  return createHash('sha256')
    .update(session.id)
    .update(session.digest)
    .update(createHash('sha256').update(certificate).digest())
    .digest();
}

type Offered = { at: Date | null; rpId: string | null; credentialIds: string[] };

/** The password counts from before; a passkey is asked when the signature is handed in. */
async function offeredProof(
  { sql, proof }: { sql: SigningDeps['sql']; proof: SignerProof },
  principal: Principal,
  kind: ProofKind,
  now: Date,
): Promise<Offered | Refusal> {
  if (kind === 'password') {
    const at = await proof.freshProof(sql, principal, now);
    return at ? { at, rpId: null, credentialIds: [] } : refuse('step_up.required');
  }
  if (proof.rpId === null) return refuse('passkey.not_offered');
  const credentialIds = await proof.credentialIdsOf(sql, principal.personId);
  if (credentialIds.length === 0) return refuse('passkey.unknown');
  return { at: null, rpId: proof.rpId, credentialIds };
}

async function forgetOldest(
  { sql, clock }: SigningDeps,
  of: { contractId: string; personId: string },
): Promise<void> {
  const { contractId, personId } = of;
  const yesterday = new Date(clock.now().getTime() - DAY_MS);
  await sql`delete from signing_session where contract_id = ${contractId} and state = 'open'
    and (expires_at < ${yesterday} or (person_id = ${personId} and id not in (
      select id from signing_session where contract_id = ${contractId} and person_id = ${personId}
        and state = 'open' order by id desc limit ${OPEN_MAX})))`;
}

export async function sessionOf(
  { sql }: Pick<SigningDeps, 'sql'>,
  id: string,
  principal: Principal,
): Promise<SessionRow | undefined> {
  const row = await sessionById(sql, id);
  return row?.personId === principal.personId ? row : undefined;
}
