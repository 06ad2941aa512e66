/** Postings and answers as they cross to SQL (migrations/0035_ledger_batch.sql). */
import type { AccountCode, Posting } from '@seam/ledger';
import { type Minor, minor } from '@seam/units';

export type PostRefusal =
  | {
      readonly ok: false;
      readonly code: 'ledger.insufficient_funds';
      readonly account: AccountCode;
      readonly required: Minor;
      readonly available: Minor;
    }
  /** Another effect has posted or voided the hold: whoever came first has it. */
  | { readonly ok: false; readonly code: 'ledger.hold_resolved' };
export type PostOutcome =
  /** One word for each posting, in order. `exists`: exactly this was applied before. */
  { readonly ok: true; readonly outcomes: readonly ('applied' | 'exists')[] } | PostRefusal;

/** SQLSTATEs that mean a mistake of ours or tampering, never a business answer. */
export const LEDGER_STATES = {
  effectKeyReused: 'SL002',
  crossesCurrencies: 'SL003',
  holdMismatch: 'SL005',
  malformed: 'SL006',
  immutable: 'SL007',
} as const;

/** A posting that no rule of ours makes; `code` is one of LEDGER_STATES. Nothing of its group was applied. */
export class LedgerMistake extends Error {
  override readonly name = 'LedgerMistake';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export type Answer = {
  readonly ok: boolean;
  readonly outcomes?: ('applied' | 'exists')[];
  readonly code?: PostRefusal['code'];
  readonly account?: string;
  readonly required?: string;
  readonly available?: string;
  /** A mistake: SQLSTATE and what is wrong. */
  readonly state?: string;
  readonly message?: string;
  /** Not decided: another transaction holds an account of the group. */
  readonly busy?: true;
};

/** @throws LedgerMistake. */
export function outcomeOf(answer: Answer): PostOutcome {
  if (answer.ok) return { ok: true, outcomes: answer.outcomes ?? [] };
  if (answer.state !== undefined) throw new LedgerMistake(answer.state, answer.message ?? '');
  if (answer.code === 'ledger.hold_resolved') return { ok: false, code: answer.code };
  return {
    ok: false,
    code: 'ledger.insufficient_funds',
    account: answer.account!,
    required: minor(BigInt(answer.required!)),
    available: minor(BigInt(answer.available!)),
  };
}

export function encode(postings: readonly Posting[]): string {
  return JSON.stringify(
    postings.map(({ effectKey, reason, subject, legs }) => ({
      effectKey,
      reason,
      subject,
      legs: legs.map((leg) => ({ ...leg, amount: leg.amount.toString() })),
    })),
  );
}
