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
  payoutAccounts,
  payoutReturned,
  payoutSettled,
  platformAccount,
  posting,
} from '@seam/ledger';
import { formatMoney, minor } from '@seam/units';
import { assert } from '../../platform/fault.ts';
import { lockAccounts, post } from '../ledger/ledger.ts';
import { type CaseKind, type Note, closeBySystem, openCase } from './cases.ts';
import { claimOf, givenBack } from './claims.ts';
import type { BankStep } from './deps.ts';
import type { BankLine } from './iso20022/camt.ts';
import { type LineOrigin, type OwnAccountRow, confirmKnown, judgeLine, lineNote } from './known-lines.ts';
import { type Owner, explainTopUps, lockForDeposit, ownerOf } from './owners.ts';
import { type Payment, paymentByEndToEndId, paymentFact, raisePayment } from './payments.ts';
import { backFromSender, returnedToSender } from './suspense-returns.ts';

type Booking = {
  readonly outcome: 'deposit' | 'deposit_returned' | 'payout' | 'payout_returned' | 'suspense';
  readonly postings: readonly Posting[];
  readonly orgId?: string;
  readonly payment?: Payment;
  /** The deposit reference that named the owner. */
  readonly reference?: string;
  readonly problem?: { readonly kind: CaseKind; readonly note: Note };
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
  const judged = await judgeLine(step, account, line, origin);
  if (judged.type === 'problem') {
    await openCase(step, judged.kind, judged.subject, judged.note);
    return 'unbookable';
  }
  if (judged.type === 'known') {
    if (origin.statementSequence !== null) await confirmKnown(step, judged.line, origin.statementSequence);
    return 'known';
  }
  const { key } = judged;
  const booking =
    line.direction === 'credit'
      ? await bookCredit(step, account, line, key)
      : await bookDebit(step, account, line, key);
  const posted = await post(step.tx, booking.postings);
  assert(posted.ok, `bank line ${key} must be bookable`);
  await insertLine(step, account, line, booking, origin);
  if (booking.problem) await openCase(step, booking.problem.kind, key, booking.problem.note);
  await booking.after?.();
  return 'booked';
}

async function bookCredit(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  key: string,
): Promise<Booking> {
  const entry = { ref: key, currency: account.currency, amount: line.amount };
  const suspense = (kind: CaseKind, note: Note): Booking => ({
    outcome: 'suspense',
    postings: [depositUnmatched(entry)],
    problem: { kind, note },
  });
  const payment = line.endToEndId ? await paymentByEndToEndId(step.tx, line.endToEndId, 'lock') : undefined;
  if (payment && line.returnReason !== null) {
    if (payment.amount !== line.amount || payment.currency !== account.currency) {
      return suspense('payment_amount_differs', sentNote(line, payment));
    }
    if (await lineOf(step, payment, 'payout_returned'))
      return suspense('payment_returned_twice', againNote(line, payment));
    return {
      outcome: 'payout_returned',
      postings: [payoutReturned(payment, key)],
      orgId: payment.orgId,
      payment,
      after: async () => {
        const reason = line.returnReason ?? 'returned';
        await raisePayment(step, payment, 'returned', { reason, nextInquiryAt: null });
        if (payment.source === 'suspense') await backFromSender(step, payment.paymentId);
        await step.tell(paymentFact('payment_returned', payment, reason));
      },
    };
  }
  const claim = await claimOf(step, account, line);
  if (claim) {
    const { ref } = line;
    return {
      outcome: 'suspense',
      postings: [depositUnmatched(entry)],
      after: async () => givenBack(step, { account: account.number, claimed: claim, ref: ref! }),
    };
  }
  const owner = await ownerOf(step.tx, account.currency, line.references);
  if (!owner)
    return suspense('deposit_unmatched', {
      code: line.references.length > 0 ? 'line_text' : 'line',
      ...lineNote(line),
      ...(line.references.length > 0 && { text: line.references.join(' ') }),
    });
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

async function bookDebit(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  key: string,
): Promise<Booking> {
  const entry = { ref: key, currency: account.currency, amount: line.amount };
  const suspense = (kind: CaseKind, note: Note): Booking => ({
    outcome: 'suspense',
    postings: [debitUnmatched(entry)],
    problem: { kind, note },
  });
  const payment =
    line.endToEndId && line.returnReason === null
      ? await paymentByEndToEndId(step.tx, line.endToEndId, 'lock')
      : undefined;
  if (payment) {
    if (payment.amount !== line.amount || payment.currency !== account.currency) {
      return suspense('payment_amount_differs', sentNote(line, payment));
    }
    if (await lineOf(step, payment, 'payout'))
      return suspense('payment_debited_twice', againNote(line, payment));
    const settled = await settle(step, payment, line);
    const { status, reason } = payment;
    const late = { code: 'paid_after', ...lineNote(line), status, reason: reason ?? '' } as const;
    return settled ?? suspense('paid_after_failure', late);
  }
  if (line.returnReason !== null) {
    const owner = await ownerOf(step.tx, account.currency, line.references);
    if (owner) return returnDeposit(step, account, line, { ...owner, key });
  }
  const named = line.endToEndId ?? line.references.join(' ');
  return suspense('debit_unmatched', {
    code: named === '' ? 'line' : 'line_text',
    ...lineNote(line),
    ...(named !== '' && { text: named }),
  });
}

/** Undefined when the money of a payment that had been given up is gone: the bank paid all the same. */
async function settle(step: BankStep, payment: Payment, line: BankLine): Promise<Booking | undefined> {
  const after = async (): Promise<void> => {
    await raisePayment(step, payment, 'settled', { nextInquiryAt: null });
    await closeBySystem(step, ['payment_not_settled'], payment.endToEndId);
    if (payment.source === 'suspense') await returnedToSender(step, payment.paymentId);
    await step.tell(paymentFact('payment_settled', payment, null));
  };
  const base = { outcome: 'payout', orgId: payment.orgId, payment } as const;
  if (payment.status !== 'rejected' && payment.status !== 'failed') {
    return { ...base, postings: [payoutSettled(payment)], after };
  }
  const [rival] = await step.tx`select from payment where obligation_key = ${payment.obligationKey}
    and id <> ${payment.paymentId} and status not in ('rejected', 'failed', 'returned')`;
  const { debit, credit } = payoutAccounts(payment);
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
    problem: {
      kind: 'status_contradiction',
      note: { code: 'settled_after', ...lineNote(line), status: payment.status },
    },
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
      const said = { currency, amount: formatMoney(line.amount), name: line.counterpartyName ?? '' };
      if (owed > 0n) {
        const note = { code: 'owed', ...said, owed: formatMoney(owed) } as const;
        await openCase(step, 'top_up_required', `${orgId}.${key}`, note);
      } else {
        await openCase(step, 'deposit_returned', key, { code: 'taken_back', ...said });
        await closeBySystem(step, ['deposit_returned'], key);
      }
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

const sentNote = (line: BankLine, payment: Payment): Note => ({
  code: 'payment_sent',
  ...lineNote(line),
  sent: formatMoney(payment.amount),
});
const againNote = (line: BankLine, { endToEndId }: Payment): Note => ({
  code: 'payment_again',
  ...lineNote(line),
  id: endToEndId,
});
