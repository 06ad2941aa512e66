/**
 * Statements: the second source that makes notified money final.
 *
 * A statement counts when all its pages are there, it follows the last one (sequence and opening
 * balance), and opening + lines = closing. Until then it is held and none of its lines is booked;
 * when the missing piece arrives, everything held that has become good is worked off in order.
 */
import { createHash } from 'node:crypto';
import { type Currency, formatMoney } from '@seam/units';
import { assert } from '../../platform/fault.ts';
import {
  type CaseKind,
  type Note,
  closeBySystem,
  lineKey,
  noteParams,
  openCase,
  plainNote,
} from './cases.ts';
import type { BankStep } from './deps.ts';
import type { AccountReport, BankLine } from './iso20022/camt.ts';
import { type LineOrigin, type LineProblem, type OwnAccountRow, judgeLine, lineNote } from './known-lines.ts';
import { bookLine } from './lines.ts';
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
    await openCase(step, 'statement_gap', lineKey(account.number, report.id), { code: 'no_sequence' });
    return;
  }
  const sum = bookedSum(report);
  const sha = contentOf(report);
  const [kept] = await step.tx<{ content_sha256: Buffer; status: string; held_code: string | null }[]>`
    insert into bank_statement (account, sequence, page, last_page, opening, closing, closing_day, lines_sum,
      content_sha256, source, event_id, status, held_reason)
    values (${account.number}, ${report.sequence}, ${report.page}, ${report.lastPage},
      ${report.opening?.toString() ?? null}::text::bigint, ${report.closing?.toString() ?? null}::text::bigint,
      ${report.closingDay}::text::date, ${sum.toString()}::text::bigint, ${sha}, ${origin.source}, ${origin.eventId},
      'held', 'not yet looked at')
    on conflict (account, sequence, page) do update set page = excluded.page
    returning content_sha256, status, held_code`;
  const past = account.statementSequence !== null && report.sequence <= account.statementSequence;
  const isOther = !kept!.content_sha256.equals(sha);
  const page = { account: account.number, sequence: report.sequence, page: report.page };
  // The bank mends what could not be taken as it was; what was taken, or only waits, it may not change.
  const isMended = isOther && !past && WRONG.has(kept!.held_code ?? '');
  if (isOther && (await isSuperseded(step, page, sha))) return;
  if (isMended) await replacePage(step, { ...page, report, sum, sha, origin });
  else if (isOther || (past && kept!.status === 'held')) {
    await openCase(step, 'statement_conflict', pageKey(page), { code: 'other_content' });
    if (!isOther || past) return;
    await keepRival(step, { ...page, sha, origin });
  }
  await workOff(step, account);
}

/** Everything held that has become good, in order. The caller holds the account's lock. */
export async function workOff(step: BankStep, account: OwnAccount): Promise<void> {
  let current: OwnAccount | undefined = account;
  while (current) current = await reconcileNext(step, current);
}

/** Held for what it says itself, not for what is missing before it. */
const WRONG: ReadonlySet<string> = new Set(['sum', 'lines_unclear']);
type PageId = { readonly account: string; readonly sequence: number; readonly page: number };
const pageKey = ({ account, sequence, page }: PageId): string => `${account}.${sequence}.${page}`;

/** Said otherwise before the page could be judged: which of the two is right, only its sums and lines will tell. */
async function keepRival(
  step: BankStep,
  { account, sequence, page, sha, origin }: PageId & { readonly sha: Buffer; readonly origin: Origin },
): Promise<void> {
  await step.tx`insert into bank_statement_rival (account, sequence, page, content_sha256, source, event_id, at)
    values (${account}, ${sequence}, ${page}, ${sha}, ${origin.source}, ${origin.eventId},
      ${step.now.toISOString()}::text::timestamptz) on conflict do nothing`;
}

