/** The auction in rounds a second time: the whole timetable is written out, the history walked through. */
import { instant } from '@seam/units';
import type { Canonical } from '../../canonical.ts';
import type { Command, Event, Offer, Rejection, ReverseRoundsTerms } from '../../types.ts';
import { type NaiveAuction, type NaiveFormat, movedSince, naiveCover } from '../moving/naive-frame.ts';
import { offerOf } from '../reverse-open/naive.ts';
import {
  hasFallen,
  naiveAwards,
  naiveHighest,
  naiveIsLow,
  naiveRank,
  naiveRefusal,
  naiveScore,
} from '../reverse-open/naive-offers.ts';

type Place = Extract<Command, { type: 'place_offer' }>;
type Slot = { readonly ms: number; readonly turnOf: number | null; readonly round: number };

type Seen = {
  /** The latest published of each account; before the start the entry offers. */
  offers: Offer[];
  pending: Offer | null;
  /** Place in the history and deadline of the start; null before it. */
  started: { readonly entry: number; readonly at: number } | null;
  skipped: boolean;
  step: number;
  order: string[];
};

const termsOf = (auction: NaiveAuction): ReverseRoundsTerms => auction.terms as ReverseRoundsTerms;

/** Every step in order; the announcement last. */
function timetable(terms: ReverseRoundsTerms, bidders: number): Slot[] {
  const slots: Slot[] = [];
  for (let round = 0; round < terms.rounds; round += 1) {
    slots.push({ ms: round === 0 ? terms.firstPauseMs : terms.pauseMs, turnOf: null, round });
    for (let turnOf = 0; turnOf < bidders; turnOf += 1) slots.push({ ms: terms.turnMs, turnOf, round });
  }
  return [...slots, { ms: terms.announcementMs, turnOf: null, round: terms.rounds }];
}

function replaced(offers: readonly Offer[], offer: Offer): Offer[] {
  return [...offers.filter((other) => other.accountId !== offer.accountId), offer];
}

/** Worst last ranked first; the ranking has the earlier offer first among equals, so this has it last. */
function orderOf(terms: ReverseRoundsTerms, offers: readonly Offer[]): string[] {
  const left = [...offers];
  const order: string[] = [];
  while (left.length > 0) {
    let worst = left[0]!;
    for (const offer of left) {
      const [a, b] = [naiveScore(terms, offer), naiveScore(terms, worst)];
      const difference = a.n * b.d - b.n * a.d;
      if (difference > 0n || (difference === 0n && offer.seq > worst.seq)) worst = offer;
    }
    left.splice(left.indexOf(worst), 1);
    order.push(worst.accountId);
  }
  return order;
}

function look(auction: NaiveAuction): Seen {
  const terms = termsOf(auction);
  const seen: Seen = { offers: [], pending: null, started: null, skipped: false, step: 0, order: [] };
  auction.history.forEach(({ command }, entry) => {
    if (command.type === 'withdraw_turn_offer') seen.pending = null;
    if (command.type === 'place_offer') {
      if (seen.started) seen.pending = offerOf(command);
      else seen.offers = replaced(seen.offers, offerOf(command));
    }
    if (command.type !== 'turn_auction') return;
    if (!seen.started) {
      seen.started = { entry, at: command.deadline };
      seen.skipped = seen.offers.length < 2;
      seen.order = seen.skipped ? [] : orderOf(terms, seen.offers);
      return;
    }
    if (seen.pending) seen.offers = replaced(seen.offers, seen.pending);
    seen.pending = null;
    const [before, now] = timetable(terms, seen.order.length).slice(seen.step);
    seen.step += 1;
    if (now && before && now.round > before.round && now.round < terms.rounds) {
      seen.order = orderOf(terms, seen.offers);
    }
  });
  return seen;
}

/** When step `step` begins; `step` 0 is the start. */
function startOf(auction: NaiveAuction, seen: Seen, step: number): number {
  const { started, order } = seen;
  if (!started) throw new Error('the rounds have not started');
  const before = timetable(termsOf(auction), order.length).slice(0, step);
  return started.at + before.reduce((sum, { ms }) => sum + ms, 0) + movedSince(auction, started.entry);
}

function place(auction: NaiveAuction, command: Place): Event[] | Rejection {
  const terms = termsOf(auction);
  const seen = look(auction);
  const own = seen.offers.find((offer) => offer.accountId === command.accountId);
  const isEntry = seen.started === null;
  if (isEntry) {
    if (!own && seen.offers.length === terms.biddersMax) {
      return { code: 'auction_full', biddersMaximum: terms.biddersMax };
    }
    const refused = naiveRefusal(terms, undefined, command);
    if (refused) return refused;
  } else {
    const refused = own ? turnRefusal(auction, seen, own, command) : { code: 'offer_without_entry' as const };
    if (refused) return refused;
  }
  const uncovered = naiveCover(auction, command);
  if (uncovered) return uncovered;
  const { auctionId, accountId, price, quantity, minimumAcceptable, merit } = command;
  const abnormallyLow = naiveIsLow(terms, price);
  const offered = { auctionId, accountId, price, quantity, minimumAcceptable, merit, abnormallyLow };
  return [{ type: isEntry ? 'entry_offer_accepted' : 'turn_offer_made', ...offered }];
}

