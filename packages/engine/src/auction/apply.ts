/**
 * What the frame's events do beyond one live auction: its end, its awards after it, its place in a
 * catalogue. Decides nothing, as `apply.ts` says.
 */
import { type Instant, instant } from '@seam/units';
import { assert } from '../assert.ts';
import { formatOf } from '../formats/index.ts';
import type { Auction, EndedState, EngineState } from '../state.ts';
import type { AuctionEvent, AuctionTerms } from '../types.ts';
import {
  type Awarding,
  type AwardingChange,
  awardingAfter,
  awardingDeadline,
  awardingFrom,
  standing,
} from './awarding/state.ts';
import { joined, left, movedTerms, withWon } from './catalogue/queue.ts';
import { deadlineOf } from './deadline.ts';
import { hardEndOf } from './soft-close.ts';
import type { Award } from './types.ts';

type Told<Type extends AuctionEvent['type']> = Extract<AuctionEvent, { type: Type }>;

export function schedule(state: EngineState, terms: AuctionTerms): void {
  const own = terms.catalogue;
  putLive(state, {
    terms,
    state: 'scheduled',
    called: own === undefined,
    closesAt: terms.closesAt,
    hardEndAt: hardEndOf(terms),
    extensions: 0,
    countedUntil: instant(0),
    frozen: null,
    bidders: new Set(),
    excluded: [],
    security: new Map(),
    room: formatOf({ terms }).room(terms),
  });
  if (own === undefined) return;
  const known = state.catalogues.get(own.catalogueId);
  state.catalogues.set(own.catalogueId, joined(known, terms, own));
}

export function call(state: EngineState, { auctionId, opensAt }: Told<'auction_called'>): void {
  const before = liveAuction(state, auctionId);
  const terms = movedTerms(before.terms, opensAt);
  const room = formatOf({ terms }).room(terms);
  const { closesAt } = terms;
  putLive(state, { ...before, terms, room, closesAt, hardEndAt: hardEndOf(terms), called: true });
}

function putLive(state: EngineState, auction: Auction): void {
  state.auctions.set(auction.terms.auctionId, auction);
  watchDeadline(state, auction);
}

export function watchDeadline(state: EngineState, auction: Auction): void {
  setDeadline(state, auction.terms.auctionId, deadlineOf(auction));
}

function setDeadline(state: EngineState, auctionId: string, at: Instant | null): void {
  if (at === null) state.deadlines.delete(auctionId);
  else state.deadlines.set(auctionId, at);
}

export function liveAuction(state: EngineState, auctionId: string): Auction {
  const auction = state.auctions.get(auctionId);
  assert(auction !== undefined, `event for auction ${auctionId}, which is not live`);
  return auction;
}

type Ending = { readonly as: EndedState; readonly seq: number; readonly at: Instant };

/** Bidding is over, or the auction is void: live memory ends, the catalogue goes on. */
function endLive(state: EngineState, auctionId: string, { as, seq, at }: Ending): Auction {
  const auction = liveAuction(state, auctionId);
  const closedAt = as === 'voided' ? at : auction.closesAt;
  state.ended.set(auctionId, { state: as, closedSeq: seq, closedAt });
  state.auctions.delete(auctionId);
  state.deadlines.delete(auctionId);
  changeCatalogue(state, auction.terms, (catalogue) => left(catalogue, auction, closedAt));
  return auction;
}

export function close(state: EngineState, seq: number, event: Told<'auction_closed'>): void {
  const { auctionId } = event;
  const auction = endLive(state, auctionId, {
    as: 'standstill',
    seq,
    at: liveAuction(state, auctionId).closesAt,
  });
  putAwarding(state, awardingFrom(auction, event));
}

type Outcome = Told<'auction_awarded' | 'auction_unsold' | 'auction_voided'>;

/** The outcome is final. Awards that are still to be confirmed stay in mind. */
export function end(state: EngineState, command: Omit<Ending, 'as'>, event: Outcome): void {
  const { auctionId } = event;
  const as = OUTCOMES[event.type];
  const awarding = state.awardings.get(auctionId);
  if (awarding === undefined) {
    const { terms } = endLive(state, auctionId, { ...command, as });
    if (event.type === 'auction_awarded') setWon(state, terms, event.awards);
    return;
  }
  const ended = state.ended.get(auctionId);
  assert(ended !== undefined, `awards of auction ${auctionId}, which has not ended`);
  state.ended.set(auctionId, { ...ended, state: as });
  if (event.type === 'auction_awarded' && awarding.terms.waiting) {
    putAwarding(state, awardingAfter(awarding, event));
  } else {
    forget(state, auctionId);
    if (event.type !== 'auction_awarded') setWon(state, awarding.terms, []);
  }
}

const OUTCOMES = {
  auction_awarded: 'awarded',
  auction_unsold: 'unsold',
  auction_voided: 'voided',
} as const satisfies Record<Outcome['type'], EndedState>;

/** Money that leaves with or after an outcome is of no auction in mind any more. */
export function changeAwarding(
  state: EngineState,
  event: Exclude<AwardingChange, Told<'auction_awarded'>>,
): void {
  const awarding = state.awardings.get(event.auctionId);
  if (awarding !== undefined) putAwarding(state, awardingAfter(awarding, event));
}

export function forget(state: EngineState, auctionId: string): void {
  state.awardings.delete(auctionId);
  state.deadlines.delete(auctionId);
}

function putAwarding(state: EngineState, awarding: Awarding): void {
  const { terms, awards } = awarding;
  state.awardings.set(terms.auctionId, awarding);
  setDeadline(state, terms.auctionId, awardingDeadline(awarding));
  setWon(state, terms, standing(awards));
}

function setWon(state: EngineState, terms: AuctionTerms, awards: readonly Award[]): void {
  changeCatalogue(state, terms, (catalogue) => withWon(catalogue, terms.auctionId, awards));
}

type Catalogue = Parameters<typeof left>[0];

function changeCatalogue(
  state: EngineState,
  { catalogue: own }: AuctionTerms,
  change: (catalogue: Catalogue) => Catalogue,
): void {
  const known = own && state.catalogues.get(own.catalogueId);
  if (own && known) state.catalogues.set(own.catalogueId, change(known));
}
