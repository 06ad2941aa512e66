/** The terms that a buyer writes: how offers are compared, who gets how much, and what is too dear or too cheap. */
import type { ScheduleAuctionBody } from '@seam/protocol';
import { ending } from './ending.ts';
import type { Reader } from './reader.ts';
import { roundsSeconds } from '../_parts/rules.ts';

type ReverseOpen = Extract<ScheduleAuctionBody, { format: 'reverse_open' }>;
type Decrement = ReverseOpen['decrement'];

export function reverseOpenBody(form: Reader) {
  return { ...requested(form), ...buying(form), decrement: decrement(form) };
}

/** The duration is of the entry; the rounds follow it. */
export function reverseRoundsBody(form: Reader, fromMs: number) {
  return {
    ...requested(form),
    ...buying(form),
    startsAt: ending(form, fromMs),
    biddersMax: form.whole('biddersMax'),
    rounds: form.whole('rounds'),
    firstPauseSeconds: form.whole('firstPauseSeconds', 0),
    pauseSeconds: form.whole('pauseSeconds', 0),
    turnSeconds: form.whole('turnSeconds'),
    announcementSeconds: form.whole('announcementSeconds', 1),
    minimalStep: decrement(form),
  };
}

/** When the rounds end at the latest: with as many suppliers as are let in. */
export function roundsEnd(body: Extract<ScheduleAuctionBody, { format: 'reverse_rounds' }>): string {
  const startMs = Date.parse(body.startsAt);
  if (Number.isNaN(startMs)) return '';
  return new Date(startMs + roundsSeconds(body, body.biddersMax) * 1000).toISOString();
}

export function sealedBuying(form: Reader) {
  return { ...requested(form), ...buying(form) };
}

const requested = (form: Reader) => ({ requestId: form.text('requestId'), ...form.may('quantity') });

function buying(form: Reader): Pick<ReverseOpen, 'scoring' | 'award' | 'floor' | 'reservePrice'> {
  const shares = form.list('awardShares');
  return {
    scoring: scoring(form),
    award:
      form.word('awardMode', ['quantity', 'shares']) === 'shares'
        ? { mode: 'shares', percents: needed(form, 'awardShares', shares) }
        : { mode: 'quantity' },
    ...(form.has('floorPrice')
      ? { floor: { price: form.need('floorPrice'), below: form.word('floorBelow', ['refuse', 'flag']) } }
      : {}),
    ...form.may('reservePrice'),
  };
}

function needed(form: Reader, name: string, values: string[]): string[] {
  if (values.length === 0) form.fault(name, 'field.required');
  return values;
}

function scoring(form: Reader): NonNullable<ReverseOpen['scoring']> {
  const mode = form.word('scoringMode', ['price', 'energy', 'mixed']);
  if (mode === 'price') return { mode };
  if (mode === 'energy') {
    return {
      mode,
      calorificReference: form.whole('calorificReference'),
      calorificMinimum: form.whole('calorificMinimum'),
      unit: form.word('calorificUnit', ['kcal_per_kg', 'j_per_g']),
      basis: form.word('calorificBasis', ['nar', 'gar', 'adb', 'db', 'daf']),
    };
  }
  return {
    mode,
    coefficientMinimum: form.need('coefficientMinimum'),
    coefficientMaximum: form.need('coefficientMaximum'),
  };
}

function decrement(form: Reader): Decrement {
  const value = form.need('decrementValue');
  return form.word('decrementMode', ['absolute', 'percent']) === 'absolute'
    ? { mode: 'absolute', amount: value }
    : { mode: 'percent', percent: value };
}
