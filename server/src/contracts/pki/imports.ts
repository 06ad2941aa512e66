/**
 * Certificates that another authority issued. One is accepted when its path leads to an anchor that staff
 * accepted, it may sign documents, its key is strong and in its holder's hand, and it names exactly the
 * certified record. Two of staff then stand behind it as behind one of our own.
 */
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { type Certificate, readCertificate, spkiSha256 } from '@seam/esign';
import type { Connection, Tx } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { acceptedAnchors } from './anchors.ts';
import { type CertifiedPersonOf, certifiedSubject, differingField } from './certified-person.ts';
import { claimKey } from './party-key.ts';
import { pathToAnchor } from './path.ts';
import { storeRequest } from './requests.ts';
import type { CertificateRequestRow } from './tables.ts';

/** A token in a drawer may have to be fetched first. */
const CHALLENGE_MS = 15 * 60_000;
const DOCUMENT_SIGNING = '1.3.6.1.5.5.7.3.36';
const DIGITAL_SIGNATURE = 0;
const CONTENT_COMMITMENT = 1;

export type ImportDeps = { readonly certifiedPersonOf: CertifiedPersonOf; readonly now: Date };

/** The text says what it is for, so that a signature over it can be taken for nothing else. */
export async function openImport(
  tx: Tx,
  principal: Principal,
  now: Date,
): Promise<{ id: string; challenge: string; expiresAt: string }> {
  const id = newId();
  const nonce = randomBytes(32).toString('hex');
  const challenge = `Seam: import of a certificate for ${principal.personId} at ${principal.organisationId}: ${nonce}`;
  const expiresAt = new Date(now.getTime() + CHALLENGE_MS);
  await tx`insert into possession_challenge (id, person_id, challenge, expires_at)
    values (${id}, ${principal.personId}, ${challenge}, ${expiresAt})`;
  return { id, challenge, expiresAt: expiresAt.toISOString() };
}

export type Given = { readonly certificate: Uint8Array; readonly chain: readonly Uint8Array[] };

export async function importCertificate(
  tx: Tx,
  deps: ImportDeps,
  principal: Principal,
  input: Given & { challengeId: string; signature: Uint8Array; deviceLabel: string },
): Promise<CertificateRequestRow | Refusal> {
  const checked = await checkImported(tx, deps, principal, input);
  if (isRefusal(checked)) return checked;
  const proven = await takeChallenge(tx, principal, { ...input, spki: checked.spki, now: deps.now });
  if (proven) return proven;
  const key = await spkiSha256(checked.spki);
  const reused = await claimKey(tx, { spkiSha256: key, ...principal });
  if (reused) return reused;
  return storeRequest(tx, principal, {
    csr: new Uint8Array(),
    spkiSha256: key,
    keyKind: checked.keyKind,
    deviceLabel: input.deviceLabel,
    kind: 'import',
    imported: input.certificate,
    importedChain: [...input.chain],
    anchorSha256: checked.anchorSha256,
  });
}

/** A challenge counts once: also a wrong signature uses it up when the transaction is kept. */
async function takeChallenge(
  tx: Tx,
  principal: Principal,
  of: { challengeId: string; signature: Uint8Array; spki: Uint8Array; now: Date },
): Promise<Refusal | undefined> {
  const [row] = await tx<{ challenge: string }[]>`
    update possession_challenge set used_at = ${of.now}
     where id::text = ${of.challengeId} and person_id = ${principal.personId} and used_at is null
       and expires_at > ${of.now} returning challenge`;
  if (!row) return refuse('certificate.challenge_expired');
  const key = createPublicKey({ key: Buffer.from(of.spki), format: 'der', type: 'spki' });
  return verify('sha256', Buffer.from(row.challenge), key, of.signature)
    ? undefined
    : refuse('certificate.possession_not_proven');
}

export type CheckedImport = {
  readonly spki: Uint8Array;
  readonly keyKind: string;
  readonly anchorSha256: string;
};

/** All that does not need the key: form, key rules, path, use, validity, identity. */
export async function checkImported(
  connection: Connection,
  deps: ImportDeps,
  of: { personId: string; organisationId: string },
  given: Given,
): Promise<CheckedImport | Refusal> {
  const read = readAll(given);
  if (isRefusal(read)) return read;
  const [leaf] = read;
  const { publicKey } = leaf;
  if (publicKey.kind === 'unsupported')
    return refuse('certificate.key_unsupported', { detail: publicKey.name });
  if (publicKey.kind === 'rsa' && (publicKey.bits < 2048 || publicKey.exponent !== 65537n))
    return refuse('certificate.key_weak');
  const now = deps.now.getTime();
  if (now < leaf.notBefore || now > leaf.notAfter) return refuse('certificate.expired');
  if (!maySignDocuments(leaf)) return refuse('certificate.usage_wrong');
  const anchor = pathToAnchor(read, await acceptedAnchors(connection), now);
  if (!anchor) return refuse('certificate.untrusted_issuer');
  const subject = await certifiedSubject(connection, deps.certifiedPersonOf, of);
  if (isRefusal(subject)) return subject;
  const differs = differingField(leaf, subject);
  if (differs)
    return refuse('certificate.identity_differs', { fields: { [differs]: 'certificate.identity_differs' } });
  return {
    spki: publicKey.spki,
    keyKind: publicKey.kind === 'rsa' ? `rsa-${publicKey.bits}` : 'p256-256',
    anchorSha256: anchor,
  };
}

/** The rule of the verifier: what it would refuse later is not accepted now. */
function maySignDocuments({ isCa, keyUsage, extKeyUsage }: Certificate): boolean {
  return (
    !isCa &&
    keyUsage.has(DIGITAL_SIGNATURE) &&
    keyUsage.has(CONTENT_COMMITMENT) &&
    extKeyUsage.includes(DOCUMENT_SIGNING)
  );
}

function readAll({ certificate, chain }: Given): [Certificate, ...Certificate[]] | Refusal {
  try {
    return [readCertificate(certificate), ...chain.map(readCertificate)];
  } catch (error) {
    const detail = error instanceof Error ? error.message : 'unreadable';
    return refuse('certificate.request_malformed', { detail, fields: { certificate: 'CERT_MALFORMED' } });
  }
}
