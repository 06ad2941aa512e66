import type { DutchEvent, DutchRejection } from './types.ts';
import { dutchAim } from '../../oracle/dutch/aim.ts';
import { naiveDutch } from '../../oracle/dutch/naive.ts';
import { describePromises } from '../../oracle/moving/promises.ts';

const EVENTS = {
  price_accepted: true,
  price_lowered: true,
} satisfies Record<DutchEvent['type'], true>;
const REFUSALS = {
  bid_step_not_current: true,
  bid_remaining_insufficient: true,
  bid_minimum_acceptable_invalid: true,
} satisfies Record<DutchRejection['code'], true>;

describePromises({
  name: 'the Dutch auction',
  aim: dutchAim,
  naive: naiveDutch,
  events: EVENTS,
  refusals: REFUSALS,
});
