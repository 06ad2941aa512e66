/**
 * Statements: the second source that makes notified money final.
 *
 * A statement counts when all its pages are there, it follows the last one (sequence and opening
 * balance), and opening + lines = closing. Until then it is held and none of its lines is booked;
 * when the missing piece arrives, everything held that has become good is worked off in order.
 */
import { createHash } from 'node:crypto';
import { type Currency, formatMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { lineKey, openCase } from './cases.ts';
import type { BankStep } from './deps.ts';
import type { AccountReport } from './iso20022/camt.ts';
import { type OwnAccountRow, bookLine } from './lines.ts';
import { writeProof } from './proof.ts';
import { readBankReport } from './report.ts';

type Origin = { readonly source: string; readonly eventId: string };
type OwnAccount = OwnAccountRow & {
  readonly statementSequence: number | null;
  readonly statementClosing: bigint | null;
};
type Page = {
  readonly sequence: number;
  readonly page: number;
  readonly lastPage: boolean;
  readonly opening: bigint | null;
  readonly closing: bigint | null;
  readonly closingDay: string | null;
  readonly linesSum: bigint;
  readonly raw: Buffer;
} & Origin;

/** Our account of this number, locked: whoever books lines on it goes one after the other. */
export async function lockOwnAccount(step: BankStep, number: string): Promise<OwnAccount | undefined> {
  const [row] = await step.tx<
    { number: string; currency: Currency; sequence: string | null; closing: string | null }[]
  >`
    select number, currency, statement_sequence::text as sequence, statement_closing::text as closing
      from bank_own_account where number = ${number} for update`;
  if (!row) return undefined;
  return {
    number: row.number,
    currency: row.currency,
    statementSequence: row.sequence === null ? null : Number(row.sequence),
    statementClosing: row.closing === null ? null : BigInt(row.closing),
  };
}

/** Keeps a page of a statement and reconciles whatever is complete now. */
export async function takeStatement(
  step: BankStep,
  account: OwnAccount,
  report: AccountReport,
  origin: Origin,
): Promise<void> {
  if (report.sequence === null) {
    await openCase(
      step,
      'statement_gap',
      lineKey(account.number, report.id),
      'a statement without sequence number',
    );
    return;
  }
  const sum = report.lines
    .filter((line) => line.status === 'booked')
    .reduce((total, line) => total + (line.direction === 'credit' ? line.amount : -line.amount), 0n);
  const sha = contentOf(report);
  const [kept] = await step.tx<{ content_sha256: Buffer; status: string }[]>`
    insert into bank_statement (account, sequence, page, last_page, opening, closing, closing_day, lines_sum,
      content_sha256, source, event_id, status, held_reason)
    values (${account.number}, ${report.sequence}, ${report.page}, ${report.lastPage},
      ${report.opening?.toString() ?? null}::text::bigint, ${report.closing?.toString() ?? null}::text::bigint,
      ${report.closingDay}::text::date, ${sum.toString()}::text::bigint, ${sha}, ${origin.source}, ${origin.eventId},
      'held', 'not yet looked at')
    on conflict (account, sequence, page) do update set page = excluded.page returning content_sha256, status`;
  const past = account.statementSequence !== null && report.sequence <= account.statementSequence;
  if (!kept!.content_sha256.equals(sha) || (past && kept!.status === 'held')) {
    await openCase(
      step,
      'statement_conflict',
      `${account.number}.${report.sequence}.${report.page}`,
      'sent again with other content',
    );
    return;
  }
  let current: OwnAccount | undefined = account;
  while (current) current = await reconcileNext(step, current);
}

/** What is the same of one statement in every form a bank has for it. */
function contentOf(report: AccountReport): Buffer {
  const { account, sequence, page, lastPage, opening, closing, closingDay } = report;
  const lines = report.lines.map(({ ref, direction, amount, currency, status }) => [
    ref,
    direction,
    String(amount),
    currency,
    status,
  ]);
  const text = JSON.stringify([
    account,
    sequence,
    page,
    lastPage,
    String(opening),
    String(closing),
    closingDay,
    lines,
  ]);
  return createHash('sha256').update(text).digest();
}

/** Reconciles the statement that follows the last one. @returns the account after it, or undefined when none did. */
async function reconcileNext(step: BankStep, account: OwnAccount): Promise<OwnAccount | undefined> {
  const pages = await heldPages(step, account);
  const [first] = pages;
  if (!first) return undefined;
  const last = pages.at(-1)!;
  const due = account.statementSequence === null ? first.sequence : account.statementSequence + 1;
  const subject = `${account.number}.${first.sequence}`;
  if (first.sequence !== due)
    return hold(step, account, first, 'statement_gap', subject, `statement ${due} is missing`);
  if (pages.some((page, index) => page.page !== index + 1) || !last.lastPage) {
    return hold(step, account, first, 'statement_gap', subject, 'a page is missing');
  }
  const previous = account.statementClosing ?? first.opening;
  const sum = pages.reduce((total, page) => total + page.linesSum, 0n);
  if (
    first.opening === null ||
    last.closing === null ||
    first.opening !== previous ||
    first.opening + sum !== last.closing
  ) {
    const detail = `previous closing ${money(previous)}, opening ${money(first.opening)}, lines ${money(sum)}, closing ${money(last.closing)}`;
    return hold(step, account, first, 'statement_sum', subject, detail);
  }
  for (const page of pages) {
    if (!(await bookPage(step, account, page))) {
      return hold(step, account, first, 'statement_sum', subject, 'a line cannot be booked');
    }
  }
  return accept(step, account, { sequence: first.sequence, closing: last.closing, day: last.closingDay });
}

async function heldPages(step: BankStep, account: OwnAccount): Promise<Page[]> {
  const rows = await step.tx<
    {
      sequence: string;
      page: number;
      last_page: boolean;
      opening: string | null;
      closing: string | null;
      closing_day: string | null;
      lines_sum: string;
      raw: Buffer;
      source: string;
      event_id: string;
    }[]
  >`select s.sequence::text, s.page, s.last_page, s.opening::text, s.closing::text, s.closing_day::text, s.lines_sum::text,
           m.raw, s.source, s.event_id
      from bank_statement s join bank_message m using (source, event_id)
     where s.account = ${account.number}
       and s.sequence = (select min(x.sequence) from bank_statement x where x.account = ${account.number} and x.status = 'held'
                            and x.sequence > ${account.statementSequence ?? -1})
     order by s.page`;
  return rows.map((row) => ({
    sequence: Number(row.sequence),
    page: row.page,
    lastPage: row.last_page,
    opening: row.opening === null ? null : BigInt(row.opening),
    closing: row.closing === null ? null : BigInt(row.closing),
    closingDay: row.closing_day,
    linesSum: BigInt(row.lines_sum),
    raw: row.raw,
    source: row.source,
    eventId: row.event_id,
  }));
}

async function bookPage(step: BankStep, account: OwnAccount, page: Page): Promise<boolean> {
  const report = readBankReport(page.raw).reports.find(
    (one) => one.account === account.number && one.sequence === page.sequence && one.page === page.page,
  );
  assert(report, `statement ${page.sequence} of ${account.number} was read before`);
  const origin = { source: page.source, eventId: page.eventId, statementSequence: page.sequence };
  for (const line of report.lines) {
    if ((await bookLine(step, account, line, origin)) === 'unbookable') return false;
  }
  return true;
}

async function hold(
  step: BankStep,
  account: OwnAccount,
  first: Page,
  kind: 'statement_gap' | 'statement_sum',
  subject: string,
  detail: string,
): Promise<undefined> {
  await step.tx`update bank_statement set held_reason = ${detail} where account = ${account.number} and sequence = ${first.sequence}`;
  await openCase(step, kind, subject, detail);
}

async function accept(
  step: BankStep,
  account: OwnAccount,
  statement: { sequence: number; closing: bigint; day: string | null },
): Promise<OwnAccount> {
  await step.tx`update bank_statement set status = 'reconciled', held_reason = null
    where account = ${account.number} and sequence = ${statement.sequence}`;
  await step.tx`update bank_own_account set statement_sequence = ${statement.sequence},
      statement_closing = ${statement.closing.toString()}::text::bigint, statement_day = ${statement.day}::text::date
    where number = ${account.number}`;
  // What was missing is here: the gap is explained.
  await step.tx`update bank_case set closed_at = ${step.now.toISOString()}::text::timestamptz, closed_by = array['system']
    where kind in ('statement_gap', 'statement_sum') and subject = ${`${account.number}.${statement.sequence}`} and closed_at is null`;
  if (statement.day) await reportUnconfirmed(step, account, statement.day);
  await writeProof(step, { account: account.number, ...statement });
  return { ...account, statementSequence: statement.sequence, statementClosing: statement.closing };
}

/** K11: the bank told us of money on this day or before, and its statement does not know it. */
async function reportUnconfirmed(step: BankStep, account: OwnAccount, day: string): Promise<void> {
  const rows = await step.tx<{ ref: string; direction: string; amount: string }[]>`
    select ref, direction, amount::text from bank_line
     where account = ${account.number} and statement_sequence is null and booking_day < ${day}::text::date`;
  for (const row of rows) {
    const detail = `${row.direction} ${formatMoney(BigInt(row.amount))} was notified and is on no statement up to ${day}`;
    await openCase(step, 'not_on_statement', lineKey(account.number, row.ref), detail);
  }
}

function money(value: bigint | null): string {
  return value === null ? 'none' : formatMoney(value);
}

export type BankProof = {
  readonly currency: Currency;
  readonly account: string;
  readonly ledger: bigint;
  readonly statement: bigint;
  readonly inTransit: bigint;
  /** 0, or an alarm that stops payouts. */
  readonly difference: bigint;
};

/** Our bank accounts in the ledger against statements and what was notified since. */
export async function bankProof(connection: Connection): Promise<BankProof[]> {
  const rows = await connection<
    {
      currency: Currency;
      account: string;
      ledger: string;
      statement: string;
      transit: string;
      difference: string;
    }[]
  >`
    select currency, account, ledger::text, statement::text, in_transit::text as transit, difference::text from bank_proof order by currency`;
  return rows.map((row) => ({
    currency: row.currency,
    account: row.account,
    ledger: BigInt(row.ledger),
    statement: BigInt(row.statement),
    inTransit: BigInt(row.transit),
    difference: BigInt(row.difference),
  }));
}
