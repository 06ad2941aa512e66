/**
 * The signing keys that this browser keeps, sealed with their passphrases (level K1), by person: two
 * people who share a desk do not see each other's.
 *
 * A key is stored before its request is sent, so that an answer that never arrives loses nothing.
 */
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

const DATABASE = 'seam-signing';
const STORE = 'keys';

/** @throws when the browser keeps nothing, as in some private windows. */
export async function listKeys(personId: string): Promise<StoredKey[]> {
  const all = await within('readonly', (store) => store.getAll() as IDBRequest<StoredKey[]>);
  return all
    .filter((key) => key.personId === personId)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

export async function saveKey(key: StoredKey): Promise<void> {
  await within('readwrite', (store) => store.put(key));
}

export async function removeKey(key: Pick<StoredKey, 'personId' | 'spkiSha256'>): Promise<void> {
  await within('readwrite', (store) => store.delete([key.personId, key.spkiSha256]));
}

/** Whether the browser promises not to clear what it keeps; null when it does not say. */
export async function isPersisted(): Promise<boolean | null> {
  return (await navigator.storage?.persisted?.().catch(() => null)) ?? null;
}

/** Asks for that promise; browsers grant it to sites that are used, or after asking the person. */
export async function askToPersist(): Promise<boolean | null> {
  return (await navigator.storage?.persist?.().catch(() => null)) ?? null;
}

async function within<T>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      // Complete, not success: only then is it on the disk.
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error ?? new Error('the key store failed'));
      transaction.onabort = () => reject(transaction.error ?? new Error('the key store gave up'));
    });
  } finally {
    database.close();
  }
}

async function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STORE, { keyPath: ['personId', 'spkiSha256'] });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the key store cannot be opened'));
    request.onblocked = () => reject(new Error('the key store is held by another window'));
  });
}
