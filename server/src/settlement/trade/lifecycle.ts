/** The life of a contract's settlement as a table: what is not listed cannot happen. */
import type { SettlementState } from '@seam/protocol';

export type SettlementMove =
  | 'fund'
  | 'default'
  | 'report_result'
  | 'dispute'
  | 'resume'
  | 'settle'
  | 'payout_fails'
  | 'retry_payout'
  | 'close'
  | 'cancel';

export const settlementLifecycle = {
  provisional_due: { fund: 'funded', default: 'defaulted', cancel: 'cancelled' },
  // Not paid in time: its security may be taken after notice; until that is decided paying cures it.
  defaulted: { fund: 'funded', cancel: 'cancelled' },
  // A delivery of which nothing was lifted in its time ends with the escrow going back.
  funded: { report_result: 'result_due', dispute: 'disputed', cancel: 'cancelled' },
  result_due: { settle: 'paying_out', dispute: 'disputed' },
  // Decided, or agreed on; or the dispute ends without either and the result stands as it did.
  disputed: { settle: 'paying_out', resume: 'result_due' },
  paying_out: { close: 'closed', payout_fails: 'payout_failed' },
  payout_failed: { retry_payout: 'paying_out', close: 'closed' },
  // The bank may send a payout back days after it was booked: then the seller has not been paid.
  closed: { payout_fails: 'payout_failed' },
  cancelled: {},
} as const satisfies Record<SettlementState, Partial<Record<SettlementMove, SettlementState>>>;

/** @returns undefined when the move is not possible from `state`. */
export function moveSettlement(state: SettlementState, move: SettlementMove): SettlementState | undefined {
  const moves: Partial<Record<SettlementMove, SettlementState>> = settlementLifecycle[state];
  return moves[move];
}

export const waitsFor = {
  provisional_due: 'buyer',
  defaulted: 'buyer',
  funded: 'seller',
  result_due: 'buyer',
  disputed: 'centre',
  paying_out: 'bank',
  payout_failed: 'centre',
  closed: null,
  cancelled: null,
} as const satisfies Record<SettlementState, 'buyer' | 'seller' | 'centre' | 'bank' | null>;
