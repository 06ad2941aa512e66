import { kilograms, minor } from '@seam/units';
import { describe, expect, it } from 'vitest';
import {
  type Posting,
  accountCode,
  applyBidSecurity,
  contractAccount,
  correction,
  depositReceived,
  depositReturned,
  finalSettlement,
  forfeitSecurity,
  forfeitedSecurity,
  holdBidSecurity,
  netOf,
  parseAccountCode,
  partyAccount,
  payoutCancelled,
  payoutReserved,
  payoutReturned,
  payoutSettled,
  platformAccount,
  posting,
  provisionalPayment,
  releaseSecurity,
  resolveBidSecurity,
  reversal,
  splitFee,
} from './index.ts';
import { OracleLedger } from './oracle.ts';

const CNY = 'CNY';
const contract = { contractId: 'c1', buyerId: 'buyer', sellerId: 'seller', currency: CNY } as const;
const free = (orgId: string) => partyAccount(orgId, CNY, 'free');
const deposit = (ref: string, orgId: string, amount: bigint): Posting =>
  depositReceived({ ref, orgId, currency: CNY, amount: minor(amount), owed: minor(0n) });

function ledgerWith(...postings: Posting[]): OracleLedger {
  const ledger = new OracleLedger();
  for (const value of postings) expect(ledger.apply(value)).toBe('applied');
  return ledger;
}
const net = (ledger: OracleLedger, account: string): bigint => {
  const balance = ledger.balance(account);
  return balance.creditsPosted - balance.debitsPosted;
};

describe('account codes', () => {
  it('reads back what it wrote', () => {
    for (const code of [
      free('o-1'),
      contractAccount('o-1', CNY, 'escrow', 'c.9'),
      platformAccount('USD', 'tax'),
    ]) {
      expect(accountCode(parseAccountCode(code))).toBe(code);
    }
  });
  it('refuses an owner, kind or contract that does not fit', () => {
    expect(() => partyAccount('platform', CNY, 'free')).toThrow(RangeError);
    expect(() => partyAccount('a/b', CNY, 'free')).toThrow(RangeError);
    expect(() => partyAccount('', CNY, 'free')).toThrow(RangeError);
    for (const code of [
      'o/CNY/free/c1',
      'o/CNY/escrow',
      'o/XXX/free',
      'o/CNY/toString',
      'o/CNY/fees',
      'o/CNY/escrow/c/d',
    ]) {
      expect(() => parseAccountCode(code)).toThrow(RangeError);
    }
  });
});

describe('a posting', () => {
  const legs = [{ phase: 'posted', debit: free('a'), credit: free('b'), amount: minor(1n) }] as const;
  const base = { effectKey: 'k', reason: 'correction', subject: 's' } as const;
  it('refuses an amount outside 1..10^15, no legs, and an account that pays itself', () => {
    for (const amount of [0n, -1n, 10n ** 15n + 1n]) {
      expect(() => posting({ ...base, legs: [{ ...legs[0], amount: minor(amount) }] })).toThrow(RangeError);
    }
    expect(() => posting({ ...base, legs: [] })).toThrow(RangeError);
    expect(() => posting({ ...base, legs: [{ ...legs[0], credit: free('a') }] })).toThrow(RangeError);
    expect(posting({ ...base, legs: [{ ...legs[0], amount: minor(10n ** 15n) }] }).legs).toHaveLength(1);
  });
  it('refuses to cross currencies', () => {
    const credit = partyAccount('b', 'USD', 'free');
    expect(() => posting({ ...base, legs: [{ ...legs[0], credit }] })).toThrow(/crosses currencies/);
  });
});

describe('fee and tax', () => {
  it('round half up once each and leave the rest as net', () => {
    expect(splitFee(minor(427_720_944n), { feeBasisPoints: 50, taxBasisPoints: 600 })).toEqual({
      fee: 2_138_605n,
      tax: 128_316n,
      net: 425_454_023n,
    });
    expect(splitFee(minor(1n), { feeBasisPoints: 5000, taxBasisPoints: 0 })).toEqual({
      fee: 1n,
      tax: 0n,
      net: 0n,
    });
  });
  it('refuse rates that are no basis points and fees above the gross', () => {
    for (const feeBasisPoints of [-1, 0.5, 10_001, Number.NaN]) {
      expect(() => splitFee(minor(100n), { feeBasisPoints, taxBasisPoints: 0 })).toThrow(RangeError);
    }
    expect(() => splitFee(minor(100n), { feeBasisPoints: 10_000, taxBasisPoints: 600 })).toThrow(/exceed/);
  });
});

