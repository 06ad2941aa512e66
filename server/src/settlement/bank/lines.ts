/**
 * One movement on our account becomes one ledger effect.
 *
 * Lines come by notification and by statement, in any order, any number of times; the bank's own
 * reference is their identity. What fits a deposit reference or a payment exactly is booked to its
 * owner; everything else goes to suspense whole, with a case. Nothing is guessed.
 */
import {
  type Posting,
  debitUnmatched,
  depositReceived,
  depositReturned,
  depositUnmatched,
  partyAccount,
  payoutReturned,
  payoutSettled,
  platformAccount,
  posting,
} from '@seam/ledger';
import { type Currency, type Minor, formatMoney, minor } from '@seam/units';
import { assert } from '../../platform/fault.ts';
import { lockAccounts, post } from '../ledger/ledger.ts';
import { type CaseKind, closeNotSettled, lineKey, openCase } from './cases.ts';
import type { BankStep } from './deps.ts';
import type { BankLine } from './iso20022/camt.ts';
import { type Payment, paymentByEndToEndId, paymentFact, raisePayment } from './payments.ts';
import { referencesIn } from './reference.ts';

export type OwnAccountRow = { readonly number: string; readonly currency: Currency };
export type LineOrigin = {
  readonly source: string;
  readonly eventId: string;
  /** Set when a reconciled statement carries the line. */
  readonly statementSequence: number | null;
};
type Booking = {
  readonly outcome: 'deposit' | 'deposit_returned' | 'payout' | 'payout_returned' | 'suspense';
  readonly postings: readonly Posting[];
  readonly orgId?: string;
  readonly payment?: Payment;
  /** The deposit reference that named the owner. */
  readonly reference?: string;
  readonly problem?: { kind: CaseKind; detail: string };
  readonly after?: () => Promise<void>;
};

/**
 * Books a line, or recognises it as known. The caller holds the row lock of our account, so lines of
 * one account are handled one after the other.
 * @returns 'unbookable' when it cannot be given an identity; it then has no effect but a case.
 */
export async function bookLine(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  origin: LineOrigin,
): Promise<'booked' | 'known' | 'ignored' | 'unbookable'> {
  if (line.status !== 'booked') return 'ignored';
  if (line.ref === null || !/^[\x21-\x7e]{1,35}$/.test(line.ref)) {
    await openCase(
      step,
      'line_without_reference',
      lineKey(account.number, `${line.bookingDay}:${line.amount}`),
      describe(line),
    );
    return 'unbookable';
  }
  const key = lineKey(account.number, line.ref);
  if (line.currency !== account.currency || line.amount === 0n) {
    await openCase(step, 'line_currency', key, describe(line));
    return 'unbookable';
  }
  const known = await confirmKnown(step, account, { ...line, ref: line.ref }, origin);
  if (known) return known;
  const booking =
    line.direction === 'credit'
      ? await bookCredit(step, account, line, key)
      : await bookDebit(step, account, line, key);
  const posted = await post(step.tx, booking.postings);
  assert(posted.ok, `bank line ${key} must be bookable`);
  await insertLine(step, account, line, booking, origin);
  if (booking.problem)
    await openCase(step, booking.problem.kind, key, `${describe(line)}: ${booking.problem.detail}`);
  await booking.after?.();
  return 'booked';
}

/** The line is there already: the same is confirmed, another under its reference is a contradiction. */
async function confirmKnown(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine & { ref: string },
  origin: LineOrigin,
): Promise<'known' | 'unbookable' | undefined> {
  const [row] = await step.tx<{ direction: string; amount: string; statement_sequence: string | null }[]>`
    select direction, amount::text, statement_sequence::text from bank_line
     where account = ${account.number} and ref = ${line.ref}`;
  if (!row) return undefined;
  const key = lineKey(account.number, line.ref);
  if (row.direction !== line.direction || BigInt(row.amount) !== line.amount) {
    await openCase(step, 'line_conflict', key, `${describe(line)}, booked as ${row.direction} ${row.amount}`);
    return 'unbookable';
  }
  if (origin.statementSequence === null) return 'known';
  if (row.statement_sequence === null) {
    await step.tx`update bank_line set statement_sequence = ${origin.statementSequence}
      where account = ${account.number} and ref = ${line.ref}`;
    return 'known';
  }
  if (Number(row.statement_sequence) === origin.statementSequence) return 'known';
  await openCase(
    step,
    'line_conflict',
    key,
    `on statements ${row.statement_sequence} and ${origin.statementSequence}`,
  );
  return 'unbookable';
}

