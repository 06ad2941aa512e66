import type { BankCaseNote, CaseNote } from '@seam/protocol';
import { formatDateTime, formatMoney } from '#lib/format/format.ts';
import { dictionary, fill, type Locale } from './dictionary.ts';

/** What a case of the bank's desk says beyond its kind. */
export const caseNotes = dictionary({
  en: {
    account_not_ours: 'Account {account} is not ours.',
    line: '{direction} of {amount}, {name}.',
    line_text: '{direction} of {amount}, {name}: “{text}”.',
    line_other: '{direction} of {amount}, {name}; it was booked as a {bookedAs} of {booked}.',
    line_two_statements: '{direction} of {amount}, {name}: on statements {first} and {sequence}.',
    line_twice: '{direction} of {amount}, {name}: twice on statement {sequence}.',
    line_names:
      '{direction} of {amount}, {name}: booked under {reference}, and statement {sequence} says “{text}”.',
    payment_sent: '{direction} of {amount}, {name}; {sent} was ordered.',
    payment_again: '{direction} of {amount}, {name}: once more for payment {id}.',
    paid_after: '{direction} of {amount}, {name}, although the payment had ended: {status} {reason}.',
    settled_after: '{direction} of {amount}, {name}: settled after it was {status}.',
    status_unknown: 'The bank says “{status}” of a payment that we never made.',
    status_after: '{amount} to {name}: {status} after {before}. {reason}',
    money_has_left: '{amount} to {name}: {status}, but its money has left. {reason}',
    not_settled: '{amount} to {name} was accepted more than a day ago and is on no line of the account.',
    owed: '{amount} was taken back; {owed} of it had been spent and is owed.',
    taken_back: '{amount} was taken back by the bank of {name}; free money covered it.',
    no_sequence: 'A statement without a number.',
    other_content: 'Sent again with other content.',
    statement_missing: 'Statement {sequence} is missing.',
    page_missing: 'A page is missing.',
    sum: 'Closed before with {previous}; opens with {opening}, its lines are {lines}, closes with {closing}.',
    lines_unclear: 'Lines that cannot be booked as they stand: {count}. Each has a case.',
    not_on_statement: '{direction} of {amount} was notified and is on no statement up to {day}.',
    suspense_since: '{direction} of {amount} since {since}.',
    debit_contested: '{amount}, {name}: contested; it is in suspense until the bank gives it back.',
    proof_difference: 'The ledger differs from statement and transit by {difference}.',
    settled_without_line: '{amount} is {status}, and no line says so.',
    line_without_owner: 'A line of {amount} without the payment it names.',
    line_without_effect: 'A line of {amount}; the ledger moved {moved}.',
    statement_without_lines: 'Closing less opening is {difference}, its lines are {lines}.',
    statement_chain: 'Opens with {opening} after {previous}.',
    suspense_without_line: 'The ledger has {ledger} in suspense, the lines have {lines}.',
    ledger_and_statement: 'Ledger {ledger}, statement {statement}, in transit {transit}.',
    error: 'It failed each time: {text}',
  },
  zh: {
    account_not_ours: '账户 {account} 不属于我方。',
    line: '{direction} {amount}，{name}。',
    line_text: '{direction} {amount}，{name}，附言“{text}”。',
    line_other: '{direction} {amount}，{name}；此前按{bookedAs} {booked} 入账。',
    line_two_statements: '{direction} {amount}，{name}：同时出现在第 {first} 与第 {sequence} 号对账单上。',
    line_twice: '{direction} {amount}，{name}：在第 {sequence} 号对账单上出现两次。',
    line_names: '{direction} {amount}，{name}：已按 {reference} 入账，而第 {sequence} 号对账单写“{text}”。',
    payment_sent: '{direction} {amount}，{name}；指令金额为 {sent}。',
    payment_again: '{direction} {amount}，{name}：付款 {id} 再次发生。',
    paid_after: '{direction} {amount}，{name}，而该付款此前已终结：{status} {reason}。',
    settled_after: '{direction} {amount}，{name}：在“{status}”之后又入账。',
    status_unknown: '银行就一笔我方从未发出的付款答复“{status}”。',
    status_after: '付给{name} {amount}：“{before}”之后又“{status}”。{reason}',
    money_has_left: '付给{name} {amount}：“{status}”，但款项已付出。{reason}',
    not_settled: '付给{name} {amount}：受理已超过一天，账户流水中仍无记录。',
    owed: '{amount} 被退回；其中 {owed} 已被使用，须补足。',
    taken_back: '{amount} 被{name}的银行退回，可用资金已足额抵扣。',
    no_sequence: '对账单没有编号。',
    other_content: '重发且内容不同。',
    statement_missing: '缺第 {sequence} 号对账单。',
    page_missing: '缺页。',
    sum: '上期期末 {previous}；本期期初 {opening}，流水合计 {lines}，期末 {closing}。',
    lines_unclear: '有 {count} 行无法照原样入账，各有异常事项。',
    not_on_statement: '{direction} {amount} 已通知，但截至 {day} 的对账单上均无此笔。',
    suspense_since: '{direction} {amount}，自 {since} 起待查。',
    debit_contested: '{amount}，{name}：已向银行提出异议，退回之前列为待查。',
    proof_difference: '账面与对账单及在途相差 {difference}。',
    settled_without_line: '{amount} 状态为“{status}”，但没有对应流水。',
    line_without_owner: '一笔 {amount} 的流水没有其所指的付款。',
    line_without_effect: '一笔 {amount} 的流水，账面却记了 {moved}。',
    statement_without_lines: '期末减期初为 {difference}，流水合计为 {lines}。',
    statement_chain: '期初 {opening}，而上期期末为 {previous}。',
    suspense_without_line: '待查账面为 {ledger}，流水为 {lines}。',
    ledger_and_statement: '账面 {ledger}，对账单 {statement}，在途 {transit}。',
    error: '每次处理均失败：{text}',
  },
});
// Each note that the server writes has words.
caseNotes satisfies Readonly<Record<Locale, Readonly<Record<BankCaseNote, string>>>>;

