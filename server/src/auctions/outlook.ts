/**
 * Before a bid: what it takes to win a quantity, what a bid would lead to, and why one's own wins what it
 * wins. Answered from the live market by the functions that decide, from what the bidder may see.
 */
import {
  type Merit,
  type Rejection,
  chanceOf,
  explain,
  hardEndOf,
  offerNow,
  offerOfRound,
  offerPriceToWin,
  preview,
  previewOffer,
  priceToWin,
  requiredSecurity,
  roundsChance,
  scoreOf,
  scoreText,
  viewOf,
} from '@seam/engine';
import { type BidOutlook, type BidPreview, type Query, type auctionRoutes } from '@seam/protocol';
import { type Lots, type Ticks, formatMoney, instant, notional } from '@seam/units';
import { isOf } from '../exchange/auction-rooms.ts';
import { GridReader } from '../exchange/bid-input.ts';
import { gridOf, massText, priceText } from '../exchange/grid.ts';
import type { AuctionView } from '../exchange/live-view.ts';
import { maskOf } from '../exchange/masking.ts';
import { publicRejection } from '../exchange/rejection-codes.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type OutlookQuery = Query<typeof auctionRoutes.bidOutlook>;
type Asked = {
  readonly accountId: string;
  readonly quantity: Lots;
  readonly minimumAcceptable: Lots;
  readonly merit: Merit;
  readonly price: Ticks | null;
};

export function outlook(
  view: AuctionView,
  accountId: string,
  { query, now }: { readonly query: OutlookQuery; readonly now: Date },
): BidOutlook | Refusal {
  const { terms } = view;
  const read = new GridReader(terms);
  const merit = meritOf(query);
  if (merit === undefined) return refuse('offer.merit_invalid', { fields: { freight: 'required' } });
  const asked = {
    accountId,
    ...read.quantities(query),
    merit: read.merit(merit ?? undefined),
    price: query.price === undefined ? null : read.price(query.price),
  };
  if (read.refusal) return read.refusal;
  const isTold = maskOf(view) === null && view.state === 'open';
  const winning = isTold ? winningPrice(view, asked) : null;
  const isHidden = !isTold || asked.price === null;
  return {
    priceToWin: winning === null ? null : priceText(terms, winning),
    preview: isHidden ? null : previewOf(view, { ...asked, price: asked.price }, now),
    explanation: isTold ? explanationOf(view, accountId) : null,
    seq: view.seq,
    serverTime: now.toISOString(),
  };
}

/** Null: none was named. Undefined: half of one. */
function meritOf(query: OutlookQuery) {
  const { calorificValue, freight, expectedPenalties, coefficient, addition } = query;
  if (calorificValue !== undefined) {
    if (freight === undefined || expectedPenalties === undefined) return undefined;
    return { mode: 'energy', calorificValue: Number(calorificValue), freight, expectedPenalties } as const;
  }
  if (coefficient !== undefined) return { mode: 'mixed', coefficient, addition: addition ?? '0' } as const;
  return freight === undefined && expectedPenalties === undefined && addition === undefined
    ? null
    : undefined;
}

function winningPrice(view: AuctionView, { accountId, quantity, merit }: Asked): number | null {
  if (isOf(view, 'english')) return priceToWin(viewOf(view), accountId, quantity);
  if (isOf(view, 'reverse_open')) {
    const hasMerit = (view.terms.scoring.mode === 'price') === (merit === null);
    const offering = { terms: view.terms, lines: view.room.lines };
    return hasMerit ? offerPriceToWin(offering, accountId, { quantity, merit }) : null;
  }
  const closesAt = instant(view.closesAt);
  if (isOf(view, 'dutch')) {
    const { allocated, price } = offerNow({ terms: view.terms, room: view.room, closesAt }, quantity);
    return allocated === quantity ? price : null;
  }
  if (isOf(view, 'dutch_hybrid')) {
    const chance = chanceOf({ terms: view.terms, room: view.room, closesAt }, accountId);
    return chance.command === 'accept_price' ? chance.priceMinimum : chance.priceToWin;
  }
  return null;
}

function explanationOf(view: AuctionView, accountId: string): BidOutlook['explanation'] {
  if (!isOf(view, 'english')) return null;
  const { terms } = view;
  const found = explain(viewOf(view), accountId);
  return (
    found && {
      code: found.code,
      allocated: massText(terms, found.allocated),
      offered: massText(terms, found.offered),
      wonBelowAt: found.wonBelowAt === null ? null : priceText(terms, found.wonBelowAt),
    }
  );
}

