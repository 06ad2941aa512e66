/** What is being typed into the ticket; the ladder writes into it too. */
import type { OrderInput } from '@seam/protocol';

export type TimeInForce = OrderInput['timeInForce'];
export const TIMES: readonly TimeInForce[] = [
  'day',
  'good_till_cancel',
  'good_till_date',
  'immediate_or_cancel',
  'fill_or_kill',
];

export class Ticket {
  side = $state<'buy' | 'sell'>('buy');
  price = $state('');
  quantity = $state('');
  timeInForce = $state<TimeInForce>('day');
  /** As the field shows it: local time. */
  expiresAt = $state('');
  postOnly = $state(false);
  minimumQuantity = $state('');
  /** Counts prices taken from the ladder: the field then takes the focus. */
  picks = $state(0);

  /** @param lot the least that can be traded, tonnes. */
  constructor(lot: string) {
    this.quantity = lot;
  }

  pick(price: string): void {
    this.price = price;
    this.picks += 1;
  }
}
