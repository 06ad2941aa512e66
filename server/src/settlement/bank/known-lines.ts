/** A line against what is known of it: new, the same, or a contradiction that people must look at. */
import { type Currency, formatMoney, minor } from '@seam/units';
import { type CaseKind, type Note, closeBySystem, lineKey } from './cases.ts';
import type { BankStep } from './deps.ts';
import type { BankLine } from './iso20022/camt.ts';
import { referencesIn } from './reference.ts';

export type OwnAccountRow = { readonly number: string; readonly currency: Currency };
export type LineOrigin = {
  readonly source: string;
  readonly eventId: string;
  /** Set when a statement carries the line. */
  readonly statementSequence: number | null;
};
type KnownLine = {
  readonly account: string;
  readonly ref: string;
  readonly direction: string;
  readonly amount: bigint;
  readonly statement: number | null;
  readonly reference: string | null;
  readonly endToEndId: string | null;
  readonly isPayment: boolean;
};
export type LineProblem = {
  readonly type: 'problem';
  readonly kind: CaseKind;
  readonly subject: string;
  readonly note: Note;
};
type Judged =
  | { readonly type: 'new'; readonly key: string }
  | { readonly type: 'known'; readonly line: KnownLine }
  | LineProblem;

/** What is to be done with a booked line. Changes nothing. */
export async function judgeLine(
  step: BankStep,
  account: OwnAccountRow,
  line: BankLine,
  { statementSequence }: Pick<LineOrigin, 'statementSequence'>,
): Promise<Judged> {
  const from = statementSequence === null ? {} : { sequence: String(statementSequence) };
  const about = { account: account.number, ...lineNote(line), ...from };
  if (line.ref === null || !/^[\x21-\x7e]{1,35}$/.test(line.ref)) {
    const subject = lineKey(account.number, `${line.bookingDay}:${line.amount}`);
    return { type: 'problem', kind: 'line_without_reference', subject, note: { code: 'line', ...about } };
  }
  const key = lineKey(account.number, line.ref);
  const problem = (kind: CaseKind, note: Note): LineProblem => ({
    type: 'problem',
    kind,
    subject: key,
    note: { ...about, ...note },
  });
  if (line.currency !== account.currency || line.amount === 0n)
    return problem('line_currency', { code: 'line' });
  const known = await knownLine(step, account.number, line.ref);
  if (!known) return { type: 'new', key };
  if (known.direction !== line.direction || known.amount !== line.amount) {
    const booked = formatMoney(minor(known.amount));
    return problem('line_conflict', { code: 'line_other', bookedAs: known.direction, booked });
  }
  if (statementSequence === null || known.statement === statementSequence)
    return { type: 'known', line: known };
  if (known.statement !== null) {
    const first = String(known.statement);
    return problem('line_duplicate', { code: 'line_two_statements', first });
  }
  if (!namesAnother(known, line)) return { type: 'known', line: known };
  const text = [line.endToEndId, ...line.references].filter(Boolean).join(' ');
  const booked = (known.isPayment ? known.endToEndId : known.reference) ?? '';
  return problem('line_reference', { code: 'line_names', text, reference: booked });
}

/** A statement that says nothing of whose money it is says nothing against it. */
function namesAnother(known: KnownLine, line: BankLine): boolean {
  if (known.isPayment) return line.endToEndId !== null && line.endToEndId !== known.endToEndId;
  if (known.reference === null || line.references.length === 0) return false;
  return !referencesIn(line.references).includes(known.reference);
}

async function knownLine(step: BankStep, account: string, ref: string): Promise<KnownLine | undefined> {
  const [row] = await step.tx<
    (Omit<KnownLine, 'amount' | 'statement'> & { amount: string; statement: string | null })[]
  >`
    select account, ref, direction, amount::text, statement_sequence::text as statement,
           virtual_reference as reference, end_to_end_id as "endToEndId", payment_id is not null as "isPayment"
      from bank_line_now where account = ${account} and ref = ${ref}`;
  return (
    row && {
      ...row,
      amount: BigInt(row.amount),
      statement: row.statement === null ? null : Number(row.statement),
    }
  );
}

/** The statement's word makes it final. */
export async function confirmKnown(step: BankStep, line: KnownLine, sequence: number): Promise<void> {
  if (line.statement !== null) return;
  await step.tx`update bank_line set statement_sequence = ${sequence}
    where account = ${line.account} and ref = ${line.ref}`;
  await closeBySystem(step, ['not_on_statement'], lineKey(line.account, line.ref));
}

/** What every case about a line says. */
export function lineNote(line: BankLine): Record<string, string> {
  const { direction, currency, amount, counterpartyName } = line;
  return { direction, currency, amount: formatMoney(amount), name: counterpartyName ?? '' };
}
