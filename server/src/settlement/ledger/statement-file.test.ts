import { minor } from '@seam/units';
import { expect, it } from 'vitest';
import type { StatementLine } from './read.ts';
import { statementFile } from './statement-file.ts';

const line: StatementLine = {
  account: 'o/CNY/free',
  effectKey: 'deposit.A',
  entryNo: 7,
  at: new Date('2026-11-23T01:02:03.004Z'),
  reason: 'deposit',
  subject: 'bank_entry:A,"1"',
  side: 'credit',
  counterAccount: 'platform/CNY/bank_clearing',
  posted: minor(123_45n),
  pending: minor(0n),
  balanceAfter: minor(200_00n),
  heldAfter: minor(5_00n),
};

it('a statement is a table whose cells survive commas, quotes and spreadsheets that look for formulas', () => {
  const file = statementFile([
    line,
    { ...line, entryNo: 8, subject: '=cmd()', side: 'debit', posted: minor(0n), pending: minor(-5_00n) },
  ]);
  expect(file.split('\r\n')).toEqual([
    'entry,at,reason,subject,counter_account,amount,on_hold,balance_after,on_hold_after',
    '7,2026-11-23T01:02:03.004Z,deposit,"bank_entry:A,""1""",bank_clearing,123.45,0.00,200.00,5.00',
    "8,2026-11-23T01:02:03.004Z,deposit,'=cmd(),bank_clearing,0.00,-5.00,200.00,5.00",
    '',
  ]);
});
