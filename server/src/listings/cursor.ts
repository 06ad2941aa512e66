/** Where a page of lots ended: the sort key and the id, opaque to the reader. */
export type Sort = 'newest' | 'price' | 'landed_cost';
export type Cursor = { readonly sort: Sort; readonly key: string; readonly id: string };

const KEY: Readonly<Record<Sort, RegExp>> = {
  newest: /^$/,
  price: /^\d{1,18}$/,
  landed_cost: /^\d{0,30}$/,
};
const ID = /^[0-9a-zA-Z_-]{1,64}$/;

export function cursorText({ sort, key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([sort, key, id])).toString('base64url');
}

/** @returns undefined when it is not one of ours, or belongs to another order. */
export function readCursor(text: string, sort: Sort): Cursor | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [of, key, id] = parts as unknown[];
  if (of !== sort || typeof key !== 'string' || typeof id !== 'string') return undefined;
  return KEY[sort].test(key) && ID.test(id) ? { sort, key, id } : undefined;
}
