/**
 * Replays recorded auctions with hidden maxima through the engine's threshold proxy, with the increments
 * that the site used in 2003: the winner pays one increment above the second maximum, or its own maximum
 * when that is less. A cent is a tick.
 */
import { ticks } from '@seam/units';
import type { RefusedLine } from './table.ts';
import { type RecordedBid, runEnglish } from './english.ts';
import { readTable } from './table.ts';

/** From so many cents on, so many cents more. */
const INCREMENTS = [
  [100, 25],
  [500, 50],
  [2_500, 100],
  [10_000, 250],
  [25_000, 500],
  [50_000, 1_000],
  [100_000, 2_500],
  [250_000, 5_000],
  [500_000, 10_000],
] as const;
const FIRST_INCREMENT = 5;
const ID = /^[^\s,]{1,100}$/;

type Recorded = { readonly opening: number; readonly bids: (RecordedBid & { readonly at: number })[] };

/** `auction_id,final_price_usd` in the order of the file, empty where nobody wins. @throws ReplayError. */
export async function replayEbay(input: Uint8Array): Promise<{ csv: string; refused: RefusedLine[] }> {
  const { rows, refused } = await readTable(input, [
    'auction_id',
    'opening_bid_usd',
    'bid_time_s_from_start',
    'bidder',
    'max_proxy_bid_usd',
  ]);
  const auctions = new Map<string, Recorded>();
  for (const { line, text } of rows) {
    const opening = centsOf(text.opening_bid_usd);
    const price = centsOf(text.max_proxy_bid_usd);
    const at = Number(text.bid_time_s_from_start);
    const wrong = [
      ['auction_id', ID.test(text.auction_id)],
      ['bidder', ID.test(text.bidder)],
      ['opening_bid_usd', opening !== undefined],
      ['max_proxy_bid_usd', price !== undefined],
      ['bid_time_s_from_start', text.bid_time_s_from_start !== '' && Number.isFinite(at)],
    ].find(([, holds]) => !holds);
    if (wrong || opening === undefined || price === undefined) {
      refused.push({ line, code: String(wrong?.[0]) });
      continue;
    }
    const auction = auctions.get(text.auction_id) ?? { opening, bids: [] };
    auctions.set(text.auction_id, auction);
    auction.bids.push({ bidder: text.bidder, price, quantity: 1, at });
  }
  const lines = [...auctions].map(([auctionId, auction]) => `${auctionId},${dollars(finalPrice(auction))}`);
  return {
    csv: `${['auction_id,final_price_usd', ...lines].join('\n')}\n`,
    refused: refused.toSorted((a, b) => a.line - b.line),
  };
}

function finalPrice({ opening, bids }: Recorded): number | undefined {
  const { awards } = runEnglish(
    {
      quantity: 1,
      startingPrice: Math.max(1, opening),
      proxy: 'threshold',
      proxyLead: 'increment',
      bidIncrement: ticks(FIRST_INCREMENT),
      incrementBands: INCREMENTS.map(([from, increment]) => ({
        from: ticks(from),
        increment: ticks(increment),
      })),
    },
    bids.toSorted((a, b) => a.at - b.at),
  );
  return awards[0]?.price;
}

/** Up to two digits after the point; thousandths that some records carry are zeros. */
function centsOf(text: string): number | undefined {
  const match = /^(\d{1,6})(?:\.(\d{1,2})0*)?$/.exec(text);
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : undefined;
}

function dollars(cents: number | undefined): string {
  return cents === undefined ? '' : (cents / 100).toFixed(2);
}
