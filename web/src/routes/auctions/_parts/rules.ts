/**
 * The rules of one auction as sentences, made from its terms: the same for whoever writes them and for
 * whoever reads them later.
 */
import type { AuctionView } from '@seam/protocol';
import type { auctionAwards } from '#lib/i18n/auctions-awards.ts';
import type { auctionFormats } from '#lib/i18n/auctions-formats.ts';
import type { Translate } from '#lib/i18n/dictionary.ts';
import { afterCloseRules } from './rules-after-close.ts';
import { buyingRules, reserveRule, scoringRules } from './rules-buying.ts';
import { softCloseRule } from './rules-soft-close.ts';
import { trimmed } from './trimmed.ts';

export type FormatTerms = AuctionView['formatTerms'];
export type TermsOf<Name extends FormatTerms['format']> = Extract<FormatTerms, { format: Name }>;

/** What the sentences are made from. `opensAt` null: at once. */
export type Rules = Pick<
  AuctionView,
  | 'direction'
  | 'startingPrice'
  | 'bidIncrement'
  | 'maximumIncrement'
  | 'hasReserve'
  | 'reservePrice'
  | 'visibility'
  | 'minimumBidders'
  | 'formatTerms'
  | 'softClose'
  | 'bidSecurity'
  | 'afterClose'
  | 'closesAt'
> & { readonly opensAt: string | null };

/** How amounts and times are written. */
export type Say = {
  readonly t: Translate<(typeof auctionFormats)['en']>;
  /** Of what follows the close. */
  readonly after: Translate<(typeof auctionAwards)['en']>;
  money(value: string): string;
  price(value: string): string;
  tonnes(value: string): string;
  at(instant: string): string;
  span(seconds: number): string;
  percent(value: string): string;
  security(rule: Rules['bidSecurity']): string;
};

/** One sentence for each thing a bidder should know, in the order in which it matters. */
export function sentences(rules: Rules, say: Say): string[] {
  const { t } = say;
  return [
    rules.opensAt === null ? t('opensNow') : t('opensAt', { at: say.at(rules.opensAt) }),
    ...ofFormat(rules, say),
    ...reserveRule(rules, say),
    ...minimumRule(rules, say),
    t('securityNeeded', { rule: say.security(rules.bidSecurity) }),
    ...afterCloseRules(rules.afterClose, say),
  ];
}

function ofFormat(rules: Rules, say: Say): string[] {
  const { formatTerms: terms } = rules;
  switch (terms.format) {
    case 'english':
      return english(rules, terms, say);
    case 'clock':
      return clock(rules, terms, say);
    case 'dutch':
      return dutch(rules, terms, say);
    case 'dutch_hybrid':
      return hybrid(rules, terms, say);
    case 'sealed_bid':
      return sealed(rules, terms, say);
    case 'reverse_rounds':
      return rounds(rules, terms, say);
    case 'reverse_open':
      return [
        ...buyingRules(rules, terms, say),
        say.t('reverseDecrement', { step: decrement(terms.decrement, say) }),
        softCloseRule(rules, say),
        ...maskRule(rules, say),
      ];
  }
}

function english(rules: Rules, terms: TermsOf<'english'>, say: Say): string[] {
  const { t, money, price } = say;
  const most = rules.maximumIncrement;
  const paid = { pay_as_bid: 'payAsBid', uniform: 'payUniform', uniform_highest_rejected: 'payRejected' };
  return [
    softCloseRule(rules, say),
    t('priceFrom', { price: price(rules.startingPrice), step: money(rules.bidIncrement) }),
    ...(most === null ? [] : [t('priceRaiseMost', { most: money(most) })]),
    t(paid[terms.pricing] as 'payAsBid'),
    t(terms.margin === 'time' ? 'marginTime' : 'marginShare'),
    ...(terms.proxy === 'threshold' ? [t('proxyThreshold')] : []),
    ...(terms.proxy === 'stepped' ? [t('proxyStepped')] : []),
    ...(terms.quantityPerBidderMaximum === null
      ? []
      : [t('mostPerBidder', { most: say.tonnes(terms.quantityPerBidderMaximum) })]),
    ...maskRule(rules, say),
  ];
}

function clock(rules: Rules, terms: TermsOf<'clock'>, say: Say): string[] {
  const { t } = say;
  return [
    t('clockRounds', {
      price: say.price(rules.startingPrice),
      steps: stepsText(terms.priceIncrements, say),
      round: say.span(terms.roundSeconds),
      max: terms.roundsMax,
    }),
    t('clockStay'),
    t('clockEnds', { at: say.at(rules.closesAt) }),
    t(terms.margin === 'time' ? 'clockMarginTime' : 'clockMarginShare'),
    t(terms.demandVisible ? 'demandShown' : 'demandHidden'),
  ];
}

