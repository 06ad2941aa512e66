/**
 * Payment instructions: money reserved first, then approved, sent, and followed until the bank's own
 * line says what happened. Ranks rise only; SQL holds that (migrations/0009_payments.sql).
 */
import { type Payout, payoutCancelled, payoutReserved } from '@seam/ledger';
import { type Currency, type Minor, formatMoney, minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import { type PostRefusal, post } from '../ledger/ledger.ts';
import { withdrawable } from './accounts.ts';
import { type Refused, openCase } from './cases.ts';
import type { BankFact, BankStep } from './deps.ts';
import { bankIdOf } from './identifier.ts';
import type { BankParty } from './iso20022/pain001.ts';
import type { PaymentStatus as ReportedStatus } from './iso20022/pain002.ts';

export const PAYMENT_RANKS = {
  created: 0,
  approved: 10,
  sending: 20,
  unknown: 30,
  accepted: 40,
  rejected: 45,
  failed: 50,
  settled: 60,
  returned: 70,
} as const;
export type PaymentState = keyof typeof PAYMENT_RANKS;

export type Payment = Payout & {
  readonly obligationKey: string;
  readonly endToEndId: string;
  readonly creditor: BankParty;
  readonly remittance: string;
  readonly createdBy: string;
  readonly approvalsRequired: number;
  readonly status: PaymentState;
  readonly reason: string | null;
};

export type NewPayment = {
  /** What is owed, unique in time among live payments: `payout:<contract>`, `withdrawal:<id>`. */
  readonly obligationKey: string;
  readonly orgId: string;
  readonly source: Payout['source'];
  readonly amount: Minor;
  readonly currency: Currency;
  readonly creditor: BankParty;
  readonly remittance: string;
  /** Person, or `system`. May not approve. */
  readonly createdBy: string;
  /** What the caller asks for. The limit of the currency, and the failure of an earlier one, may ask for more. */
  readonly approvalsRequired: number;
  /** A rejected, failed or returned payment that this one stands in for; absent: the last one of the obligation. */
  readonly replaces?: string;
};

/**
 * Reserves the money and makes the instruction. The money is out of reach from here on until the bank
 * has paid it or has definitely not.
 */
export async function createPayment(
  step: BankStep,
  wanted: NewPayment,
): Promise<
  | { ok: true; payment: Payment }
  | { ok: false; code: 'payment.already_live'; paymentId: string }
  | { ok: false; code: 'payment.not_withdrawable'; available: Minor }
  | PostRefusal
> {
  const [live] = await step.tx<
    { id: string }[]
  >`select id from payment where obligation_key = ${wanted.obligationKey}
    and status not in ('rejected', 'failed', 'returned')`;
  if (live) return { ok: false, code: 'payment.already_live', paymentId: live.id };
  if (wanted.source === 'free') {
    const available = await withdrawable(step.tx, wanted.orgId, wanted.currency);
    if (available < wanted.amount) return { ok: false, code: 'payment.not_withdrawable', available };
  }
  const earlier = await replacedBy(step.tx, wanted);
  if (earlier && !ENDED.includes(earlier.status))
    return { ok: false, code: 'payment.already_live', paymentId: earlier.id };
  const approvalsRequired = Math.max(
    wanted.approvalsRequired,
    await approvalsAbove(step.tx, wanted),
    // The bank has said no to a rejected one at once; these two may have left, or have been away.
    earlier && earlier.status !== 'rejected' ? REPLACEMENT_APPROVALS : 0,
  );
  const id = newId();
  const reserved = await post(step.tx, payoutReserved({ ...wanted, paymentId: id }));
  if (!reserved.ok) return reserved;
  const status: PaymentState = approvalsRequired === 0 ? 'approved' : 'created';
  const at = step.now.toISOString();
  const { name, account, bank } = wanted.creditor;
  // A rival for the same obligation ends here on the unique index: its whole transaction is undone.
  await step.tx`insert into payment (id, obligation_key, end_to_end_id, org_id, source, amount, currency, creditor_name,
      creditor_account, creditor_bank_code_kind, creditor_bank_code, remittance, created_by, approvals_required,
      replaces, created_at, status, rank, changed_at)
    values (${id}, ${wanted.obligationKey}, ${bankIdOf(id)}, ${wanted.orgId}, ${wanted.source},
      ${wanted.amount.toString()}::text::bigint, ${wanted.currency}, ${name}, ${account}, ${bank.kind}, ${bank.code},
      ${wanted.remittance}, ${wanted.createdBy}, ${approvalsRequired}, ${earlier?.id ?? null},
      ${at}::text::timestamptz, ${status}, ${PAYMENT_RANKS[status]}, ${at}::text::timestamptz)`;
  const payment = await paymentById(step.tx, id);
  assert(payment, `payment ${id} was just written`);
  return { ok: true, payment };
}

const ENDED: readonly PaymentState[] = ['rejected', 'failed', 'returned'];
const REPLACEMENT_APPROVALS = 2;

/** A new identity for what was instructed before says which one it stands in for. */
async function replacedBy(
  tx: Connection,
  wanted: NewPayment,
): Promise<{ id: string; status: PaymentState } | undefined> {
  const [row] = await tx<{ id: string; status: PaymentState }[]>`
    select id, status from payment
     where ${wanted.replaces === undefined ? tx`obligation_key = ${wanted.obligationKey}` : tx`id = ${wanted.replaces}`}
       and ${wanted.replaces === undefined ? tx`not exists (select from payment n where n.replaces = payment.id)` : tx`true`}
     order by created_at desc limit 1`;
  return row;
}

async function approvalsAbove(
  tx: Connection,
  { currency, amount }: Pick<NewPayment, 'currency' | 'amount'>,
): Promise<number> {
  const [row] = await tx<{ approvals: number }[]>`select approvals::int from payment_limit
    where currency = ${currency} and above <= ${amount.toString()}::text::bigint`;
  return row?.approvals ?? 0;
}

/** Never its maker, and each person once. */
export function mayBeApprovedBy(
  payment: Pick<Payment, 'status' | 'createdBy'> & { readonly approvedBy: readonly string[] },
  personId: string,
): boolean {
  return (
    payment.status === 'created' && payment.createdBy !== personId && !payment.approvedBy.includes(personId)
  );
}

/** One more pair of eyes. The last one needed releases the payment for sending. */
export async function approvePayment(
  step: BankStep,
  approval: { paymentId: string; personId: string },
): Promise<
  | { ok: true; status: PaymentState }
  | Refused<'payment.unknown' | 'payment.self_approval' | 'payment.not_awaiting_approval'>
> {
  const payment = await paymentById(step.tx, approval.paymentId, 'lock');
  if (!payment) return { ok: false, code: 'payment.unknown' };
  if (payment.status !== 'created') return { ok: false, code: 'payment.not_awaiting_approval' };
  if (payment.createdBy === approval.personId) return { ok: false, code: 'payment.self_approval' };
  await step.tx`insert into payment_approval (payment_id, person_id, at)
    values (${payment.paymentId}, ${approval.personId}, ${step.now.toISOString()}::text::timestamptz) on conflict do nothing`;
  const [row] = await step.tx<{ people: number }[]>`select count(*)::int as people from payment_approval
    where payment_id = ${payment.paymentId}`;
  if (row!.people < payment.approvalsRequired) return { ok: true, status: 'created' };
  await raisePayment(step, payment, 'approved', { nextInquiryAt: null });
  return { ok: true, status: 'approved' };
}

/** Moves a payment up. @returns false when it is there or higher already. */
export async function raisePayment(
  step: BankStep,
  payment: Pick<Payment, 'paymentId'>,
  status: PaymentState,
  more: { reason?: string; nextInquiryAt: Date | null },
): Promise<boolean> {
  const { count } = await step.tx`update payment set status = ${status}, rank = ${PAYMENT_RANKS[status]},
      changed_at = ${step.now.toISOString()}::text::timestamptz, reason = coalesce(${more.reason ?? null}::text, reason),
      next_inquiry_at = ${more.nextInquiryAt?.toISOString() ?? null}::text::timestamptz
    where id = ${payment.paymentId} and rank < ${PAYMENT_RANKS[status]}`;
  return count === 1;
}

/** A promised settlement that no line has confirmed by then is a case (two-source rule). */
const SETTLEMENT_MS_MAX = 24 * 60 * 60 * 1000;

/** What the bank said about a payment. A claim: money moves on lines, not on statuses. */
export async function applyReportedStatus(step: BankStep, reported: ReportedStatus): Promise<void> {
  const payment = await paymentByEndToEndId(step.tx, reported.endToEndId, 'lock');
  if (!payment) {
    await openCase(step, 'payment_unknown', reported.endToEndId, {
      code: 'status_unknown',
      status: reported.status,
    });
    return;
  }
  if (reported.status !== 'RJCT') {
    const nextInquiryAt = new Date(step.now.getTime() + SETTLEMENT_MS_MAX);
    await raisePayment(step, payment, 'accepted', { nextInquiryAt });
    return;
  }
  const reason = [reported.reason, reported.detail].filter(Boolean).join(' ') || 'rejected';
  await endWithoutPaying(step, payment, 'rejected', reason);
}

/**
 * The bank will not pay: the reservation ends. After the bank's line said otherwise this changes
 * nothing and opens a case.
 */
async function endWithoutPaying(
  step: BankStep,
  payment: Payment,
  status: 'rejected' | 'failed',
  reason: string,
): Promise<void> {
  if (!(await raisePayment(step, payment, status, { reason, nextInquiryAt: null }))) {
    if (PAYMENT_RANKS[payment.status] >= PAYMENT_RANKS.settled) {
      const said = { ...paymentNote(payment), status, before: payment.status, reason };
      await openCase(step, 'status_contradiction', payment.endToEndId, { code: 'status_after', ...said });
    }
    return;
  }
  const outcome = await post(step.tx, payoutCancelled(payment));
  // The rank rose from below `rejected`, and only lines and this function resolve the hold.
  if (!outcome.ok) {
    const said = { ...paymentNote(payment), status, reason };
    await openCase(step, 'status_contradiction', payment.endToEndId, { code: 'money_has_left', ...said });
  }
  await step.tell(
    paymentFact(status === 'rejected' ? 'payment_rejected' : 'payment_failed', payment, reason),
  );
}

/** For how long a bank may still carry out what it was sent: afterwards its "not found" is an answer. */
export const BANK_WINDOW_DAYS = 7;
const DAY_MS = 24 * 60 * 60 * 1000;

type NotFailed =
  | 'payment.unknown'
  | 'payment.needs_two_people'
  | 'payment.not_in_doubt'
  | 'payment.window_open'
  | 'payment.statement_missing';

/**
 * The bank has declared in writing that it did not pay, and two people agree: only when its window is over, and a
 * reconciled statement of a later day does not know the payment.
 */
export async function failPayment(
  step: BankStep,
  decision: { paymentId: string; people: readonly [string, string]; reason: string },
): Promise<{ ok: true } | Refused<NotFailed>> {
  if (decision.people[0] === decision.people[1]) return { ok: false, code: 'payment.needs_two_people' };
  const payment = await paymentById(step.tx, decision.paymentId, 'lock');
  if (!payment) return { ok: false, code: 'payment.unknown' };
  const open = await mayFail(step, payment);
  if (open) return { ok: false, code: open };
  await endWithoutPaying(step, payment, 'failed', `${decision.reason} (${decision.people.join(', ')})`);
  return { ok: true };
}

/** Why nobody may say yet that this payment was not made; nothing where one may. */
export async function mayFail(
  step: BankStep,
  payment: Payment,
): Promise<Exclude<NotFailed, 'payment.unknown' | 'payment.needs_two_people'> | undefined> {
  if (payment.status !== 'unknown' && payment.status !== 'accepted') return 'payment.not_in_doubt';
  const [last] = await step.tx<{ at: Date | null; clean: boolean | null }[]>`
    select max(a.started_at) as at, o.statement_day > (max(a.started_at) at time zone 'utc')::date as clean
      from payment_attempt a join payment p on p.id = a.payment_id left join bank_own_account o on o.currency = p.currency
     where a.payment_id = ${payment.paymentId} group by o.statement_day`;
  if (last?.at && step.now.getTime() - last.at.getTime() < BANK_WINDOW_DAYS * DAY_MS)
    return 'payment.window_open';
  return last?.clean ? undefined : 'payment.statement_missing';
}

/** What every case about a payment says. */
export function paymentNote({ currency, amount, creditor }: Payment): Record<string, string> {
  return { currency, amount: formatMoney(amount), name: creditor.name };
}

export function paymentFact(
  type: Extract<BankFact, { paymentId: string }>['type'],
  payment: Payment,
  reason: string | null,
): BankFact {
  const { paymentId, obligationKey, orgId } = payment;
  return { type, paymentId, obligationKey, orgId, reason };
}

export async function paymentById(tx: Connection, id: string, lock?: 'lock'): Promise<Payment | undefined> {
  const [row] = await tx<
    PaymentRow[]
  >`select * from payment where id = ${id} ${lock ? tx`for update` : tx``}`;
  return row && paymentOf(row);
}

export async function paymentByEndToEndId(
  tx: Connection,
  id: string,
  lock?: 'lock',
): Promise<Payment | undefined> {
  const [row] = await tx<
    PaymentRow[]
  >`select * from payment where end_to_end_id = ${id} ${lock ? tx`for update` : tx``}`;
  return row && paymentOf(row);
}

type PaymentRow = Readonly<Record<string, unknown>> & { readonly amount: string };

function paymentOf(row: PaymentRow): Payment {
  const text = (name: string): string => row[name] as string;
  return {
    paymentId: text('id'),
    obligationKey: text('obligation_key'),
    endToEndId: text('end_to_end_id'),
    orgId: text('org_id'),
    source: text('source') as Payment['source'],
    amount: minor(BigInt(row.amount)),
    currency: text('currency') as Currency,
    creditor: {
      name: text('creditor_name'),
      account: text('creditor_account'),
      bank: { kind: text('creditor_bank_code_kind') as 'bic', code: text('creditor_bank_code') },
    },
    remittance: text('remittance'),
    createdBy: text('created_by'),
    approvalsRequired: Number(row['approvals_required']),
    status: text('status') as PaymentState,
    reason: row['reason'] as string | null,
  };
}
