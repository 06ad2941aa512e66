/**
 * MT940 (statement) and MT942 (interim report) after the SWIFT user handbook, tolerant where banks are free:
 * amounts with any number of digits, a missing entry day, 30 February of the 30-day year, missing balances.
 */
import {
  type AccountStatement,
  type Balance,
  type BankEntry,
  type BankFile,
  addsUp,
  decimalText,
} from '../bank-file.ts';
import { BadMessage } from '../../iso20022/xml.ts';
import { type Field, messagesOf } from './fields.ts';
import { readDetails } from './details.ts';

const BALANCES: Readonly<Record<string, string>> = {
  '60F': 'OPBD',
  '60M': 'ITBD',
  '62F': 'CLBD',
  '62M': 'ITBD',
  '64': 'CLAV',
  '65': 'FWAV',
};

/** Whether this may be one: some line begins with a field that each message has. */
export function isMt940(text: string): boolean {
  return messagesOf(text).length > 0;
}

/** @throws BadMessage `field_invalid` with the line that cannot be read, `message_unknown` when nothing can. */
export function readMt940(text: string): BankFile {
  const remarks: string[] = [];
  const messages = messagesOf(text);
  const statements = messages.map((fields) => readMessage(fields, remarks));
  if (statements.length === 0) throw new BadMessage('message_unknown', 'no field of MT940');
  const isInterim = messages.some((fields) => fields.some(({ tag }) => tag === '34F' || tag === '90D'));
  return { format: isInterim ? 'mt942' : 'mt940', messageId: null, statements, remarks };
}

function readMessage(fields: readonly Field[], remarks: string[]): AccountStatement {
  const valueOf = (...tags: string[]): Field | undefined => fields.find(({ tag }) => tags.includes(tag));
  const balances = fields.flatMap((field) => (field.tag in BALANCES ? [readBalance(field, remarks)] : []));
  const of = (prefix: string): Balance | null => {
    const index = fields.filter(({ tag }) => tag in BALANCES).findIndex(({ tag }) => tag.startsWith(prefix));
    return balances[index] ?? null;
  };
  const [openingBalance, closingBalance] = [of('60'), of('62')];
  const account = accountOf(valueOf('25', '25P')?.value ?? '');
  const currency =
    openingBalance?.currency ??
    closingBalance?.currency ??
    account.currency ??
    /^[A-Z]{3}/.exec(valueOf('34F')?.value ?? '')?.[0] ??
    null;
  const entries = readEntries(fields, currency, remarks);
  const [sequence = null, page = null] = (valueOf('28C', '28')?.value ?? '').trim().split('/');
  return {
    id: valueOf('20')?.value.split('\n')[0]!.trim() ?? null,
    account: account.number,
    currency,
    sequence: sequence === '' ? null : sequence,
    page,
    openingBalance,
    closingBalance,
    balances,
    entries,
    addsUp: addsUp(openingBalance, closingBalance, entries),
  };
}

/** Some banks write the currency right after the number. */
function accountOf(value: string): { number: string; currency: string | null } {
  const text = value.split('\n')[0]!.trim();
  const found = /^(.*[\d/])[ ]?([A-Z]{3})$/.exec(text);
  if (!found) return { number: text, currency: null };
  return { number: found[1]!.replace(/\/$/, ''), currency: found[2]! };
}

function readBalance({ tag, value, line }: Field, remarks: string[]): Balance {
  const found = /^([DC])(\d{6})([A-Z]{3})([\d.,]+)$/.exec(value.replaceAll(/\s/g, ''));
  const amount = found && decimalText(found[4]!);
  if (!found || !amount) throw new BadMessage('field_invalid', `line ${line}: :${tag}:${value.slice(0, 40)}`);
  return {
    type: BALANCES[tag]!,
    sign: found[1] === 'C' ? 'credit' : 'debit',
    amount,
    currency: found[3]!,
    date: dateOf(found[2]!, line, remarks),
  };
}

/** Value day, entry day, mark, third letter of the currency, amount, kind, references; more words below. */
const MOVEMENT =
  /^(\d{6})(\d{4})?\s*([RE]?[DC])([A-Z])?\s*([\d.,]{1,20})([A-Z][A-Z0-9 ]{3})?([^\n]*)(?:\n([\s\S]*))?$/;

