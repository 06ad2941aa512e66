/**
 * The root key's encrypted file. Daily work never reads it: it is carried away and locked up, and brought
 * back only to certify another authority or to write a new list of revoked ones.
 */
import fs from 'node:fs';
import path from 'node:path';
import { type Signer, signerFromPkcs8 } from '@seam/esign';
import type { KeyVault } from './key-vault.ts';

const FILE = 'root.key.sealed';

export function writeRootKey(directory: string, sealed: Uint8Array): void {
  fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
  fs.writeFileSync(path.join(directory, FILE), sealed, { mode: 0o600 });
}

/** Undefined when the file is not here. Throws when it was changed or sealed under another key. */
export function readRootKey(directory: string, vault: KeyVault): Signer | undefined {
  const file = path.join(directory, FILE);
  if (!fs.existsSync(file)) return undefined;
  return signerFromPkcs8(vault.open(fs.readFileSync(file), 'root'));
}
