/** Bugs that only an engine of one format can have, by that format. As in `broken-engines.ts`. */
import { type Bug, type Fields, type Lines, all, award, first, terms } from './broken-engines.ts';

/** The first event of a type, changed by what is merged into it. */
const change = (type: string, to: (event: Fields, lines: Lines) => Fields | null) =>
  first(type, ({ event }, lines) => {
    const fields = to(event, lines);
    Object.assign(event, fields);
    return fields !== null;
  });

const without = (type: string) => (lines: Lines) => {
  const place = lines.findIndex(({ events }) => events[0]?.['type'] === type);
  if (place >= 0) lines.splice(place, 1);
  return place >= 0;
};

/** The turn of a clock: its round, step or phase ends too early. */
const early = (lines: Lines): boolean => {
  const line = lines.find(({ command }) => command?.['type'] === 'turn_auction');
  if (line?.command) line.command['deadline'] -= 1;
  return line !== undefined && line.events[0]?.['type'] !== 'command_rejected';
};

const another = (event: Fields, type: string, lines: Lines): string | undefined =>
  all(lines, type).find((one) => one.event['accountId'] !== event['accountId'])?.event['accountId'];

/** Gives the whole award to somebody else who bid. */
const toAnother = (type: string) =>
  award(([one], _, lines) => {
    const other = one && another(one, type, lines);
    if (one && other) one['accountId'] = other;
    return other !== undefined;
  });

const CLOCK: readonly Bug[] = [
  {
    bug: 'the clock sells at another round’s price',
    falsify: award((awards) => (awards.forEach((one) => (one['price'] += 7)), true)),
  },
  {
    bug: 'a bidder wants more than the round before',
    falsify: (lines) => {
      const said = all(lines, 'quantity_stated').findLast(({ event }) => event['round'] > 1);
      if (said) said.event['quantity'] = terms(lines)['quantity'] + 1;
      return said !== undefined;
    },
  },
  {
    bug: 'demand is miscounted',
    falsify: change('clock_round_ended', ({ demand }) => ({ demand: demand + 1 })),
  },
  {
    bug: 'the clock stops while too much is wanted',
    falsify: change('clock_round_ended', ({ nextPrice }) =>
      nextPrice === null ? null : { nextPrice: null },
    ),
  },
  { bug: 'a round ends before its time', falsify: early },
];

const DUTCH: readonly Bug[] = [
  {
    bug: 'the price falls two steps at once',
    falsify: change('price_lowered', ({ step }) => ({ step: step + 1 })),
  },
  {
    bug: 'somebody buys at a price that is gone',
    falsify: change('price_accepted', ({ price }) => ({ price: price + 1 })),
  },
  {
    bug: 'more is sold than is left',
    falsify: (lines) => {
      const sale = all(lines, 'price_accepted').at(-1);
      if (sale) sale.event['allocated'] += 1;
      return sale !== undefined;
    },
  },
  {
    bug: 'all pay the first price',
    falsify: award((awards, _, lines) => {
      const [first] = all(lines, 'price_accepted');
      const differs = awards.some((one) => one['price'] !== first!.event['price']);
      for (const one of awards) one['price'] = first!.event['price'];
      return differs;
    }),
  },
  { bug: 'a step ends before its time', falsify: early },
];

const HYBRID: readonly Bug[] = [
  {
    bug: 'who took the price offers under seal',
    falsify: change('offer_taken', (event, lines) => {
      const who = all(lines, 'price_accepted')[0]?.event['accountId'];
      return who === undefined || who === event['accountId'] ? null : { accountId: who };
    }),
  },
  {
    bug: 'an offer no higher than the accepted price is taken',
    falsify: change('offer_taken', ({ price }, lines) =>
      price === null ? null : { price: all(lines, 'price_accepted')[0]!.event['price'] },
    ),
  },
  {
    bug: 'the seal is left out',
    falsify: change('hybrid_phase_started', ({ phase }) =>
      phase === 'sealed' ? { phase: 'best_bid' } : null,
    ),
  },
  { bug: 'a lower offer wins', falsify: toAnother('offer_taken') },
  {
    bug: 'the auction ends before the last word',
    falsify: change('auction_shortened', ({ closesAt }) => ({ closesAt: closesAt - 1 })),
  },
];

