/**
 * camt.052 (interim report), camt.054 (notification) and camt.053 (statement): what the bank says has happened on
 * our accounts. Reads every version, whose differences are where a status or a party's name stands.
 */
import type { Minor } from '@seam/units';
import { minor } from '@seam/units';
import { ENTRIES_MAX, MESSAGE_BYTES_MAX, STATEMENT_BYTES_MAX } from './limits.ts';
import { type Money, accountNumberOf, codeOf, dayOf, moneyOf, partyName } from './values.ts';
import { BadMessage, type Element, at, child, children, readDocument, required, text } from './xml.ts';

export type Direction = 'credit' | 'debit';

/** One movement on the account: a transaction, or a whole entry whose details do not add up. */
export type BankLine = {
  /** The bank's own reference: the identity of the line on every channel. Null: it gave none. */
  readonly ref: string | null;
  readonly direction: Direction;
  readonly amount: Minor;
  readonly currency: string;
  /** `pending` and `information` move nothing. */
  readonly status: 'booked' | 'pending' | 'information';
  readonly bookingDay: string | null;
  readonly valueDay: string | null;
  readonly endToEndId: string | null;
  /** Structured creditor references and free text, all candidates for a deposit reference. */
  readonly references: readonly string[];
  readonly counterpartyName: string | null;
  readonly counterpartyAccount: string | null;
  /** Set when money comes back: the ISO reason code, or `REVERSAL`. */
  readonly returnReason: string | null;
};

export type AccountReport = {
  readonly id: string;
  readonly account: string;
  /** Of the account, where stated. */
  readonly currency: string | null;
  /** Electronic sequence number of a statement. */
  readonly sequence: number | null;
  readonly page: number;
  readonly lastPage: boolean;
  /** Signed: negative when the account is overdrawn. Null on notifications and inner pages. */
  readonly opening: Minor | null;
  readonly closing: Minor | null;
  /** Day of the closing balance, YYYY-MM-DD. */
  readonly closingDay: string | null;
  readonly lines: readonly BankLine[];
};
export type BankReport = {
  readonly kind: 'notification' | 'statement';
  readonly messageId: string;
  readonly reports: readonly AccountReport[];
};

const REPORTS = [
  { name: 'camt.052', element: 'Rpt', kind: 'notification' },
  { name: 'camt.053', element: 'Stmt', kind: 'statement' },
  { name: 'camt.054', element: 'Ntfctn', kind: 'notification' },
] as const;

/** @throws BadMessage */
export function readCamt(bytes: Uint8Array): BankReport {
  const { message, root } = readDocument(bytes, STATEMENT_BYTES_MAX);
  const report = REPORTS.find(({ name }) => message.startsWith(`${name}.`));
  if (!report) throw new BadMessage('message_unknown', message);
  const { kind } = report;
  if (kind === 'notification' && bytes.length > MESSAGE_BYTES_MAX)
    throw new BadMessage('too_large', `${bytes.length} bytes`);
  return {
    kind,
    messageId: required(root, 'GrpHdr/MsgId'),
    reports: children(root, report.element).map(readReport),
  };
}

function readReport(element: Element): AccountReport {
  const account = accountNumberOf(child(element, 'Acct'));
  if (!account) throw new BadMessage('field_missing', 'Acct');
  const entries = children(element, 'Ntry');
  if (entries.length > ENTRIES_MAX) throw new BadMessage('too_large', `${entries.length} entries`);
  const pagination = ['StmtPgntn', 'NtfctnPgntn', 'RptPgntn']
    .map((name) => child(element, name))
    .find(Boolean);
  const sequence = text(element, 'ElctrncSeqNb');
  return {
    id: required(element, 'Id'),
    account,
    currency: text(element, 'Acct/Ccy'),
    sequence: sequence === null ? null : wholeNumber(sequence, 'ElctrncSeqNb'),
    page: pagination ? wholeNumber(required(pagination, 'PgNb'), 'PgNb') : 1,
    lastPage: pagination ? required(pagination, 'LastPgInd') === 'true' : true,
    opening: balanceOf(element, 'OPBD') ?? balanceOf(element, 'PRCD'),
    closing: balanceOf(element, 'CLBD'),
    closingDay: dayOf(balanceElement(element, 'CLBD'), 'Dt'),
    lines: entries.flatMap(readEntry),
  };
}

