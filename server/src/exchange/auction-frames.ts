/**
 * What one viewer may see of an auction. The only place where account ids turn into pseudonyms; the
 * hidden reserve price, hidden maxima, other companies' security and their minimum quantities never leave
 * it.
 */
import {
  hardEndOf,
  highestOfferPrice,
  maximumQuantityFor,
  offerPriceToWin,
  priceAtStep,
  priceFloor,
  priceToWin,
  publicStanding,
  requiredSecurity,
  scoreOf,
  scoreText,
  viewOf,
} from '@seam/engine';
import type { AuctionSnapshotFrame, AuctionUpdateFrame } from '@seam/protocol';
import { type Currency, formatMoney, formatTonnes, ticks } from '@seam/units';
import { type PublicPart, isOf, liveRoom, myRoom, publicPart } from './auction-rooms.ts';
import type { Renderer } from './fanout.ts';
import { formatTermsText } from './format-terms.ts';
import type { AuctionView } from './live-view.ts';
import { type OwnBid, maskOf, placeFor, shownTo, takesPart } from './masking.ts';
import { pseudonyms } from './pseudonyms.ts';
import { gridOf, incrementsOf, massText, priceText, publicReserve } from './grid.ts';

type My = NonNullable<AuctionUpdateFrame['my']>;
type Common = Omit<AuctionUpdateFrame, 't' | 'prev'>;
type Names = ReadonlyMap<string, string>;

/** Viewers are account ids; the empty one, or any without a part in the auction, sees the public view. */
export class AuctionRenderer implements Renderer<AuctionView> {
  readonly #secret: string;
  /** Of the newest record of an auction: names change only when somebody bids for the first time. */
  readonly #names = new WeakMap<readonly string[], Names>();

  constructor(pseudonymSecret: string) {
    this.#secret = pseudonymSecret;
  }

  audience(view: AuctionView, viewer: string): string {
    return takesPart(view, viewer) ? viewer : '';
  }

  place(view: AuctionView, viewer: string): number | undefined {
    return view.seen === null ? undefined : placeFor(view, viewer).seq;
  }

