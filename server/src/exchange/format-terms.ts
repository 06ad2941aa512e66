/** The terms of each format as everybody reads them, in the units of the wire. A hidden reserve is not among them. */
import type { AuctionTerms, BuyingTerms, Decrement, Merit, ScoringRule, TermsOf } from '@seam/engine';
import type { FormatTerms, OfferMerit, ScoringTerms } from '@seam/protocol';
import { formatMoney, formatScaled } from '@seam/units';
import { massText, priceText } from './grid.ts';

const MS = 1_000;
const PERCENT_DIGITS = 2;
const COEFFICIENT_DIGITS = 4;

export function formatTermsText(terms: AuctionTerms): FormatTerms {
  switch (terms.format) {
    case 'english':
      return english(terms);
    case 'clock':
      return {
        format: 'clock',
        priceIncrements: terms.priceIncrements.map((increment) => priceText(terms, increment)),
        roundSeconds: terms.roundMs / MS,
        roundsMax: terms.roundsMax,
        demandVisible: terms.demandVisible,
        margin: terms.marginRule,
      };
    case 'dutch':
      return {
        format: 'dutch',
        pricing: terms.pricing,
        floorPrice: priceText(terms, terms.floorPrice),
        priceDecrement: priceText(terms, terms.priceDecrement),
        stepSeconds: terms.stepMs / MS,
      };
    case 'dutch_hybrid':
      return hybrid(terms);
    case 'sealed_bid':
      return {
        format: 'sealed_bid',
        pricing: terms.pricing,
        secrecy: terms.secrecy,
        openingSeconds: terms.openingMs / MS,
        quantityBands: terms.quantityBands.map((band) => massText(terms, band)),
        unopenedPenaltyPercent: percentText(terms.unopenedPenalty),
        ...ranking(terms),
      };
    case 'reverse_rounds':
      return rounds(terms);
    case 'reverse_open':
      return { format: 'reverse_open', decrement: decrementText(terms, terms.decrement), ...ranking(terms) };
  }
}

/** Who puts it up sells, or buys. */
export function directionOf(terms: AuctionTerms): 'sell' | 'buy' {
  if (terms.format === 'sealed_bid') return terms.direction;
  return terms.format === 'reverse_open' || terms.format === 'reverse_rounds' ? 'buy' : 'sell';
}

export function meritText(merit: Merit): OfferMerit | null {
  if (merit === null) return null;
  if (merit.mode === 'mixed') {
    return {
      mode: 'mixed',
      coefficient: formatScaled(BigInt(merit.coefficient), COEFFICIENT_DIGITS),
      addition: formatMoney(BigInt(merit.addition)),
    };
  }
  return {
    mode: 'energy',
    calorificValue: merit.calorificValue,
    freight: formatMoney(BigInt(merit.freight)),
    expectedPenalties: formatMoney(BigInt(merit.expectedPenalties)),
  };
}

function english(terms: TermsOf<'english'>): FormatTerms {
  const { pricing, margin, proxy, proxyLead, incrementBands, quantityPerBidderMaximum: most } = terms;
  const bands = incrementBands?.map(({ from, increment }) => ({
    from: priceText(terms, from),
    increment: priceText(terms, increment),
  }));
  return {
    format: 'english',
    pricing,
    margin,
    proxy,
    proxyLead,
    incrementBands: bands ?? null,
    quantityPerBidderMaximum: most === null ? null : massText(terms, most),
  };
}

function hybrid(terms: TermsOf<'dutch_hybrid'>): FormatTerms {
  return {
    format: 'dutch_hybrid',
    stepPercent: percentText(terms.stepBasisPoints),
    floorPercent: percentText(terms.floorBasisPoints),
    stepSeconds: terms.stepMs / MS,
    openingPauseSeconds: terms.openingPauseMs / MS,
    sealedPauseSeconds: terms.sealedPauseMs / MS,
    sealedSeconds: terms.sealedMs / MS,
    bestBidPauseSeconds: terms.bestBidPauseMs / MS,
    bestBidSeconds: terms.bestBidMs / MS,
    bestBidIncrement: priceText(terms, terms.bestBidIncrement),
  };
}

function rounds(terms: TermsOf<'reverse_rounds'>): FormatTerms {
  return {
    format: 'reverse_rounds',
    startsAt: new Date(terms.startsAt).toISOString(),
    biddersMax: terms.biddersMax,
    rounds: terms.rounds,
    firstPauseSeconds: terms.firstPauseMs / MS,
    pauseSeconds: terms.pauseMs / MS,
    turnSeconds: terms.turnMs / MS,
    announcementSeconds: terms.announcementMs / MS,
    minimalStep: decrementText(terms, terms.minimalStep),
    ...ranking(terms),
  };
}

type Ranking = Pick<Extract<FormatTerms, { format: 'reverse_open' }>, 'scoring' | 'award' | 'floorPrice'>;

/** A floor that only makes the buyer look twice is the buyer's own business. */
function ranking(terms: AuctionTerms & BuyingTerms): Ranking {
  const { scoring, award, floor } = terms;
  return {
    scoring: scoringText(scoring),
    award:
      award.mode === 'quantity'
        ? { mode: 'quantity' }
        : { mode: 'shares', percents: award.basisPoints.map(percentText) },
    floorPrice: floor?.below === 'refuse' ? priceText(terms, floor.price) : null,
  };
}

function scoringText(scoring: ScoringRule): ScoringTerms {
  if (scoring.mode !== 'mixed') return scoring;
  return {
    mode: 'mixed',
    coefficientMinimum: formatScaled(BigInt(scoring.coefficientMinimum), COEFFICIENT_DIGITS),
    coefficientMaximum: formatScaled(BigInt(scoring.coefficientMaximum), COEFFICIENT_DIGITS),
  };
}

function decrementText(terms: AuctionTerms, decrement: Decrement) {
  return decrement.mode === 'absolute'
    ? ({ mode: 'absolute', amount: priceText(terms, decrement.amount) } as const)
    : ({ mode: 'percent', percent: percentText(decrement.basisPoints) } as const);
}

function percentText(basisPoints: number): string {
  return formatScaled(BigInt(basisPoints), PERCENT_DIGITS);
}
