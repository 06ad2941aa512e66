/** Whose turn it is: the lots of a catalogue that have not ended, in order, of which the first is called. */
import { type Instant, instant } from '@seam/units';
import { canonicalJson } from '../../canonical.ts';
import { formatOf } from '../../formats/index.ts';
import type { Auction, Catalogue, EngineState } from '../../state.ts';
import type { AuctionTerms, Event } from '../../types.ts';
import { hardEndOf } from '../soft-close.ts';
import type { Award } from '../types.ts';
import type { CatalogueEvent, CatalogueTerms } from './types.ts';

/** What does not fit a catalogue that has lots already, or null. */
export function brokenCatalogue(state: EngineState, terms: AuctionTerms): string | null {
  const { catalogue: own, ownerId, lotSize } = terms;
  const known = own && state.catalogues.get(own.catalogueId);
  if (own === undefined || known === undefined) return null;
  const isSame =
    known.ownerId === ownerId && known.lotSize === lotSize && sharedText(known.terms) === sharedText(own);
  if (!isSame) return 'catalogue';
  return own.position > known.lastPosition ? null : 'catalogue.position';
}

function sharedText({ pauseMs, cap, groupIds }: CatalogueTerms): string {
  const shared = { pauseMs, cap: cap ?? null, groupIds: groupIds ?? [] };
  return canonicalJson(shared);
}

/** The lot just scheduled has its turn when none is before it. */
export function callScheduled(state: EngineState, terms: AuctionTerms): readonly Event[] {
  const own = terms.catalogue;
  if (own === undefined) return [];
  const known = state.catalogues.get(own.catalogueId);
  return known !== undefined && known.lots.length > 0 ? [] : [called(terms, known?.endedAt ?? null)];
}

/** The lot after `auction`, which ends at `endedAt`. */
export function callNext(state: EngineState, auction: Auction, endedAt: Instant): readonly Event[] {
  const own = auction.terms.catalogue;
  if (own === undefined || !auction.called) return [];
  const [, nextId] = state.catalogues.get(own.catalogueId)?.lots ?? [];
  const next = nextId === undefined ? undefined : state.auctions.get(nextId);
  return next === undefined ? [] : [called(next.terms, endedAt)];
}

function called(terms: AuctionTerms, endedAt: Instant | null): CatalogueEvent {
  const { auctionId, catalogue } = terms;
  const after = endedAt === null ? 0 : endedAt + (catalogue?.pauseMs ?? 0);
  const moved = movedTerms(terms, instant(Math.max(terms.opensAt, after)));
  const { opensAt, closesAt } = moved;
  return { type: 'auction_called', auctionId, opensAt, closesAt, hardEndAt: hardEndOf(moved) };
}

/** The same terms, with all their times moved so that the auction opens at `opensAt`. */
export function movedTerms<Terms extends AuctionTerms>(terms: Terms, opensAt: Instant): Terms {
  const byMs = opensAt - terms.opensAt;
  if (byMs === 0) return terms;
  const { softClose } = terms;
  const moved = {
    ...terms,
    opensAt,
    closesAt: instant(terms.closesAt + byMs),
    softClose:
      softClose.mode === 'none'
        ? softClose
        : { ...softClose, hardEndAt: instant(softClose.hardEndAt + byMs) },
  };
  // The format is the terms' own, which no type can say of a union.
  return (formatOf({ terms }).movedTerms?.(moved, byMs) ?? moved) as Terms;
}

/** Recovery: a lot takes its place at the end. */
export function joined(known: Catalogue | undefined, terms: AuctionTerms, own: CatalogueTerms): Catalogue {
  const { auctionId, ownerId, lotSize } = terms;
  const before = known ?? { terms: own, ownerId, lotSize, lots: [], endedAt: null, won: {} };
  return { ...before, lastPosition: own.position, lots: [...before.lots, auctionId] };
}

/** Recovery: a lot has ended, or was voided before its turn. */
export function left(catalogue: Catalogue, { terms, called: was }: Auction, endedAt: Instant): Catalogue {
  const remaining = catalogue.lots.filter((id) => id !== terms.auctionId);
  return { ...catalogue, lots: remaining, endedAt: was ? endedAt : catalogue.endedAt };
}

/** Recovery: who has won what of a lot that has ended, as it stands now. */
export function withWon(catalogue: Catalogue, auctionId: string, awards: readonly Award[]): Catalogue {
  if (catalogue.terms.cap === undefined) return catalogue;
  const { [auctionId]: _, ...others } = catalogue.won;
  const lines = awards.map(({ accountId, quantity }) => ({ accountId, quantity }));
  return { ...catalogue, won: lines.length === 0 ? others : { ...others, [auctionId]: lines } };
}