describe('bid security', () => {
  const hold = (n: number, amount: bigint) =>
    ({
      holdKey: `hold.${n}`,
      orgId: 'buyer',
      currency: CNY,
      amount: minor(amount),
      auctionId: 'a1',
    }) as const;

  it('returns to the loser whole', () => {
    const ledger = ledgerWith(deposit('1', 'buyer', 1000n), holdBidSecurity(hold(1, 600n)));
    expect(ledger.apply(holdBidSecurity(hold(2, 401n)))).toBe('insufficient_funds');
    expect(
      ledger.apply(
        resolveBidSecurity({ auctionId: 'a1', orgId: 'buyer', holds: [hold(1, 600n)], retained: minor(0n) }),
      ),
    ).toBe('applied');
    expect(ledger.balance(free('buyer'))).toEqual({
      debitsPosted: 0n,
      creditsPosted: 1000n,
      debitsPending: 0n,
      creditsPending: 0n,
    });
  });

  it('of a winner is retained from the oldest hold first, applied, and released at the end', () => {
    const holds = [hold(1, 600n), hold(2, 300n)];
    const ledger = ledgerWith(deposit('1', 'buyer', 1000n), ...holds.map(holdBidSecurity));
    const resolved = resolveBidSecurity({ auctionId: 'a1', orgId: 'buyer', holds, retained: minor(700n) });
    expect(ledger.apply(resolved)).toBe('applied');
    expect(net(ledger, free('buyer'))).toBe(300n);
    const security = { contractId: 'c1', orgId: 'buyer', currency: CNY, amount: minor(700n) } as const;
    expect(ledger.apply(applyBidSecurity(security))).toBe('applied');
    expect(net(ledger, contractAccount('buyer', CNY, 'performance_security', 'c1'))).toBe(700n);
    expect(ledger.apply(releaseSecurity(security))).toBe('applied');
    expect(net(ledger, free('buyer'))).toBe(1000n);
  });

  it('cannot be retained beyond what is held', () => {
    expect(() =>
      resolveBidSecurity({ auctionId: 'a1', orgId: 'buyer', holds: [hold(1, 600n)], retained: minor(601n) }),
    ).toThrow(RangeError);
  });

  it('is forfeited for what was awarded and not lifted', () => {
    // Domain rules 2.0, vector P17: 150 × (4,000 − 2,875.400) = 168,690.00
    const amount = forfeitedSecurity({
      amountPerTonne: minor(15_000n),
      awarded: kilograms(4_000_000n),
      lifted: kilograms(2_875_400n),
      security: minor(60_000_000n),
    });
    expect(amount).toBe(16_869_000n);
    const input = { amountPerTonne: minor(15_000n), awarded: kilograms(4n), security: minor(10n) };
    expect(forfeitedSecurity({ ...input, lifted: kilograms(5n) })).toBe(0n);
    expect(forfeitedSecurity({ ...input, lifted: kilograms(0n) })).toBe(10n);
    const from = contractAccount('buyer', CNY, 'performance_security', 'c1');
    const to = partyAccount('seller', CNY, 'payable');
    const value = forfeitSecurity({ subject: 'contract:c1', orgId: 'buyer', from, to, amount });
    expect([...netOf(value)]).toEqual([
      [from, -16_869_000n],
      [to, 16_869_000n],
    ]);
  });
});

