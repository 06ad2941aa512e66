/**
 * Payments on their way to the bank.
 *
 * The attempt is committed before the network call: after a crash or a silent bank the outcome is
 * unknown, never "not sent". Then the bank is asked by EndToEndId; only if it has never seen it, the
 * same instruction goes again. There is never a second identity for one payment.
 */
import type { Currency } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { payoutsHalted } from '../ledger/halt.ts';
import { bankCalendar, bankDay, businessDayFrom } from './calendar.ts';
import { openCase } from './cases.ts';
import { type BankDeps, type BankStep, stepOf } from './deps.ts';
import { writePain001 } from './iso20022/pain001.ts';
import { type StatusReport, readPain002 } from './iso20022/pain002.ts';
import { type Payment, applyReportedStatus, paymentById, paymentNote, raisePayment } from './payments.ts';
import { bankIdOf } from './identifier.ts';

/** Minutes after the attempt at which an unknown outcome is asked for; hourly after the last. */
const INQUIRY_MINUTES = [1, 5, 15, 60] as const;
const MINUTE_MS = 60_000;

/** While one of these is open nothing leaves: the books and the bank say different things. */
export const HALTING_CASES = ['proof_difference', 'mismatch'] as const;

async function isHaltedByCase(connection: Connection): Promise<boolean> {
  const rows =
    await connection`select from bank_case where kind in ${connection([...HALTING_CASES])} and closed_at is null
    limit 1`;
  return rows.length > 0;
}

type Attempt = { readonly payment: Payment; readonly messageId: string; readonly pain001: string };

/** Sends what is approved, unless the ledger or a case halts payouts. @returns how many the bank answered, and how many stayed unknown. */
export async function sendDuePayments(
  deps: BankDeps,
  limit = 20,
): Promise<{ answered: number; unknown: number }> {
  const result = { answered: 0, unknown: 0 };
  for (let n = 0; n < limit; n += 1) {
    const attempt = await deps.sql.begin(async (tx) => {
      const step = stepOf(deps, tx);
      const [row] = await tx<{ id: string }[]>`select id from payment where status = 'approved'
        and not exists (select from ledger_halt where resumed_at is null)
        and not exists (select from bank_case where kind in ${tx([...HALTING_CASES])} and closed_at is null)
        order by changed_at, id limit 1 for update skip locked`;
      const payment = row && (await paymentById(tx, row.id));
      return payment && startAttempt(step, payment);
    });
    if (!attempt) break;
    result[await carryOut(deps, attempt)] += 1;
  }
  return result;
}

/** Writes down that the bank may learn of the payment from now on. */
async function startAttempt(step: BankStep, payment: Payment): Promise<Attempt> {
  const messageId = bankIdOf(newId());
  await step.tx`insert into payment_attempt (payment_id, attempt_no, message_id, started_at)
    select ${payment.paymentId}::text::uuid, count(*) + 1, ${messageId}, ${step.now.toISOString()}::text::timestamptz
      from payment_attempt where payment_id = ${payment.paymentId}`;
  const nextInquiryAt = new Date(step.now.getTime() + INQUIRY_MINUTES[0] * MINUTE_MS);
  await raisePayment(step, payment, 'sending', { nextInquiryAt });
  const [debtor] = await step.tx<{ number: string; name: string; kind: 'bic'; code: string }[]>`
    select number, holder_name as name, bank_code_kind as kind, bank_code as code from bank_own_account
     where currency = ${payment.currency satisfies Currency}`;
  if (!debtor) throw new Error(`no account of ours in ${payment.currency}`);
  const calendar = await bankCalendar(step.tx, payment.currency);
  const pain001 = writePain001({
    messageId,
    createdAt: step.now,
    executionDay: businessDayFrom(calendar, bankDay(step.now)),
    debtor: { name: debtor.name, account: debtor.number, bank: { kind: debtor.kind, code: debtor.code } },
    transfers: [{ ...payment, instructionId: payment.endToEndId }],
  });
  return { payment, messageId, pain001 };
}