/** One of these pages is wrong: what the bank said of it otherwise takes its place. @returns whether there was such. */
async function takeRival(step: BankStep, account: OwnAccount, pages: readonly Page[]): Promise<boolean> {
  const sequence = pages[0]!.sequence;
  const [rival] = await step.tx<
    { page: number; sha: Buffer; source: string; eventId: string; raw: Buffer }[]
  >`
    with oldest as (
      select * from bank_statement_rival where account = ${account.number} and sequence = ${sequence}
       order by at, page, content_sha256 limit 1),
    taken as (
      delete from bank_statement_rival r using oldest o where r.account = o.account and r.sequence = o.sequence
         and r.page = o.page and r.content_sha256 = o.content_sha256)
    select o.page, o.content_sha256 as sha, o.source, o.event_id as "eventId", m.raw
      from oldest o join bank_message m using (source, event_id)`;
  if (!rival) return false;
  const of = { account: account.number, sequence, page: rival.page };
  const report = reportOf(rival.raw, of);
  await replacePage(step, { ...of, report, sum: bookedSum(report), sha: rival.sha, origin: rival });
  await closeBySystem(step, ['statement_conflict'], pageKey(of));
  return true;
}

async function isSuperseded(step: BankStep, of: PageId, sha: Buffer): Promise<boolean> {
  const rows = await step.tx`select from bank_statement_superseded
    where account = ${of.account} and sequence = ${of.sequence} and page = ${of.page} and content_sha256 = ${sha}`;
  return rows.length > 0;
}

async function replacePage(
  step: BankStep,
  of: PageId & {
    readonly report: AccountReport;
    readonly sum: bigint;
    readonly sha: Buffer;
    readonly origin: Origin;
  },
): Promise<void> {
  const { report, origin } = of;
  const [was] = await step.tx<{ id: string }[]>`
    insert into bank_statement_superseded (account, sequence, page, content_sha256, source, event_id, at)
    select account, sequence, page, content_sha256, source, event_id, ${step.now.toISOString()}::text::timestamptz
      from bank_statement where account = ${of.account} and sequence = ${of.sequence} and page = ${of.page}
        and status = 'held' returning event_id as id`;
  assert(was, `page ${of.page} of statement ${of.sequence} is held`);
  await step.tx`update bank_statement set last_page = ${report.lastPage},
      opening = ${report.opening?.toString() ?? null}::text::bigint,
      closing = ${report.closing?.toString() ?? null}::text::bigint, closing_day = ${report.closingDay}::text::date,
      lines_sum = ${of.sum.toString()}::text::bigint, content_sha256 = ${of.sha}, source = ${origin.source},
      event_id = ${origin.eventId}, held_code = null, held_params = '{}', held_reason = 'not yet looked at'
    where account = ${of.account} and sequence = ${of.sequence} and page = ${of.page}`;
}

