import { minor } from '@seam/units';
import { expect, it } from 'vitest';
import { holdExposure, returnExposure } from './exposure.ts';
import { OracleLedger } from './oracle.ts';
import { partyAccount, platformAccount } from './accounts.ts';

const whose = { orgId: 'buyer', currency: 'CNY', instrumentId: 'Q5500' } as const;
const free = partyAccount('buyer', 'CNY', 'free');

function ledgerWithHolds(...amounts: bigint[]): { ledger: OracleLedger; holds: Hold[] } {
  const ledger = new OracleLedger();
  ledger.apply({
    effectKey: 'fund',
    reason: 'correction',
    subject: 'test',
    legs: [
      {
        phase: 'posted',
        debit: platformAccount('CNY', 'bank_clearing'),
        credit: free,
        amount: minor(100_000n),
      },
    ],
  });
  const holds = amounts.map((amount, n) => ({ holdKey: `hold.${n}`, amount: minor(amount) }));
  for (const hold of holds) expect(ledger.apply(holdExposure({ ...whose, ...hold }))).toBe('applied');
  return { ledger, holds };
}
type Hold = Parameters<typeof returnExposure>[0]['holds'][number];

it('a part of two holds comes back and the rest is held under a key of its own', () => {
  const { ledger, holds } = ledgerWithHolds(300n, 500n);
  const rest = { holdKey: 'hold.rest', amount: minor(200n) };
  const postings = returnExposure({ ...whose, returnKey: 'return.1', holds, rest });
  expect(postings.map((one) => ledger.apply(one))).toEqual(['applied', 'applied']);
  expect(ledger.balance(free)).toMatchObject({ debitsPending: 200n, debitsPosted: 0n });
  expect(postings.map((one) => ledger.apply(one))).toEqual(['exists', 'exists']);
});

it('more holds than one posting has legs come back in several', () => {
  const { ledger, holds } = ledgerWithHolds(...Array.from({ length: 150 }, () => 7n));
  const postings = returnExposure({ ...whose, returnKey: 'return.1', holds, rest: null });
  expect(postings.map(({ legs }) => legs.length)).toEqual([64, 64, 22]);
  expect(postings.map((one) => ledger.apply(one))).toEqual(['applied', 'applied', 'applied']);
  expect(ledger.balance(free).debitsPending).toBe(0n);
});

it('nothing can stay that was not held', () => {
  const holds = [{ holdKey: 'h', amount: minor(5n) }];
  const rest = { holdKey: 'r', amount: minor(5n) };
  expect(() => returnExposure({ ...whose, returnKey: 'x', holds, rest })).toThrow(RangeError);
  expect(() => returnExposure({ ...whose, returnKey: 'x', holds: [], rest: null })).toThrow(RangeError);
});
