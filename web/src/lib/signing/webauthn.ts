/**
 * Passkeys in this browser: made, and asked. Where the browser can, their PRF answers a salt with 32 secret
 * bytes that seal a signing key; the same touch proves the person.
 */
import type { PasskeyAssertion, PasskeyCreation } from '@seam/protocol';
import { fromBase64Url, toBase64Url } from './base64url.ts';

export type PasskeyCode = 'PASSKEY_CANCELLED' | 'PASSKEY_NO_PRF' | 'PASSKEY_ALREADY_HERE';
type Refused = { readonly ok: false; readonly code: PasskeyCode };

export type MadePasskey = {
  readonly credentialId: string;
  readonly clientDataJson: string;
  readonly attestationObject: string;
  readonly transports: readonly string[];
};

/** Whether the browser says that its passkeys can seal keys (WebAuthn extension `prf`). */
export async function passkeysCanSeal(): Promise<boolean> {
  const capabilities = await globalThis.PublicKeyCredential?.getClientCapabilities?.().catch(() => undefined);
  return capabilities?.['extension:prf'] === true;
}

/** Makes a passkey and asks its PRF for `salt`, in one touch where the authenticator can, else in two. */
export async function makePasskey(
  creation: PasskeyCreation,
  salt: Uint8Array<ArrayBuffer>,
): Promise<{ ok: true; made: MadePasskey; prf: Uint8Array<ArrayBuffer> } | Refused> {
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: fromBase64Url(creation.challenge),
    rp: creation.rp,
    user: { ...creation.user, id: fromBase64Url(creation.user.id) },
    pubKeyCredParams: creation.algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: creation.exclude.map(described),
    authenticatorSelection: { userVerification: 'required', residentKey: 'preferred' },
    attestation: 'none',
    extensions: { prf: { eval: { first: salt } } },
  };
  const made = await attempt(async () => navigator.credentials.create({ publicKey }));
  if (!made.ok) return made;
  const { prf: answer } = made.credential.getClientExtensionResults();
  if (!answer?.enabled && !answer?.results) return { ok: false, code: 'PASSKEY_NO_PRF' };
  const response = made.credential.response as AuthenticatorAttestationResponse;
  const credentialId = toBase64Url(made.credential.rawId);
  const prf = bytes(answer.results?.first) ?? (await askSalt(creation.rp.id, credentialId, salt));
  if (!(prf instanceof Uint8Array)) return prf;
  return {
    ok: true,
    prf,
    made: {
      credentialId,
      clientDataJson: toBase64Url(response.clientDataJSON),
      attestationObject: toBase64Url(response.attestationObject),
      transports: response.getTransports(),
    },
  };
}

export type Question = {
  readonly challenge: Uint8Array<ArrayBuffer>;
  readonly rpId: string;
  /** Base64url; any of them may answer. */
  readonly credentialIds: readonly string[];
  /** For the PRF, where a key is to be opened. */
  readonly salt?: Uint8Array<ArrayBuffer>;
};

/** Asks a passkey, with its person verified. */
export async function askPasskey(
  question: Question,
): Promise<{ ok: true; assertion: PasskeyAssertion; prf: Uint8Array<ArrayBuffer> | undefined } | Refused> {
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: question.challenge,
    rpId: question.rpId,
    allowCredentials: question.credentialIds.map(described),
    userVerification: 'required',
    ...(question.salt ? { extensions: { prf: { eval: { first: question.salt } } } } : {}),
  };
  const asked = await attempt(async () => navigator.credentials.get({ publicKey }));
  if (!asked.ok) return asked;
  const response = asked.credential.response as AuthenticatorAssertionResponse;
  return {
    ok: true,
    prf: bytes(asked.credential.getClientExtensionResults().prf?.results?.first),
    assertion: {
      credentialId: toBase64Url(asked.credential.rawId),
      clientDataJson: toBase64Url(response.clientDataJSON),
      authenticatorData: toBase64Url(response.authenticatorData),
      signature: toBase64Url(response.signature),
    },
  };
}

/** Only the answer of the PRF, for opening a key without signing: nobody checks the assertion. */
export async function askSalt(
  rpId: string,
  credentialId: string,
  salt: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer> | Refused> {
  const challenge = crypto.getRandomValues(new Uint8Array(32));
  const answer = await askPasskey({ challenge, rpId, credentialIds: [credentialId], salt });
  if (!answer.ok) return answer;
  return answer.prf ?? { ok: false, code: 'PASSKEY_NO_PRF' };
}

async function attempt(
  ask: () => Promise<Credential | null>,
): Promise<{ ok: true; credential: PublicKeyCredential } | Refused> {
  try {
    const credential = await ask();
    if (credential instanceof PublicKeyCredential) return { ok: true, credential };
  } catch (error) {
    // The specification's word for "this authenticator has one of `excludeCredentials`".
    if (error instanceof DOMException && error.name === 'InvalidStateError')
      return { ok: false, code: 'PASSKEY_ALREADY_HERE' };
  }
  // Browsers do not tell refusal, timeout and absence apart, on purpose.
  return { ok: false, code: 'PASSKEY_CANCELLED' };
}

const described = (id: string): PublicKeyCredentialDescriptor => ({
  type: 'public-key',
  id: fromBase64Url(id),
});

function bytes(source: BufferSource | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (source === undefined) return undefined;
  return source instanceof ArrayBuffer ? new Uint8Array(source) : new Uint8Array(source.buffer);
}
