/** The open reverse auction a second time, from the history alone. */
import { instant } from '@seam/units';
import type { Canonical } from '../../canonical.ts';
import type { Command, Event, Offer, OfferLine, Rejection, ReverseOpenTerms } from '../../types.ts';
import { type NaiveAuction, type NaiveFormat, naiveCover } from '../moving/naive-frame.ts';
import { naiveExtended } from '../naive-soft-close.ts';
import {
  hasFallen,
  naiveAwards,
  naiveHighest,
  naiveIsLow,
  naiveMargin,
  naiveRank,
  naiveRefusal,
  naiveScore,
} from './naive-offers.ts';

type Place = Extract<Command, { type: 'place_offer' }>;

const termsOf = (auction: NaiveAuction): ReverseOpenTerms => auction.terms as ReverseOpenTerms;

function offers({ history }: NaiveAuction): Offer[] {
  const made = history.flatMap(({ command }) => (command.type === 'place_offer' ? [offerOf(command)] : []));
  return made.filter((offer) => !made.some((o) => o.accountId === offer.accountId && o.seq > offer.seq));
}

export function offerOf({ accountId, price, quantity, minimumAcceptable, merit, seq }: Place): Offer {
  return { accountId, price, quantity, minimumAcceptable, merit, seq };
}

function place(auction: NaiveAuction, command: Place): Event[] | Rejection {
  const terms = termsOf(auction);
  const before = naiveRank(terms, offers(auction));
  const own = before.find((line) => line.accountId === command.accountId);
  const refused = naiveRefusal(terms, own, command);
  if (refused) return refused;
  const margin = naiveMargin(terms, before);
  const beatsOwn = (price: number): boolean =>
    !own || hasFallen(terms, terms.decrement, naiveScore(terms, own), score(price));
  const beatsMargin = (price: number): boolean =>
    !margin || hasFallen(terms, terms.decrement, margin, score(price));
  const score = (price: number) =>
    naiveScore(terms, { price: price as Offer['price'], merit: command.merit });
  if (!beatsOwn(command.price) || !beatsMargin(command.price)) {
    const priceMaximum = naiveHighest(terms, (price) => beatsOwn(price) && beatsMargin(price));
    return { code: beatsOwn(command.price) ? 'offer_below_decrement' : 'offer_not_improving', priceMaximum };
  }
  const uncovered = naiveCover(auction, command);
  if (uncovered) return uncovered;
  const rivals = before.filter((line) => line.accountId !== command.accountId);
  const after = naiveRank(terms, [...rivals, offerOf(command)]);
  return accepted(auction, command, before, after);
}

function accepted(
  auction: NaiveAuction,
  command: Place,
  before: readonly OfferLine[],
  after: readonly OfferLine[],
): Event[] {
  const terms = termsOf(auction);
  const { auctionId, accountId, price, quantity, minimumAcceptable, merit } = command;
  const mine = after.find((line) => line.seq === command.seq)!;
  const standingChanged = worth(terms, before) !== worth(terms, after);
  const events: Event[] = [
    {
      type: 'offer_accepted',
      auctionId,
      accountId,
      price,
      quantity,
      minimumAcceptable,
      merit,
      allocated: mine.allocated,
      rank: mine.rank,
      standingChanged,
      abnormallyLow: naiveIsLow(terms, price),
    },
  ];
  const extensions = auction.history.filter(({ events: [, second] }) => second?.type === 'auction_extended');
  const count = extensions.length;
  const closesAt = naiveExtended({ ...auction, extensions: count }, command.at);
  if (standingChanged && closesAt > auction.closesAt) {
    events.push({
      type: 'auction_extended',
      auctionId,
      closesAt: instant(closesAt),
      extensions: count + 1,
    });
  }
  return events;
}

/** What anybody would win, and the score to get in, in lowest terms. */
function worth(terms: ReverseOpenTerms, lines: readonly OfferLine[]): string {
  const won = lines.filter((line) => line.allocated > 0).map((line) => `${line.accountId} ${line.allocated}`);
  const margin = naiveMargin(terms, lines);
  if (margin === null) return won.sort().join();
  let [a, b] = [margin.n, margin.d];
  while (b > 0n) [a, b] = [b, a % b];
  return [...won.sort(), margin.n / a, margin.d / a].join();
}

export const naiveReverseOpen: NaiveFormat = {
  commands: ['place_offer'],
  bid(auction, command) {
    if (command.type !== 'place_offer') throw new Error(command.type);
    return place(auction, command);
  },
  turnsAt: () => null,
  turn: () => [],
  awards: (auction) => naiveAwards(termsOf(auction), offers(auction)),
  reason: (auction) => (offers(auction).length === 0 ? 'no_bid' : 'reserve_not_met'),
  room: (auction) => ({ lines: naiveRank(termsOf(auction), offers(auction)) as unknown as Canonical }),
};
