/** What every auction goes through, whatever it sells by. */
import type { Fields } from './chain.ts';
import { type Format, type Rule, type Trial, set } from './trial.ts';

const FIRST_PHASE = { dutch_hybrid: 'opening_pause', reverse_rounds: 'entry', sealed_bid: 'submission' };

const closed: readonly Rule[] = [
  [
    'closed_early',
    'no auction closes before its end, and no standstill',
    ({ state, at, end, remainingMs }) =>
      (state === 'open' && at >= end) || (state === 'standstill' && at >= remainingMs),
  ],
];

export const life: Format = {
  events: {
    command_rejected: () => {},
    auction_scheduled(trial, { terms }) {
      for (const who of [terms.ownerId, ...(terms.excludedIds ?? [])]) trial.barred.add(who);
      const phase = FIRST_PHASE[terms.format as keyof typeof FIRST_PHASE] ?? '';
      const [end, hardEnd] = [terms.closesAt, terms.softClose.hardEndAt ?? terms.closesAt];
      Object.assign(trial, { terms, phase, end, hardEnd, state: 'scheduled' });
    },
    auction_opened: set(() => ({ state: 'open' })),
    auction_extended: set((trial, { closesAt }) => ({ end: closesAt, extensions: trial.extensions + 1 })),
    auction_shortened: set((_, { closesAt }) => ({ end: closesAt })),
    auction_extended_for_outage: set((_, event) => ({ end: event.closesAt, hardEnd: event.hardEndAt })),
    auction_suspended: set((_, { remainingMs }) => ({ state: 'suspended', remainingMs })),
    auction_resumed: set((_, event) => ({ state: 'open', end: event.closesAt, hardEnd: event.hardEndAt })),
    bidder_excluded: (trial, { accountId }) => void trial.barred.add(accountId),
    auction_awarded: set((_, result) => ({ state: 'ended', result })),
    auction_unsold: set((_, result) => ({ state: 'ended', result })),
    auction_voided: set((_, result) => ({ state: 'ended', result })),
  },
  rules: {
    auction_scheduled: [
      ['scheduled_twice', 'an auction is scheduled once', ({ state }) => state === 'none'],
      ['terms_wrong', 'terms name more than nothing to sell', (_, { terms }) => terms.quantity > 0],
    ],
    auction_opened: [
      [
        'opened_early',
        'an auction opens once and not before its time',
        ({ state, at, terms, called }) =>
          state === 'scheduled' && at >= terms.opensAt && (called || terms.catalogue === undefined),
      ],
    ],
    auction_extended: [
      [
        'extension_wrong',
        'an extension moves the end later, within its bounds',
        ({ end, hardEnd, extensions, terms }, { closesAt }) =>
          closesAt > end && closesAt <= hardEnd && extensions < terms.softClose.extensionsMax,
      ],
    ],
    auction_shortened: [['end_wrong', 'an early end is early', ({ end }, { closesAt }) => closesAt <= end]],
    auction_extended_for_outage: [
      ['outage_wrong', 'an outage gives back what it took, and a quarter of an hour', givesBack],
    ],
    auction_suspended: [
      [
        'suspension_wrong',
        'only an open auction is suspended, with the time that is left',
        ({ state, at, end, terms }, { remainingMs }) =>
          state === 'open' && at < end && (terms.softClose.dailyStop != null || remainingMs === end - at),
      ],
    ],
    auction_resumed: [
      [
        'resumption_wrong',
        'after a pause remains what was left, at least five minutes',
        ({ state, at, remainingMs }, { closesAt }) =>
          state === 'suspended' && closesAt - at >= Math.max(300_000, remainingMs),
      ],
    ],
    auction_awarded: closed,
    auction_unsold: closed,
    auction_voided: [
      ['ended_twice', 'an auction ends once', ({ state }) => state !== 'ended' && state !== 'none'],
    ],
  },
};

/** A quarter of an hour, or the length planned where that is less. Nights are no time lost. */
function givesBack({ state, end, hardEnd, terms }: Trial, event: Fields): boolean {
  const moved = event.closesAt - end;
  const lost = terms.softClose.dailyStop == null ? event.downUntil - event.downFrom : 0;
  const least = Math.max(lost, Math.min(900_000, terms.closesAt - terms.opensAt));
  return (state === 'open' || state === 'scheduled') && moved >= least && event.hardEndAt - hardEnd === moved;
}
