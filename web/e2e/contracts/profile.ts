/** Looking for a private key in everything that a browser has written to the disk. */
import { createDecipheriv, createPrivateKey, pbkdf2Sync } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { PassphraseEnvelope } from '../../../packages/esign/src/keys/envelope.ts';

const base64 = (text: string): Buffer => Buffer.from(text, 'base64');

/** The key as the passphrase gives it, by Node's own cryptography. PKCS#8, DER. */
export function openEnvelope(envelope: PassphraseEnvelope, passphrase: string): Buffer {
  const kek = pbkdf2Sync(
    passphrase.normalize('NFC'),
    base64(envelope.salt),
    envelope.iterations,
    32,
    'sha256',
  );
  const sealed = base64(envelope.wrapped);
  const cipher = createDecipheriv('aes-256-gcm', kek, base64(envelope.iv));
  cipher.setAAD(Buffer.from(`seam-key-1\n${envelope.algorithm}\n${envelope.spki}`));
  cipher.setAuthTag(sealed.subarray(-16));
  return Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
}

/** The secret number of a P-256 key: whoever has it can sign. */
export function secretOf(pkcs8: Buffer): Buffer {
  const { d } = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' });
  return Buffer.from(d!, 'base64url');
}

/** Files below `folder` that hold the secret, as bytes or written in hexadecimal or base64. */
export function filesWith(folder: string, secret: Buffer): string[] {
  const forms = [
    secret,
    ...(['hex', 'base64', 'base64url'] as const).map((as) => Buffer.from(secret.toString(as))),
  ];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return forms.some((form) => bytes.includes(form));
    });
}
