/**
 * Where this browser keeps what opens its sealed bids. Each is kept before its digest is sent, and none is
 * thrown away while its auction runs: of two that were sent, either may be the one the market took.
 */
import { type Opening, openingFrom } from './sealed.ts';

const PREFIX = 'seam.opening.';
const keyOf = ({ auctionId, digest }: Pick<Opening, 'auctionId' | 'digest'>): string =>
  `${PREFIX}${auctionId}.${digest}`;

/** @returns whether it will still be there after a reload. */
export function keepOpening(opening: Opening, storage: Storage | undefined = localStore()): boolean {
  try {
    storage?.setItem(keyOf(opening), JSON.stringify(opening));
    return storage?.getItem(keyOf(opening)) != null;
  } catch {
    return false;
  }
}

export function keptOpening(
  of: Pick<Opening, 'auctionId' | 'digest'>,
  storage: Storage | undefined = localStore(),
): Opening | null {
  try {
    const text = storage?.getItem(keyOf(of));
    return text == null ? null : openingFrom(text);
  } catch {
    return null;
  }
}

export const backupName = ({ auctionId, digest }: Opening): string =>
  `seam-bid-${auctionId.slice(0, 8)}-${digest.slice(0, 8)}.json`;

/** Some private windows have none, and say so by an exception. */
function localStore(): Storage | undefined {
  try {
    return globalThis.localStorage;
  } catch {
    return undefined;
  }
}
