/** What the ledger shows: balances now and at a past instant, statements, the trial balance, the proof. */
import type { AccountKind, PostingReason } from '@seam/ledger';
import { type Currency, type Minor, minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';

export type AccountBalance = {
  readonly code: string;
  readonly currency: Currency;
  readonly kind: AccountKind;
  readonly contractId: string | null;
  /** Positive on the account's normal side. Includes what is on hold. */
  readonly balance: Minor;
  /** Reserved by holds that are not resolved. */
  readonly held: Minor;
  /** What may be used now. */
  readonly available: Minor;
};

/** Every account of an organisation (or of `platform`), by currency and kind. */
export async function balances(tx: Connection, orgId: string): Promise<AccountBalance[]> {
  const rows = await tx<Raw<AccountBalance, 'balance' | 'held' | 'available'>[]>`
    select code, currency, kind, contract_id as "contractId", balance::text, held::text, available::text
      from ledger_balance where owner = ${orgId} order by currency, kind, contract_id`;
  return rows.map((row) => ({
    ...row,
    balance: money(row.balance),
    held: money(row.held),
    available: money(row.available),
  }));
}

export type PastBalance = Pick<AccountBalance, 'code' | 'currency' | 'kind' | 'contractId'> & {
  readonly debitsPosted: Minor;
  readonly creditsPosted: Minor;
  readonly debitsPending: Minor;
  readonly creditsPending: Minor;
};

/** The totals of every account of `orgId` at an instant; accounts without an entry by then are absent. */
export async function balancesAt(tx: Connection, orgId: string, at: Date): Promise<PastBalance[]> {
  type Columns = 'debitsPosted' | 'creditsPosted' | 'debitsPending' | 'creditsPending';
  const rows = await tx<Raw<PastBalance, Columns>[]>`
    select code, currency, kind, contract_id as "contractId", debits_posted::text as "debitsPosted",
           credits_posted::text as "creditsPosted", debits_pending::text as "debitsPending",
           credits_pending::text as "creditsPending"
      from ledger_balance_at(${orgId}, ${at.toISOString()}::text::timestamptz) order by currency, kind, contract_id`;
  return rows.map((row) => ({
    ...row,
    debitsPosted: money(row.debitsPosted),
    creditsPosted: money(row.creditsPosted),
    debitsPending: money(row.debitsPending),
    creditsPending: money(row.creditsPending),
  }));
}

export type StatementLine = {
  readonly account: string;
  readonly effectKey: string;
  /** Place in the account's history: 1, 2, 3, … without gaps. */
  readonly entryNo: number;
  readonly at: Date;
  readonly reason: PostingReason;
  readonly subject: string;
  readonly side: 'debit' | 'credit';
  readonly counterAccount: string;
  /** Moved for good. */
  readonly posted: Minor;
  /** Put on hold; negative where a hold ended. */
  readonly pending: Minor;
  /** Credits less debits after this line. */
  readonly balanceAfter: Minor;
  readonly heldAfter: Minor;
};

/** One page at most. */
const STATEMENT_LINES_MAX = 200;

export type StatementPage = {
  /** Entry number to continue below; absent starts at the newest. */
  readonly before?: number;
  readonly limit?: number;
  readonly reason?: string;
  /** From this instant on. */
  readonly from?: string;
  /** Before this instant. */
  readonly to?: string;
};

/** Lines of one account, newest first. */
export async function statement(
  tx: Connection,
  account: string,
  page: StatementPage = {},
): Promise<StatementLine[]> {
  const { reason = null, from = '-infinity', to = 'infinity' } = page;
  const limit = Math.min(page.limit ?? STATEMENT_LINES_MAX, STATEMENT_LINES_MAX);
  type Columns = 'posted' | 'pending' | 'balanceAfter' | 'heldAfter';
  const rows = await tx<Raw<StatementLine, Columns | 'entryNo'>[]>`
    select e.account, f.effect_key as "effectKey", e.entry_no::text as "entryNo", e.at, f.reason, f.subject, e.side,
           case e.side when 'debit' then t.credit_account else t.debit_account end as "counterAccount",
           e.posted::text, e.pending::text, (e.credits_posted - e.debits_posted)::text as "balanceAfter",
           e.debits_pending::text as "heldAfter"
      from ledger_entry e
      join ledger_transfer t on t.key = e.transfer_key
      join ledger_effect f on f.effect_key = t.effect_key
     where e.account = ${account} and e.entry_no < ${String(page.before ?? Number.MAX_SAFE_INTEGER)}::text::bigint
       and (${reason}::text is null or f.reason = ${reason}::text)
       and e.at >= ${from}::text::timestamptz and e.at < ${to}::text::timestamptz
     order by e.entry_no desc limit ${limit}`;
  return rows.map((row) => ({
    ...row,
    entryNo: Number(row.entryNo),
    posted: money(row.posted),
    pending: money(row.pending),
    balanceAfter: money(row.balanceAfter),
    heldAfter: money(row.heldAfter),
  }));
}

export type TrialBalanceLine = {
  readonly currency: Currency;
  readonly kind: AccountKind;
  readonly accounts: number;
  readonly debitsPosted: bigint;
  readonly creditsPosted: bigint;
  readonly debitsPending: bigint;
  readonly creditsPending: bigint;
};

/**
 * All accounts by currency and kind, now or as they were at an instant. Debits and credits of each currency sum to
 * the same at every instant, because both entries of a transfer have the same.
 */
export async function trialBalance(tx: Connection, at: Date | null = null): Promise<TrialBalanceLine[]> {
  type Columns = 'debitsPosted' | 'creditsPosted' | 'debitsPending' | 'creditsPending';
  const rows = await tx<Raw<TrialBalanceLine, Columns | 'accounts'>[]>`
    select currency, kind, accounts::text, debits_posted::text as "debitsPosted",
           credits_posted::text as "creditsPosted", debits_pending::text as "debitsPending",
           credits_pending::text as "creditsPending"
      from ${at ? tx`ledger_trial_balance_at(${at.toISOString()}::text::timestamptz)` : tx`ledger_trial_balance`}
     order by currency, kind`;
  return rows.map((row) => ({
    ...row,
    accounts: Number(row.accounts),
    debitsPosted: BigInt(row.debitsPosted),
    creditsPosted: BigInt(row.creditsPosted),
    debitsPending: BigInt(row.debitsPending),
    creditsPending: BigInt(row.creditsPending),
  }));
}

/**
 * Recomputes the whole ledger from its transfers, however many there are; `auditLedger` does it in parts.
 * Anything in the answer is an alarm: stop payouts.
 */
export async function checkLedger(tx: Connection): Promise<{ broken: string; detail: string }[]> {
  return [...(await tx<{ broken: string; detail: string }[]>`select broken, detail from ledger_check()`)];
}

type Raw<T, K extends keyof T> = Omit<T, K> & { readonly [key in K]: string };

function money(text: string): Minor {
  return minor(BigInt(text));
}