function turnRefusal(auction: NaiveAuction, seen: Seen, own: Offer, command: Place): Rejection | undefined {
  const terms = termsOf(auction);
  const slots = timetable(terms, seen.order.length);
  const now = slots[seen.step];
  const isTurn = now?.turnOf != null && seen.order[now.turnOf] === command.accountId;
  if (!isTurn || seen.skipped) return { code: 'offer_out_of_turn', opensAt: nextTurn(auction, seen, own) };
  const refused = naiveRefusal(terms, own, command);
  if (refused) return refused;
  const before = naiveScore(terms, own);
  const takes = (price: number): boolean => {
    const after = naiveScore(terms, { price: price as Offer['price'], merit: command.merit });
    return hasFallen(terms, terms.minimalStep, before, after);
  };
  if (takes(command.price)) return undefined;
  return { code: 'offer_not_improving', priceMaximum: naiveHighest(terms, takes, command.price) };
}

/** The account's own next turn in this round, or the first turn of the next; null when none comes. */
function nextTurn(auction: NaiveAuction, seen: Seen, { accountId }: Offer) {
  if (seen.skipped) return null;
  const slots = timetable(termsOf(auction), seen.order.length);
  const round = slots[seen.step]?.round ?? 0;
  const next = slots.findIndex(
    (slot, step) =>
      step > seen.step &&
      slot.turnOf !== null &&
      (slot.round === round ? seen.order[slot.turnOf] === accountId : slot.turnOf === 0),
  );
  return next < 0 ? null : instant(startOf(auction, seen, next));
}

function turn(auction: NaiveAuction, deadline: number): Event[] {
  const terms = termsOf(auction);
  const { auctionId } = terms;
  const seen = look(auction);
  if (seen.started === null) return start(auction, seen, deadline);
  const slots = timetable(terms, seen.order.length);
  const [now, next] = slots.slice(seen.step);
  const events: Event[] = [];
  let { offers } = seen;
  if (now?.turnOf != null) {
    if (seen.pending) offers = replaced(offers, seen.pending);
    events.push({
      type: 'turn_ended',
      auctionId,
      accountId: seen.order[now.turnOf] ?? '',
      offer: seen.pending,
    });
  }
  const isNewRound = next && now && next.round > now.round && next.round < terms.rounds;
  const bidderIds = isNewRound ? orderOf(terms, offers) : seen.order;
  return [...events, { type: 'rounds_moved', auctionId, step: seen.step + 1, bidderIds }];
}

function start(auction: NaiveAuction, { offers }: Seen, deadline: number): Event[] {
  const terms = termsOf(auction);
  const { auctionId } = terms;
  const shown = naiveRank(terms, offers).flatMap(({ seq }) => offers.filter((offer) => offer.seq === seq));
  if (offers.length < 2) {
    return [
      { type: 'rounds_skipped', auctionId, offers: shown },
      { type: 'auction_shortened', auctionId, closesAt: instant(deadline) },
    ];
  }
  const length = timetable(terms, offers.length).reduce((sum, { ms }) => sum + ms, 0);
  const started: Event = {
    type: 'rounds_started',
    auctionId,
    offers: shown,
    bidderIds: orderOf(terms, offers),
  };
  if (deadline + length >= auction.closesAt) return [started];
  return [started, { type: 'auction_shortened', auctionId, closesAt: instant(deadline + length) }];
}

export const naiveReverseRounds: NaiveFormat = {
  commands: ['place_offer', 'withdraw_turn_offer'],
  bid(auction, command) {
    if (command.type === 'place_offer') return place(auction, command);
    if (command.type !== 'withdraw_turn_offer') throw new Error(command.type);
    const { auctionId, accountId } = command;
    if (look(auction).pending?.accountId !== accountId) return { code: 'offer_nothing_to_withdraw' };
    return [{ type: 'turn_offer_withdrawn', auctionId, accountId }];
  },
  turnsAt(auction) {
    const seen = look(auction);
    if (seen.started === null) return termsOf(auction).startsAt + movedSince(auction, 0);
    const last = timetable(termsOf(auction), seen.order.length).length - 1;
    return seen.skipped || seen.step === last ? null : startOf(auction, seen, seen.step + 1);
  },
  turn,
  awards: (auction) => naiveAwards(termsOf(auction), look(auction).offers),
  reason: (auction) => (look(auction).offers.length === 0 ? 'no_bid' : 'reserve_not_met'),
  room(auction) {
    const terms = termsOf(auction);
    const { offers, pending, started, skipped, step, order } = look(auction);
    const isLast = started !== null && timetable(terms, order.length).length - 1 === step;
    const phase = started === null ? 'entry' : skipped || isLast ? 'announcement' : 'rounds';
    const lines = naiveRank(terms, offers) as unknown as Canonical;
    return { phase, lines, order, step, pending: pending as unknown as Canonical };
  },
};