async function bookCredit(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  key: string,
): Promise<Booking> {
  const entry = { ref: key, currency: account.currency, amount: line.amount };
  const suspense = (kind: CaseKind, detail: string): Booking => ({
    outcome: 'suspense',
    postings: [depositUnmatched(entry)],
    problem: { kind, detail },
  });
  const payment = line.endToEndId ? await paymentByEndToEndId(step.tx, line.endToEndId, 'lock') : undefined;
  if (payment && line.returnReason !== null) {
    if (payment.amount !== line.amount || payment.currency !== account.currency) {
      return suspense('payment_amount_differs', `returned, sent ${formatMoney(payment.amount)}`);
    }
    if (await lineOf(step, payment, 'payout_returned'))
      return suspense('payment_returned_twice', payment.endToEndId);
    return {
      outcome: 'payout_returned',
      postings: [payoutReturned(payment, key)],
      orgId: payment.orgId,
      payment,
      after: async () => {
        const reason = line.returnReason ?? 'returned';
        await raisePayment(step, payment, 'returned', { reason, nextInquiryAt: null });
        await step.tell(paymentFact('payment_returned', payment, reason));
      },
    };
  }
  const owner = await ownerOf(step, account.currency, line.references);
  if (!owner) return suspense('deposit_unmatched', line.references.join(' ') || 'no reference');
  const { orgId, reference, obligationKey } = owner;
  const owed = await lockForDeposit(step, orgId, account.currency);
  return {
    outcome: 'deposit',
    postings: [depositReceived({ ...entry, orgId, owed })],
    orgId,
    reference,
    after: async () => {
      if (owed > 0n && owed <= line.amount) await explainTopUps(step, orgId, account.currency);
      await step.tell({
        type: 'deposit_credited',
        orgId,
        currency: account.currency,
        amount: line.amount,
        lineRef: key,
        obligationKey,
      });
    },
  };
}

type Owner = { readonly orgId: string; readonly reference: string; readonly obligationKey: string | null };

/** The one organisation that the references name, and the one obligation if they name one. Two are none. */
async function ownerOf(
  step: BankStep,
  currency: Currency,
  references: readonly string[],
): Promise<Owner | undefined> {
  const candidates = referencesIn(references);
  if (candidates.length === 0) return undefined;
  const rows = await step.tx<Owner[]>`
    select org_id as "orgId", reference, nullif(obligation_key, '') as "obligationKey" from virtual_account
     where reference = any (${candidates}::text[]) and currency = ${currency} order by obligation_key`;
  if (new Set(rows.map(({ orgId }) => orgId)).size !== 1) return undefined;
  const named = rows.filter(({ obligationKey }) => obligationKey !== null);
  const [first] = named.length === 1 ? named : rows;
  return named.length > 1 ? { ...first!, obligationKey: null } : first;
}

/** What was owed is paid: nobody has to look at it any more. */
async function explainTopUps(step: BankStep, orgId: string, currency: Currency): Promise<void> {
  await step.tx`update bank_case set closed_at = ${step.now.toISOString()}::text::timestamptz, closed_by = array['system']
    where kind = 'top_up_required' and closed_at is null and starts_with(subject, ${`${orgId}.`})
      and starts_with(detail, ${`${currency} `})`;
}

async function lockForDeposit(step: BankStep, orgId: string, currency: Currency): Promise<Minor> {
  const receivable = partyAccount(orgId, currency, 'receivable');
  const codes = [
    receivable,
    partyAccount(orgId, currency, 'free'),
    platformAccount(currency, 'bank_clearing'),
  ];
  return (await lockAccounts(step.tx, codes)).get(receivable)!.balance;
}

async function bookDebit(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  key: string,
): Promise<Booking> {
  const entry = { ref: key, currency: account.currency, amount: line.amount };
  const suspense = (kind: CaseKind, detail: string): Booking => ({
    outcome: 'suspense',
    postings: [debitUnmatched(entry)],
    problem: { kind, detail },
  });
  const payment =
    line.endToEndId && line.returnReason === null
      ? await paymentByEndToEndId(step.tx, line.endToEndId, 'lock')
      : undefined;
  if (payment) {
    if (payment.amount !== line.amount || payment.currency !== account.currency) {
      return suspense('payment_amount_differs', `debited, sent ${formatMoney(payment.amount)}`);
    }
    if (await lineOf(step, payment, 'payout')) return suspense('payment_debited_twice', payment.endToEndId);
    const settled = await settle(step, payment, key);
    return settled ?? suspense('paid_after_failure', payment.reason ?? payment.status);
  }
  if (line.returnReason !== null) {
    const owner = await ownerOf(step, account.currency, line.references);
    if (owner) return returnDeposit(step, account, line, { ...owner, key });
  }
  return suspense('debit_unmatched', line.endToEndId ?? 'no payment named');
}

