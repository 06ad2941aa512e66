/** A line of a statement as it is shown: signed by the side on which its account is positive. */
import { ACCOUNT_KINDS, type AccountKind } from '@seam/ledger';
import type { AccountLine } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { type StatementLine, type StatementPage, statement } from './read.ts';
import { statementFile } from './statement-file.ts';

/** Lines read at a time for a file. */
const FILE_LINES = 200;

export function lineView(line: StatementLine, kind: AccountKind): AccountLine {
  const sign = ACCOUNT_KINDS[kind].normal === 'credit' ? 1n : -1n;
  return {
    entryNo: String(line.entryNo),
    at: line.at.toISOString(),
    reason: line.reason,
    subject: line.subject,
    counterKind: line.counterAccount.split('/')[2] ?? '',
    amount: formatMoney(sign * (line.side === 'credit' ? line.posted : -line.posted)),
    held: formatMoney(line.side === 'debit' ? line.pending : 0n),
    balanceAfter: formatMoney(sign * line.balanceAfter),
    heldAfter: formatMoney(line.heldAfter),
  };
}

/** All lines that fit, oldest first, as a file. */
export async function fileOf(
  connection: Connection,
  code: string,
  filter: Omit<StatementPage, 'before' | 'limit'> = {},
): Promise<string> {
  const lines: StatementLine[] = [];
  for (let before: number | undefined; before !== 1;) {
    const page = await statement(connection, code, {
      ...filter,
      limit: FILE_LINES,
      ...(before !== undefined && { before }),
    });
    lines.push(...page);
    before = page.length < FILE_LINES ? 1 : page.at(-1)!.entryNo;
  }
  return statementFile(lines.toReversed());
}
