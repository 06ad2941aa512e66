/**
 * Signing in the party's own browser. `signContract` takes the exchange's prepared file and signs only if it
 * is the bytes that the person read (open.ts) plus one empty place for this signature. The key is unlocked
 * for one use and never leaves the browser.
 *
 * What a passkey is asked to prove is computed here, from the session, the digest of what is signed and the
 * certificate: the exchange cannot have it prove anything else.
 */
import type { ContractView, PasskeyAssertion, SigningSession } from '@seam/protocol';
import type { KeyEnvelope } from '@seam/esign/browser';
import { call } from '#lib/api/call.ts';
import type { Problem } from '#lib/api/problem.ts';
import { toBase64Url } from './base64url.ts';
import type { Esign } from './crypto.ts';
import { fetchBytes } from './fetch-bytes.ts';
import type { UsableKey } from './my-keys.ts';
import type { OpenDocument } from './open.ts';
import type { PasskeyCode, Question } from './webauthn.ts';

type Fetch = typeof globalThis.fetch;

export type SignStage = 'unlock' | 'prepare' | 'check' | 'touch' | 'send';
export type KeyCode =
  'WRONG_PASSPHRASE' | 'ENVELOPE_MALFORMED' | 'NO_PASSPHRASE' | 'WRONG_PASSKEY' | PasskeyCode;
export type Signed =
  | { ok: true; contract: ContractView }
  /** Verified and kept by the exchange; its timestamp is still to come. */
  | { ok: false; refused: 'waiting' }
  /** Passphrase or passkey, or what is stored, does not give the key. */
  | { ok: false; refused: 'key'; code: KeyCode }
  /** This browser will not sign what the exchange prepared. */
  | { ok: false; refused: 'check'; code: import('@seam/esign/browser').CheckCode; detail: string }
  | { ok: false; refused: 'problem'; problem: Problem };

/** How the key is opened: typed words, or the passkey that sealed it. */
export type Opener = { readonly by: 'passphrase'; readonly passphrase: string } | { readonly by: 'passkey' };

export type SignInput = {
  readonly contractId: string;
  readonly document: Pick<OpenDocument, 'bytes' | 'sha256'>;
  readonly key: UsableKey;
  readonly opener: Opener;
  /** How the person is proved: the password was given just before, or a passkey is asked now. */
  readonly proof: 'password' | 'passkey';
  readonly field: 'sig_seller' | 'sig_buyer';
  readonly onstage?: (stage: SignStage) => void;
};

/** What signing needs of the browser besides the network. */
export type SignDeps = {
  readonly esign: Esign;
  readonly fetch: Fetch;
  readonly askPasskey: typeof import('./webauthn.ts').askPasskey;
  readonly codeSha256: () => Promise<string | undefined>;
};

export async function signContract(deps: SignDeps, input: SignInput): Promise<Signed> {
  const { esign, fetch } = deps;
  const { key, opener } = input;
  input.onstage?.('unlock');
  const parsed = esign.parseEnvelope(key.stored.envelope);
  if (!parsed.ok) return { ok: false, refused: 'key', code: parsed.code };
  const { envelope } = parsed;
  // Words are tried before the exchange is asked for anything; a passkey is touched once, when all is checked.
  const early = opener.by === 'passphrase' ? await unlock(esign, envelope, opener.passphrase) : undefined;
  if (early && !early.ok) return early;

  input.onstage?.('prepare');
  const opened = await call<SigningSession>(
    fetch,
    'POST',
    `/v1/contracts/${input.contractId}/signing-sessions`,
    { body: { certificateSerial: key.certificate.serial, proof: input.proof } },
  );
  if (!opened.ok) return { ok: false, refused: 'problem', problem: opened.problem };
  const session = opened.data;
  const prepared = await fetchBytes(fetch, `/v1/signing-sessions/${session.id}/document`);
  if (!prepared.ok) return { ok: false, refused: 'problem', problem: prepared.problem };

  input.onstage?.('check');
  const toCheck = {
    prepared: prepared.bytes,
    approved: { sha256: input.document.sha256, length: input.document.bytes.length },
    // The person's own side, not what the session says: a session for another field is refused here.
    field: input.field,
    certificate: esign.fromBase64(key.certificate.certificate),
    spki: esign.fromBase64(envelope.spki),
  };
  const checked = await esign.checkIncrement(toCheck);
  if (!checked.ok) return { ok: false, refused: 'check', code: checked.code, detail: checked.detail };

  const touched = await touch(deps, input, { session, envelope, digest: checked.digest });
  if (!touched.ok) return touched;
  const unlocked = early ?? touched.unlocked;
  if (!unlocked) return { ok: false, refused: 'key', code: 'WRONG_PASSKEY' };
  const signed = await esign.signPrepared({ ...toCheck, key: unlocked.key });
  if (!signed.ok) return { ok: false, refused: 'check', code: signed.code, detail: signed.detail };

  input.onstage?.('send');
  return send(deps, session.id, signed.signature, touched.assertion);
}

