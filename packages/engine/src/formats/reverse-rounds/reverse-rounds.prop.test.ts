import { describePromises } from '../../oracle/moving/promises.ts';
import { reverseRoundsAim } from '../../oracle/reverse-rounds/aim.ts';
import { naiveReverseRounds } from '../../oracle/reverse-rounds/naive.ts';
import type { ReverseRoundsEvent, ReverseRoundsRejection } from './types.ts';

const EVENTS = {
  entry_offer_accepted: true,
  rounds_started: true,
  rounds_skipped: true,
  rounds_moved: true,
  turn_offer_made: true,
  turn_offer_withdrawn: true,
  turn_ended: true,
} satisfies Record<ReverseRoundsEvent['type'], true>;
const REFUSALS = {
  auction_full: true,
  offer_without_entry: true,
  offer_out_of_turn: true,
  offer_nothing_to_withdraw: true,
  offer_not_improving: true,
  offer_merit_invalid: true,
  offer_price_above_start: true,
  offer_below_floor: true,
  bid_minimum_acceptable_invalid: true,
} satisfies Record<ReverseRoundsRejection['code'], true>;

describePromises({
  name: 'the reverse auction in rounds',
  aim: reverseRoundsAim,
  naive: naiveReverseRounds,
  events: EVENTS,
  refusals: REFUSALS,
});