  update(view: AuctionView, viewer: string, prev: number): string {
    const frame: AuctionUpdateFrame = { t: 'auction.update', ...this.#common(view, viewer), prev };
    return JSON.stringify(frame);
  }

  snapshot(view: AuctionView, viewer: string): string {
    return JSON.stringify(this.snapshotOf(view, viewer));
  }

  snapshotOf(view: AuctionView, viewer: string): AuctionSnapshotFrame {
    return { t: 'auction.snapshot', ...this.#common(view, viewer), prev: 0, terms: publicTerms(view) };
  }

  names(view: AuctionView): Names {
    let names = this.#names.get(view.bidders);
    if (!names) {
      names = pseudonyms(this.#secret, view.terms.auctionId, view.bidders);
      this.#names.set(view.bidders, names);
    }
    return names;
  }

  #common(view: AuctionView, viewer: string): Common {
    const { terms } = view;
    const names = this.names(view);
    const place = placeFor(view, viewer);
    return {
      topic: `auction:${terms.auctionId}`,
      seq: place.seq,
      at: new Date(place.at).toISOString(),
      auctionId: terms.auctionId,
      state: view.state,
      closesAt: new Date(view.closesAt).toISOString(),
      extensions: view.extensions,
      ...(maskOf(view) === null ? bidding(view, viewer, names) : ownBidding(view, viewer)),
      room: liveRoom(view, viewer, {
        nameOf: (accountId) => nameOf(names, accountId),
        shows: (accountId) => maskOf(view) === null || accountId === viewer,
      }),
      suspension: view.suspension,
      result: resultOf(view, viewer, names),
      my: takesPart(view, viewer) ? myStanding(view, viewer, names) : null,
    };
  }
}

type Bidding = Pick<Common, 'marginalPrice' | 'nextPrice' | 'bidCount' | 'bidderCount' | 'standing'>;

function bidding(view: AuctionView, viewer: string, names: Names): Bidding {
  const { terms } = view;
  const margin = isOf(view, 'english') ? view.room.marginalPrice : null;
  return {
    marginalPrice: margin === null ? null : priceText(terms, margin),
    nextPrice: priceText(terms, nextPriceOf(view)),
    bidCount: view.bids,
    bidderCount: view.bidders.length,
    standing: linesOf(view).map((line) => ({
      rank: line.rank,
      bidder: nameOf(names, line.accountId),
      price: priceText(terms, line.price),
      quantity: massText(terms, line.quantity),
      allocated: massText(terms, line.allocated),
      mine: line.accountId === viewer,
      ...(line.score !== undefined && { score: line.score }),
    })),
  };
}

type Line = OwnBid & { readonly rank: number; readonly accountId: string; readonly score?: string };
type ShownLine = Omit<Line, 'minimumAcceptable'>;

/** What stands in public: of rounds nothing before they start, of the formats without a standing nothing. */
function linesOf(view: AuctionView): readonly ShownLine[] {
  if (isOf(view, 'english')) return publicStanding(viewOf(view));
  const isPublished =
    isOf(view, 'reverse_open') || (isOf(view, 'reverse_rounds') && view.room.phase !== 'entry');
  if (!isPublished) return [];
  const { terms, room } = view as AuctionView<'reverse_open'>;
  return room.lines.map((line) => ({ ...line, score: scoreText(scoreOf(terms, line)) }));
}

/** What a new bidder may name, or what is on offer. */
function nextPriceOf(view: AuctionView): number {
  const { startingPrice } = view.terms;
  if (isOf(view, 'english')) return priceFloor(viewOf(view));
  if (isOf(view, 'dutch')) return priceAtStep(view.terms, view.room.step);
  if (isOf(view, 'reverse_open') && view.terms.scoring.mode === 'price') {
    return highestOfferPrice({ terms: view.terms, lines: view.room.lines }, '', null) ?? startingPrice;
  }
  const part: PublicPart = publicPart(view);
  return part !== null && 'price' in part ? part.price : startingPrice;
}

/** Behind a mask one counts oneself alone. */
function ownBidding(view: AuctionView, viewer: string): Bidding {
  const { nextPrice } = shownTo(view, viewer);
  const count = view.bidders.includes(viewer) ? 1 : 0;
  return {
    marginalPrice: null,
    nextPrice: priceText(view.terms, ticks(nextPrice ?? view.terms.startingPrice)),
    bidCount: count,
    bidderCount: count,
    standing: [],
  };
}

function nameOf(names: Names, accountId: string): string {
  const name = names.get(accountId);
  if (name === undefined) throw new Error('a bidder without a pseudonym');
  return name;
}

function resultOf(view: AuctionView, viewer: string, names: Names): AuctionUpdateFrame['result'] {
  if (view.awards === null && view.endReason === null) return null;
  return {
    unsold: view.unsold === null ? null : massText(view.terms, view.unsold),
    reason: view.endReason,
    awards: (view.awards ?? []).map((award) => ({
      bidder: nameOf(names, award.accountId),
      price: priceText(view.terms, award.price),
      quantity: massText(view.terms, award.quantity),
      mine: award.accountId === viewer,
    })),
  };
}

function myStanding(view: AuctionView, viewer: string, names: Names): My {
  const { terms } = view;
  const isMasked = maskOf(view) !== null;
  const { own, rank } = shownTo(view, viewer);
  const allocated = BigInt(view.security[viewer] ?? '0');
  const next = isMasked || view.state !== 'open' ? null : winningPrice(view, viewer, own);
  return {
    bidder: names.get(viewer) ?? null,
    rank,
    price: own ? priceText(terms, own.price) : null,
    quantity: own ? massText(terms, own.quantity) : null,
    minimumAcceptable: own ? massText(terms, own.minimumAcceptable) : null,
    allocated: own && rank !== null && !isMasked ? massText(terms, own.allocated) : null,
    securityAllocated: formatMoney(allocated),
    securityRequired: formatMoney(own ? requiredSecurity(terms, own.quantity) : 0n),
    quantityCovered: massText(terms, maximumQuantityFor(terms, allocated)),
    priceToWinNext: next === null ? null : priceText(terms, next),
    room: myRoom(view, viewer),
  };
}

function winningPrice(view: AuctionView, viewer: string, own: OwnBid | undefined): number | null {
  const quantity = own?.quantity ?? view.terms.minimumBidQuantity;
  if (isOf(view, 'english')) return priceToWin(viewOf(view), viewer, quantity);
  if (!isOf(view, 'reverse_open')) return null;
  const { terms, room } = view;
  const merit = room.lines.find((line) => line.accountId === viewer)?.merit ?? null;
  // Without the merit of a coal no score can be told.
  if (merit === null && terms.scoring.mode !== 'price') return null;
  return offerPriceToWin({ terms, lines: room.lines }, viewer, { quantity, merit });
}

function publicTerms({ terms }: AuctionView): AuctionSnapshotFrame['terms'] {
  const { tickSize, lotSize } = gridOf(terms);
  return {
    currency: terms.currency as Currency,
    tickSize: formatMoney(tickSize),
    lotSize: formatTonnes(lotSize),
    quantity: massText(terms, terms.quantity),
    minimumBidQuantity: massText(terms, terms.minimumBidQuantity),
    startingPrice: priceText(terms, terms.startingPrice),
    ...incrementsOf(terms),
    formatTerms: formatTermsText(terms),
    visibility: terms.visibility ?? 'open',
    reservePrice: publicReserve(terms),
    opensAt: new Date(terms.opensAt).toISOString(),
    plannedClose: new Date(terms.closesAt).toISOString(),
    softClose: publicSoftClose(terms),
  };
}

function publicSoftClose(terms: AuctionView['terms']): AuctionSnapshotFrame['terms']['softClose'] {
  const { softClose } = terms;
  const hardEndAt = new Date(hardEndOf(terms)).toISOString();
  const { mode } = softClose;
  if (mode === 'none') return { mode, windowMs: 0, extensionMs: 0, extensionsMax: 0, hardEndAt };
  return {
    mode,
    windowMs: mode === 'window' ? softClose.windowMs : 0,
    extensionMs: mode === 'cooloff' ? softClose.quietMs : softClose.extensionMs,
    extensionsMax: softClose.extensionsMax,
    hardEndAt,
  };
}
