/**
 * Passkeys: a person's own authenticators, each bound to this host. They prove the person with a touch or a
 * face, and their answer is bound to a challenge, here to the one document that is being signed.
 */
import { createHash, randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import {
  type AuthenticatorTransport,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { PasskeyAssertion, PasskeyCreation, PasskeyView } from '@seam/protocol';
import { type Connection, type Tx, UNIQUE_VIOLATION, isPgError } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { PASSKEYS_MAX, PASSKEY_CREATION_MS } from '../limits.ts';
import { freshProof } from './proof.ts';

/** Where passkeys belong: the origin of the pages, and the host that browsers bind them to. */
export type RelyingParty = { readonly id: string; readonly origin: string };

/** @returns undefined for an address: browsers bind passkeys to names only. */
export function relyingParty(publicUrl: string): RelyingParty | undefined {
  const { hostname, origin } = new URL(publicUrl);
  return isIP(hostname.replace(/^\[|\]$/g, '')) === 0 ? { id: hostname, origin } : undefined;
}

/** ES256 and RS256: what every authenticator has at least one of. */
const ALGORITHMS = [-7, -257];

type Row = {
  id: string;
  credentialId: string;
  publicKey: Buffer;
  counter: string;
  transports: AuthenticatorTransport[];
  label: string;
  createdAt: Date;
  lastUsedAt: Date | null;
};

async function rowsOf(connection: Connection, personId: string): Promise<Row[]> {
  return connection<Row[]>`select id, credential_id as "credentialId", public_key as "publicKey", counter,
      transports, label, created_at as "createdAt", last_used_at as "lastUsedAt"
    from passkey where person_id = ${personId} and removed_at is null order by created_at, id`;
}

export async function listPasskeys(connection: Connection, personId: string): Promise<PasskeyView[]> {
  return (await rowsOf(connection, personId)).map(view);
}

export async function credentialIdsOf(connection: Connection, personId: string): Promise<string[]> {
  return (await rowsOf(connection, personId)).map((row) => row.credentialId);
}

function view(row: Pick<Row, 'id' | 'label' | 'createdAt' | 'lastUsedAt'>): PasskeyView {
  return {
    id: row.id,
    label: row.label,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  };
}

/** What the browser needs to make one. A new passkey is a new way in: the password is asked for first. */
export async function beginPasskey(
  tx: Tx,
  relying: RelyingParty | undefined,
  principal: Principal,
  now: Date,
): Promise<PasskeyCreation | Refusal> {
  if (!relying) return refuse('passkey.not_offered');
  if (!(await freshProof(tx, principal, now))) return refuse('step_up.required');
  const existing = await credentialIdsOf(tx, principal.personId);
  if (existing.length >= PASSKEYS_MAX) return refuse('passkey.limit');
  const challenge = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now.getTime() + PASSKEY_CREATION_MS);
  await tx`insert into passkey_creation (login_session_id, person_id, challenge, expires_at)
    values (${principal.loginSessionId}, ${principal.personId}, ${challenge}, ${expiresAt})
    on conflict (login_session_id) do update set challenge = excluded.challenge, expires_at = excluded.expires_at`;
  return {
    challenge,
    rp: { id: relying.id, name: 'Seam' },
    // Not the person's id: an authenticator shows this to whoever holds it.
    user: {
      id: createHash('sha256').update(`seam:${principal.personId}`).digest('base64url'),
      name: principal.personName,
      displayName: principal.personName,
    },
    algorithms: ALGORITHMS,
    exclude: existing,
    expiresAt: expiresAt.toISOString(),
  };
}

export type MadePasskey = {
  readonly label: string;
  readonly credentialId: string;
  readonly clientDataJson: string;
  readonly attestationObject: string;
  readonly transports?: readonly string[];
};

/** A challenge makes one passkey. */
export async function addPasskey(
  tx: Tx,
  relying: RelyingParty | undefined,
  principal: Principal,
  made: MadePasskey,
  now: Date,
): Promise<PasskeyView | Refusal> {
  if (!relying) return refuse('passkey.not_offered');
  if (!(await freshProof(tx, principal, now))) return refuse('step_up.required');
  if ((await credentialIdsOf(tx, principal.personId)).length >= PASSKEYS_MAX) return refuse('passkey.limit');
  const [begun] = await tx<{ challenge: string }[]>`delete from passkey_creation
    where login_session_id = ${principal.loginSessionId} and person_id = ${principal.personId}
      and expires_at > ${now} returning challenge`;
  if (!begun) return refuse('passkey.refused', { detail: 'no creation is under way; begin again' });
  const verified = await registered(relying, begun.challenge, made);
  if (typeof verified === 'string') return refuse('passkey.refused', { detail: verified });
  const { credential } = verified;
  const row = { id: newId(), label: made.label, createdAt: now, lastUsedAt: null };
  const transports = [...(made.transports ?? [])];
  try {
    await tx.savepoint(
      async (inner) => inner`insert into passkey
        (id, person_id, credential_id, public_key, counter, transports, label, created_at)
      values (${row.id}, ${principal.personId}, ${credential.id}, ${credential.publicKey}, ${credential.counter},
        ${transports}, ${made.label}, ${now})`,
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('passkey.known');
    throw error;
  }
  return view(row);
}

async function registered(relying: RelyingParty, challenge: string, made: MadePasskey) {
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: {
        id: made.credentialId,
        rawId: made.credentialId,
        type: 'public-key',
        response: { clientDataJSON: made.clientDataJson, attestationObject: made.attestationObject },
        clientExtensionResults: {},
      },
      expectedChallenge: challenge,
      expectedOrigin: relying.origin,
      expectedRPID: relying.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
    return verified ? registrationInfo : 'not verified';
  } catch (error) {
    return reasonOf(error);
  }
}

export async function removePasskey(
  tx: Tx,
  principal: Principal,
  id: string,
  now: Date,
): Promise<Record<string, never> | Refusal> {
  const [found] = await tx`select 1 from passkey
    where id::text = ${id} and person_id = ${principal.personId} and removed_at is null`;
  if (!found) return refuse('resource.not_found');
  if (!(await freshProof(tx, principal, now))) return refuse('step_up.required');
  await tx`update passkey set removed_at = ${now} where id::text = ${id}`;
  return {};
}

/**
 * Whether one of this person's passkeys answered exactly this challenge, with the person verified.
 * A counter that does not rise is refused: somebody has copied the authenticator.
 *
 * @param challenge the raw bytes.
 */
export async function assertPasskey(
  connection: Connection,
  relying: RelyingParty | undefined,
  input: { personId: string; challenge: Uint8Array; assertion: PasskeyAssertion; now: Date },
): Promise<Refusal | { passkeyId: string }> {
  if (!relying) return refuse('passkey.not_offered');
  const { assertion } = input;
  const row = (await rowsOf(connection, input.personId)).find(
    ({ credentialId }) => credentialId === assertion.credentialId,
  );
  if (!row) return refuse('passkey.unknown');
  const newCounter = await asserted(relying, row, input);
  if (typeof newCounter === 'string') return refuse('passkey.refused', { detail: newCounter });
  const { count } = await connection`update passkey set counter = ${newCounter}, last_used_at = ${input.now}
    where id = ${row.id} and counter = ${row.counter} and removed_at is null`;
  return count === 1 ? { passkeyId: row.id } : refuse('passkey.refused', { detail: 'used at the same time' });
}

async function asserted(
  relying: RelyingParty,
  row: Row,
  { assertion, challenge }: { assertion: PasskeyAssertion; challenge: Uint8Array },
): Promise<number | string> {
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: {
        id: assertion.credentialId,
        rawId: assertion.credentialId,
        type: 'public-key',
        response: {
          clientDataJSON: assertion.clientDataJson,
          authenticatorData: assertion.authenticatorData,
          signature: assertion.signature,
        },
        clientExtensionResults: {},
      },
      expectedChallenge: Buffer.from(challenge).toString('base64url'),
      expectedOrigin: relying.origin,
      expectedRPID: relying.id,
      requireUserVerification: true,
      credential: {
        id: row.credentialId,
        publicKey: new Uint8Array(row.publicKey),
        counter: Number(row.counter),
        transports: row.transports,
      },
    });
    return verified ? authenticationInfo.newCounter : 'the signature does not fit';
  } catch (error) {
    return reasonOf(error);
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 200);
}
