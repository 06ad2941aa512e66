/**
 * Names for bidders that hold for one auction only: nobody learns who it is, nor how many auctions
 * the same company bids in, and everybody sees the same name all the time.
 */
import { createHmac } from 'node:crypto';

/**
 * @param secret of this installation: without it nobody can try companies until a name fits.
 * @param bidders accounts in the order of their first bid; a longer list keeps the names of a shorter.
 * @returns 'Bidder 347' by account. The number tells nothing about that order.
 */
export function pseudonyms(
  secret: string,
  auctionId: string,
  bidders: readonly string[],
): ReadonlyMap<string, string> {
  const taken = new Set<number>();
  const names = new Map<string, string>();
  bidders.forEach((account, index) => {
    // Three digits while that leaves half of them free, so that a free number is found soon.
    const [first, count] = index < 450 ? [100, 900] : [1_000, 1_000_000];
    const digest = createHmac('sha256', secret).update(`${auctionId}\0${account}`).digest();
    let offset = digest.readUInt32BE(0) % count;
    while (taken.has(first + offset)) offset = (offset + 1) % count;
    taken.add(first + offset);
    names.set(account, `Bidder ${first + offset}`);
  });
  return names;
}
