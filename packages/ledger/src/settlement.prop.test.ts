/** Random lives of one contract on the slow ledger: what is paid, due, held, forfeited and refunded, after every step. */
import { kilograms, minor } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AccountCode,
  type Posting,
  RELEASE_BASIS_POINTS_MAX,
  applyBidSecurity,
  contractAccount,
  finalSettlement,
  forfeitSecurity,
  partyAccount,
  platformAccount,
  provisionalPayment,
  provisionalRefund,
  releaseDue,
  releaseSecurity,
  releaseToSeller,
} from './index.ts';
import { OracleLedger } from './oracle.ts';

const parties = { contractId: 'c', buyerId: 'buyer', sellerId: 'seller', currency: 'CNY' } as const;
const free = partyAccount('buyer', 'CNY', 'free');
const escrow = contractAccount('buyer', 'CNY', 'escrow', 'c');
const secured = contractAccount('buyer', 'CNY', 'performance_security', 'c');
const payable = partyAccount('seller', 'CNY', 'payable');
const sellersFree = partyAccount('seller', 'CNY', 'free');
const clearing = platformAccount('CNY', 'bank_clearing');

type Start = { price: bigint; kg: bigint; provisional: number; share: number; security: bigint };
type Step =
  | { do: 'pay' | 'cancel' | 'return_security' | 'repeat' }
  | { do: 'truck'; kg: bigint }
  | { do: 'settle'; percent: bigint }
  | { do: 'forfeit'; percent: bigint };

class Life {
  readonly ledger = new OracleLedger();
  readonly value: bigint;
  readonly provisional: bigint;
  readonly start: Start;
  paidIn = 0n;
  out = 0n;
  state: 'due' | 'funded' | 'ended' = 'due';
  /** The final invoice, and what the seller owes back of its releases. */
  gross: bigint | undefined;
  owed = 0n;

  constructor(start: Start) {
    this.start = start;
    this.value = (start.price * start.kg) / 1000n;
    this.provisional = (this.value * BigInt(start.provisional)) / 10_000n;
    this.fund(free, 10n ** 14n);
    this.fund(partyAccount('buyer', 'CNY', 'bid_security'), start.security);
    const security = { contractId: 'c', orgId: 'buyer', currency: 'CNY' } as const;
    this.post(applyBidSecurity({ ...security, amount: minor(start.security) }));
  }

  fund(credit: AccountCode, amount: bigint): void {
    const legs = [{ phase: 'posted', debit: clearing, credit, amount: minor(amount) }] as const;
    this.post({ effectKey: `fund.${credit}`, reason: 'correction', subject: 'test', legs });
  }

  post(posting: Posting): void {
    expect(this.ledger.apply(posting)).toBe('applied');
  }

  net(account: AccountCode): bigint {
    const { creditsPosted, debitsPosted } = this.ledger.balance(account);
    return creditsPosted - debitsPosted;
  }

  /** All that ever went from one account to another. */
  moved(debit: AccountCode, credit: AccountCode): bigint {
    const legs = this.ledger.history.flatMap((posting) => posting.legs);
    return legs
      .filter((leg) => leg.debit === debit && leg.credit === credit)
      .reduce((sum, leg) => sum + leg.amount, 0n);
  }

  step(step: Step): void {
    if (step.do === 'pay' && this.state === 'due') this.pay();
    if (step.do === 'cancel' && this.state === 'funded' && this.out === 0n) this.cancel();
    if (step.do === 'truck' && this.state === 'funded') this.truck(step.kg);
    if (step.do === 'settle' && this.state === 'funded') this.settle((this.value * step.percent) / 100n);
    if (step.do === 'forfeit') this.forfeit((this.net(secured) * step.percent) / 100n);
    if (step.do === 'return_security' && this.net(secured) > 0n) {
      const amount = minor(this.net(secured));
      this.post(releaseSecurity({ contractId: 'c', orgId: 'buyer', currency: 'CNY', amount }));
    }
    // S6: told again, nothing happens twice.
    const last = this.ledger.history.at(-1);
    if (step.do === 'repeat' && last) expect(this.ledger.apply(last)).toBe('exists');
  }

  pay(): void {
    this.post(provisionalPayment({ ...parties, invoiceId: 'pi', amount: minor(this.provisional) }));
    this.state = 'funded';
  }

  cancel(): void {
    this.post(provisionalRefund({ ...parties, escrowed: minor(this.net(escrow)) }));
    this.state = 'ended';
    this.gross = 0n;
  }

  truck(kg: bigint): void {
    this.out += kg;
    const amount = releaseDue({
      pricePerTonne: minor(this.start.price),
      out: kilograms(this.out),
      basisPoints: this.start.share,
      paidIn: minor(this.provisional),
      released: minor(this.moved(escrow, payable)),
    });
    if (amount === 0n) return;
    this.post(releaseToSeller({ ...parties, releaseId: `truck-${this.out}`, amount }));
  }