function wholeNumber(value: string, name: string): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < 0)
    throw new BadMessage('field_invalid', `${name} ${value.slice(0, 20)}`);
  return number;
}

function balanceElement(report: Element, code: string): Element | undefined {
  return children(report, 'Bal').find((balance) => codeOf(child(balance, 'Tp'), 'CdOrPrtry') === code);
}

function balanceOf(report: Element, code: string): Minor | null {
  const found = balanceElement(report, code);
  if (!found) return null;
  const { amount } = moneyOf(found, 'Amt');
  return directionOf(found) === 'credit' ? amount : minor(-amount);
}

function directionOf(element: Element): Direction {
  const indicator = required(element, 'CdtDbtInd');
  if (indicator === 'CRDT') return 'credit';
  if (indicator === 'DBIT') return 'debit';
  throw new BadMessage('field_invalid', `CdtDbtInd ${indicator.slice(0, 10)}`);
}

function readEntry(entry: Element): BankLine[] {
  const details = children(entry, 'NtryDtls').flatMap((group) => children(group, 'TxDtls'));
  const money = moneyOf(entry, 'Amt');
  const direction = directionOf(entry);
  const amounts = details.map((one) => amountOf(one, details.length === 1 ? money : null));
  const whole = amounts.reduce<bigint | null>(
    (sum, one) => (sum === null || one?.currency !== money.currency ? null : sum + one.amount),
    0n,
  );
  // Only details that are this entry and nothing else may be booked one by one.
  const sameSide = details.every((one) => !child(one, 'CdtDbtInd') || directionOf(one) === direction);
  if (details.length === 0 || whole !== money.amount || !sameSide) {
    return [lineOf(entry, details.length === 1 ? details[0] : undefined, money, text(entry, 'AcctSvcrRef'))];
  }
  const entryRef = text(entry, 'AcctSvcrRef');
  return details.map((one, index) => {
    const fallback = entryRef && details.length > 1 ? `${entryRef}.${index + 1}` : entryRef;
    return lineOf(entry, one, amounts[index]!, text(one, 'Refs/AcctSvcrRef') ?? fallback);
  });
}

/** Amount of a transaction: its own element since version 04, below AmtDtls before. */
function amountOf(details: Element, only: Money | null): Money | null {
  if (child(details, 'Amt')) return moneyOf(details, 'Amt');
  if (at(details, 'AmtDtls/TxAmt/Amt')) return moneyOf(details, 'AmtDtls/TxAmt/Amt');
  return only;
}

function lineOf(entry: Element, details: Element | undefined, money: Money, ref: string | null): BankLine {
  const direction = directionOf(entry);
  const other = direction === 'credit' ? 'Dbtr' : 'Cdtr';
  const parties = child(details, 'RltdPties');
  const endToEndId = text(details, 'Refs/EndToEndId');
  return {
    ref,
    direction,
    ...money,
    status: statusOf(entry),
    bookingDay: dayOf(entry, 'BookgDt'),
    valueDay: dayOf(entry, 'ValDt'),
    endToEndId: endToEndId === 'NOTPROVIDED' ? null : endToEndId,
    references: referencesOf(details),
    counterpartyName: partyName(child(parties, other)),
    counterpartyAccount: accountNumberOf(child(parties, `${other}Acct`)),
    returnReason: returnReasonOf(entry, details),
  };
}

function statusOf(entry: Element): BankLine['status'] {
  const code = codeOf(entry, 'Sts');
  if (code === 'BOOK') return 'booked';
  if (code === 'PDNG' || code === 'FUTR') return 'pending';
  if (code === 'INFO') return 'information';
  throw new BadMessage('field_invalid', `Sts ${String(code).slice(0, 10)}`);
}

function referencesOf(details: Element | undefined): string[] {
  const remittance = child(details, 'RmtInf');
  const structured = children(remittance, 'Strd').map((one) => text(one, 'CdtrRefInf/Ref'));
  const free = children(remittance, 'Ustrd').map((one) => one['#text'] as string | undefined);
  return [...structured, ...free].filter((one): one is string => typeof one === 'string' && one !== '');
}

function returnReasonOf(entry: Element, details: Element | undefined): string | null {
  const returned = child(details, 'RtrInf');
  if (returned) return codeOf(returned, 'Rsn') ?? 'NARR';
  return text(entry, 'RvslInd') === 'true' ? 'REVERSAL' : null;
}
