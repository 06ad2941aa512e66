/**
 * What time alone says about an auction whose live line one does not have: steps and rounds follow each
 * other as the terms say, counted back from the close as the market counts them. Null where more than
 * the time decides.
 */
import type { AuctionView, LiveRoom } from '@seam/protocol';
import { formatMoney, formatTonnes, parseMoney, parseTonnes } from '@seam/units';
import type { Tape } from './shown.ts';

type Terms<Format> = Extract<AuctionView['formatTerms'], { format: Format }>;
type View = Pick<
  AuctionView,
  'state' | 'closesAt' | 'serverTime' | 'startingPrice' | 'quantity' | 'formatTerms'
>;

export function roomByClock(view: View, tape: Tape): LiveRoom | null {
  if (view.state !== 'open') return null;
  const leftMs = Math.max(0, Date.parse(view.closesAt) - Date.parse(view.serverTime));
  const at = (beforeCloseMs: number): string =>
    new Date(Date.parse(view.closesAt) - beforeCloseMs).toISOString();
  const { formatTerms: terms } = view;
  switch (terms.format) {
    case 'english':
    case 'reverse_open':
      return { format: terms.format };
    case 'dutch':
      return dutch(view, terms, { tape, leftMs, at });
    case 'clock':
      return clock(view, terms, { leftMs, at });
    case 'sealed_bid': {
      const isOpening = leftMs <= terms.openingSeconds * 1000;
      return {
        format: 'sealed_bid',
        phase: isOpening ? 'opening' : 'submission',
        endsAt: isOpening ? view.closesAt : at(terms.openingSeconds * 1000),
        sealedCount: null,
        sharesGiven: [],
        decrypted: false,
        opened: [],
        reservePrice: null,
      };
    }
    default:
      return null;
  }
}

type Now = { readonly leftMs: number; readonly at: (beforeCloseMs: number) => string };

function dutch(view: View, terms: Terms<'dutch'>, { tape, leftMs, at }: Now & { tape: Tape }): LiveRoom {
  const [start, floor, by] = [view.startingPrice, terms.floorPrice, terms.priceDecrement].map(money);
  const stepMs = terms.stepSeconds * 1000;
  const count = Number((start! - floor! + by! - 1n) / by!) + 1;
  const step = Math.min(count - 1, Math.max(0, count - Math.ceil(leftMs / stepMs)));
  const priceAt = (index: number): string => {
    const price = start! - BigInt(index) * by!;
    return formatMoney(price > floor! ? price : floor!);
  };
  const sold = tape.bids.reduce((sum, { quantity }) => sum + (parseTonnes(quantity) ?? 0n), 0n);
  const remaining = (parseTonnes(view.quantity) ?? 0n) - sold;
  const isLast = step + 1 >= count || remaining <= 0n;
  return {
    format: 'dutch',
    step,
    price: priceAt(step),
    endsAt: isLast ? null : at((count - 1 - step) * stepMs),
    nextPrice: isLast ? null : priceAt(step + 1),
    remaining: formatTonnes(remaining > 0n ? remaining : 0n),
    sales: tape.bids.map(({ bidder, price, quantity, mine }) => ({ bidder, price, quantity, mine })),
  };
}

function clock(view: View, terms: Terms<'clock'>, { leftMs, at }: Now): LiveRoom {
  const roundMs = terms.roundSeconds * 1000;
  const round = Math.min(terms.roundsMax, Math.max(1, terms.roundsMax - Math.ceil(leftMs / roundMs) + 1));
  const isLast = round === terms.roundsMax;
  return {
    format: 'clock',
    round,
    price: priceOfRound(view.startingPrice, terms.priceIncrements, round),
    nextPrice: isLast ? null : priceOfRound(view.startingPrice, terms.priceIncrements, round + 1),
    endsAt: at((terms.roundsMax - round) * roundMs),
    demand: null,
    stopped: false,
  };
}

/** The price of round `round`, from 1; the last increment repeats. */
export function priceOfRound(startingPrice: string, increments: readonly string[], round: number): string {
  let price = money(startingPrice);
  for (let index = 0; index < round - 1; index += 1) {
    price += money(increments[Math.min(index, increments.length - 1)] ?? '0');
  }
  return formatMoney(price);
}

const money = (text: string): bigint => parseMoney(text) ?? 0n;
