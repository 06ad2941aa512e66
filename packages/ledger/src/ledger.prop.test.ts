import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Posting, finalSettlement, netOf, partyAccount, reversal, splitFee } from './index.ts';
import { OracleLedger } from './oracle.ts';
import { fundedWorkload } from './workload.ts';

const sum = (values: Iterable<bigint>): bigint => [...values].reduce((a, b) => a + b, 0n);

describe('postings', () => {
  it('L13 fee + tax + net = gross exactly, and the same inputs give the same amounts', () => {
    const rates = fc.record({
      feeBasisPoints: fc.integer({ min: 0, max: 5000 }),
      taxBasisPoints: fc.integer({ min: 0, max: 5000 }),
    });
    fc.assert(
      fc.property(fc.bigInt(10n, 10n ** 15n), rates, (gross, rule) => {
        const split = splitFee(minor(gross), rule);
        expect(split.fee + split.tax + split.net).toBe(gross);
        expect(splitFee(minor(gross), rule)).toEqual(split);
        const off = split.fee * 10_000n - gross * BigInt(rule.feeBasisPoints);
        expect(off * 2n <= 10_000n && off * 2n > -10_000n).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  it('of a final settlement sum to zero and empty the escrow whatever the amounts', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 10n ** 14n), fc.bigInt(1n, 10n ** 14n), (escrowed, gross) => {
        const { posting } = finalSettlement({
          contractId: 'c',
          buyerId: 'b',
          sellerId: 's',
          currency: 'CNY',
          invoiceId: 'i',
          escrowed: minor(escrowed),
          released: minor(0n),
          gross: minor(gross),
          fee: { feeBasisPoints: 50, taxBasisPoints: 600 },
        });
        const net = netOf(posting);
        expect(sum(net.values())).toBe(0n);
        expect(net.get('b/CNY/escrow/c')).toBe(-escrowed);
        expect(net.get(partyAccount('b', 'CNY', 'free')) ?? 0n).toBe(escrowed - gross);
      }),
      { numRuns: 1000 },
    );
  });

  it('of every business effect sum to zero over all accounts', () => {
    fc.assert(
      fc.property(fundedWorkload(30), (postings) => {
        for (const value of postings) expect(sum(netOf(value).values())).toBe(0n);
      }),
    );
  });

  it('L9 reversal of all posted effects, newest first, restores every balance', () => {
    fc.assert(
      fc.property(fundedWorkload(20), (postings) => {
        const posted = postings.filter((value) => value.legs.every((leg) => leg.phase === 'posted'));
        const net = new Map<string, bigint>();
        const both: Posting[] = [
          ...posted,
          ...posted
            .toReversed()
            .map((value) => reversal(value, { effectKey: `undo.${value.effectKey}`, subject: 's' })),
        ];
        for (const value of both) {
          for (const [account, amount] of netOf(value)) net.set(account, (net.get(account) ?? 0n) + amount);
        }
        expect([...net.values()].every((amount) => amount === 0n)).toBe(true);
      }),
    );
  });

  it('L12 order of deposits does not matter to balances', () => {
    fc.assert(
      fc.property(
        fundedWorkload(12).chain((list) => {
          const deposits = list.filter((value) => value.reason === 'deposit');
          return fc.tuple(
            fc.constant(deposits),
            fc.shuffledSubarray(deposits, { minLength: deposits.length }),
          );
        }),
        ([a, b]) => {
          const [first, second] = [new OracleLedger(), new OracleLedger()];
          for (const value of a) first.apply(value);
          for (const value of b) second.apply(value);
          for (const value of a) {
            for (const leg of value.legs)
              expect(second.balance(leg.credit)).toEqual(first.balance(leg.credit));
          }
        },
      ),
    );
  });
});