async function send(
  { esign, fetch, codeSha256 }: SignDeps,
  sessionId: string,
  signature: Uint8Array,
  passkey: PasskeyAssertion | undefined,
): Promise<Signed> {
  const clientBundleSha256 = await codeSha256();
  const sent = await call<ContractView>(fetch, 'POST', `/v1/signing-sessions/${sessionId}/signature`, {
    body: {
      signature: esign.toBase64(signature),
      ...(passkey ? { passkey } : {}),
      ...(clientBundleSha256 ? { clientBundleSha256 } : {}),
    },
    // An answer lost on the way is asked for again with the same signature.
    idempotencyKey: `sign-${sessionId}`,
  });
  if (sent.ok) return { ok: true, contract: sent.data };
  return sent.problem.code === 'contract.timestamp_unavailable'
    ? { ok: false, refused: 'waiting' }
    : { ok: false, refused: 'problem', problem: sent.problem };
}

type Unlocked = { readonly key: CryptoKey };

async function unlock(
  esign: Esign,
  envelope: KeyEnvelope,
  passphrase: string,
): Promise<({ ok: true } & Unlocked) | { ok: false; refused: 'key'; code: KeyCode }> {
  const unlocked = await esign.unlockKey(envelope, passphrase);
  if (unlocked.ok) return { ok: true, key: unlocked.key };
  const code = unlocked.code === 'WEAK_PASSPHRASE' ? 'WRONG_PASSPHRASE' : unlocked.code;
  return { ok: false, refused: 'key', code };
}

type Touched = { ok: true; assertion: PasskeyAssertion | undefined; unlocked: Unlocked | undefined };

/** One touch proves the person and opens the key, where a passkey does either. */
async function touch(
  { esign, askPasskey }: SignDeps,
  input: SignInput,
  found: { session: SigningSession; envelope: KeyEnvelope; digest: Uint8Array },
): Promise<Touched | Extract<Signed, { ok: false }>> {
  const { session, envelope } = found;
  const seals = input.opener.by === 'passkey' && envelope.level === 'K2' ? envelope : undefined;
  if (!session.passkey && !seals) return { ok: true, assertion: undefined, unlocked: undefined };
  input.onstage?.('touch');
  const certificate = esign.fromBase64(input.key.certificate.certificate);
  const question: Question = {
    challenge: await challengeOf(esign, session.id, found.digest, certificate),
    rpId: session.passkey?.rpId ?? location.hostname,
    credentialIds: seals
      ? [toBase64Url(esign.fromBase64(seals.credentialId))]
      : (session.passkey?.credentialIds ?? []),
    ...(seals ? { salt: new Uint8Array(esign.fromBase64(seals.salt)) } : {}),
  };
  const answer = await askPasskey(question);
  if (!answer.ok) return { ok: false, refused: 'key', code: answer.code };
  const assertion = session.passkey ? answer.assertion : undefined;
  if (!seals) return { ok: true, assertion, unlocked: undefined };
  if (!answer.prf) return { ok: false, refused: 'key', code: 'PASSKEY_NO_PRF' };
  const unlocked = await esign.unlockWithPasskey(seals, answer.prf);
  return unlocked.ok ? { ok: true, assertion, unlocked } : { ok: false, refused: 'key', code: unlocked.code };
}

/** SHA-256 of session, document and certificate: an assertion over it is good for nothing else. */
export async function challengeOf(
  esign: Pick<Esign, 'sha256'>,
  sessionId: string,
  digest: Uint8Array,
  certificate: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts = [new TextEncoder().encode(sessionId), digest, await esign.sha256(certificate)];
  return new Uint8Array(await esign.sha256(new Uint8Array(parts.flatMap((part) => [...part]))));
}