function bookedSum(report: AccountReport): bigint {
  return report.lines
    .filter((line) => line.status === 'booked')
    .reduce((total, line) => total + (line.direction === 'credit' ? line.amount : -line.amount), 0n);
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
  if (first.sequence !== due)
    return hold(step, account, first, { code: 'statement_missing', sequence: String(due) });
  if (pages.some((page, index) => page.page !== index + 1) || !last.lastPage) {
    return hold(step, account, first, { code: 'page_missing' });
  }
  const previous = account.statementClosing ?? first.opening;
  const sum = pages.reduce((total, page) => total + page.linesSum, 0n);
  if (
    first.opening === null ||
    last.closing === null ||
    first.opening !== previous ||
    first.opening + sum !== last.closing
  ) {
    const said = { previous: money(previous), opening: money(first.opening), closing: money(last.closing) };
    const note = { code: 'sum', currency: account.currency, ...said, lines: money(sum) } as const;
    if (await takeRival(step, account, pages)) return account;
    return hold(step, account, first, note);
  }
  const lines = pages.flatMap((page) => linesOf(account, page));
  const problems = await problemsOf(step, account, lines);
  if (problems.length > 0 && (await takeRival(step, account, pages))) return account;
  for (const { kind, subject, note } of problems) await openCase(step, kind, subject, note);
  if (problems.length > 0)
    return hold(step, account, first, { code: 'lines_unclear', count: String(problems.length) });
  for (const { line, origin } of lines) {
    const outcome = await bookLine(step, account, line, origin);
    assert(outcome !== 'unbookable', `line ${line.ref} was judged before`);
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

function reportOf(raw: Buffer, { account, sequence, page }: PageId): AccountReport {
  const report = readBankReport(raw).reports.find(
    (one) => one.account === account && one.sequence === sequence && one.page === page,
  );
  assert(report, `statement ${sequence} of ${account} was read before`);
  return report;
}

type PlacedLine = { readonly line: BankLine; readonly origin: LineOrigin };

function linesOf(account: OwnAccount, page: Page): PlacedLine[] {
  const report = reportOf(page.raw, { account: account.number, ...page });
  const origin = { source: page.source, eventId: page.eventId, statementSequence: page.sequence };
  return report.lines.map((line) => ({ line, origin }));
}

/** Every line that cannot be booked as it stands there: then none of the statement is. */
async function problemsOf(
  step: BankStep,
  account: OwnAccount,
  lines: readonly PlacedLine[],
): Promise<LineProblem[]> {
  const problems: LineProblem[] = [];
  const seen = new Set<string>();
  for (const { line, origin } of lines) {
    if (line.status !== 'booked') continue;
    const judged = await judgeLine(step, account, line, origin);
    if (judged.type === 'problem') problems.push(judged);
    else if (line.ref !== null && seen.has(line.ref)) {
      const about = {
        account: account.number,
        sequence: String(origin.statementSequence),
        ...lineNote(line),
      };
      const subject = lineKey(account.number, line.ref);
      problems.push({
        type: 'problem',
        kind: 'line_duplicate',
        subject,
        note: { code: 'line_twice', ...about },
      });
    }
    if (line.ref !== null) seen.add(line.ref);
  }
  return problems;
}

/** Not one of its lines is booked; the case says what it waits for. What is unclear in its lines has cases of its own. */
async function hold(step: BankStep, account: OwnAccount, first: Page, note: Note): Promise<undefined> {
  await step.tx`update bank_statement set held_reason = ${plainNote(note)}, held_code = ${note.code},
      held_params = ${step.tx.json(noteParams(note))}
    where account = ${account.number} and sequence = ${first.sequence}`;
  if (note.code === 'lines_unclear') return;
  const kind = note.code === 'sum' ? 'statement_sum' : 'statement_gap';
  await openCase(step, kind, `${account.number}.${first.sequence}`, note);
}

const LINE_CASES = [
  'line_without_reference',
  'line_currency',
  'line_conflict',
  'line_duplicate',
  'line_reference',
] as const satisfies readonly CaseKind[];

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
  // What was missing is here, or what was wrong was said right: the cases about this statement are explained.
  await closeBySystem(step, ['statement_gap', 'statement_sum'], `${account.number}.${statement.sequence}`);
  await step.tx`update bank_case set closed_at = ${step.now.toISOString()}::text::timestamptz, closed_by = array['system']
    where kind = any (${[...LINE_CASES]}::text[]) and params ->> 'account' = ${account.number}
      and params ->> 'sequence' = ${String(statement.sequence)} and closed_at is null`;
  if (statement.day) await reportUnconfirmed(step, account, statement.day);
  await writeProof(step, { account: account.number, ...statement });
  return { ...account, statementSequence: statement.sequence, statementClosing: statement.closing };
}

/** K11: the bank told us of money on this day or before, and its statement does not know it. */
async function reportUnconfirmed(step: BankStep, account: OwnAccount, day: string): Promise<void> {
  const rows = await step.tx<{ ref: string; direction: string; amount: string }[]>`
    select ref, direction, amount::text from bank_line_now
     where account = ${account.number} and statement_sequence is null and booking_day < ${day}::text::date
       and amount > 0`;
  for (const { ref, direction, amount } of rows) {
    const said = { direction, currency: account.currency, amount: formatMoney(BigInt(amount)), day };
    await openCase(step, 'not_on_statement', lineKey(account.number, ref), {
      code: 'not_on_statement',
      ...said,
    });
  }
}

function money(value: bigint | null): string {
  return value === null ? '' : formatMoney(value);
}
