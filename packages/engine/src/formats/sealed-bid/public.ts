/**
 * What everybody may see of a sealed-bid auction. Before the opening that is how many bids there are:
 * who has bid and the band of a bid are their bidder's to tell.
 */
import type { Instant } from '@seam/units';
import type { Event } from '../../types.ts';
import type { OpenedBid, SealedBidRoom, SealedBidTerms, SealedPhase, ShareHolder } from './types.ts';

export type SealedView = {
  readonly terms: SealedBidTerms;
  readonly room: Readonly<SealedBidRoom>;
  readonly closesAt: Instant;
};

export type PublicSealed = {
  readonly phase: SealedPhase;
  readonly sealedCount: number;
  /** Of the submission, then of the opening. */
  readonly endsAt: Instant;
  /** Whose part of the opening key has been given. */
  readonly sharesGiven: readonly ShareHolder[];
  /** In the order they were opened, with what excludes a bid. */
  readonly opened: readonly OpenedBid[];
  /** Shown with the opening only. */
  readonly reservePrice: SealedBidTerms['reservePrice'];
};

export function publicSealed({ terms, room, closesAt }: SealedView): PublicSealed {
  const { phase, sealed, shares, opened } = room;
  const isShut = phase === 'submission';
  const holders = ['owner', 'exchange'] as const;
  return {
    phase,
    sealedCount: sealed.length,
    endsAt: isShut ? ((closesAt - terms.openingMs) as Instant) : closesAt,
    sharesGiven: holders.filter((holder) => shares[holder] !== null),
    opened,
    reservePrice: isShut ? null : terms.reservePrice,
  };
}

/** The events of an entry that may leave at once, for anybody but their own author. */
export function publicSealedEvents(events: readonly Event[]): readonly Event[] {
  return events.filter((event) => event.type !== 'sealed_bid_accepted' && event.type !== 'command_rejected');
}