const words = dictionary({
  en: {
    credit: 'Credit',
    debit: 'Debit',
    credit_booked: 'credit',
    debit_booked: 'debit',
    nobody: 'sender not named',
    nothing: 'none',
    created: 'waiting for approval',
    approved: 'approved',
    sending: 'being sent',
    unknown: 'outcome unknown',
    accepted: 'accepted',
    rejected: 'rejected',
    failed: 'not made',
    settled: 'settled',
    returned: 'returned',
  },
  zh: {
    credit: '贷记',
    debit: '扣款',
    credit_booked: '贷记',
    debit_booked: '扣款',
    nobody: '对方未注明',
    nothing: '无',
    created: '待审批',
    approved: '已批准',
    sending: '发送中',
    unknown: '结果未知',
    accepted: '已受理',
    rejected: '被拒绝',
    failed: '未执行',
    settled: '已入账',
    returned: '被退回',
  },
});

const MONEY = new Set([
  'amount',
  'booked',
  'sent',
  'owed',
  'previous',
  'opening',
  'lines',
  'closing',
  'difference',
  'moved',
  'ledger',
  'statement',
  'transit',
]);
const STATES = new Set(['status', 'before']);

type Reader = { readonly locale: Locale; readonly timeZone: string };

/** The note in the reader's language; what was written before notes had codes, as it was written. */
export function caseText(note: CaseNote | null, detail: string, reader: Reader): string {
  const texts: Readonly<Record<string, string>> = caseNotes[reader.locale];
  const text = note && Object.hasOwn(texts, note.code) ? texts[note.code] : undefined;
  if (!note || text === undefined) return detail;
  const values = Object.fromEntries(
    Object.entries(note.params).map(([name, value]) => [name, shown(name, value, note.params, reader)]),
  );
  return fill(text, { name: words[reader.locale].nobody, ...values }).trim();
}

function shown(
  name: string,
  value: string,
  params: Readonly<Record<string, string>>,
  { locale, timeZone }: Reader,
): string {
  const known: Readonly<Record<string, string>> = words[locale];
  if (MONEY.has(name)) {
    if (value === '') return words[locale].nothing;
    const { currency } = params;
    return currency === undefined ? value : formatMoney(value, currency, locale);
  }
  if (name === 'direction') return known[value] ?? value;
  if (name === 'bookedAs') return known[`${value}_booked`] ?? value;
  if (STATES.has(name)) return known[value] ?? value;
  if (name === 'since') return formatDateTime(value, { locale, timeZone });
  if (name === 'name' && value === '') return words[locale].nobody;
  return value;
}
