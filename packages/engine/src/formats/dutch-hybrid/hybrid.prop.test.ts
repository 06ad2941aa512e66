import type { DutchHybridEvent, DutchHybridRejection } from './types.ts';
import { hybridAim } from '../../oracle/dutch-hybrid/aim.ts';
import { naiveDutchHybrid } from '../../oracle/dutch-hybrid/naive.ts';
import { describePromises } from '../../oracle/moving/promises.ts';

const EVENTS = {
  price_accepted: true,
  price_lowered: true,
  offer_taken: true,
  hybrid_phase_started: true,
} satisfies Record<DutchHybridEvent['type'], true>;
const REFUSALS = {
  bid_step_not_current: true,
  bid_phase_not_current: true,
  bid_phase_of_others: true,
  bid_none_to_cancel: true,
  bid_below_increment: true,
  bid_above_maximum_increment: true,
} satisfies Record<DutchHybridRejection['code'], true>;

describePromises({
  name: 'the Dutch hybrid',
  aim: hybridAim,
  naive: naiveDutchHybrid,
  events: EVENTS,
  refusals: REFUSALS,
});
