/**
 * What may come after the close: a standstill in which the award is provisional, and bidders who wait for
 * awards that fall. And before the opening: a lot of a catalogue is called when the one before has ended.
 */
import { type Award, awardsOf } from './award.ts';
import type { Fields } from './chain.ts';
import { type Format, type Hear, type Rule, type Trial, set } from './trial.ts';

/** The awards as the record writes them. */
export const told = (awards: Fields): readonly Award[] =>
  (awards ?? []).map(({ accountId: who, price, quantity, bidSeq: seq }: Fields) => ({
    who,
    price,
    quantity,
    seq,
  }));

export function isSameAward(a: readonly Award[], b: readonly Award[]): boolean {
  const text = (awards: readonly Award[]): string =>
    awards
      .map(({ who, price, quantity, seq }) => `${who} ${price} ${quantity} ${seq}`)
      .sort()
      .join();
  return text(a) === text(b);
}

const withoutReserve = (trial: Trial): Trial => ({ ...trial, terms: { ...trial.terms, reservePrice: null } });

const inStandstill = (code: string, says: string, more: Rule[2] = () => true): Rule => [
  code,
  says,
  (trial, event) => trial.state === 'standstill' && more(trial, event),
];

/** An award of this account that is in one of these states. */
const among = (...states: readonly string[]): readonly Rule[] => [
  [
    'award_wrong',
    'an award goes step by step',
    ({ handed }, { number, accountId }) =>
      handed.get(number)?.accountId === accountId && states.includes(handed.get(number).state),
  ],
];

const move =
  (state: string): Hear =>
  ({ handed }, { number }) =>
    void Object.assign(handed.get(number) ?? {}, { state });

/** Lots of the awards that stand, and of those that the owner keeps. */
export function taken({ handed }: Trial): number {
  const counts = [...handed.values()].filter(({ state }) => state !== 'declined' && state !== 'lapsed');
  return counts.reduce((sum, { quantity }) => sum + quantity, 0);
}

export const afterwards: Format = {
  events: {
    auction_called: set(({ terms }, { opensAt, closesAt, hardEndAt }) => {
      const startsAt =
        terms.startsAt === undefined ? {} : { startsAt: terms.startsAt + opensAt - terms.opensAt };
      return {
        terms: { ...terms, opensAt, closesAt, ...startsAt },
        end: closesAt,
        hardEnd: hardEndAt,
        called: true,
      };
    }),
    auction_closed: set((_, event) => ({
      state: 'standstill',
      provisional: event,
      remainingMs: event.standstillEndsAt ?? 0,
    })),
    standstill_extended: set((_, { endsAt }) => ({ remainingMs: endsAt })),
    complaint_upheld: () => {},
    reserve_waived: set(({ terms, provisional }, { awards, waiting }) => ({
      terms: { ...terms, reservePrice: null },
      provisional: { ...provisional, awards, waiting },
    })),
    award_pending: ({ handed }, event) => void handed.set(event.number, { ...event, state: 'pending' }),
    award_confirmed: move('confirmed'),
    award_concluded: move('concluded'),
    award_declined: move('declined'),
    award_lapsed: move('lapsed'),
    award_released: move('released'),
    waiting_released: () => {},
    auction_completed: () => {},
  },
  rules: {
    auction_called: [
      [
        'called_wrong',
        'a lot is called once, and keeps its length',
        ({ state, called, terms }, { opensAt, closesAt }) =>
          state === 'scheduled' && !called && closesAt - opensAt === terms.closesAt - terms.opensAt,
      ],
    ],
    auction_closed: [
      [
        'closed_early',
        'no auction closes before its end',
        ({ state, at, end }) => state === 'open' && at >= end,
      ],
      [
        'award_differs',
        'the provisional award is the one the rules give',
        (trial, { awards }) => isSameAward(told(awards), awardsOf(trial)),
      ],
      [
        'award_differs',
        'so is what would be sold without a reserve',
        (trial, { belowReserve }) =>
          belowReserve === null || isSameAward(told(belowReserve.awards), awardsOf(withoutReserve(trial))),
      ],
      ['waiting_wrong', 'who waits has a bid, no more than it asked for, once', isWaiting],
      [
        'standstill_wrong',
        'a standstill lasts as long as the terms say',
        ({ terms, end }, { standstillEndsAt }) =>
          standstillEndsAt === (terms.standstill ? end + terms.standstill.periodMs : null),
      ],
    ],
    standstill_extended: [
      inStandstill(
        'standstill_wrong',
        'a standstill only grows longer',
        ({ remainingMs }, { endsAt }) => endsAt > remainingMs,
      ),
    ],
    complaint_upheld: [inStandstill('standstill_wrong', 'complaints are decided in the standstill')],
    reserve_waived: [
      inStandstill(
        'award_differs',
        'without its reserve the auction gives what the rules give',
        (trial, { awards }) => isSameAward(told(awards), awardsOf(withoutReserve(trial))),
      ),
    ],
    award_pending: [
      [
        'award_wrong',
        'awards are numbered, and more is never awarded than offered',
        (trial, { number, quantity }) =>
          number === trial.handed.size + 1 && taken(trial) + quantity <= trial.terms.quantity,
      ],
      ['award_wrong', 'the first are those of the result; what falls goes to who waits', isDue],
    ],
    award_confirmed: among('pending'),
    award_concluded: among('confirmed'),
    award_declined: among('pending', 'confirmed'),
    award_lapsed: among('pending', 'confirmed'),
    award_released: among('pending', 'confirmed'),
    auction_completed: [
      [
        'award_wrong',
        'it is over when every award is',
        ({ handed }) =>
          [...handed.values()].every(({ state }) => state !== 'pending' && state !== 'confirmed'),
      ],
    ],
  },
};

function isWaiting({ bids, terms }: Trial, { waiting, awards }: Fields): boolean {
  const names = new Set(waiting.map(({ accountId }: Fields) => accountId));
  const fits = ({ accountId, quantity, bidSeq }: Fields): boolean => {
    const own = [...bids.values()].filter(({ who }) => who === accountId);
    const won = told(awards).reduce((sum, award) => sum + (award.who === accountId ? award.quantity : 0), 0);
    return (
      quantity > 0 &&
      own.some((bid) => bid.seq === bidSeq && quantity <= bid.quantity) &&
      (own.length > 1 || quantity + won <= own[0]!.quantity)
    );
  };
  return (
    names.size === waiting.length &&
    waiting.length <= (terms.waiting?.biddersMaximum ?? 0) &&
    (terms.format === 'clock' || waiting.every(fits))
  );
}

function isDue({ handed, provisional }: Trial, event: Fields): boolean {
  const result = provisional?.awards ?? [];
  const { number, accountId, price, quantity } = event;
  if (number <= result.length) return isSameAward(told([event]), told([result[number - 1]]));
  const waits = (provisional?.waiting ?? []).find((one: Fields) => one.accountId === accountId);
  const own = [...handed.values()].filter((one) => one.accountId === accountId);
  const had = own.filter((one) => one.number > result.length);
  return (
    waits !== undefined &&
    !own.some(({ state }) => state === 'declined' || state === 'lapsed') &&
    price === waits.price &&
    had.reduce((sum, one) => sum + one.quantity, quantity) <= waits.quantity
  );
}
