/**
 * Lots of one catalogue come to auction one after another. A lot opens at its own time, or, if the lot
 * before it has not ended then, a pause after it has: an extension, a suspension or an outage moves all
 * that follow. A lot that is voided is passed over.
 */
import type { Instant, Lots } from '@seam/units';

/**
 * Most that one bidder, or one group of bidders, may win of a catalogue: `lots` counts auctions in which it
 * wins anything, `quantity` the engine's lots (so many tonnes) over all of them.
 */
export type LotsCap = { readonly unit: 'lots' | 'quantity'; readonly maximum: number };

/** The same in every lot of the catalogue, but for the position. */
export type CatalogueTerms = {
  readonly catalogueId: string;
  /** From 1, rising in the order in which the lots are scheduled. */
  readonly position: number;
  /** Between the end of one lot and the opening of the next, ms. */
  readonly pauseMs: number;
  /** Absent: no cap. */
  readonly cap?: LotsCap;
  /** Companies under one control count as one bidder; each list is a group, none is in two. */
  readonly groupIds?: readonly (readonly string[])[];
};

export type CatalogueRejection =
  /** The lot `after` of its catalogue has not ended. */
  | { readonly code: 'auction_lot_waiting'; readonly after: string }
  /** With what it has won of the catalogue; `quantityMaximum`: most it may still be bound to in this lot. */
  | {
      readonly code: 'bid_cap_exceeded';
      readonly unit: LotsCap['unit'];
      readonly quantityMaximum: Lots;
    };

/** Its turn has come: when this lot opens, and all its other times with it. */
export type CatalogueEvent = {
  readonly type: 'auction_called';
  readonly auctionId: string;
  readonly opensAt: Instant;
  readonly closesAt: Instant;
  readonly hardEndAt: Instant;
};
