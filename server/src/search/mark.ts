/** Where a page ended: the order, the exact value there, and the id; opaque to the reader. */
import type { Mark } from './search-index.ts';

const ID = /^[0-9a-zA-Z_-]{1,64}$/;

export function markText({ ranking, mark, id }: Mark): string {
  return Buffer.from(JSON.stringify([ranking, mark, id])).toString('base64url');
}

/** @returns undefined when it is not one of ours; whether it belongs to this search, the index says. */
export function readMark(text: string): Mark | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 3) return undefined;
  const [ranking, mark, id] = parts as unknown[];
  if (typeof ranking !== 'string' || typeof mark !== 'string' || typeof id !== 'string') return undefined;
  return ID.test(id) ? { ranking, mark, id } : undefined;
}
