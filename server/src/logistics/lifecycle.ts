/** The lives of a delivery order and of a pickup pass as tables: what is not listed cannot happen. */
import type { PassMove, PassState } from '@seam/protocol';
import { type Refusal, refuse } from '../platform/refusal.ts';

export const orderLifecycle = {
  active: { suspend: 'suspended', end: 'completed' },
  // Its time goes on: a suspension does not lengthen the window.
  suspended: { resume: 'active', end: 'completed' },
  completed: {},
} as const;
export type OrderState = keyof typeof orderLifecycle;
/** How it ended: all was lifted, its window is over, or the buyer wanted no more. */
export type OrderEnd = 'exhausted' | 'expired' | 'closed';

/** Why nothing moves under this order now. */
export function orderRefusal({ state }: { readonly state: OrderState }): Refusal | undefined {
  if (state === 'active') return undefined;
  return refuse(state === 'suspended' ? 'delivery_order.suspended' : 'delivery_order.completed');
}

export const passLifecycle = {
  created: {
    send: 'sent',
    arrive: 'arrived',
    admit: 'admitted',
    tare: 'tared',
    weigh_out: 'gate_out',
    refuse: 'refused',
    cancel: 'cancelled',
    lapse: 'no_show',
  },
  sent: {
    arrive: 'arrived',
    admit: 'admitted',
    tare: 'tared',
    weigh_out: 'gate_out',
    refuse: 'refused',
    cancel: 'cancelled',
    lapse: 'no_show',
  },
  // It came, and was not let in while its pass was good: that is no truck that stayed away.
  arrived: {
    admit: 'admitted',
    tare: 'tared',
    weigh_out: 'gate_out',
    refuse: 'refused',
    cancel: 'cancelled',
    lapse: 'refused',
  },
  // From here on the truck is inside: only weighing out, sending away or the end of the order lets it go.
  admitted: { tare: 'tared', weigh_out: 'gate_out', refuse: 'refused' },
  // Weighed empty again, the later weight counts.
  tared: { tare: 'tared', load: 'loaded', weigh: 'weighed', weigh_out: 'gate_out', refuse: 'refused' },
  loaded: { weigh: 'weighed', weigh_out: 'gate_out', refuse: 'refused' },
  weighed: { leave: 'gate_out' },
  gate_out: {},
  refused: {},
  cancelled: {},
  // A gate without network tells late of a truck that came in time.
  no_show: { admit: 'admitted' },
} as const satisfies Record<PassState, Partial<Record<PassMove, PassState>>>;

/** @returns undefined when the move is not possible from `state`. */
export function nextPassState(state: PassState, move: PassMove): PassState | undefined {
  const moves: Partial<Record<PassMove, PassState>> = passLifecycle[state];
  return moves[move];
}

/** Waits outside: its pass may still be let in. */
export const OUTSIDE = ['created', 'sent', 'arrived'] as const satisfies readonly PassState[];
/** Stands on the seller's ground, with coal that counts against the order. */
export const INSIDE = ['admitted', 'tared', 'loaded', 'weighed'] as const satisfies readonly PassState[];

const among = (states: readonly PassState[], state: PassState): boolean => states.includes(state);
export const isOutside = (state: PassState): boolean => among(OUTSIDE, state);
export const isInside = (state: PassState): boolean => among(INSIDE, state);