describe('a contract', () => {
  const fee = { feeBasisPoints: 50, taxBasisPoints: 600 };
  const escrow = contractAccount('buyer', CNY, 'escrow', 'c1');
  const paid = provisionalPayment({ ...contract, invoiceId: 'i1', amount: minor(431_846_869n) });

  it('worth less than paid refunds the difference to the buyer', () => {
    // Domain rules 3.7, vector P15: provisional 4,318,468.69, final 4,277,209.44.
    const ledger = ledgerWith(deposit('1', 'buyer', 500_000_000n), paid);
    const { posting: final, split } = finalSettlement({
      ...contract,
      invoiceId: 'i2',
      escrowed: minor(431_846_869n),
      released: minor(0n),
      gross: minor(427_720_944n),
      fee,
    });
    expect(ledger.apply(final)).toBe('applied');
    expect(net(ledger, escrow)).toBe(0n);
    expect(net(ledger, free('buyer'))).toBe(500_000_000n - 427_720_944n);
    expect(net(ledger, partyAccount('seller', CNY, 'payable'))).toBe(split.net);
    expect(net(ledger, platformAccount(CNY, 'fees'))).toBe(split.fee);
    expect(net(ledger, platformAccount(CNY, 'tax'))).toBe(split.tax);
  });

  it('worth more than paid takes the difference from the buyer, or moves nothing', () => {
    const settle = finalSettlement({
      ...contract,
      invoiceId: 'i2',
      escrowed: minor(431_846_869n),
      released: minor(0n),
      gross: minor(431_846_870n),
      fee,
    }).posting;
    const poor = ledgerWith(deposit('1', 'buyer', 431_846_869n), paid);
    expect(poor.apply(settle)).toBe('insufficient_funds');
    expect(net(poor, escrow)).toBe(431_846_869n);
    const able = ledgerWith(deposit('1', 'buyer', 431_846_870n), paid);
    expect(able.apply(settle)).toBe('applied');
    expect(net(able, escrow)).toBe(0n);
  });

  it('is corrected by a note in either direction', () => {
    const note = { ...contract, noteId: 'n1', amount: minor(5n) };
    expect(netOf(correction({ ...note, kind: 'debit_note' })).get(free('buyer'))).toBe(-5n);
    expect(netOf(correction({ ...note, kind: 'credit_note' })).get(free('buyer'))).toBe(5n);
  });
});

describe('the bank', () => {
  const payout = {
    paymentId: 'p1',
    orgId: 'seller',
    currency: CNY,
    amount: minor(70n),
    source: 'free',
  } as const;
  const bank = platformAccount(CNY, 'bank_clearing');

  it('pays out reserved money once and takes a return back', () => {
    const ledger = ledgerWith(deposit('1', 'seller', 100n), payoutReserved(payout));
    expect(ledger.apply(payoutReserved({ ...payout, paymentId: 'p2' }))).toBe('insufficient_funds');
    expect(ledger.apply(payoutSettled(payout))).toBe('applied');
    expect(ledger.apply(payoutSettled(payout))).toBe('exists');
    expect(ledger.apply(payoutCancelled(payout))).toBe('hold_resolved');
    expect(net(ledger, bank)).toBe(-30n);
    expect(ledger.apply(payoutReturned(payout, 'r1'))).toBe('applied');
    expect(net(ledger, free('seller'))).toBe(100n);
  });

  it('taking a deposit back leaves what is spent as a debt that the next deposit pays', () => {
    const back = depositReturned({
      ref: '9',
      orgId: 'o',
      currency: CNY,
      amount: minor(100n),
      available: minor(40n),
    });
    expect(netOf(back).get(partyAccount('o', CNY, 'receivable'))).toBe(-60n);
    const next = depositReceived({
      ref: '10',
      orgId: 'o',
      currency: CNY,
      amount: minor(80n),
      owed: minor(60n),
    });
    expect(netOf(next).get(partyAccount('o', CNY, 'receivable'))).toBe(60n);
    expect(netOf(next).get(free('o'))).toBe(20n);
  });
});

describe('a reversal', () => {
  const hold = holdBidSecurity({
    holdKey: 'h',
    orgId: 'o',
    currency: CNY,
    amount: minor(7n),
    auctionId: 'a',
  });
  const resolution = (retained: bigint): Posting =>
    resolveBidSecurity({
      auctionId: 'a',
      orgId: 'o',
      holds: [{ holdKey: 'h', orgId: 'o', currency: CNY, amount: minor(7n), auctionId: 'a' }],
      retained: minor(retained),
    });
  const why = { effectKey: 'undo', subject: 's' };

  it('of a hold ends it, once', () => {
    const ledger = ledgerWith(deposit('d', 'o', 10n), hold, reversal(hold, why));
    expect(ledger.balance(free('o'))).toMatchObject({ debitsPending: 0n, debitsPosted: 0n });
    expect(ledger.apply(reversal(hold, { ...why, effectKey: 'again' }))).toBe('hold_resolved');
  });

  it('of a hold that was kept in part gives back what was kept', () => {
    const kept = resolution(4n);
    const ledger = ledgerWith(deposit('d', 'o', 10n), hold, kept, reversal(kept, why));
    expect(net(ledger, free('o'))).toBe(10n);
    expect(net(ledger, partyAccount('o', CNY, 'bid_security'))).toBe(0n);
  });

  it('of a hold that was given back is refused: it would have to be held anew', () => {
    expect(() => reversal(resolution(0n), why)).toThrow(RangeError);
  });
});
