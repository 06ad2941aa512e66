/** Catalogues a second time: every question goes through all auctions there ever were. */
import { instant } from '@seam/units';
import type { Canonical } from '../../canonical.ts';
import type { CatalogueTerms, EnglishTerms, AuctionEvent as Event } from '../../types.ts';
import { naiveHardEnd } from '../naive-soft-close.ts';
import { naiveLatest } from '../english/naive-prices.ts';
import type { NaiveAuction } from '../naive-auction.ts';
import { lines, stands } from './naive-after.ts';

const LIVE = ['scheduled', 'open', 'suspended'];

/** In the order in which they were scheduled, which is the order of their positions. */
function lotsOf(auctions: readonly NaiveAuction[], id: string): NaiveAuction[] {
  return auctions.filter((auction) => auction.terms.catalogue?.catalogueId === id);
}

export function naiveCatalogueField(auctions: readonly NaiveAuction[], terms: EnglishTerms): string | null {
  const own = terms.catalogue;
  if (own === undefined) return null;
  const known = lotsOf(auctions, own.catalogueId);
  const differs = known.some(({ terms: other }) => {
    const theirs = other.catalogue;
    return (
      other.ownerId !== terms.ownerId ||
      other.lotSize !== terms.lotSize ||
      theirs?.pauseMs !== own.pauseMs ||
      JSON.stringify([theirs.cap, theirs.groupIds]) !== JSON.stringify([own.cap, own.groupIds])
    );
  });
  if (differs) return 'catalogue';
  const positions = known.map((lot) => lot.terms.catalogue?.position ?? 0);
  return Math.max(0, ...positions) < own.position ? null : 'catalogue.position';
}

/** The lot whose turn it is, if there is one. */
export function currentLot(auctions: readonly NaiveAuction[], own: CatalogueTerms): NaiveAuction | undefined {
  return lotsOf(auctions, own.catalogueId).find((lot) => LIVE.includes(lot.state));
}

/** Calls the lot whose turn has come and was not called; the events of it. */
export function naiveCall(auctions: readonly NaiveAuction[], own: CatalogueTerms | undefined): Event[] {
  if (own === undefined) return [];
  const lot = currentLot(auctions, own);
  if (lot === undefined || lot.called) return [];
  const ends = lotsOf(auctions, own.catalogueId).flatMap((other) =>
    other.called && !LIVE.includes(other.state) ? [other.closedAt] : [],
  );
  const earliest = ends.length === 0 ? 0 : Math.max(...ends) + own.pauseMs;
  const late = Math.max(0, earliest - lot.terms.opensAt);
  const { softClose } = lot.terms;
  lot.called = true;
  lot.terms = {
    ...lot.terms,
    opensAt: instant(lot.terms.opensAt + late),
    closesAt: instant(lot.terms.closesAt + late),
    softClose:
      softClose.mode === 'none'
        ? softClose
        : { ...softClose, hardEndAt: instant(softClose.hardEndAt + late) },
  };
  lot.closesAt = lot.terms.closesAt;
  lot.hardEndAt = naiveHardEnd(lot.terms);
  const { auctionId, opensAt, closesAt } = lot.terms;
  return [{ type: 'auction_called', auctionId, opensAt, closesAt, hardEndAt: instant(lot.hardEndAt) }];
}

type Held = { accountId: string; quantity: number };

/** What accounts have of a lot: their bids while it runs, their awards afterwards. */
function heldIn(lot: NaiveAuction): Held[] {
  if (LIVE.includes(lot.state)) return naiveLatest(lot.bids);
  if (lot.state === 'voided' || lot.state === 'unsold') return [];
  if (lot.told.some((event) => event.type === 'auction_closed')) return lines(lot).filter(stands);
  const awarded = lot.told.find((event) => event.type === 'auction_awarded');
  return awarded ? [...awarded.awards] : [];
}

/** Most lots of `auction` that the account may have. */
export function naiveMost(
  auctions: readonly NaiveAuction[],
  auction: NaiveAuction,
  { accountId, here }: { accountId: string; here: readonly Held[] },
): number {
  const own = auction.terms.catalogue;
  if (!own?.cap) return auction.terms.quantity;
  const group = [accountId, ...(own.groupIds ?? []).filter((all) => all.includes(accountId)).flat()];
  const of = (held: readonly Held[]): number =>
    held.filter((line) => group.includes(line.accountId)).reduce((sum, line) => sum + line.quantity, 0);
  const others = lotsOf(auctions, own.catalogueId).filter((lot) => lot !== auction);
  if (own.cap.unit === 'lots') {
    const wins = others.filter((lot) => of(heldIn(lot)) > 0).length;
    return wins < own.cap.maximum ? auction.terms.quantity : 0;
  }
  const elsewhere = others.reduce((sum, lot) => sum + of(heldIn(lot)), 0);
  const beside = of(here.filter((line) => line.accountId !== accountId));
  return Math.max(0, Math.min(auction.terms.quantity, own.cap.maximum - elsewhere - beside));
}

/** What the snapshot must say of the catalogues. */
export function naiveCatalogues(auctions: readonly NaiveAuction[]): { catalogues?: Canonical } {
  const ids = [...new Set(auctions.flatMap(({ terms }) => terms.catalogue?.catalogueId ?? []))].sort();
  if (ids.length === 0) return {};
  return {
    catalogues: ids.map((id) => {
      const all = lotsOf(auctions, id);
      const terms = all[0]!.terms.catalogue!;
      const ended = all.filter((lot) => !LIVE.includes(lot.state));
      const ends = ended.filter((lot) => lot.called).map((lot) => lot.closedAt);
      const won = ended.map((lot) => [lot.terms.auctionId, heldIn(lot)] as const);
      return {
        terms,
        ownerId: all[0]!.terms.ownerId,
        lotSize: all[0]!.terms.lotSize,
        lastPosition: Math.max(...all.map((lot) => lot.terms.catalogue!.position)),
        lots: all.filter((lot) => LIVE.includes(lot.state)).map((lot) => lot.terms.auctionId),
        endedAt: ends.at(-1) ?? null,
        won: Object.fromEntries(
          (terms.cap ? won : [])
            .filter(([, held]) => held.length > 0)
            .map(([lot, held]) => [lot, held.map(({ accountId, quantity }) => ({ accountId, quantity }))]),
        ),
      };
    }),
  };
}
