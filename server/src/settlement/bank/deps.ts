/** What the bank side of settlement needs from outside, and what it tells. */
import type { Currency, Minor } from '@seam/units';
import type { Sql } from 'postgres';
import type { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/db.ts';
import type { SigningKey } from './keys.ts';
import type { BankPort } from './port.ts';

type Log = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/**
 * What became true. Told inside the transaction that made it true, exactly once, so that the
 * receiver's rows commit with the money or not at all.
 */
export type BankFact =
  | {
      readonly type: 'deposit_credited';
      readonly orgId: string;
      readonly currency: Currency;
      readonly amount: Minor;
      readonly lineRef: string;
      /** What the reference was made for; null: nothing in particular. */
      readonly obligationKey: string | null;
    }
  /** `owed`: what free money did not cover. Above zero the member must top up and may not bid. */
  | {
      readonly type: 'deposit_returned';
      readonly orgId: string;
      readonly currency: Currency;
      readonly amount: Minor;
      readonly owed: Minor;
      readonly lineRef: string;
    }
  | {
      readonly type: 'payment_settled' | 'payment_rejected' | 'payment_failed' | 'payment_returned';
      readonly paymentId: string;
      readonly obligationKey: string;
      readonly orgId: string;
      readonly reason: string | null;
    }
  | {
      readonly type: 'account_certified';
      readonly requestId: string;
      readonly matched: boolean;
      /** Which of `account_number`, `holder_name`, `legal_id`, `currency`, `bank_code` differ at the bank. */
      readonly differences: readonly string[];
    }
  | {
      readonly type: 'case_opened';
      readonly kind: string;
      readonly subject: string;
      readonly detail: string;
    };

export type BankDeps = {
  readonly sql: Sql;
  readonly clock: Clock;
  readonly log: Log;
  /** Shared with the bank for both directions; the first signs, each verifies (for key rotation). */
  readonly secrets: readonly string[];
  /** Our own, which the bank is told; absent: we sign with the secret alone. */
  readonly keys?: readonly SigningKey[];
  readonly port: BankPort;
  readonly onFact?: (tx: Tx, fact: BankFact) => Promise<void>;
  /** Called after a message was stored, so that it is processed at once. */
  readonly wake?: () => void;
};

/** What a step of processing works with: the open transaction, its instant, and where facts go. */
export type BankStep = {
  readonly tx: Tx;
  readonly now: Date;
  readonly tell: (fact: BankFact) => Promise<void>;
};

export function stepOf(deps: Pick<BankDeps, 'clock' | 'onFact'>, tx: Tx): BankStep {
  return { tx, now: deps.clock.now(), tell: async (fact) => deps.onFact?.(tx, fact) };
}
