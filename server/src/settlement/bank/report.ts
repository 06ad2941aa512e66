/**
 * What the bank reports of our accounts, in whichever form it does: camt.053 and MT940 are statements, camt.052,
 * camt.054 and MT942 are claims until a statement confirms them.
 */
import { type Minor, minor, parseScaled } from '@seam/units';
import type { AccountStatement, Balance, BankEntry } from './files/bank-file.ts';
import { readBankFile } from './files/read.ts';
import { type AccountReport, type BankLine, type BankReport, readCamt } from './iso20022/camt.ts';
import { BadMessage } from './iso20022/xml.ts';

/** An MT file may stand in SWIFT's blocks, which begin like JSON does. */
export function isMt(raw: Uint8Array): boolean {
  const head = new TextDecoder('latin1').decode(raw.subarray(0, 200)).trimStart();
  return /^(?:\{[1-5]:|:\d\d[A-Z]?:)/.test(head);
}

/** @throws BadMessage */
export function readBankReport(raw: Uint8Array): BankReport {
  return isMt(raw) ? readMt(raw) : readCamt(raw);
}

function readMt(raw: Uint8Array): BankReport {
  const file = readBankFile(raw);
  return {
    kind: file.format === 'mt940' ? 'statement' : 'notification',
    messageId: file.statements[0]?.id ?? '',
    reports: file.statements.map(readStatement),
  };
}

function readStatement(statement: AccountStatement): AccountReport {
  const { account, currency, openingBalance, closingBalance } = statement;
  if (account === '') throw new BadMessage('field_missing', ':25:');
  return {
    id: statement.id ?? '',
    account,
    currency,
    sequence: wholeNumber(statement.sequence),
    page: wholeNumber(statement.page) ?? 1,
    lastPage: closingBalance?.type === 'CLBD',
    opening: openingBalance?.type === 'OPBD' ? signed(openingBalance) : null,
    closing: closingBalance?.type === 'CLBD' ? signed(closingBalance) : null,
    closingDay: closingBalance?.type === 'CLBD' ? closingBalance.date : null,
    lines: statement.entries.map((entry) => readLine(entry, currency)),
  };
}

function wholeNumber(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,15}$/.test(text)) throw new BadMessage('field_invalid', `:28C: ${text.slice(0, 20)}`);
  return Number(text);
}

function signed(balance: Balance): Minor {
  const amount = minorOf(balance.amount);
  return balance.sign === 'credit' ? amount : minor(-amount);
}

/** Our currencies have two digits: what cannot be booked exactly must not be booked. */
function minorOf(text: string): Minor {
  const amount = parseScaled(text, 2);
  if (amount === undefined || amount > 10n ** 15n) throw new BadMessage('field_invalid', `amount ${text}`);
  return minor(amount);
}

function readLine(entry: BankEntry, currency: string | null): BankLine {
  const { references, counterparty, text } = entry;
  return {
    ref: references.bank ?? null,
    direction: entry.sign,
    amount: minorOf(entry.amount),
    currency: entry.currency ?? currency ?? '',
    status: entry.status,
    bookingDay: entry.bookingDate ?? entry.valueDate,
    valueDay: entry.valueDate,
    endToEndId: references.endToEnd ?? null,
    references: [references.creditor, references.customer, ...text].filter(
      (one): one is string => one !== undefined && one !== '',
    ),
    counterpartyName: counterparty.name ?? null,
    counterpartyAccount: counterparty.account ?? null,
    returnReason: returnReasonOf(entry),
  };
}

/** RTI is a returned item (SWIFT's codes of field 61); its reason opens the text where the bank gives one. */
function returnReasonOf({ code, reversal, text }: BankEntry): string | null {
  if (code === 'NRTI') return /^RETURN ([A-Z]{2}\d{2})\b/.exec(text[0] ?? '')?.[1] ?? 'NARR';
  return reversal ? 'REVERSAL' : null;
}
