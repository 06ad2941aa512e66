/**
 * Proving again, before a signature, that it is this person who sits at the screen: with the password, which
 * then counts for five minutes, or with a passkey, whose answer is bound to the one document it signs.
 *
 * Binary values of WebAuthn travel in base64url, as browsers write them.
 */
import { Type, type Static } from 'typebox';
import { Empty, Exact, Id, IdParams, Instant, Nullable, Text } from './common.ts';
import { type Route, route } from './route.ts';

const AREA = 'members';
const Base64Url = (bytesMax: number) =>
  Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: Math.ceil((bytesMax * 4) / 3) });
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;

export const PROOF_KINDS = ['password', 'passkey'] as const;
export const ProofKind = Type.Enum(PROOF_KINDS);
export type ProofKind = (typeof PROOF_KINDS)[number];

/** What the exchange knows of this login's proof. */
export const StepUpView = Exact({
  /** Until when the password given last still counts; null: it has to be given. */
  provenUntil: Nullable(Instant),
  /** Passkeys need a host name: an exchange reached by an address offers the password only. */
  passkeysOffered: Type.Boolean(),
  passkeys: Type.Integer(),
});
export type StepUpView = Static<typeof StepUpView>;

export const PasskeyView = Exact({
  id: Id,
  label: Type.String(),
  createdAt: Instant,
  lastUsedAt: Nullable(Instant),
});
export type PasskeyView = Static<typeof PasskeyView>;

/** What to hand to `navigator.credentials.create`, with user verification and without attestation. */
export const PasskeyCreation = Exact({
  challenge: Base64Url(64),
  rp: Exact({ id: Type.String(), name: Type.String() }),
  user: Exact({ id: Base64Url(64), name: Type.String(), displayName: Type.String() }),
  /** COSE numbers, the preferred one first. */
  algorithms: Type.Array(Type.Integer()),
  /** Credentials of this person that exist already. */
  exclude: Type.Array(Type.String()),
  expiresAt: Instant,
});
export type PasskeyCreation = Static<typeof PasskeyCreation>;

/** What an authenticator answers at `navigator.credentials.get`. */
export const PasskeyAssertion = Exact({
  credentialId: Base64Url(1023),
  clientDataJson: Base64Url(4096),
  authenticatorData: Base64Url(4096),
  signature: Base64Url(1024),
});
export type PasskeyAssertion = Static<typeof PasskeyAssertion>;

export const stepUpRoutes = {
  stepUpState: route({
    method: 'GET',
    url: '/v1/session/step-up',
    summary: 'Whether this login has proved its person lately',
    area: AREA,
    access: 'signed_in',
    ok: StepUpView,
    problems: [],
  }),
  stepUp: route({
    method: 'POST',
    url: '/v1/session/step-up',
    summary: 'Give the password again: for five minutes it stands for the person',
    area: AREA,
    access: 'signed_in',
    body: Exact({ password: Text(200) }),
    ok: StepUpView,
    problems: ['member.password_wrong', 'request.rate_limited'],
  }),
  passkeys: route({
    method: 'GET',
    url: '/v1/passkeys',
    summary: 'My passkeys',
    area: AREA,
    access: 'signed_in',
    ok: Exact({ offered: Type.Boolean(), items: Type.Array(PasskeyView) }),
    problems: [],
  }),
  beginPasskey: route({
    method: 'POST',
    url: '/v1/passkeys/creation',
    summary: 'Begin to register a passkey; asks for the password of the last five minutes',
    area: AREA,
    access: 'signed_in',
    ok: PasskeyCreation,
    problems: ['step_up.required', 'passkey.not_offered', 'passkey.limit'],
  }),
  addPasskey: route({
    method: 'POST',
    url: '/v1/passkeys',
    summary: 'Register the passkey that the browser has made',
    area: AREA,
    access: 'signed_in',
    body: Exact({
      label: Text(80),
      credentialId: Base64Url(1023),
      clientDataJson: Base64Url(4096),
      attestationObject: Base64Url(16_384),
      transports: Type.Optional(Type.Array(Type.Enum(TRANSPORTS), { maxItems: TRANSPORTS.length })),
    }),
    ok: PasskeyView,
    okStatus: 201,
    problems: [
      'step_up.required',
      'passkey.not_offered',
      'passkey.refused',
      'passkey.known',
      'passkey.limit',
    ],
  }),
  removePasskey: route({
    method: 'DELETE',
    url: '/v1/passkeys/:id',
    summary: 'Remove one of my passkeys; asks for the password of the last five minutes',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Empty,
    problems: ['resource.not_found', 'step_up.required'],
  }),
} as const satisfies Record<string, Route>;
