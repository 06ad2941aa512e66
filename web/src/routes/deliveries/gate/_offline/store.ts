/**
 * What a gate keeps on its own disk: its key, the book it judges by, the passes it has let in, and every event until
 * the exchange has it. A pass is taken once: the database refuses the second, also after a reload and in two windows.
 */
import type { GateSyncAnswer } from '@seam/protocol';
import { type Store, within } from '#lib/store/indexed.ts';

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

const STATE = 'state';
const USED = 'used';
const EVENTS = 'events';
const GATE: Store = {
  database: 'seam-gate',
  make(database) {
    database.createObjectStore(STATE);
    database.createObjectStore(USED);
    database.createObjectStore(EVENTS, { keyPath: 'sequence' });
  },
};
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
  return within(GATE, [USED], 'readonly', (stores) => stores.objectStore(USED).getAllKeys()).then(
    (keys) => new Set(keys as string[]),
  );
}

/** @returns the new event; undefined when this gate has already decided about the pass. */
export async function takePass(
  event: Omit<KeptEvent, 'sequence' | 'signature' | 'outcome'>,
): Promise<KeptEvent | undefined> {
  const kept: { result: KeptEvent | undefined } = { result: undefined };
  const taken = within(GATE, [STATE, USED, EVENTS], 'readwrite', (stores) => {
    // One pass, one decision: `add` fails for a second, and with it the whole transaction.
    stores.objectStore(USED).add(event.sentAt, event.passId);
    const count = stores.objectStore(STATE).get('sequence');
    count.onsuccess = () => {
      const sequence = ((count.result as number | undefined) ?? 0) + 1;
      kept.result = { ...event, sequence, signature: null, outcome: null };
      stores.objectStore(STATE).put(sequence, 'sequence');
      stores.objectStore(EVENTS).add(kept.result);
    };
    return kept;
  });
  return taken.catch((error: DOMException) => {
    if (error.name === 'ConstraintError') return undefined;
    throw error;
  });
}

/** Oldest first. */
export async function loadEvents(): Promise<KeptEvent[]> {
  return within(GATE, [EVENTS], 'readonly', (stores) => stores.objectStore(EVENTS).getAll());
}

export async function saveEvent(event: KeptEvent): Promise<void> {
  await within(GATE, [EVENTS], 'readwrite', (stores) => stores.objectStore(EVENTS).put(event));
}

async function get<T>(key: Key): Promise<T | undefined> {
  return within(
    GATE,
    [STATE],
    'readonly',
    (stores) => stores.objectStore(STATE).get(key) as IDBRequest<T | undefined>,
  );
}

async function put(key: Key, value: unknown): Promise<void> {
  await within(GATE, [STATE], 'readwrite', (stores) => stores.objectStore(STATE).put(value, key));
}
