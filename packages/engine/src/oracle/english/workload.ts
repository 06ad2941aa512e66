/** English terms and bids aimed at where the rules turn: see `../workload.ts`. */
import type { Lots, Ticks } from '@seam/units';
import { leastPrice, lineOf, mostPrice, mostQuantity, viewOf } from '../../formats/english/price.ts';
import { PLAIN_ENGLISH } from '../../formats/english/terms.ts';
import type { Auction as AnyAuction } from '../../state.ts';
import type { CommandBody, EnglishTerms } from '../../types.ts';

type Auction = AnyAuction<'english'>;
type Numbers = { readonly x: number; readonly y: number; readonly z: number };
type Fields = Omit<EnglishTerms, 'format' | keyof import('../../auction/types.ts').CommonTerms>;
type Bidder = { readonly auctionId: string; readonly accountId: string };

/** Plain one time in four; otherwise one of the ways of pricing, sharing and proxy bidding. */
export function englishFields({ x, y, z }: Numbers, base: { start: number; quantity: number }): Fields {
  const bidIncrement = 1 + (y % 5);
  const bands = [
    { from: base.start + 3, increment: bidIncrement + 1 },
    { from: base.start + 10, increment: bidIncrement + (z % 4) + 1 },
  ];
  const incrementBands = y % 4 === 1 ? bands : null;
  const largest = incrementBands?.at(-1)?.increment ?? bidIncrement;
  const fields = {
    ...PLAIN_ENGLISH,
    pricing: 'pay_as_bid',
    ...variantOf(x),
    reservePrice: y % 3 === 0 ? base.start + (x % 20) : null,
    bidIncrement,
    incrementBands,
    maximumIncrement: z % 2 === 0 ? largest + (x % 12) : null,
    quantityPerBidderMaximum: z % 5 === 0 ? Math.max(1, base.quantity - (x % 4)) : null,
  };
  // Plain numbers on purpose: some of them are terms no brand would let through.
  return fields as unknown as Fields;
}

function variantOf(x: number): Partial<Fields> {
  switch (x % 8) {
    case 1:
      return { pricing: 'uniform' };
    case 2:
      return { margin: 'pro_rata' };
    case 3:
      return { margin: 'pro_rata', pricing: 'uniform_highest_rejected' };
    case 4:
      return { proxy: 'threshold' };
    case 5:
      return { proxy: 'threshold', proxyLead: x % 16 === 5 ? 'increment' : 'least' };
    case 6:
      return { proxy: 'stepped' };
    case 7:
      return { proxy: 'stepped', pricing: x % 16 === 7 ? 'uniform' : 'pay_as_bid' };
    default:
      return {};
  }
}

/** A bid, or now and then an instruction; more often where they are taken. */
export function englishAct(auction: Auction | undefined, bidder: Bidder, numbers: Numbers): CommandBody {
  const { x, z } = numbers;
  const isStepped = auction?.terms.proxy === 'stepped';
  return x % (isStepped ? 2 : 60) === 1 && z % 3 !== 0
    ? instructionOf(auction, bidder, numbers)
    : bidOf(auction, bidder, numbers);
}

function bidOf(auction: Auction | undefined, bidder: Bidder, numbers: Numbers): CommandBody {
  const { x, y, z } = numbers;
  const size = auction ? mostQuantity(auction.terms) : 5;
  const own = auction && lineOf(auction.room.standing, bidder.accountId);
  const quantity = quantityOf(size, own?.quantity, x);
  const least = auction ? leastPrice(viewOf(auction), own, quantity as Lots) : 100;
  const most = auction ? mostPrice(viewOf(auction)) : 200;
  const further = auction?.terms.proxy === 'threshold' ? least + (x % 7) * 3 : least;
  const price =
    [
      least,
      further,
      least + (y % 4),
      least,
      own?.price ?? least,
      further,
      least - 1,
      rivalPrice(auction, z) ?? least,
    ][y % 8] ?? least;
  return {
    type: 'place_bid',
    ...bidder,
    price: (y % 20 === 5 ? most + (z % 2) : price) as Ticks,
    quantity: quantity as Lots,
    minimumAcceptable: minimumOf(quantity, own?.minimumAcceptable, z) as Lots,
  };
}

/** Equal prices and equal maxima are where ties are decided. */
function rivalPrice(auction: Auction | undefined, z: number): number | undefined {
  const standing = auction?.room.standing ?? [];
  return standing[z % Math.max(1, standing.length)]?.price;
}

function instructionOf(auction: Auction | undefined, bidder: Bidder, { x, y, z }: Numbers): CommandBody {
  const size = auction ? mostQuantity(auction.terms) : 5;
  const own = auction && lineOf(auction.room.standing, bidder.accountId);
  const quantity = y % 5 === 0 ? quantityOf(size, own?.quantity, x) : (own?.quantity ?? 1 + (x % size));
  const least = auction ? leastPrice(viewOf(auction), own, quantity as Lots) : 100;
  return {
    type: 'set_auto_bid',
    ...bidder,
    limit: (least + (y % 45) - 1) as Ticks,
    step: Math.max(0, (auction?.terms.bidIncrement ?? 1) + (z % 5) - 1) as Ticks,
    quantity: quantity as Lots,
    minimumAcceptable: (y % 5 === 0 || !own
      ? minimumOf(quantity, own?.minimumAcceptable, z)
      : own.minimumAcceptable) as Lots,
  };
}

function quantityOf(size: number, own: number | undefined, x: number): number {
  return x % 9 === 0 ? size : Math.max(x % 4 === 0 ? x % (size + 2) : 0, own ?? 1 + (x % size));
}

function minimumOf(quantity: number, own: number | undefined, z: number): number {
  const accepts = Math.min(quantity, own ?? quantity);
  return [0, 0, z % (accepts + 1), accepts, accepts + (z % 11 === 0 ? 1 : 0)][z % 5] ?? 0;
}