/** Undefined when the money of a payment that had been given up is gone: the bank paid all the same. */
async function settle(step: BankStep, payment: Payment, key: string): Promise<Booking | undefined> {
  const after = async (): Promise<void> => {
    await raisePayment(step, payment, 'settled', { nextInquiryAt: null });
    await closeNotSettled(step, payment.endToEndId);
    await step.tell(paymentFact('payment_settled', payment, null));
  };
  const base = { outcome: 'payout', orgId: payment.orgId, payment } as const;
  if (payment.status !== 'rejected' && payment.status !== 'failed') {
    return { ...base, postings: [payoutSettled(payment)], after };
  }
  const [rival] = await step.tx`select from payment where obligation_key = ${payment.obligationKey}
    and id <> ${payment.paymentId} and status not in ('rejected', 'failed', 'returned')`;
  const debit = partyAccount(payment.orgId, payment.currency, payment.source);
  const credit = platformAccount(payment.currency, 'bank_clearing');
  const available = (await lockAccounts(step.tx, [debit, credit])).get(debit)!.available;
  if (rival || available < payment.amount) return undefined;
  // The reservation is gone, the money is still there: the same effect without the hold.
  const direct = posting({
    effectKey: `payout-late.${payment.paymentId}`,
    reason: 'payout_settled',
    subject: `payment:${payment.paymentId}`,
    legs: [{ phase: 'posted', debit, credit, amount: payment.amount }],
  });
  return {
    ...base,
    postings: [direct],
    problem: { kind: 'status_contradiction', detail: `settled after ${payment.status} ${key}` },
    after,
  };
}

async function returnDeposit(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  { orgId, reference, key }: Owner & { readonly key: string },
): Promise<Booking> {
  const { currency } = account;
  const free = partyAccount(orgId, currency, 'free');
  const codes = [
    free,
    partyAccount(orgId, currency, 'receivable'),
    platformAccount(currency, 'bank_clearing'),
  ];
  const available = (await lockAccounts(step.tx, codes)).get(free)!.available;
  const owed = minor(available < line.amount ? line.amount - available : 0n);
  return {
    outcome: 'deposit_returned',
    postings: [depositReturned({ ref: key, currency, amount: line.amount, orgId, available })],
    orgId,
    reference,
    after: async () => {
      if (owed > 0n)
        await openCase(
          step,
          'top_up_required',
          `${orgId}.${key}`,
          `${currency} ${formatMoney(owed)} is owed`,
        );
      await step.tell({ type: 'deposit_returned', orgId, currency, amount: line.amount, owed, lineRef: key });
    },
  };
}

async function lineOf(
  step: BankStep,
  payment: Payment,
  outcome: 'payout' | 'payout_returned',
): Promise<boolean> {
  const rows =
    await step.tx`select from bank_line where payment_id = ${payment.paymentId} and outcome = ${outcome}`;
  return rows.length > 0;
}

async function insertLine(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  booking: Booking,
  origin: LineOrigin,
): Promise<void> {
  await step.tx`insert into bank_line (account, ref, currency, direction, amount, booking_day, value_day, end_to_end_id,
      reference_text, counterparty_name, counterparty_account, return_reason, outcome, org_id, payment_id, effect_key,
      source, event_id, booked_at, statement_sequence, virtual_reference)
    values (${account.number}, ${line.ref}, ${account.currency}, ${line.direction}, ${line.amount.toString()}::text::bigint,
      ${line.bookingDay}::text::date, ${line.valueDay}::text::date, ${line.endToEndId}, ${line.references.join(' | ').slice(0, 1000)},
      ${line.counterpartyName}, ${line.counterpartyAccount}, ${line.returnReason}, ${booking.outcome},
      ${booking.orgId ?? null}, ${booking.payment?.paymentId ?? null}, ${booking.postings[0]!.effectKey},
      ${origin.source}, ${origin.eventId}, ${step.now.toISOString()}::text::timestamptz, ${origin.statementSequence},
      ${booking.reference ?? null})`;
}

function describe(line: BankLine): string {
  return `${line.direction} ${line.currency} ${formatMoney(line.amount)} ${line.counterpartyName ?? ''}`.trim();
}