function readEntries(fields: readonly Field[], currency: string | null, remarks: string[]): BankEntry[] {
  const entries: BankEntry[] = [];
  let open: { field: Field; details: string[] } | undefined;
  const end = (): void => {
    if (open) entries.push(readEntry(open.field, open.details, { currency, remarks }));
    open = undefined;
  };
  for (const field of fields) {
    if (field.tag === '61') {
      end();
      open = { field, details: [] };
    } else if (field.tag === '86' || field.tag === 'NS') open?.details.push(field.value);
    // What follows a closing balance is about the statement.
    else if (field.tag.startsWith('62')) end();
  }
  end();
  return entries;
}

type Around = { readonly currency: string | null; readonly remarks: string[] };

function readEntry(field: Field, details: readonly string[], { currency, remarks }: Around): BankEntry {
  const { value, line } = field;
  const found = MOVEMENT.exec(value.replace(/\n:?$/, ''));
  const amount = found && decimalText(found[5]!);
  if (!found || !amount) throw new BadMessage('field_invalid', `line ${line}: :61:${value.slice(0, 40)}`);
  const [, valueDay, entryDay, mark = '', , , kind, given = '', more] = found;
  const { customer, bank, rest } = referencesIn(given);
  const valueDate = dateOf(valueDay!, line, remarks);
  const told = readDetails(details.join('\n'));
  return {
    amount,
    currency,
    // R takes back what the letter after it names; E expects it.
    sign: (mark.at(-1) === 'C') === (mark[0] !== 'R') ? 'credit' : 'debit',
    status: mark[0] === 'E' ? 'pending' : 'booked',
    reversal: mark[0] === 'R',
    valueDate,
    bookingDate: entryDay === undefined ? null : entryDateOf(entryDay, valueDate, line, remarks),
    code: kind?.trim() ?? told.code,
    references: {
      ...(bank === '' ? {} : { bank }),
      ...told.references,
      ...(NO_REFERENCE.has(customer) ? {} : { customer }),
    },
    counterparty: told.counterparty,
    text: [rest, ...(more ?? '').split('\n'), ...told.text]
      .map((one) => one.trim())
      .filter((one) => one !== ''),
    transactions: [],
  };
}

/** `KREF+`: it stands in the text below. */
const NO_REFERENCE: ReadonlySet<string> = new Set(['', 'NONREF', 'KREF+']);

/** Sixteen characters of the owner's, then the bank's after two slashes; some banks add words to the first. */
function referencesIn(text: string): { customer: string; bank: string; rest: string } {
  const both = /^(.{0,16})\/\/(.*)$/.exec(text);
  const [customer, bank, rest] = both ? [both[1]!, both[2]!, ''] : [text.slice(0, 16), '', text.slice(16)];
  return { customer: customer.trim(), bank: bank.trim(), rest: rest.trim() };
}

/** Two digits of a year: 1980 to 2079. */
const CENTURY_FROM = 80;

function dateOf(text: string, line: number, remarks: string[]): string {
  const [year, month, day] = [0, 2, 4].map((at) => Number(text.slice(at, at + 2))) as [
    number,
    number,
    number,
  ];
  return dayIn(year + (year >= CENTURY_FROM ? 1900 : 2000), month, day, { line, remarks });
}

/** An entry day has no year: the one nearest to the value day. */
function entryDateOf(text: string, near: string, line: number, remarks: string[]): string {
  const [month, day] = [Number(text.slice(0, 2)), Number(text.slice(2))];
  const year = Number(near.slice(0, 4));
  const days = [year - 1, year, year + 1].map((one) => dayIn(one, month, day, { line, remarks: [] }));
  const distance = (one: string): number => Math.abs(Date.parse(one) - Date.parse(near));
  const nearest = days.toSorted((one, other) => distance(one) - distance(other))[0]!;
  return dayIn(Number(nearest.slice(0, 4)), month, day, { line, remarks });
}

/** A day that the month does not have is its last: interest is worked out in months of 30 days. */
function dayIn(
  year: number,
  month: number,
  day: number,
  { line, remarks }: { line: number; remarks: string[] },
): string {
  if (month < 1 || month > 12 || day < 1 || day > 31)
    throw new BadMessage('field_invalid', `line ${line}: day ${day} of month ${month}`);
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > last) remarks.push(`line ${line}: day ${day} of month ${month} read as ${last}`);
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${two(month)}-${two(Math.min(day, last))}`;
}
