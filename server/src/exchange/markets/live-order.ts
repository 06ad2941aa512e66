/** A resting order with its owner. Ticks and lots; changed in place by the market that holds it. */
export type LiveOrder = {
  readonly orderId: number;
  readonly accountId: string;
  readonly commandId: string | null;
  readonly line: number | null;
  readonly side: 'buy' | 'sell';
  price: number;
  quantity: number;
  remaining: number;
  readonly timeInForce: string;
  readonly expiresAt: number | null;
  /** Seq at which it took its place in the queue. */
  priority: number;
  readonly at: number;
};
