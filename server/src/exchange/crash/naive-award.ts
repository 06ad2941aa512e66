/**
 * The award as anybody could work it out from the accepted bids with pencil and paper. Shares no
 * code with the engine on purpose.
 */
export type PaperBid = { account: string; price: number; quantity: number; least: number; seq: number };

/** @returns lots won by account: better price, then larger quantity, then earlier; all that is left, or nothing. */
export function naiveAward(bids: readonly PaperBid[], lots: number, reserve: number): Map<string, number> {
  const last = new Map<string, PaperBid>();
  for (const bid of bids) last.set(bid.account, bid);
  const won = new Map<string, number>();
  let left = lots;
  const waiting = [...last.values()];
  while (waiting.length > 0) {
    let best = 0;
    for (let i = 1; i < waiting.length; i += 1) if (beats(waiting[i], waiting[best])) best = i;
    const [bid] = waiting.splice(best, 1);
    if (!bid) break;
    const gets = bid.quantity < left ? bid.quantity : left;
    if (gets < bid.least || gets === 0) continue;
    left -= gets;
    if (bid.price >= reserve) won.set(bid.account, gets);
  }
  return won;
}

function beats(a: PaperBid | undefined, b: PaperBid | undefined): boolean {
  if (!a || !b) return false;
  if (a.price !== b.price) return a.price > b.price;
  if (a.quantity !== b.quantity) return a.quantity > b.quantity;
  return a.seq < b.seq;
}
