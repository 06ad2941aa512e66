/** The award in words: what was offered by which rule, and what became of each bid. */
import { type Award, baseOf, bound, served } from './award.ts';
import { isBuying } from './share.ts';
import type { Fields } from './chain.ts';
import type { Trial } from './trial.ts';

const FORMATS: Record<string, string> = {
  english: 'an ascending auction',
  clock: 'an ascending clock',
  dutch: 'a descending auction',
  dutch_hybrid: 'a descending auction with sealed offers',
  sealed_bid: 'sealed bids',
  reverse_open: 'an open procurement',
  reverse_rounds: 'a procurement in rounds',
};
const PAYS: Record<string, string> = {
  pay_as_bid: 'each winner pays its own bid',
  pay_as_accepted: 'each winner pays the price it accepted',
  uniform:
    'all winners pay one price, that of the last bid that wins, or the base where nobody was turned away',
  uniform_highest_rejected: 'all winners pay the highest price that was turned away',
  uniform_last: 'all winners pay the last price that was accepted',
  threshold: 'each winner pays the least that keeps what it wins',
};

export function explain(trial: Trial, awards: readonly Award[]): string[] {
  const { terms, result, state } = trial;
  if (state === 'none') return [];
  const pays =
    terms.format === 'clock'
      ? 'all winners pay the price the clock stopped at'
      : PAYS[terms.proxy === 'threshold' ? 'threshold' : (terms.pricing ?? 'pay_as_bid')];
  const first = `${tonnes(terms, terms.quantity)} ${isBuying(terms) ? 'asked for' : 'offered'} in ${FORMATS[terms.format]} from ${money(terms, terms.startingPrice)} a tonne; ${pays}.`;
  if (result?.type === 'auction_voided') return [first, `Voided: ${result.reason}.`];
  const lines = awards.map(
    ({ who, price, quantity, seq }) =>
      `${who} gets ${tonnes(terms, quantity)} at ${money(terms, price)} a tonne by its bid in line ${seq}.`,
  );
  return [first, ...lines, ...losers(trial, awards), last(trial, awards), ...afterwards(trial)];
}

/** Why a bid that stands to the end wins nothing. */
function losers(trial: Trial, awards: readonly Award[]): string[] {
  const { terms, bids } = trial;
  const base = baseOf(terms);
  const won = new Set(awards.map(({ who }) => who));
  const lost = served(trial, bids.values()).filter(({ who, quantity }) => quantity > 0 && !won.has(who));
  return lost.map(({ who, price, quantity, least }) => {
    const isOff = isBuying(terms) ? price > base : price < base;
    const why = isOff
      ? `the reserve is ${money(terms, base)}`
      : least > 0
        ? 'better bids left less than it accepts'
        : 'better bids took everything';
    return `${who} asked for ${tonnes(terms, quantity)} at ${money(terms, price)} and gets nothing: ${why}.`;
  });
}

/** What became of awards that were handed on, in the record's own words. */
function afterwards({ terms, handed }: Trial): string[] {
  return [...handed.values()].map(
    ({ number, accountId, quantity, state }) =>
      `Award ${number}, ${tonnes(terms, quantity)} to ${accountId}: ${state}.`,
  );
}

function last(trial: Trial, awards: readonly Award[]): string {
  const { terms } = trial;
  const rest = awards.reduce((left, { quantity }) => left - quantity, terms.quantity as number);
  const asked = terms.minimumBidders ?? 1;
  if (awards.length === 0 && bound(trial).size < asked)
    return `Nothing is sold: ${bound(trial).size} of at least ${asked} bidders were bound.`;
  return rest === 0 ? 'Nothing is left.' : `${tonnes(terms, rest)} stay unsold.`;
}

/** Ticks as money a tonne: minor units are hundredths. */
function money({ tickSize, currency }: Fields, ticks: number): string {
  return `${decimal(BigInt(ticks) * BigInt(tickSize), 2)} ${currency}`;
}

function tonnes({ lotSize }: Fields, lots: number): string {
  return `${decimal(BigInt(lots) * BigInt(lotSize), 3)} t`;
}

function decimal(value: bigint, digits: number): string {
  const text = value.toString().padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
