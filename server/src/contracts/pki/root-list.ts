/** The root's list of revoked authorities: written with the offline key, on the first start and by command. */
import type { Signer } from '@seam/esign';
import type { Tx } from '../../platform/db.ts';
import type { KeyVault } from './key-vault.ts';
import { type RevocationList, newestList, publishList } from './revocation-lists.ts';
import { readRootKey } from './root-key.ts';

/** The root key leaves its safe about once a year. */
const VALID_MS = 400 * 24 * 3600_000;

/** On a database without one, while the key's file is still here; otherwise it waits for the command. */
export async function firstRootList(
  tx: Tx,
  of: { vault: KeyVault; directory: string; root: Uint8Array; now: number },
): Promise<void> {
  if (await newestList(tx, 'root')) return;
  const signer = readRootKey(of.directory, of.vault);
  if (signer) await publishRootList(tx, { root: of.root, signer, now: new Date(of.now) });
}

/** No authority under the root has been revoked; one that is, takes the exchange's work with it. */
export async function publishRootList(
  tx: Tx,
  of: { root: Uint8Array; signer: Signer; now: Date },
): Promise<RevocationList> {
  return publishList(tx, {
    issuer: 'root',
    signer: { certificate: of.root, signer: of.signer },
    revoked: [],
    now: of.now,
    validMs: VALID_MS,
  });
}
