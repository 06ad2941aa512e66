/** A statement as a file that a spreadsheet or another program reads: one line an entry, oldest first. */
import { formatMoney } from '@seam/units';
import type { StatementLine } from './read.ts';

const HEAD = [
  'entry',
  'at',
  'reason',
  'subject',
  'counter_account',
  'amount',
  'on_hold',
  'balance_after',
  'on_hold_after',
];

/** Codes, amounts and instants only: nothing that a spreadsheet could take for a formula. */
export function statementFile(lines: readonly StatementLine[]): string {
  const rows = lines.map((line) => [
    line.entryNo,
    line.at.toISOString(),
    line.reason,
    line.subject,
    line.counterAccount.split('/')[2] ?? '',
    formatMoney(line.side === 'credit' ? line.posted : -line.posted),
    formatMoney(line.side === 'debit' ? line.pending : 0n),
    formatMoney(line.balanceAfter),
    formatMoney(line.heldAfter),
  ]);
  return (
    [HEAD, ...rows].map((row) => row.map((cell) => quoted(String(cell))).join(',')).join('\r\n') + '\r\n'
  );
}

function quoted(text: string): string {
  const safe = /^[=+@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
