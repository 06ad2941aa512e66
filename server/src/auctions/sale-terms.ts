/** The terms of the formats that sell a lot. What is left out is as in the rule books named in the engine. */
import {
  PLAIN_ENGLISH,
  PROZORRO_HYBRID,
  type TermsOf,
  dutchDurationMs,
  hybridDurationMs,
} from '@seam/engine';
import type { ScheduleAuctionBody } from '@seam/protocol';
import { type Instant, lots } from '@seam/units';
import type { TermsReader } from './terms-reader.ts';
import { safeInstant, softCloseOf } from './soft-close.ts';
import type { CommonPart } from './terms.ts';

type Body<Format> = Extract<ScheduleAuctionBody, { format: Format }>;
type EnglishBody = Extract<ScheduleAuctionBody, { bidIncrement: string }>;

const NEVER_MOVES = { mode: 'none' } as const;

export function englishTerms(body: EnglishBody, common: CommonPart, read: TermsReader): TermsOf<'english'> {
  const { pricing = 'pay_as_bid', margin = 'time', proxy = 'none', proxyLead = 'least' } = body;
  const most = body.quantityPerBidderMaximum;
  const bands = body.incrementBands?.map(({ from, increment }) => ({
    from: read.price('incrementBands', from),
    increment: read.price('incrementBands', increment),
  }));
  return {
    ...PLAIN_ENGLISH,
    ...common,
    format: 'english',
    pricing,
    margin,
    proxy,
    proxyLead,
    reservePrice: read.priceOr('reservePrice', body.reservePrice, null),
    ...(body.reserveVisibility && { reserveVisibility: body.reserveVisibility }),
    bidIncrement: read.price('bidIncrement', body.bidIncrement),
    incrementBands: bands && bands.length > 0 ? bands : null,
    maximumIncrement: read.priceOr('maximumIncrement', body.maximumIncrement, null),
    quantityPerBidderMaximum: most === undefined ? null : read.tonnes('quantityPerBidderMaximum', most),
    closesAt: read.later('closesAt', body.closesAt, common.opensAt),
    softClose: softCloseOf(body.softClose, Date.parse(body.closesAt)),
  };
}

export function clockTerms(body: Body<'clock'>, common: CommonPart, read: TermsReader): TermsOf<'clock'> {
  const { roundsMax, demandVisible = true, margin = 'time' } = body;
  const roundMs = body.roundSeconds * 1_000;
  return {
    ...common,
    format: 'clock',
    pricing: 'uniform',
    priceIncrements: body.priceIncrements.map((increment) => read.price('priceIncrements', increment)),
    roundMs,
    roundsMax,
    demandVisible,
    marginRule: margin,
    closesAt: after(common, roundsMax * roundMs),
    softClose: NEVER_MOVES,
  };
}

export function dutchTerms(body: Body<'dutch'>, common: CommonPart, read: TermsReader): TermsOf<'dutch'> {
  const terms: TermsOf<'dutch'> = {
    ...common,
    format: 'dutch',
    pricing: body.pricing ?? 'pay_as_accepted',
    floorPrice: read.price('floorPrice', body.floorPrice),
    priceDecrement: read.price('priceDecrement', body.priceDecrement),
    stepMs: body.stepSeconds * 1_000,
    closesAt: common.opensAt,
    softClose: NEVER_MOVES,
  };
  // No division by a step of nothing, nor a fall upwards.
  if (terms.priceDecrement === 0) read.fault('priceDecrement', 'not_positive');
  if (terms.floorPrice > terms.startingPrice) read.fault('floorPrice', 'out_of_range');
  return read.hasFaults ? terms : { ...terms, closesAt: after(common, dutchDurationMs(terms)) };
}

export function dutchHybridTerms(
  body: Body<'dutch_hybrid'>,
  common: CommonPart,
  read: TermsReader,
): TermsOf<'dutch_hybrid'> {
  const standard = PROZORRO_HYBRID;
  const ms = (seconds: number | undefined, absent: number): number =>
    seconds === undefined ? absent : seconds * 1_000;
  const share = (field: 'stepPercent' | 'floorPercent', absent: number): number => {
    const { [field]: text } = body;
    return text === undefined ? absent : read.basisPoints(field, text);
  };
  const terms: TermsOf<'dutch_hybrid'> = {
    ...common,
    // One buyer takes the whole lot.
    minimumBidQuantity: common.quantity,
    format: 'dutch_hybrid',
    stepBasisPoints: share('stepPercent', standard.stepBasisPoints),
    floorBasisPoints: share('floorPercent', standard.floorBasisPoints),
    stepMs: ms(body.stepSeconds, standard.stepMs),
    openingPauseMs: ms(body.openingPauseSeconds, standard.openingPauseMs),
    sealedPauseMs: ms(body.sealedPauseSeconds, standard.sealedPauseMs),
    sealedMs: ms(body.sealedSeconds, standard.sealedMs),
    bestBidPauseMs: ms(body.bestBidPauseSeconds, standard.bestBidPauseMs),
    bestBidMs: ms(body.bestBidSeconds, standard.bestBidMs),
    bestBidIncrement: read.priceOr('bestBidIncrement', body.bestBidIncrement, standard.bestBidIncrement),
    closesAt: common.opensAt,
    softClose: NEVER_MOVES,
  };
  if (terms.stepBasisPoints === 0) read.fault('stepPercent', 'not_positive');
  return read.hasFaults ? terms : { ...terms, closesAt: after(common, hybridDurationMs(terms)) };
}

export function after({ opensAt }: { readonly opensAt: Instant }, ms: number): Instant {
  return safeInstant(opensAt + ms);
}

/** Bands of a sealed bid: absent, the whole alone. */
export function bandsOf(given: readonly string[] | undefined, common: CommonPart, read: TermsReader) {
  return given?.map((band) => read.tonnes('quantityBands', band)) ?? [lots(common.quantity)];
}