  settle(gross: bigint): void {
    const released = minor(this.moved(escrow, payable));
    const escrowed = minor(this.net(escrow));
    const fee = { feeBasisPoints: 1000, taxBasisPoints: 3000 };
    const final = { ...parties, invoiceId: 'fi', released, escrowed, gross: minor(gross), fee };
    const { posting, owed, split } = finalSettlement(final);
    this.post(posting);
    this.state = 'ended';
    this.gross = gross;
    this.owed = owed;
    expect(this.net(escrow)).toBe(0n);
    // S7: what the seller keeps and what the exchange takes is the invoice, to the last minor unit.
    expect(this.net(payable) - owed).toBe(split.net);
    expect(this.net(platformAccount('CNY', 'fees')) + this.net(platformAccount('CNY', 'tax'))).toBe(
      split.fee + split.tax,
    );
  }

  forfeit(amount: bigint): void {
    const forfeited = this.moved(secured, sellersFree) > 0n || this.moved(secured, free) > 0n;
    if (amount === 0n || forfeited) return;
    const of = { subject: 'contract:c', orgId: 'buyer', from: secured, to: sellersFree } as const;
    this.post(forfeitSecurity({ ...of, amount: minor(amount) }));
  }

  prove(): void {
    const paidIn = this.moved(free, escrow);
    const refunded = this.moved(escrow, free) + this.owed;
    const out = this.moved(escrow, payable) + this.taken();
    const held = this.net(escrow) + this.net(secured);
    const security = this.moved(secured, sellersFree) + this.moved(secured, free);
    const due = this.state === 'ended' ? 0n : this.value - paidIn;
    // Never paid in and not owed any more: coal that did not come, or came worse.
    const waived = this.state === 'ended' ? most(0n, this.value - paidIn) : 0n;
    const bonus = most(0n, (this.gross ?? 0n) - this.value);
    // S4
    const words = out - this.owed + held + due + waived + refunded + security;
    expect(words).toBe(this.value + bonus + this.start.security);
    // S5
    expect(out + this.moved(escrow, free)).toBeLessThanOrEqual(paidIn);
    expect(this.moved(escrow, payable)).toBeLessThanOrEqual(paidIn);
    if (this.gross !== undefined) expect(out - this.owed).toBe(this.gross);
  }

  taken(): bigint {
    return (
      this.moved(escrow, platformAccount('CNY', 'fees')) + this.moved(escrow, platformAccount('CNY', 'tax'))
    );
  }
}

function most(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

const start = fc.record({
  price: fc.bigInt(1n, 300_000n),
  kg: fc.bigInt(1n, 50_000n).map((tonnes) => tonnes * 1000n),
  provisional: fc.integer({ min: 1, max: 10_000 }),
  share: fc.integer({ min: 0, max: RELEASE_BASIS_POINTS_MAX }),
  security: fc.bigInt(1n, 10_000_000n),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>({ do: 'cancel' }, { do: 'return_security' }, { do: 'repeat' }),
  { weight: 6, arbitrary: fc.bigInt(1n, 5_000_000n).map((kg): Step => ({ do: 'truck', kg })) },
  { weight: 2, arbitrary: fc.bigInt(0n, 140n).map((percent): Step => ({ do: 'settle', percent })) },
  fc.bigInt(1n, 100n).map((percent): Step => ({ do: 'forfeit', percent })),
);

describe('the money of one contract', () => {
  it('S4 S5 S6 S7 is all accounted for after every step of any life', () => {
    fc.assert(
      fc.property(start, fc.array(step, { maxLength: 20 }), (of, steps) => {
        const life = new Life(of);
        fc.pre(life.provisional > 0n);
        for (const one of [{ do: 'pay' } as const, ...steps]) {
          life.step(one);
          life.prove();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('S3 is released to the same sum in whatever order the trucks are told', () => {
    const trucks = fc.array(fc.bigInt(1n, 60_000n), { minLength: 1, maxLength: 12 });
    const shuffled = trucks.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    const price = fc.bigInt(1n, 300_000n);
    fc.assert(
      fc.property(
        price,
        fc.integer({ min: 0, max: 8500 }),
        shuffled,
        (pricePerTonne, basisPoints, orders) => {
          const sums = orders.map((order) => {
            let [released, out] = [0n, 0n];
            for (const kg of order) {
              out += kg;
              released += releaseDue({
                pricePerTonne: minor(pricePerTonne),
                out: kilograms(out),
                basisPoints,
                paidIn: minor(10n ** 9n),
                released: minor(released),
              });
            }
            return released;
          });
          expect(sums[0]).toBe(sums[1]);
        },
      ),
    );
  });
});
