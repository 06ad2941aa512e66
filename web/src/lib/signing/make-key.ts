/**
 * Makes a signing key in this browser: sealed with a passphrase, or with a passkey that is registered with
 * the exchange in the same step. It is kept before its certificate is asked for, so that an answer that
 * never arrives loses nothing.
 */
import type { KeyAlgorithm, Subject } from '@seam/esign/browser';
import type { CertificateRequestView, PasskeyCreation, PasskeyView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import type { Problem } from '#lib/api/problem.ts';
import { fromBase64Url } from './base64url.ts';
import type { Esign } from './crypto.ts';
import { saveKey, type StoredKey } from './key-store.ts';
import { makePasskey, type PasskeyCode } from './webauthn.ts';

export type MakeStage = 'stageTouch' | 'stageMaking' | 'stageKeeping' | 'stageSending';
/** The certificate that this key stands in for: still valid until it expires, or revoked at once. */
export type Replaces = { readonly serial: string; readonly because: 'renewal' | 'lost' };

export type WantedKey = {
  readonly personId: string;
  readonly deviceLabel: string;
  readonly claimedSubject: Subject;
  readonly algorithm: KeyAlgorithm;
  readonly protection:
    | { readonly by: 'passphrase'; readonly passphrase: string }
    | { readonly by: 'passkey'; readonly recoveryPassphrase?: string };
  readonly replaces?: Replaces;
  readonly onstage: (stage: MakeStage) => void;
};

export type MadeKey =
  /** Kept; `problem` says why its request did not arrive. */
  | { readonly ok: true; readonly key: StoredKey; readonly problem: Problem | undefined }
  | { readonly ok: false; readonly refused: 'passphrase' | 'store' }
  | { readonly ok: false; readonly refused: 'passkey'; readonly code: PasskeyCode }
  | { readonly ok: false; readonly refused: 'problem'; readonly problem: Problem };

export async function makeKey(
  esign: Esign,
  fetch: typeof globalThis.fetch,
  wanted: WantedKey,
): Promise<MadeKey> {
  const made = await seal(esign, fetch, wanted);
  if (!('envelope' in made)) return made;
  wanted.onstage('stageKeeping');
  const key: StoredKey = {
    personId: wanted.personId,
    spkiSha256: await esign.spkiSha256(esign.fromBase64(made.envelope.spki)),
    deviceLabel: wanted.deviceLabel,
    createdAt: new Date().toISOString(),
    envelope: JSON.stringify(made.envelope),
    csr: esign.toBase64(made.csr),
  };
  try {
    await saveKey(key);
  } catch {
    return { ok: false, refused: 'store' };
  }
  wanted.onstage('stageSending');
  const problem = await askForCertificate(fetch, key, wanted.replaces);
  return { ok: true, key, problem };
}

/** @returns why the request did not arrive. */
export async function askForCertificate(
  fetch: typeof globalThis.fetch,
  { csr, deviceLabel, spkiSha256 }: StoredKey,
  replaces?: Replaces,
): Promise<Problem | undefined> {
  const asked = await call<CertificateRequestView>(fetch, 'POST', '/v1/certificate-requests', {
    body: { csr, deviceLabel, ...(replaces ? { replaces } : {}) },
    idempotencyKey: spkiSha256,
  });
  return asked.ok ? undefined : asked.problem;
}

type Refused = Extract<MadeKey, { ok: false }>;

async function seal(esign: Esign, fetch: typeof globalThis.fetch, wanted: WantedKey) {
  const { algorithm, claimedSubject, protection } = wanted;
  if (protection.by === 'passphrase') {
    wanted.onstage('stageMaking');
    const { passphrase } = protection;
    const made = await esign.createKey({ algorithm, claimedSubject, passphrase });
    return made.ok ? made : ({ ok: false, refused: 'passphrase' } satisfies Refused);
  }
  wanted.onstage('stageTouch');
  const passkey = await registerPasskey(fetch, wanted.deviceLabel);
  if (!passkey.ok) return passkey;
  wanted.onstage('stageMaking');
  const { recoveryPassphrase } = protection;
  const made = await esign.createPasskeyKey({
    algorithm,
    claimedSubject,
    passkey,
    ...(recoveryPassphrase === undefined ? {} : { recoveryPassphrase }),
  });
  return made.ok ? made : ({ ok: false, refused: 'passphrase' } satisfies Refused);
}

type Bytes = Uint8Array<ArrayBuffer>;

/** One passkey for both: it opens the key, and proves the person when a contract is signed. */
async function registerPasskey(
  fetch: typeof globalThis.fetch,
  label: string,
): Promise<{ ok: true; credentialId: Bytes; salt: Bytes; prf: Bytes } | Refused> {
  const begun = await call<PasskeyCreation>(fetch, 'POST', '/v1/passkeys/creation');
  if (!begun.ok) return { ok: false, refused: 'problem', problem: begun.problem };
  const salt = crypto.getRandomValues(new Uint8Array(32));
  const created = await makePasskey(begun.data, salt);
  if (!created.ok) return { ok: false, refused: 'passkey', code: created.code };
  const added = await call<PasskeyView>(fetch, 'POST', '/v1/passkeys', { body: { label, ...created.made } });
  if (!added.ok) return { ok: false, refused: 'problem', problem: added.problem };
  return { ok: true, credentialId: fromBase64Url(created.made.credentialId), salt, prf: created.prf };
}
