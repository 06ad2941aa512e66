/**
 * Private keys of the exchange's own authorities, encrypted at rest with AES-256-GCM.
 *
 * The wrapping key lies in a file outside the database (or comes by environment), so that a copy of the
 * database alone signs nothing. Keys of the parties never come here: they stay in their browsers.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { StartError } from '../../platform/start-error.ts';

export type KeyVault = {
  seal(plain: Uint8Array, label: string): Uint8Array;
  /** Throws when the bytes were changed, or sealed under another label or key. */
  open(sealed: Uint8Array, label: string): Uint8Array;
};

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** @param options.key 32 bytes in base64url; without it a file below `directory` is made on first use. */
export function openKeyVault(options: { directory: string; key?: string | undefined }): KeyVault {
  const key =
    options.key === undefined ? keyFromFile(options.directory) : Buffer.from(options.key, 'base64url');
  if (key.length !== 32) throw new StartError('SEAM_PKI_KEY must be 32 bytes in base64url');
  return {
    seal(plain, label) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(label));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, label) {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES)).setAAD(
        Buffer.from(label),
      );
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    },
  };
}

function keyFromFile(directory: string): Buffer {
  const file = path.join(directory, 'vault.key');
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  try {
    fs.writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return fs.readFileSync(file);
}
