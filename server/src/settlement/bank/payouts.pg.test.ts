import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../ledger/read.ts';
import { type Payment, paymentById } from './payments.ts';
import { ExchangeSide } from './testing/exchange-side.ts';

let side: ExchangeSide;
beforeAll(async () => {
  side = await ExchangeSide.open();
});
afterAll(async () => side.db.close());

const debitOf = (payment: Payment, amount = payment.amount) =>
  side.entry({ amount, direction: 'debit', endToEndId: payment.endToEndId });
const statusOf = async (payment: Payment) => (await paymentById(side.db.sql, payment.paymentId))?.status;

describe('a payout', () => {
  it('is settled by the bank’s line, not by its status', async () => {
    const orgId = await side.producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.status(payment, 'ACSC'));
    expect(await statusOf(payment)).toBe('accepted');
    expect(await side.money(orgId)).toMatchObject({ payable: 500n });
    await side.take(side.notification([debitOf(payment)]));
    expect(await statusOf(payment)).toBe('settled');
    expect(await side.money(orgId)).toMatchObject({ payable: 0n });
  });

  it('that the bank rejects gives the money back, and a new instruction may follow', async () => {
    const orgId = await side.producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.status(payment, 'RJCT', 'AC03'), side.status(payment, 'ACSC'));
    expect(await statusOf(payment)).toBe('rejected');
    const { obligationKey, paymentId } = payment;
    const again = await side.payment(orgId, 500n, { obligationKey, replaces: paymentId });
    expect(again.endToEndId).not.toBe(payment.endToEndId);
    await expect(side.payment(orgId, 500n, { obligationKey })).rejects.toThrow('payment.already_live');
  });

  it('K5 settled first and rejected later stays settled and opens a case', async () => {
    const orgId = await side.producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.notification([debitOf(payment)]), side.status(payment, 'RJCT', 'AC03'));
    expect(await statusOf(payment)).toBe('settled');
    expect(await side.money(orgId)).toMatchObject({ payable: 0n });
    expect(await side.cases()).toContain('status_contradiction');
  });

  it('rejected first and paid all the same is settled while the money is there, else it is suspense', async () => {
    const orgId = await side.producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.status(payment, 'RJCT', 'AC03'), side.notification([debitOf(payment)]));
    expect(await statusOf(payment)).toBe('settled');
    expect(await side.money(orgId)).toMatchObject({ payable: 0n });

    const other = await side.producer(500n);
    const first = await side.payment(other, 500n);
    await side.take(side.status(first, 'RJCT', 'AC03'));
    const second = await side.payment(other, 500n, {
      obligationKey: first.obligationKey,
      replaces: first.paymentId,
    });
    const before = (await side.money('platform'))['suspense'] ?? 0n;
    await side.take(side.notification([debitOf(first)]), side.notification([debitOf(second)]));
    expect([await statusOf(first), await statusOf(second)]).toEqual(['rejected', 'settled']);
    expect((await side.money('platform'))['suspense']).toBe(before - 500n);
    expect(await side.cases()).toContain('paid_after_failure');
  });

  it('of another amount, twice, or unknown to us is suspense with a case', async () => {
    const orgId = await side.producer(500n);
    const payment = await side.payment(orgId, 500n);
    const before = (await side.money('platform'))['suspense'] ?? 0n;
    await side.take(side.notification([debitOf(payment, minor(501n))]));
    expect(await statusOf(payment)).toBe('approved');
    await side.take(side.notification([debitOf(payment)]), side.notification([debitOf(payment)]));
    await side.take(
      side.notification([side.entry({ amount: minor(3n), direction: 'debit', endToEndId: 'STRANGE' })]),
    );
    await side.take(side.status({ ...payment, endToEndId: 'STRANGE2' }, 'ACSC'));
    expect((await side.money('platform'))['suspense']).toBe(before - 501n - 500n - 3n);
    expect(await side.cases()).toEqual(
      expect.arrayContaining([
        'payment_amount_differs',
        'payment_debited_twice',
        'debit_unmatched',
        'payment_unknown',
      ]),
    );
  });

  it('returned by the receiving bank is owed again, once, and frees the obligation', async () => {
    const orgId = await side.producer(500n);
    const payment = await side.payment(orgId, 500n);
    const back = side.entry({ amount: minor(500n), endToEndId: payment.endToEndId, returnReason: 'AC04' });
    await side.take(
      side.notification([debitOf(payment)]),
      side.notification([back]),
      side.notification([back]),
    );
    expect(await statusOf(payment)).toBe('returned');
    expect(await side.money(orgId)).toMatchObject({ payable: 500n });
    await side.payment(orgId, 500n, { obligationKey: payment.obligationKey, replaces: payment.paymentId });
  });

  it('S3 ends the same in whatever order and however often its messages come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('settled', 'returned', 'rejected'),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 9 }),
        async (story, picks) => {
          const orgId = await side.producer(500n);
          const payment = await side.payment(orgId, 500n);
          const debit = side.notification([debitOf(payment)]);
          const back = side.notification([
            side.entry({ amount: minor(500n), endToEndId: payment.endToEndId, returnReason: 'AC04' }),
          ]);
          const messages = {
            settled: [side.status(payment, 'ACTC'), side.status(payment, 'ACSC'), debit, debit],
            returned: [side.status(payment, 'ACSC'), debit, back, back],
            rejected: [
              side.status(payment, 'ACTC'),
              side.status(payment, 'RJCT', 'AC03'),
              side.status(payment, 'RJCT', 'AC03'),
              side.status(payment, 'PDNG'),
            ],
          }[story];
          // Any order with repeats, and in the end each at least once.
          for (const index of [...picks, 0, 1, 2, 3]) await side.take(messages[index]!);
          expect(await statusOf(payment)).toBe(story);
          expect((await side.money(orgId))['payable']).toBe(story === 'settled' ? 0n : 500n);
          expect(
            side.facts.filter(
              (fact) =>
                fact.type === `payment_${story}` &&
                'paymentId' in fact &&
                fact.paymentId === payment.paymentId,
            ),
          ).toHaveLength(1);
        },
      ),
      { numRuns: 25 },
    );
    expect(await checkLedger(side.db.sql)).toEqual([]);
  });
});