/** Each different step once: the last one repeats. */
function stepsText(increments: readonly string[], say: Say): string {
  const shown = increments.slice(0, 4).map(say.money);
  return increments.length > 4 ? `${shown.join(' → ')} …` : shown.join(' → ');
}

function dutch(rules: Rules, terms: TermsOf<'dutch'>, say: Say): string[] {
  const { t } = say;
  return [
    t('dutchFalls', {
      price: say.price(rules.startingPrice),
      step: say.money(terms.priceDecrement),
      every: say.span(terms.stepSeconds),
      floor: say.price(terms.floorPrice),
    }),
    t('dutchBuys', { at: say.at(rules.closesAt) }),
    t(terms.pricing === 'uniform_last' ? 'dutchPayLast' : 'dutchPayOwn'),
  ];
}

function hybrid(rules: Rules, terms: TermsOf<'dutch_hybrid'>, say: Say): string[] {
  const { t } = say;
  return [
    t('hybridFalls', {
      price: say.price(rules.startingPrice),
      step: trimmed(terms.stepPercent),
      every: say.span(terms.stepSeconds),
      floor: trimmed(terms.floorPercent),
    }),
    t('hybridSealed', { sealed: say.span(terms.sealedSeconds) }),
    t('hybridLast', { last: say.span(terms.bestBidSeconds), at: say.at(rules.closesAt) }),
    t('hybridWhole'),
  ];
}

function sealed(rules: Rules, terms: TermsOf<'sealed_bid'>, say: Say): string[] {
  const { t } = say;
  const until = new Date((Date.parse(rules.closesAt) || 0) - terms.openingSeconds * 1000).toISOString();
  const end = say.at(rules.closesAt);
  const price = say.price(rules.startingPrice);
  return [
    t('sealedUntil', { at: say.at(until) }),
    terms.secrecy.mode === 'commit_reveal'
      ? t('sealedCommit', { end, penalty: say.percent(trimmed(terms.unopenedPenaltyPercent)) })
      : t('sealedSplit', { end }),
    ...(terms.quantityBands.length > 1
      ? [t('sealedBands', { bands: terms.quantityBands.map(say.tonnes).join(' · ') })]
      : []),
    rules.direction === 'sell' ? t('sealedFirst', { price }) : t('sealedFirstBuy', { price }),
    ...(rules.direction === 'buy' ? scoringRules(terms, say) : []),
    t(terms.pricing === 'uniform' ? 'payUniform' : 'payAsBid'),
  ];
}

function rounds(rules: Rules, terms: TermsOf<'reverse_rounds'>, say: Say): string[] {
  const { t } = say;
  return [
    ...buyingRules(rules, terms, say),
    t('roundsEntry', { at: say.at(terms.startsAt), bidders: terms.biddersMax }),
    t('roundsTurns', { rounds: terms.rounds, turn: say.span(terms.turnSeconds) }),
    t('roundsStep', { step: decrement(terms.minimalStep, say) }),
    t('roundsEnd', { two: say.span(roundsSeconds(terms, 2)), five: say.span(roundsSeconds(terms, 5)) }),
  ];
}

type Timetable = Pick<
  TermsOf<'reverse_rounds'>,
  'rounds' | 'firstPauseSeconds' | 'pauseSeconds' | 'turnSeconds' | 'announcementSeconds'
>;

/** From the start of the rounds to the close, with so many bidders. */
export function roundsSeconds(times: Timetable, bidders: number): number {
  const { rounds: count, firstPauseSeconds, pauseSeconds, turnSeconds, announcementSeconds } = times;
  return firstPauseSeconds + (count - 1) * pauseSeconds + count * bidders * turnSeconds + announcementSeconds;
}

export function decrement(
  terms: TermsOf<'reverse_open'>['decrement'],
  say: Pick<Say, 'money' | 'percent'>,
): string {
  return terms.mode === 'absolute' ? say.money(terms.amount) : say.percent(trimmed(terms.percent));
}

function maskRule({ visibility }: Rules, { t }: Say): string[] {
  if (visibility === 'open') return [];
  return [t(visibility === 'rank_only' ? 'rankOnly' : 'blind')];
}

function minimumRule({ minimumBidders: n, direction }: Rules, { t }: Say): string[] {
  if (n < 2) return [];
  return [direction === 'buy' ? t('minimumBiddersBuy', { n }) : t('minimumBidders', { n })];
}
