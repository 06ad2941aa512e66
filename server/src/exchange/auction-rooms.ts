/**
 * What happens in the room of each format, for everybody and for one bidder. What the format keeps secret is
 * cut away by the engine's own public views; here its accounts become names and its counts decimals.
 */
import {
  type FormatName,
  type Offer,
  type PublicClock,
  type PublicHybrid,
  type PublicRounds,
  type PublicSealed,
  type RoomOf,
  type TermsOf,
  chanceOf,
  hybridPriceAtStep,
  offerNow,
  offerOfRound,
  publicClock,
  publicHybrid,
  publicRounds,
  publicSealed,
  roundsChance,
  scoreOf,
  scoreText,
  highestOfferPrice,
} from '@seam/engine';
import type { LiveRoom, MyRoom } from '@seam/protocol';
import { formatMoney, instant, lots, notional } from '@seam/units';
import { meritText } from './format-terms.ts';
import { gridOf, massText, priceText } from './grid.ts';
import type { AuctionView } from './live-view.ts';

/** As the engine's rules read it. */
type In<Name extends FormatName> = {
  readonly terms: TermsOf<Name>;
  readonly room: Readonly<RoomOf<Name>>;
  readonly closesAt: ReturnType<typeof instant>;
};

/** The name of a bidder in the room. */
export type Naming = (accountId: string) => string;

export function isOf<Name extends FormatName>(
  view: AuctionView,
  format: Name,
): view is AuctionView & AuctionView<Name> {
  return view.terms.format === format;
}

function inFormat<Name extends FormatName>(view: AuctionView<Name>): In<Name> {
  return { terms: view.terms, room: view.room, closesAt: instant(view.closesAt) };
}

/** How many bids are sealed is told once none can be sealed any more. */
export type PublicPart =
  | PublicClock
  | PublicHybrid
  | PublicRounds
  | (Omit<PublicSealed, 'sealedCount'> & { readonly sealedCount: number | null; readonly decrypted: boolean })
  | Readonly<RoomOf<'dutch'>>
  | null;

/** What everybody may know of a room; null where all there is to see is the standing. Accounts by their ids. */
export function publicPart(view: AuctionView): PublicPart {
  if (isOf(view, 'clock')) return publicClock(inFormat<'clock'>(view));
  if (isOf(view, 'dutch')) return view.room;
  if (isOf(view, 'dutch_hybrid')) return publicHybrid(inFormat<'dutch_hybrid'>(view));
  if (isOf(view, 'reverse_rounds')) return publicRounds(inFormat<'reverse_rounds'>(view));
  if (isOf(view, 'sealed_bid')) return publicSeal(view);
  return null;
}

function publicSeal(view: AuctionView<'sealed_bid'>) {
  const seal = publicSealed(inFormat<'sealed_bid'>(view));
  const sealedCount = seal.phase === 'submission' ? null : seal.sealedCount;
  return { ...seal, sealedCount, decrypted: view.room.decrypted };
}

/** @param shows whose sales may be told, behind a mask only the viewer's own. */
export function liveRoom(
  view: AuctionView,
  viewer: string,
  { nameOf, shows }: { readonly nameOf: Naming; readonly shows: (accountId: string) => boolean },
): LiveRoom {
  if (isOf(view, 'clock')) return clockRoom(view);
  if (isOf(view, 'dutch')) return dutchRoom(view, viewer, { nameOf, shows });
  if (isOf(view, 'dutch_hybrid')) return hybridRoom(view, viewer, nameOf);
  if (isOf(view, 'sealed_bid')) return sealedRoom(view, viewer, nameOf);
  if (isOf(view, 'reverse_rounds')) return roundsRoom(view, nameOf);
  return { format: view.terms.format === 'reverse_open' ? 'reverse_open' : 'english' };
}

const timeText = (at: number): string => new Date(at).toISOString();

function clockRoom(view: AuctionView<'clock'>): LiveRoom {
  const { terms, room } = view;
  const seen = publicClock(inFormat<'clock'>(view));
  const { nextPrice } = offerOfRound(inFormat<'clock'>(view), '', lots(0));
  return {
    format: 'clock',
    round: seen.round,
    price: priceText(terms, seen.price),
    nextPrice: nextPrice === null ? null : priceText(terms, nextPrice),
    endsAt: timeText(seen.endsAt),
    demand: seen.demand === null ? null : massText(terms, seen.demand),
    stopped: room.stopped,
  };
}

