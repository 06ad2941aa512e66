/**
 * The slow twin of the SQL ledger: a list of postings and full recomputation for every question.
 * It shares no code with the SQL and is used by tests to find where the two disagree.
 */
import { ACCOUNT_KINDS, type AccountCode, parseAccountCode } from './accounts.ts';
import { type Leg, type Posting, currencyOf } from './posting.ts';

export type OracleAnswer =
  | 'applied'
  | 'exists'
  | 'effect_key_reused'
  | 'insufficient_funds'
  | 'hold_resolved'
  | 'hold_unknown'
  | 'hold_mismatch';

export type OracleBalance = {
  debitsPosted: bigint;
  creditsPosted: bigint;
  debitsPending: bigint;
  creditsPending: bigint;
};

export class OracleLedger {
  #history: Posting[] = [];

  get history(): readonly Posting[] {
    return this.#history;
  }

  apply(candidate: Posting): OracleAnswer {
    const same = this.#history.find((known) => known.effectKey === candidate.effectKey);
    if (same) return contentOf(same) === contentOf(candidate) ? 'exists' : 'effect_key_reused';
    const legs: Leg[] = this.#history.flatMap((known) => known.legs);
    for (const leg of candidate.legs) {
      const wrong = this.#wrongHold(legs, leg);
      if (wrong) return wrong;
      legs.push(leg);
      for (const account of [leg.debit, leg.credit]) {
        if (overdrawn(account, balanceOf(account, legs, this.#holdAmount))) return 'insufficient_funds';
      }
    }
    this.#history.push(candidate);
    return 'applied';
  }

  /**
   * All or none, as one caller's postings go together.
   * @returns a word for each, or one word that says why none was applied; `hold_wrong` for a hold that is not
   *   what its resolution says.
   */
  applyTogether(group: readonly Posting[]): readonly string[] {
    const before = [...this.#history];
    const words: string[] = [];
    for (const one of group) {
      const word = this.apply(one);
      if (word !== 'applied' && word !== 'exists') {
        this.#history = before;
        return [word === 'hold_unknown' || word === 'hold_mismatch' ? 'hold_wrong' : word];
      }
      words.push(word);
    }
    return words;
  }

  balance(account: AccountCode): OracleBalance {
    return balanceOf(
      account,
      this.#history.flatMap((known) => known.legs),
      this.#holdAmount,
    );
  }

  readonly #holdAmount = (holdKey: string): bigint => this.#hold(holdKey)?.amount ?? 0n;

  #hold(holdKey: string): Leg | undefined {
    return this.#history
      .find((known) => known.effectKey === holdKey)
      ?.legs.find((leg) => leg.phase === 'pending');
  }

  #wrongHold(legs: readonly Leg[], leg: Leg): OracleAnswer | undefined {
    if (leg.phase !== 'post_pending' && leg.phase !== 'void_pending') return undefined;
    const hold = this.#hold(leg.holdKey);
    if (!hold) return 'hold_unknown';
    if (legs.some((other) => 'holdKey' in other && other.holdKey === leg.holdKey)) return 'hold_resolved';
    const fits = leg.phase === 'void_pending' ? leg.amount === hold.amount : leg.amount <= hold.amount;
    return fits && leg.debit === hold.debit && leg.credit === hold.credit ? undefined : 'hold_mismatch';
  }
}

function overdrawn(account: AccountCode, balance: OracleBalance): boolean {
  if (!ACCOUNT_KINDS[parseAccountCode(account).kind].funded) return false;
  return balance.debitsPosted + balance.debitsPending > balance.creditsPosted;
}

function balanceOf(
  account: AccountCode,
  legs: readonly Leg[],
  holdAmount: (holdKey: string) => bigint,
): OracleBalance {
  const total: OracleBalance = { debitsPosted: 0n, creditsPosted: 0n, debitsPending: 0n, creditsPending: 0n };
  for (const leg of legs) {
    const posted = leg.phase === 'posted' || leg.phase === 'post_pending' ? leg.amount : 0n;
    const pending = leg.phase === 'pending' ? leg.amount : 'holdKey' in leg ? -holdAmount(leg.holdKey) : 0n;
    if (leg.debit === account) {
      total.debitsPosted += posted;
      total.debitsPending += pending;
    }
    if (leg.credit === account) {
      total.creditsPosted += posted;
      total.creditsPending += pending;
    }
  }
  return total;
}

function contentOf(value: Posting): string {
  const legs = value.legs.map((leg) =>
    [
      leg.phase,
      leg.debit,
      leg.credit,
      currencyOf(leg.debit),
      leg.amount,
      'holdKey' in leg ? leg.holdKey : '',
    ].join('|'),
  );
  return [value.reason, value.subject, ...legs].join('\n');
}
