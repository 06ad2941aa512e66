/** An authenticator for tests: makes passkeys and answers challenges as a telephone would. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { PasskeyAssertion } from '@seam/protocol';

const PRESENT = 0x01;
const VERIFIED = 0x04;
const ATTESTED = 0x40;

export class Authenticator {
  readonly credentialId = randomBytes(32).toString('base64url');
  readonly #key = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  readonly #rpId: string;
  readonly #origin: string;
  counter = 0;

  constructor(publicUrl: string) {
    const { hostname, origin } = new URL(publicUrl);
    this.#rpId = hostname;
    this.#origin = origin;
  }

  /** The answer to `navigator.credentials.create`. */
  create(challenge: string): { credentialId: string; clientDataJson: string; attestationObject: string } {
    const id = Buffer.from(this.credentialId, 'base64url');
    const jwk = this.#key.publicKey.export({ format: 'jwk' });
    const coordinate = (of: 'x' | 'y'): Buffer => bytes(Buffer.from(jwk[of]!, 'base64url'));
    // COSE_Key: kty 2 (EC2), alg -7 (ES256), crv 1 (P-256), x, y.
    const key = Buffer.concat([
      Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21]),
      coordinate('x'),
      Buffer.from([0x22]),
      coordinate('y'),
    ]);
    const length = Buffer.from([id.length >> 8, id.length & 0xff]);
    const data = Buffer.concat([
      this.#data(PRESENT | VERIFIED | ATTESTED),
      Buffer.alloc(16),
      length,
      id,
      key,
    ]);
    const attestation = Buffer.concat([
      Buffer.from([0xa3]),
      text('fmt'),
      text('none'),
      text('attStmt'),
      Buffer.from([0xa0]),
      text('authData'),
      bytes(data),
    ]);
    return {
      credentialId: this.credentialId,
      clientDataJson: this.#clientData('webauthn.create', challenge).toString('base64url'),
      attestationObject: attestation.toString('base64url'),
    };
  }

  /** The answer to `navigator.credentials.get`; `verified: false` is a touch without face or finger. */
  answer(challenge: Uint8Array, options: { verified?: boolean; origin?: string } = {}): PasskeyAssertion {
    this.counter += 1;
    const data = this.#data(options.verified === false ? PRESENT : PRESENT | VERIFIED);
    const client = this.#clientData(
      'webauthn.get',
      Buffer.from(challenge).toString('base64url'),
      options.origin,
    );
    const signed = Buffer.concat([data, createHash('sha256').update(client).digest()]);
    return {
      credentialId: this.credentialId,
      clientDataJson: client.toString('base64url'),
      authenticatorData: data.toString('base64url'),
      signature: sign('sha256', signed, this.#key.privateKey).toString('base64url'),
    };
  }

  #data(flags: number): Buffer {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(this.counter);
    return Buffer.concat([createHash('sha256').update(this.#rpId).digest(), Buffer.from([flags]), counter]);
  }

  #clientData(type: string, challenge: string, origin: string = this.#origin): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  }
}

/** CBOR text and byte strings, which is all that is needed here. */
function text(value: string): Buffer {
  return Buffer.concat([Buffer.from([0x60 + value.length]), Buffer.from(value)]);
}

function bytes(value: Uint8Array): Buffer {
  const head = value.length < 256 ? [0x58, value.length] : [0x59, value.length >> 8, value.length & 0xff];
  return Buffer.concat([Buffer.from(head), value]);
}