function dutchRoom(
  view: AuctionView<'dutch'>,
  viewer: string,
  { nameOf, shows }: { readonly nameOf: Naming; readonly shows: (accountId: string) => boolean },
): LiveRoom {
  const { terms, room } = view;
  const offer = offerNow(inFormat<'dutch'>(view), lots(0));
  return {
    format: 'dutch',
    step: offer.step,
    price: priceText(terms, offer.price),
    endsAt: offer.endsAt === null ? null : timeText(offer.endsAt),
    nextPrice: offer.nextPrice === null ? null : priceText(terms, offer.nextPrice),
    remaining: massText(terms, room.remaining),
    sales: room.acceptances
      .filter(({ accountId }) => shows(accountId))
      .map(({ accountId, price, quantity }) => ({
        bidder: nameOf(accountId),
        price: priceText(terms, price),
        quantity: massText(terms, quantity),
        mine: accountId === viewer,
      })),
  };
}

function hybridRoom(view: AuctionView<'dutch_hybrid'>, viewer: string, nameOf: Naming): LiveRoom {
  const { terms } = view;
  const seen = publicHybrid(inFormat<'dutch_hybrid'>(view));
  const named = ({ accountId, price }: Pick<Offer, 'accountId' | 'price'>) => ({
    bidder: nameOf(accountId),
    price: priceText(terms, price),
    mine: accountId === viewer,
  });
  const next = seen.phase === 'dutch' ? hybridPriceAtStep(terms, seen.step + 1) : seen.price;
  return {
    format: 'dutch_hybrid',
    phase: seen.phase,
    step: seen.step,
    price: priceText(terms, seen.price),
    nextPrice: next < seen.price ? priceText(terms, next) : null,
    endsAt: timeText(seen.endsAt),
    dutchWinner: seen.dutchWinner && named(seen.dutchWinner),
    sealed: seen.sealed && seen.sealed.map(named),
  };
}

function sealedRoom(view: AuctionView<'sealed_bid'>, viewer: string, nameOf: Naming): LiveRoom {
  const { terms } = view;
  const seen = publicSeal(view);
  return {
    format: 'sealed_bid',
    phase: seen.phase,
    endsAt: timeText(seen.endsAt),
    sealedCount: seen.sealedCount,
    sharesGiven: [...seen.sharesGiven],
    decrypted: seen.decrypted,
    opened: seen.opened.map((bid) => ({
      bidder: nameOf(bid.accountId),
      price: priceText(terms, bid.price),
      quantity: massText(terms, bid.quantity),
      minimumAcceptable: massText(terms, bid.minimumAcceptable),
      merit: meritText(bid.merit),
      score: bid.excluded === null ? scoreText(scoreOf(terms, bid)) : null,
      excluded: bid.excluded,
      mine: bid.accountId === viewer,
    })),
    reservePrice: seen.reservePrice === null ? null : priceText(terms, seen.reservePrice),
  };
}

function roundsRoom(view: AuctionView<'reverse_rounds'>, nameOf: Naming): LiveRoom {
  const { phase, round, turnOf, order, endsAt } = publicRounds(inFormat<'reverse_rounds'>(view));
  return {
    format: 'reverse_rounds',
    phase,
    round,
    turnOf: turnOf === null ? null : nameOf(turnOf),
    order: order.map(nameOf),
    endsAt: timeText(endsAt),
  };
}

type Spoken = { readonly accountId: string; readonly seq: number };

/**
 * Who has said something in a room that others may not know of, each with the place of it in the journal:
 * that and nothing else of it decides whether its author is shown a new frame, for a rank or a share
 * beside it would move with what rivals say.
 */
export function partsOf(view: AuctionView): ReadonlyMap<string, number> {
  return new Map(spokenIn(view).map(({ accountId, seq }) => [accountId, seq]));
}

export function hasPart(view: AuctionView, accountId: string): boolean {
  return spokenIn(view).some((spoken) => spoken.accountId === accountId);
}

function spokenIn(view: AuctionView): readonly Spoken[] {
  if (isOf(view, 'clock')) return [...view.room.previous, ...view.room.statements];
  if (isOf(view, 'dutch_hybrid')) {
    const { bestBid, sealed } = view.room;
    return bestBid === null ? sealed : [...sealed, bestBid];
  }
  if (isOf(view, 'sealed_bid')) return view.room.sealed;
  if (isOf(view, 'reverse_rounds')) {
    const { pending, lines } = view.room;
    return pending === null ? lines : [...lines, pending];
  }
  return [];
}