const SEALED: readonly Bug[] = [
  {
    bug: 'another price is opened than was sealed',
    falsify: change('sealed_bid_opened', ({ price }) => ({ price: price + 1 })),
  },
  {
    bug: 'a quantity is opened that was not sealed',
    falsify: change('sealed_bid_opened', ({ quantity }) => ({ quantity: quantity + 1 })),
  },
  {
    bug: 'a copied seal is taken',
    falsify(lines) {
      const last = new Map(all(lines, 'sealed_bid_accepted').map(({ event }) => [event['accountId'], event]));
      const [one, two] = [...last.values()];
      if (one && two) [one['digest'], one['ciphertext']] = [two['digest'], two['ciphertext']];
      return two !== undefined;
    },
  },
  {
    bug: 'a bid that breaks the terms counts',
    falsify: change('sealed_bid_opened', ({ fault }) =>
      fault === null || fault === 'merit_invalid' ? null : { fault: null },
    ),
  },
  {
    bug: 'a good bid is left out',
    falsify: change('sealed_bid_opened', ({ fault }) =>
      fault === null ? { fault: 'price_out_of_range' } : null,
    ),
  },
  { bug: 'any key opens', falsify: change('opening_share_given', () => ({ share: 'another' })) },
  {
    bug: 'one officer opens alone',
    falsify: (lines) =>
      all(lines, 'sealed_bids_decrypted').length > 0 && without('opening_share_given')(lines),
  },
  { bug: 'the opening begins before its time', falsify: early },
];

const REVERSE_OPEN: readonly Bug[] = [
  {
    bug: 'an offer above the ceiling is taken',
    falsify: change('offer_accepted', (_, lines) => ({ price: terms(lines)['startingPrice'] + 1 })),
  },
  { bug: 'a dearer offer wins', falsify: toAnother('offer_accepted') },
  {
    bug: 'an offer that improves nothing is taken',
    falsify: (lines) => {
      const offers = all(lines, 'offer_accepted');
      const again = offers.find(({ event }, place) =>
        offers.slice(0, place).some((one) => one.event['accountId'] === event['accountId']),
      );
      const before =
        again &&
        offers
          .slice(0, offers.indexOf(again))
          .findLast((one) => one.event['accountId'] === again.event['accountId']);
      if (!again || !before) return false;
      Object.assign(again.event, { price: before.event['price'], merit: before.event['merit'] });
      return true;
    },
  },
  {
    bug: 'heat is not looked at',
    falsify: change('offer_accepted', ({ merit }) =>
      merit?.calorificValue === undefined ? null : { merit: { ...merit, calorificValue: 1 } },
    ),
  },
  {
    bug: 'a supplier is told another share',
    falsify: change('offer_accepted', ({ allocated }) => ({ allocated: allocated + 1 })),
  },
];

const ROUNDS: readonly Bug[] = [
  {
    bug: 'the best offer speaks first',
    falsify: change('rounds_started', ({ bidderIds }) => ({ bidderIds: bidderIds.toReversed() })),
  },
  {
    bug: 'a supplier offers out of turn',
    falsify: change('turn_offer_made', (event, lines) => {
      const other = another(event, 'entry_offer_accepted', lines);
      return other === undefined ? null : { accountId: other };
    }),
  },
  {
    bug: 'an offer of a turn is forgotten',
    falsify: change('turn_ended', ({ offer }) => (offer === null ? null : { offer: null })),
  },
  {
    bug: 'an offer in turn does not improve',
    falsify: change('turn_offer_made', (_, lines) => ({ price: terms(lines)['startingPrice'] })),
  },
  { bug: 'a turn ends before its time', falsify: early },
  { bug: 'a dearer supplier wins', falsify: toAnother('entry_offer_accepted') },
];

export const FORMAT_BUGS: Readonly<Record<string, readonly Bug[]>> = {
  clock: CLOCK,
  dutch: DUTCH,
  dutch_hybrid: HYBRID,
  sealed_bid: SEALED,
  reverse_open: REVERSE_OPEN,
  reverse_rounds: ROUNDS,
};
