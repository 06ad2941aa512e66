/** A browser's own database, opened for one piece of work at a time. */
export type Store = {
  readonly database: string;
  /** Makes the object stores of a database that is new. */
  readonly make: (database: IDBDatabase) => void;
};

/**
 * Runs `work` in one transaction.
 * @returns the result of what it gives back (a request has one), once all of it is on the disk.
 * @throws what the browser says: it keeps nothing (some private windows), or gave the transaction up.
 */
export async function within<T>(
  store: Store,
  stores: string[],
  mode: IDBTransactionMode,
  work: (transaction: IDBTransaction) => { readonly result: T },
): Promise<T> {
  const database = await open(store);
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(stores, mode);
      const done = work(transaction);
      // Complete, not success: only then is it on the disk. A request that fails aborts its transaction.
      transaction.oncomplete = () => resolve(done.result);
      transaction.onabort = () =>
        reject(transaction.error ?? new Error(`${store.database} gave up a transaction`));
    });
  } finally {
    database.close();
  }
}

async function open({ database, make }: Store): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(database, 1);
    request.onupgradeneeded = () => make(request.result);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error(`${database} cannot be opened`));
    request.onblocked = () => reject(new Error(`${database} is held by another window`));
  });
}
