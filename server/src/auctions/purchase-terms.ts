/** The terms of the formats in which suppliers compete, and of sealed bids, which may sell or buy. */
import { type BuyingTerms, type Decrement, type TermsOf, roundsLengthMs } from '@seam/engine';
import type { ScheduleAuctionBody, ScoringTerms } from '@seam/protocol';
import type { TermsReader } from './terms-reader.ts';
import { after, bandsOf } from './sale-terms.ts';
import { safeInstant, softCloseOf } from './soft-close.ts';
import type { CommonPart } from './terms.ts';

type Body<Format> = Extract<ScheduleAuctionBody, { format: Format }>;
export type PurchaseBody = Extract<ScheduleAuctionBody, { requestId: string }>;

/** The owner buys what a request says. */
export function isPurchase(body: ScheduleAuctionBody): body is PurchaseBody {
  return 'requestId' in body;
}

const NEVER_MOVES = { mode: 'none' } as const;
const WHOLE = '100.00';

export function sealedBidTerms(
  body: Body<'sealed_bid'>,
  common: CommonPart,
  read: TermsReader,
): TermsOf<'sealed_bid'> {
  const openingMs = body.openingSeconds * 1_000;
  const closesAt = read.later('closesAt', body.closesAt, common.opensAt);
  if (closesAt - openingMs <= common.opensAt) read.fault('openingSeconds', 'out_of_range');
  const sold = {
    scoring: { mode: 'price' },
    award: { mode: 'quantity' },
    floor: null,
    reservePrice: read.priceOr('reservePrice', body.reservePrice, null),
  } as const;
  return {
    ...common,
    ...(isPurchase(body) ? buyingTerms(body, read) : sold),
    format: 'sealed_bid',
    direction: isPurchase(body) ? 'buy' : 'sell',
    pricing: body.pricing ?? 'pay_as_bid',
    secrecy: body.secrecy,
    openingMs,
    quantityBands: bandsOf(body.quantityBands, common, read),
    unopenedPenalty: read.basisPoints('unopenedPenaltyPercent', body.unopenedPenaltyPercent ?? WHOLE),
    closesAt,
    softClose: NEVER_MOVES,
  };
}

export function reverseRoundsTerms(
  body: Body<'reverse_rounds'>,
  common: CommonPart,
  read: TermsReader,
): TermsOf<'reverse_rounds'> {
  const { biddersMax, rounds } = body;
  const startsAt = read.later('startsAt', body.startsAt, common.opensAt);
  const terms = {
    ...common,
    ...buyingTerms(body, read),
    format: 'reverse_rounds',
    startsAt,
    biddersMax,
    rounds,
    firstPauseMs: body.firstPauseSeconds * 1_000,
    pauseMs: body.pauseSeconds * 1_000,
    turnMs: body.turnSeconds * 1_000,
    announcementMs: body.announcementSeconds * 1_000,
    minimalStep: decrementOf('minimalStep', body.minimalStep, read),
    closesAt: safeInstant(startsAt),
    softClose: NEVER_MOVES,
  } as const;
  return { ...terms, closesAt: after({ opensAt: terms.startsAt }, roundsLengthMs(terms, biddersMax)) };
}

export function reverseOpenTerms(
  body: Body<'reverse_open'>,
  common: CommonPart,
  read: TermsReader,
): TermsOf<'reverse_open'> {
  return {
    ...common,
    ...buyingTerms(body, read),
    format: 'reverse_open',
    decrement: decrementOf('decrement', body.decrement, read),
    closesAt: read.later('closesAt', body.closesAt, common.opensAt),
    softClose: softCloseOf(body.softClose, Date.parse(body.closesAt)),
  };
}

function buyingTerms(body: PurchaseBody, read: TermsReader): BuyingTerms {
  const { award = { mode: 'quantity' }, floor } = body;
  return {
    scoring: scoringOf(body.scoring ?? { mode: 'price' }, read),
    award:
      award.mode === 'quantity'
        ? award
        : { mode: 'shares', basisPoints: award.percents.map((share) => read.basisPoints('award', share)) },
    floor: floor === undefined ? null : { price: read.price('floor', floor.price), below: floor.below },
    reservePrice: read.priceOr('reservePrice', body.reservePrice, null),
  };
}

function scoringOf(scoring: ScoringTerms, read: TermsReader): BuyingTerms['scoring'] {
  if (scoring.mode !== 'mixed') return scoring;
  return {
    mode: 'mixed',
    coefficientMinimum: read.coefficient('scoring', scoring.coefficientMinimum),
    coefficientMaximum: read.coefficient('scoring', scoring.coefficientMaximum),
  };
}

function decrementOf(field: string, given: Body<'reverse_open'>['decrement'], read: TermsReader): Decrement {
  return given.mode === 'absolute'
    ? { mode: 'absolute', amount: read.price(field, given.amount) }
    : { mode: 'basis_points', basisPoints: read.basisPoints(field, given.percent) };
}
