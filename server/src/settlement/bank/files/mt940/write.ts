/**
 * MT940 as a bank writes it: one message for one statement, text in the numbered subfields that most readers know.
 * Names keep their letters (UTF-8, as banks outside SWIFT's own network send it); what would end a field becomes a
 * point. The bank's reference stands after the slashes and has at most 16 characters.
 */
import { type Currency, type Minor, formatMoney } from '@seam/units';
import { type WrittenEntry, movedBy } from '../../iso20022/camt-write.ts';

export type WrittenStatement = {
  readonly account: { readonly number: string; readonly currency: Currency };
  readonly sequence: number;
  /** The bank's day, YYYY-MM-DD. */
  readonly day: string;
  readonly opening: Minor;
  readonly entries: readonly WrittenEntry[];
  /** Absent: what opening and entries make. */
  readonly closing?: Minor;
};

const LINE_MAX = 65;
const PART_MAX = 27;
export const MT940_REF_MAX = 16;

/** @throws RangeError when the reference of an entry is longer than the form has room for. */
export function writeMt940(statement: WrittenStatement): string {
  const { account, sequence, day, opening, entries } = statement;
  const closing = statement.closing ?? opening + movedBy(entries);
  const lines = [
    `:20:${`${account.currency}${sequence}`.slice(0, 16)}`,
    `:25:${account.number}`,
    `:28C:${sequence}/1`,
    `:60F:${balance(opening, day, account.currency)}`,
    ...entries.flatMap(writeEntry),
    `:62F:${balance(closing, day, account.currency)}`,
    '-',
  ];
  return `${lines.join('\r\n')}\r\n`;
}

function balance(value: bigint, day: string, currency: string): string {
  return `${value < 0n ? 'D' : 'C'}${shortDay(day)}${currency}${amountOf(value < 0n ? -value : value)}`;
}

const amountOf = (value: bigint): string => formatMoney(value).replace('.', ',');
const shortDay = (day: string): string => day.slice(2).replaceAll('-', '');

function writeEntry(one: WrittenEntry): string[] {
  if (one.ref.length > MT940_REF_MAX) throw new RangeError(`reference ${one.ref} is too long for MT940`);
  const mark = one.direction === 'credit' ? 'C' : 'D';
  const days = `${shortDay(one.valueDay)}${shortDay(one.bookingDay).slice(2)}`;
  // RTI: a returned item, whose reason opens the text.
  const kind = one.returnReason === null ? 'NTRF' : 'NRTI';
  return [
    `:61:${days}${mark}${amountOf(one.amount)}${kind}NONREF//${one.ref}`,
    ...wrapped(`:86:${detailsOf(one)}`),
  ];
}

function detailsOf(one: WrittenEntry): string {
  const purpose = [
    ...(one.endToEndId === null ? [] : [`EREF+${one.endToEndId} `]),
    `SVWZ+${plain([one.reference, one.remittance].filter(Boolean).join(' '))}`,
  ].join('');
  const names = parts(plain(one.counterpartyName));
  return [
    one.returnReason === null ? '166?00TRANSFER' : `166?00RETURN ${one.returnReason}`,
    ...parts(purpose).map((part, index) => `?${index < 10 ? 20 + index : 50 + index}${part}`),
    `?31${one.counterpartyAccount}`,
    ...names.slice(0, 2).map((part, index) => `?${32 + index}${part}`),
  ].join('');
}

/** Letters, digits and signs that no field, subfield or tag begins with. */
function plain(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S} ]|[?:{}+]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

/** Numbers 20..29 and 60..63: fourteen parts of one text. */
const PARTS_MAX = 14;

function parts(text: string): string[] {
  const characters = Array.from(text);
  const count = Math.min(PARTS_MAX, Math.ceil(characters.length / PART_MAX));
  return Array.from({ length: count }, (_, index) =>
    characters.slice(index * PART_MAX, (index + 1) * PART_MAX).join(''),
  );
}

/** A line that would begin like the end of a message is cut one character later. */
function wrapped(field: string): string[] {
  const characters = Array.from(field);
  const lines: string[] = [];
  while (characters.length > 0) {
    const rest = characters.slice(LINE_MAX);
    lines.push(characters.splice(0, rest[0] === '-' && rest.length === 1 ? LINE_MAX + 1 : LINE_MAX).join(''));
  }
  return lines;
}
