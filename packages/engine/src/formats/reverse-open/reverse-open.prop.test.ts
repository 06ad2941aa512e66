import { describePromises } from '../../oracle/moving/promises.ts';
import { reverseOpenAim } from '../../oracle/reverse-open/aim.ts';
import { naiveReverseOpen } from '../../oracle/reverse-open/naive.ts';
import type { ReverseOpenEvent, ReverseOpenRejection } from './types.ts';

const EVENTS = {
  offer_accepted: true,
  auction_extended: true,
} satisfies Record<ReverseOpenEvent['type'] | 'auction_extended', true>;
const REFUSALS = {
  offer_merit_invalid: true,
  offer_price_above_start: true,
  offer_below_floor: true,
  offer_below_decrement: true,
  offer_not_improving: true,
  bid_minimum_acceptable_invalid: true,
} satisfies Record<ReverseOpenRejection['code'], true>;

describePromises({
  name: 'the open reverse auction',
  aim: reverseOpenAim,
  naive: naiveReverseOpen,
  events: EVENTS,
  refusals: REFUSALS,
  // It has no turns of its own, so none is due and none ends it early.
  without: ['auction_shortened', 'auction_turn_due'],
});