/** What only `accountId` sees of a running room. */
export function myRoom(view: AuctionView, accountId: string): MyRoom | null {
  if (view.state !== 'open' && view.state !== 'suspended') return null;
  if (isOf(view, 'english')) return myEnglish(view, accountId);
  if (isOf(view, 'clock')) return myClock(view, accountId);
  if (isOf(view, 'dutch')) return myDutch(view, accountId);
  if (isOf(view, 'dutch_hybrid')) return myHybrid(view, accountId);
  if (isOf(view, 'sealed_bid')) return mySealed(view, accountId);
  if (isOf(view, 'reverse_rounds')) return myRounds(view, accountId);
  if (isOf(view, 'reverse_open')) return myOffer(view, accountId);
  return null;
}

function myEnglish({ terms, room }: AuctionView<'english'>, accountId: string): MyRoom {
  const { [accountId]: autoBid } = room.autoBids;
  return {
    format: 'english',
    autoBid: autoBid
      ? { limit: priceText(terms, autoBid.limit), step: priceText(terms, autoBid.step) }
      : null,
  };
}

function myClock(view: AuctionView<'clock'>, accountId: string): MyRoom {
  const { stated, quantityMaximum } = offerOfRound(inFormat<'clock'>(view), accountId, lots(0));
  return {
    format: 'clock',
    stated: stated === null ? null : massText(view.terms, stated),
    quantityMaximum: massText(view.terms, quantityMaximum),
  };
}

function myDutch({ terms, room }: AuctionView<'dutch'>, accountId: string): MyRoom {
  const sales = room.acceptances.filter((sale) => sale.accountId === accountId);
  const cost = sales.reduce((sum, sale) => sum + notional(gridOf(terms), sale.price, sale.quantity), 0n);
  const bought = sales.reduce((sum, sale) => sum + sale.quantity, 0);
  return { format: 'dutch', bought: massText(terms, bought), cost: formatMoney(cost) };
}

function myHybrid(view: AuctionView<'dutch_hybrid'>, accountId: string): MyRoom {
  const { terms, room } = view;
  const chance = chanceOf(inFormat<'dutch_hybrid'>(view), accountId);
  const text = (price: number | null) => (price === null ? null : priceText(terms, price));
  const isDutchWinner = room.dutchWinner?.accountId === accountId;
  const offer = isDutchWinner ? room.bestBid : room.sealed.find((one) => one.accountId === accountId);
  return {
    format: 'dutch_hybrid',
    command: chance.command,
    priceMinimum: text(chance.priceMinimum),
    priceToWin: text(chance.priceToWin),
    isDutchWinner,
    offered: text(offer?.price ?? null),
  };
}

function mySealed({ terms, room }: AuctionView<'sealed_bid'>, accountId: string): MyRoom {
  const own = room.sealed.find((bid) => bid.accountId === accountId);
  return {
    format: 'sealed_bid',
    sealed: own
      ? { seq: own.seq, digest: own.digest, quantityMaximum: massText(terms, own.quantityMaximum) }
      : null,
    opened: room.opened.some((bid) => bid.accountId === accountId),
  };
}

function myRounds(view: AuctionView<'reverse_rounds'>, accountId: string): MyRoom {
  const { terms } = view;
  const chance = roundsChance(inFormat<'reverse_rounds'>(view), accountId);
  const { own, pending, nextTurnAt, priceMaximum } = chance;
  return {
    format: 'reverse_rounds',
    entered: own !== undefined,
    isMyTurn: chance.isMyTurn,
    nextTurnAt: nextTurnAt === null ? null : timeText(nextTurnAt),
    priceMaximum: priceMaximum === null ? null : priceText(terms, priceMaximum),
    pending: pending && {
      price: priceText(terms, pending.price),
      quantity: massText(terms, pending.quantity),
      merit: meritText(pending.merit),
    },
    merit: meritText(own?.merit ?? null),
  };
}

/** With another coal than that of its last offer a bidder asks anew: see the outlook. */
function myOffer({ terms, room }: AuctionView<'reverse_open'>, accountId: string): MyRoom {
  const own = room.lines.find((line) => line.accountId === accountId);
  const isKnown = own !== undefined || terms.scoring.mode === 'price';
  const view = { terms, lines: room.lines };
  const price = isKnown ? highestOfferPrice(view, accountId, own?.merit ?? null) : terms.startingPrice;
  return {
    format: 'reverse_open',
    priceMaximum: price === null ? null : priceText(terms, price),
    merit: meritText(own?.merit ?? null),
  };
}
