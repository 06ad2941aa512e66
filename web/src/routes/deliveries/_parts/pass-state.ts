/** Where the truck of a pass is, and how that is shown. */
import type { PickupPass } from '@seam/protocol';
import type { Tone } from '#lib/ui/tone.ts';

type State = PickupPass['state'];
/** A pass whose time ran out with the truck outside stays as it was; what is shown says so. */
export type ShownState = State | 'expired';

const OUTSIDE: readonly State[] = ['created', 'sent', 'arrived'];
const INSIDE: readonly State[] = ['admitted', 'tared', 'loaded', 'weighed'];
export const isOutside = (state: State): boolean => OUTSIDE.includes(state);
export const isInside = (state: State): boolean => INSIDE.includes(state);

export function shownState(pass: Pick<PickupPass, 'state' | 'notAfter'>, now: number): ShownState {
  return isOutside(pass.state) && Date.parse(pass.notAfter) < now ? 'expired' : pass.state;
}

/** Its QR code may still open a gate. */
export const isGood = (shown: ShownState): boolean => shown !== 'expired' && isOutside(shown);

export const stateTone: Record<ShownState, Tone> = {
  created: 'good',
  sent: 'good',
  arrived: 'accent',
  admitted: 'accent',
  tared: 'accent',
  loaded: 'accent',
  weighed: 'accent',
  gate_out: 'info',
  refused: 'bad',
  cancelled: 'neutral',
  no_show: 'warn',
  expired: 'warn',
};