function previewOf(
  view: AuctionView,
  asked: Omit<Asked, 'price'> & { readonly price: Ticks | null },
  now: Date,
): BidPreview | null {
  const { price } = asked;
  if (price === null) return null;
  if (isOf(view, 'english')) return previewEnglish(view, { ...asked, price }, now);
  if (isOf(view, 'reverse_open')) return previewReverse(view, { ...asked, price });
  if (isOf(view, 'dutch')) return previewDutch(view, asked);
  if (isOf(view, 'clock')) return previewClock(view, asked);
  if (isOf(view, 'reverse_rounds')) return previewRounds(view, { ...asked, price });
  return {
    ...plain(view, asked),
    cost: costText(view, price, asked.quantity),
    price: priceText(view.terms, price),
  };
}

/** Taken, as far as anybody knows, and nothing known of what it wins. */
function plain(view: AuctionView, { quantity }: Pick<Asked, 'quantity'>): BidPreview {
  return {
    taken: true,
    code: null,
    accepted: {},
    rank: null,
    allocated: null,
    price: null,
    cost: null,
    securityRequired: formatMoney(requiredSecurity(view.terms, quantity)),
    score: null,
    closesAt: new Date(view.closesAt).toISOString(),
    certain: false,
  };
}

function refusedPreview(view: AuctionView, asked: Pick<Asked, 'quantity'>, rejection: Rejection): BidPreview {
  const { code, accepted } = publicRejection(rejection, view.terms);
  return { ...plain(view, asked), taken: false, code, accepted: { ...accepted }, certain: true };
}

type Priced = Asked & { readonly price: Ticks };

function previewEnglish(view: AuctionView<'english'>, asked: Priced, now: Date): BidPreview {
  const { terms, room, extensions, excluded } = view;
  const closesAt = instant(view.closesAt);
  // A pause may have moved the close past the hard end that was planned.
  const hardEndAt = instant(Math.max(hardEndOf(terms), closesAt));
  const running = { terms, room, closesAt, hardEndAt, extensions, excluded };
  const seen = preview(running, asked, instant(now.getTime()));
  if (!seen.taken) return refusedPreview(view, asked, seen.rejection);
  return {
    ...plain(view, asked),
    rank: seen.rank,
    allocated: massText(terms, seen.allocated),
    price: seen.price === null ? null : priceText(terms, seen.price),
    cost: formatMoney(BigInt(seen.cost)),
    closesAt: new Date(seen.closesAt).toISOString(),
    certain: seen.isCertain,
  };
}

function previewReverse(view: AuctionView<'reverse_open'>, asked: Priced): BidPreview {
  const { terms, room } = view;
  const seen = previewOffer({ terms, lines: room.lines }, asked);
  if (!seen.taken) return refusedPreview(view, asked, seen.rejection);
  return {
    ...plain(view, asked),
    rank: seen.rank,
    allocated: massText(terms, seen.allocated),
    price: seen.allocated === 0 ? null : priceText(terms, asked.price),
    cost: costText(view, asked.price, seen.allocated),
    score: scoreText(scoreOf(terms, asked)),
    certain: true,
  };
}

function previewDutch(view: AuctionView<'dutch'>, asked: Asked): BidPreview {
  const { terms, room } = view;
  const offer = offerNow({ terms, room, closesAt: instant(view.closesAt) }, asked.quantity);
  return {
    ...plain(view, asked),
    allocated: massText(terms, offer.allocated),
    price: priceText(terms, offer.price),
    cost: formatMoney(BigInt(offer.cost)),
    certain: true,
  };
}

function previewClock(view: AuctionView<'clock'>, asked: Asked): BidPreview {
  const { terms, room } = view;
  const closesAt = instant(view.closesAt);
  const offer = offerOfRound({ terms, room, closesAt }, asked.accountId, asked.quantity);
  const { quantityMaximum } = offer;
  if (asked.quantity > quantityMaximum) {
    const quantityMinimum = terms.minimumBidQuantity;
    return refusedPreview(view, asked, {
      code: 'bid_quantity_out_of_range',
      quantityMinimum,
      quantityMaximum,
    });
  }
  return {
    ...plain(view, asked),
    price: priceText(terms, offer.price),
    cost: formatMoney(BigInt(offer.cost)),
  };
}

function previewRounds(view: AuctionView<'reverse_rounds'>, asked: Priced): BidPreview {
  const { terms, room } = view;
  const closesAt = instant(view.closesAt);
  const hasMerit = (terms.scoring.mode === 'price') === (asked.merit === null);
  if (!hasMerit) return refusedPreview(view, asked, { code: 'offer_merit_invalid', field: 'merit' });
  const { priceMaximum } = roundsChance({ terms, room, closesAt }, asked.accountId, asked.merit);
  if (priceMaximum === null || asked.price > priceMaximum) {
    return refusedPreview(view, asked, { code: 'offer_not_improving', priceMaximum });
  }
  return {
    ...plain(view, asked),
    cost: costText(view, asked.price, asked.quantity),
    score: scoreText(scoreOf(terms, asked)),
  };
}

function costText({ terms }: AuctionView, price: Ticks, quantity: Lots): string {
  return formatMoney(notional(gridOf(terms), price, quantity));
}