async function carryOut(deps: BankDeps, attempt: Attempt): Promise<'answered' | 'unknown'> {
  let report: StatusReport;
  try {
    report = readPain002(await deps.port.sendPayment(attempt.pain001));
  } catch (error) {
    deps.log.warn(
      { err: error, endToEndId: attempt.payment.endToEndId },
      'the outcome of a payment is unknown',
    );
    await deps.sql.begin(async (tx) => {
      const step = stepOf(deps, tx);
      await endAttempt(step, attempt, 'unknown', error instanceof Error ? error.message : String(error));
      const nextInquiryAt = new Date(step.now.getTime() + INQUIRY_MINUTES[0] * MINUTE_MS);
      await raisePayment(step, attempt.payment, 'unknown', { nextInquiryAt });
    });
    return 'unknown';
  }
  await deps.sql.begin(async (tx) => {
    const step = stepOf(deps, tx);
    await endAttempt(step, attempt, 'answered', report.statuses.map((one) => one.status).join(' '));
    await applyAnswer(step, attempt.payment, report);
  });
  return 'answered';
}

async function endAttempt(
  step: BankStep,
  attempt: Attempt,
  outcome: 'answered' | 'unknown',
  detail: string,
): Promise<void> {
  await step.tx`update payment_attempt set ended_at = ${step.now.toISOString()}::text::timestamptz, outcome = ${outcome},
      detail = ${detail.slice(0, 300)}
    where message_id = ${attempt.messageId} and ended_at is null`;
}

/** An answer that does not speak of the payment leaves it unknown. */
async function applyAnswer(step: BankStep, payment: Payment, report: StatusReport): Promise<void> {
  const own = report.statuses.filter((one) => one.endToEndId === payment.endToEndId);
  if (own.length === 0) {
    await raisePayment(step, payment, 'unknown', { nextInquiryAt: await nextInquiry(step, payment) });
  }
  for (const status of own) await applyReportedStatus(step, status);
}

/** Asks the bank about every payment whose outcome is due to be known. */
export async function inquireDuePayments(deps: BankDeps, limit = 20): Promise<number> {
  let asked = 0;
  for (; asked < limit; asked += 1) {
    const payment = await claimInquiry(deps);
    if (!payment) break;
    try {
      await inquire(deps, payment);
    } catch (error) {
      deps.log.warn({ err: error, endToEndId: payment.endToEndId }, 'the bank did not answer an inquiry');
    }
  }
  return asked;
}

/** Sets the next time before asking, so that a crash or a silent bank only delays. */
async function claimInquiry(deps: BankDeps): Promise<Payment | undefined> {
  return deps.sql.begin(async (tx) => {
    const step = stepOf(deps, tx);
    const now = step.now.toISOString();
    const [row] = await tx<
      { id: string }[]
    >`select id from payment where next_inquiry_at <= ${now}::text::timestamptz
      order by next_inquiry_at, id limit 1 for update skip locked`;
    const payment = row && (await paymentById(tx, row.id));
    if (!payment) return undefined;
    // A process died between the attempt and its end: the outcome is as unknown as a lost answer.
    if (payment.status === 'sending') await raisePayment(step, payment, 'unknown', { nextInquiryAt: null });
    const next = await nextInquiry(step, payment);
    await tx`update payment set next_inquiry_at = ${next.toISOString()}::text::timestamptz where id = ${payment.paymentId}`;
    return paymentById(tx, payment.paymentId);
  });
}

async function nextInquiry(step: BankStep, payment: Payment): Promise<Date> {
  const [row] = await step.tx<
    { at: Date }[]
  >`select max(started_at) as at from payment_attempt where payment_id = ${payment.paymentId}`;
  const started = row?.at?.getTime() ?? step.now.getTime();
  const due = INQUIRY_MINUTES.map((minutes) => started + minutes * MINUTE_MS).find(
    (at) => at > step.now.getTime(),
  );
  return new Date(due ?? step.now.getTime() + INQUIRY_MINUTES.at(-1)! * MINUTE_MS);
}

async function inquire(deps: BankDeps, payment: Payment): Promise<void> {
  const answer = await deps.port.paymentStatus(payment.endToEndId);
  if (answer === null) {
    if ((await payoutsHalted(deps.sql)) || (await isHaltedByCase(deps.sql))) return;
    // The bank executes an EndToEndId once, so handing over the same one again is safe.
    const attempt = await deps.sql.begin(async (tx) => startAttempt(stepOf(deps, tx), payment));
    await carryOut(deps, attempt);
    return;
  }
  const report = readPain002(answer);
  await deps.sql.begin(async (tx) => {
    const step = stepOf(deps, tx);
    await applyAnswer(step, payment, report);
    const after = await paymentById(tx, payment.paymentId);
    if (payment.status === 'accepted' && after?.status === 'accepted') {
      await openCase(step, 'payment_not_settled', payment.endToEndId, {
        code: 'not_settled',
        ...paymentNote(payment),
      });
    }
  });
}
