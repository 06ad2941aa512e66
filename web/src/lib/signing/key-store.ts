/**
 * The signing keys that this browser keeps, sealed with their passphrases (level K1), by person: two
 * people who share a desk do not see each other's.
 *
 * A key is stored before its request is sent, so that an answer that never arrives loses nothing.
 */
import { type Store, within } from '../store/indexed.ts';

export type StoredKey = {
  readonly personId: string;
  /** Of the public key, lower-case hex: the same value that requests and certificates carry. */
  readonly spkiSha256: string;
  readonly deviceLabel: string;
  /** RFC 3339. */
  readonly createdAt: string;
  /** JSON of the envelope; read back with `parseEnvelope`. */
  readonly envelope: string;
  /** Base64 of the request, so that it can be sent again. */
  readonly csr: string | null;
};

const STORE = 'keys';
const SIGNING: Store = {
  database: 'seam-signing',
  make: (database) => void database.createObjectStore(STORE, { keyPath: ['personId', 'spkiSha256'] }),
};

/** @throws when the browser keeps nothing, as in some private windows. */
export async function listKeys(personId: string): Promise<StoredKey[]> {
  const all = await within(
    SIGNING,
    [STORE],
    'readonly',
    (at) => at.objectStore(STORE).getAll() as IDBRequest<StoredKey[]>,
  );
  return all
    .filter((key) => key.personId === personId)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

export async function saveKey(key: StoredKey): Promise<void> {
  await within(SIGNING, [STORE], 'readwrite', (at) => at.objectStore(STORE).put(key));
}

export async function removeKey(key: Pick<StoredKey, 'personId' | 'spkiSha256'>): Promise<void> {
  await within(SIGNING, [STORE], 'readwrite', (at) =>
    at.objectStore(STORE).delete([key.personId, key.spkiSha256]),
  );
}

/** Whether the browser promises not to clear what it keeps; null when it does not say. */
export async function isPersisted(): Promise<boolean | null> {
  return (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
}

/** Asks for that promise; browsers grant it to sites that are used, or after asking the person. */
export async function askToPersist(): Promise<boolean | null> {
  return (await navigator.storage?.persist?.().catch(() => null)) ?? null;
}
