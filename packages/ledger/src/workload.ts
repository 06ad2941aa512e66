/**
 * Random business effects for property tests: two organisations, two currencies, few enough keys that
 * repeats, races for one hold and overdrafts are common. Not all can be applied; that is the point.
 */
import { minor } from '@seam/units';
import * as fc from 'fast-check';
import {
  type Posting,
  applyBidSecurity,
  depositReceived,
  depositUnmatched,
  finalSettlement,
  holdBidSecurity,
  payoutCancelled,
  payoutReserved,
  payoutSettled,
  provisionalPayment,
  releaseBidSecurity,
  releaseSecurity,
  resolveBidSecurity,
} from './index.ts';

const org = fc.constantFrom('buyer', 'seller');
const currency = fc.constantFrom('CNY' as const, 'USD' as const);
const amount = fc.bigInt(1n, 1000n).map(minor);
const few = fc.integer({ min: 1, max: 6 });
const FEE = { feeBasisPoints: 50, taxBasisPoints: 600 };

/** The amount and owner of a numbered hold or payout follow from its number, as they do in life. */
const securityOf = (n: number) =>
  ({
    holdKey: `hold.${n}`,
    orgId: n % 2 ? 'buyer' : 'seller',
    currency: 'CNY',
    amount: minor(BigInt(n) * 150n),
    auctionId: `auction-${n % 3}`,
  }) as const;
const payoutOf = (n: number) =>
  ({
    paymentId: `payment-${n}`,
    orgId: n % 2 ? 'buyer' : 'seller',
    currency: 'CNY',
    amount: minor(BigInt(n) * 120n),
    source: n % 3 ? 'free' : 'payable',
  }) as const;

const contract = { buyerId: 'buyer', sellerId: 'seller', currency: 'CNY' } as const;

const effect: fc.Arbitrary<Posting> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .record({ ref: fc.uuid(), orgId: org, currency, amount })
      .map((entry) => depositReceived({ ...entry, owed: minor(0n) })),
  },
  fc.record({ ref: fc.constantFrom('r1', 'r2'), currency, amount }).map((entry) => depositUnmatched(entry)),
  { weight: 3, arbitrary: few.map((n) => holdBidSecurity(securityOf(n))) },
  few.map((n) => releaseBidSecurity(securityOf(n))),
  fc.tuple(few, fc.integer({ min: 0, max: 100 })).map(([n, percent]) => {
    const hold = securityOf(n);
    const retained = minor((hold.amount * BigInt(percent)) / 100n);
    return resolveBidSecurity({
      auctionId: `${hold.auctionId}.${n}`,
      orgId: hold.orgId,
      holds: [hold],
      retained,
    });
  }),
  fc
    .tuple(few, amount)
    .map(([n, value]) =>
      applyBidSecurity({ contractId: `c${n}`, orgId: 'buyer', currency: 'CNY', amount: value }),
    ),
  fc
    .tuple(few, amount)
    .map(([n, value]) =>
      releaseSecurity({ contractId: `c${n}`, orgId: 'buyer', currency: 'CNY', amount: value }),
    ),
  { weight: 2, arbitrary: few.map((n) => payoutReserved(payoutOf(n))) },
  few.map((n) => payoutSettled(payoutOf(n))),
  few.map((n) => payoutCancelled(payoutOf(n))),
  fc
    .tuple(few, amount)
    .map(([n, value]) =>
      provisionalPayment({ ...contract, contractId: `c${n}`, invoiceId: `provisional-${n}`, amount: value }),
    ),
  fc.tuple(few, amount, amount).map(
    ([n, escrowed, gross]) =>
      finalSettlement({
        ...contract,
        contractId: `c${n}`,
        invoiceId: `final-${n}`,
        escrowed,
        released: minor(0n),
        gross,
        fee: FEE,
      }).posting,
  ),
);

export function fundedWorkload(length: number): fc.Arbitrary<Posting[]> {
  return fc.array(effect, { minLength: 1, maxLength: length, size: 'max' });
}
