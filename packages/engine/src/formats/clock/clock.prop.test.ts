import type { ClockEvent, ClockRejection } from './types.ts';
import { clockAim } from '../../oracle/clock/aim.ts';
import { naiveClock } from '../../oracle/clock/naive.ts';
import { describePromises } from '../../oracle/moving/promises.ts';

const EVENTS = {
  quantity_stated: true,
  clock_round_ended: true,
} satisfies Record<ClockEvent['type'], true>;
const REFUSALS = {
  bid_round_not_current: true,
  bid_entry_closed: true,
} satisfies Record<ClockRejection['code'], true>;

describePromises({ name: 'the clock', aim: clockAim, naive: naiveClock, events: EVENTS, refusals: REFUSALS });
