/**
 * Replays recorded share auctions (Swiss import quotas: sealed, each pays its own bid, the marginal price is
 * shared in proportion) through the engine. A kilogram is a lot, a centime a tick. A bidder's several bids
 * are bidders of their own, and come from the lowest price up: the outcome of a sealed auction does not
 * depend on their order, and so none is refused for coming too low.
 */
import type { RefusedLine } from './table.ts';
import { runEnglish } from './english.ts';
import { readTable } from './table.ts';

type Bid = { readonly line: number; readonly id: string; readonly price: number; readonly quantity: number };

/** Whole kilograms and centimes that the engine can hold. */
const COUNT = /^(0|[1-9]\d{0,8})$/;
const ID = /^[^\s,]{1,100}$/;

/** `bid_id,allocated_qty_kg,payment_chf` in the order of the file. @throws ReplayError on another form. */
export async function replaySwiss(input: Uint8Array): Promise<{ csv: string; refused: RefusedLine[] }> {
  const { rows, refused } = await readTable(input, [
    'auction_id',
    'quota_kg',
    'bid_id',
    'bid_qty_kg',
    'bid_price_chf_cents_per_kg',
  ]);
  const auctions = new Map<string, { quota: number; bids: Bid[] }>();
  const order: Bid[] = [];
  for (const { line, text } of rows) {
    const [quota, quantity, price] = [text.quota_kg, text.bid_qty_kg, text.bid_price_chf_cents_per_kg];
    const wrong = [
      ['auction_id', ID.test(text.auction_id)],
      ['bid_id', ID.test(text.bid_id)],
      ['quota_kg', COUNT.test(quota) && quota !== '0'],
      ['bid_qty_kg', COUNT.test(quantity) && quantity !== '0'],
      ['bid_price_chf_cents_per_kg', COUNT.test(price) && price !== '0'],
    ].find(([, holds]) => !holds);
    const known = auctions.get(text.auction_id);
    const conflict = known !== undefined && known.quota !== Number(quota);
    if (wrong || conflict) {
      refused.push({ line, code: wrong ? String(wrong[0]) : 'conflict' });
      continue;
    }
    const bid = { line, id: text.bid_id, price: Number(price), quantity: Number(quantity) };
    if (known) known.bids.push(bid);
    else auctions.set(text.auction_id, { quota: Number(quota), bids: [bid] });
    order.push(bid);
  }
  const won = new Map<Bid, number>();
  for (const { quota, bids } of auctions.values()) award(quota, bids, won);
  const lines = order.map((bid) => {
    const allocated = won.get(bid) ?? 0;
    return `${bid.id},${allocated},${francs(BigInt(allocated) * BigInt(bid.price))}`;
  });
  return {
    csv: `${['bid_id,allocated_qty_kg,payment_chf', ...lines].join('\n')}\n`,
    refused: refused.toSorted((a, b) => a.line - b.line),
  };
}

function award(quota: number, bids: readonly Bid[], won: Map<Bid, number>): void {
  const rising = bids.toSorted((a, b) => a.price - b.price);
  const { awards } = runEnglish(
    { quantity: quota, startingPrice: 1, margin: 'pro_rata' },
    // Nobody gets more than all there is.
    rising.map(({ price, quantity }, i) => ({
      bidder: `bid-${i}`,
      price,
      quantity: Math.min(quantity, quota),
    })),
  );
  for (const { accountId, quantity } of awards) {
    const bid = rising[Number(accountId.slice('bid-'.length))];
    if (bid) won.set(bid, quantity);
  }
}

/** Centimes as francs, to the nearest five as Swiss bills are, without zeros at the end. */
function francs(exact: bigint): string {
  const centimes = ((exact + 2n) / 5n) * 5n;
  const rest = (centimes % 100n).toString().padStart(2, '0').replace(/0+$/, '');
  return `${centimes / 100n}${rest && `.${rest}`}`;
}
