/**
 * What one viewer may see of an auction. The only place where account ids turn into pseudonyms; the
 * hidden reserve price, hidden maxima, other companies' security and their minimum quantities never leave
 * it.
 */
import {
  hardEndOf,
  maximumQuantityFor,
  priceFloor,
  priceToWin,
  publicStanding,
  requiredSecurity,
  viewOf,
} from '@seam/engine';
import type { AuctionSnapshotFrame, AuctionUpdateFrame } from '@seam/protocol';
import { type Currency, formatMoney, formatTonnes, ticks } from '@seam/units';
import type { Renderer } from './fanout.ts';
import type { AuctionView } from './live-view.ts';
import { maskOf, placeFor, shownTo, takesPart } from './masking.ts';
import { pseudonyms } from './pseudonyms.ts';
import { gridOf, incrementsOf, massText, priceText } from './grid.ts';

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
    const frame: AuctionSnapshotFrame = {
      t: 'auction.snapshot',
      ...this.#common(view, viewer),
      prev: 0,
      terms: publicTerms(view),
    };
    return JSON.stringify(frame);
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
      suspension: view.suspension,
      result: resultOf(view, viewer, names),
      my: takesPart(view, viewer) ? myStanding(view, viewer, names) : null,
    };
  }
}

type Bidding = Pick<Common, 'marginalPrice' | 'nextPrice' | 'bidCount' | 'bidderCount' | 'standing'>;

function bidding(view: AuctionView, viewer: string, names: Names): Bidding {
  const { terms } = view;
  const english = englishOf(view);
  return {
    marginalPrice: english?.room.marginalPrice ? priceText(terms, english.room.marginalPrice) : null,
    nextPrice: priceText(terms, english ? priceFloor(viewOf(english)) : terms.startingPrice),
    bidCount: view.bids,
    bidderCount: view.bidders.length,
    standing: (english ? publicStanding(viewOf(english)) : []).map((line) => ({
      rank: line.rank,
      bidder: nameOf(names, line.accountId),
      price: priceText(terms, line.price),
      quantity: massText(terms, line.quantity),
      allocated: massText(terms, line.allocated),
      mine: line.accountId === viewer,
    })),
  };
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

/** Of the other formats nothing of the room is shown here: some of it is secret until it is opened. */
function englishOf(view: AuctionView): AuctionView<'english'> | null {
  return view.terms.format === 'english' ? (view as AuctionView<'english'>) : null;
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
  const english = englishOf(view);
  const isMasked = maskOf(view) !== null;
  const { own, rank } = shownTo(view, viewer);
  const allocated = BigInt(view.security[viewer] ?? '0');
  const next =
    english && !isMasked && view.state === 'open'
      ? priceToWin(viewOf(english), viewer, own?.quantity ?? terms.minimumBidQuantity)
      : null;
  return {
    bidder: names.get(viewer) ?? null,
    rank,
    price: own ? priceText(terms, own.price) : null,
    quantity: own ? massText(terms, own.quantity) : null,
    minimumAcceptable: own ? massText(terms, own.minimumAcceptable) : null,
    allocated: own && !isMasked ? massText(terms, own.allocated) : null,
    securityAllocated: formatMoney(allocated),
    securityRequired: formatMoney(own ? requiredSecurity(terms, own.quantity) : 0n),
    quantityCovered: massText(terms, maximumQuantityFor(terms, allocated)),
    priceToWinNext: next === null ? null : priceText(terms, next),
  };
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

/** A hidden reserve is told to nobody, before the close or after: the lot may come again. */
function publicReserve(terms: AuctionView['terms']): string | null {
  if (terms.reserveVisibility !== 'open' || !('reservePrice' in terms)) return null;
  return terms.reservePrice === null ? null : priceText(terms, terms.reservePrice);
}
