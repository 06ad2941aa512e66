/**
 * What a gate keeps on its own disk: its key, the book it judges by, the passes it has let in, and every event until
 * the exchange has it. A pass is taken once: the database refuses the second, also after a reload and in two windows.
 */
import type { GateSyncAnswer } from '@seam/protocol';

export type GateDevice = {
  readonly id: string;
  readonly name: string;
  readonly place: string | null;
  readonly sellerId: string;
  /** Cannot be taken out of this browser. */
  readonly keys: CryptoKeyPair;
  readonly revoked: boolean;
};

/** As the exchange told it last. */
export type Book = {
  readonly keys: GateSyncAnswer['keys'];
  readonly closed: GateSyncAnswer['closed'];
  /** Milliseconds since 1970, by the exchange. */
  readonly asOf: number;
  /** How far the exchange's clock is ahead of this one. */
  readonly ahead: number;
};

export type KeptEvent = {
  readonly sequence: number;
  readonly passId: string;
  readonly plate: string;
  readonly decision: 'admitted' | 'refused';
  readonly sentAt: string;
  readonly payload: string;
  readonly signature: string | null;
  /** Null until the exchange has it. */
  readonly outcome: GateSyncAnswer['outcomes'][number]['outcome'] | null;
};

const DATABASE = 'seam-gate';
const STATE = 'state';
const USED = 'used';
const EVENTS = 'events';
type Key = 'device' | 'book' | 'sequence' | 'latest';

export const loadDevice = async (): Promise<GateDevice | undefined> => get('device');
export const saveDevice = async (device: GateDevice): Promise<void> => put('device', device);
export const loadBook = async (): Promise<Book | undefined> => get('book');
export const saveBook = async (book: Book): Promise<void> => put('book', book);

/** The latest moment that this gate has lived through: a clock that was set back does not bring old passes back. */
export async function notBefore(now: number): Promise<number> {
  const latest = Math.max(now, (await get<number>('latest')) ?? 0);
  await put('latest', latest);
  return latest;
}

export async function usedPasses(): Promise<Set<string>> {
  return within([USED], 'readonly', (stores) => stores.objectStore(USED).getAllKeys()).then(
    (keys) => new Set(keys as string[]),
  );
}

/** @returns the new event; undefined when this gate has already decided about the pass. */
export async function takePass(
  event: Omit<KeptEvent, 'sequence' | 'signature' | 'outcome'>,
): Promise<KeptEvent | undefined> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction([STATE, USED, EVENTS], 'readwrite');
      let kept: KeptEvent | undefined;
      // One pass, one decision: `add` fails for a second, and with it the whole transaction.
      transaction.objectStore(USED).add(event.sentAt, event.passId);
      const count = transaction.objectStore(STATE).get('sequence');
      count.onsuccess = () => {
        const sequence = ((count.result as number | undefined) ?? 0) + 1;
        kept = { ...event, sequence, signature: null, outcome: null };
        transaction.objectStore(STATE).put(sequence, 'sequence');
        transaction.objectStore(EVENTS).add(kept);
      };
      // Complete, not success: only then is it on the disk.
      transaction.oncomplete = () => resolve(kept);
      transaction.onabort = () =>
        transaction.error?.name === 'ConstraintError' ? resolve(undefined) : reject(transaction.error!);
    });
  } finally {
    database.close();
  }
}

/** Oldest first. */
export async function loadEvents(): Promise<KeptEvent[]> {
  return within([EVENTS], 'readonly', (stores) => stores.objectStore(EVENTS).getAll());
}

export async function saveEvent(event: KeptEvent): Promise<void> {
  await within([EVENTS], 'readwrite', (stores) => stores.objectStore(EVENTS).put(event));
}

async function get<T>(key: Key): Promise<T | undefined> {
  return within(
    [STATE],
    'readonly',
    (stores) => stores.objectStore(STATE).get(key) as IDBRequest<T | undefined>,
  );
}

async function put(key: Key, value: unknown): Promise<void> {
  await within([STATE], 'readwrite', (stores) => stores.objectStore(STATE).put(value, key));
}

async function within<T>(
  stores: string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => IDBRequest<T>,
): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const request = work(transaction);
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error ?? new Error('the gate store gave up'));
    });
  } finally {
    database.close();
  }
}

async function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(STATE);
      request.result.createObjectStore(USED);
      request.result.createObjectStore(EVENTS, { keyPath: 'sequence' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('the gate store cannot be opened'));
  });
}
