/**
 * L10 and L11: what the market may count on and what the exchange owes, recomputed naively after every step of
 * random lives: commands that are repeated, told late, or never told because somebody died in between.
 */
import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type BidSecurity,
  type Posting,
  holdBidSecurity,
  moveStandingDeposit,
  parseAccountCode,
  partyAccount,
  platformAccount,
  releaseBidSecurity,
  resolveBidSecurity,
} from './index.ts';
import { OracleLedger } from './oracle.ts';
import { fundedWorkload } from './workload.ts';

const FUNDS = 100n;
type Step =
  | { do: 'hold'; auction: number; amount: number; from: 'free' | 'standing_deposit' }
  | { do: 'tell' | 'refuse'; at: number }
  | { do: 'close'; auction: number; kept: number }
  | { do: 'follow' }
  | { do: 'move'; amount: number; direction: 'in' | 'out' };
const small = { min: 0, max: 1000 };
const steps: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('hold' as const),
    auction: fc.integer({ min: 0, max: 2 }),
    amount: fc.integer({ min: 1, max: 60 }),
    from: fc.constantFrom('free' as const, 'standing_deposit' as const),
  }),
  fc.record({ do: fc.constantFrom('tell' as const, 'refuse' as const), at: fc.integer(small) }),
  fc.record({
    do: fc.constant('close' as const),
    auction: fc.integer({ min: 0, max: 2 }),
    kept: fc.integer({ min: 0, max: 100 }),
  }),
  fc.record({ do: fc.constant('follow' as const) }),
  fc.record({
    do: fc.constant('move' as const),
    amount: fc.integer({ min: 1, max: 80 }),
    direction: fc.constantFrom('in' as const, 'out' as const),
  }),
);

/** One bidder in three auctions: its ledger, and what the market was told. */
class Bidder {
  readonly ledger = new OracleLedger();
  /** The market's limit of each auction, as its journal says it. */
  readonly limit = [0n, 0n, 0n];
  readonly closed = new Map<number, bigint>();
  readonly holds: (BidSecurity & { auction: number; told: boolean; ended: boolean })[] = [];
  #made = 0;

  constructor() {
    const legs = [
      {
        phase: 'posted',
        debit: platformAccount('CNY', 'bank_clearing'),
        credit: partyAccount('o', 'CNY', 'free'),
        amount: minor(FUNDS),
      },
    ] as const;
    this.ledger.apply({ effectKey: 'fund', reason: 'deposit', subject: 's', legs });
  }

  do(step: Step): void {
    switch (step.do) {
      case 'move': {
        const { direction } = step;
        this.#made += 1;
        const amount = minor(BigInt(step.amount));
        const of = { commandId: `m${this.#made}`, orgId: 'o', currency: 'CNY', amount, direction } as const;
        this.twice(moveStandingDeposit(of));
        return;
      }
      case 'hold':
        return this.hold(step);
      case 'tell':
      case 'refuse':
        return this.tell(step);
      case 'close': {
        if (this.closed.has(step.auction)) return;
        const kept = (this.limit[step.auction]! * BigInt(step.kept)) / 100n;
        this.limit[step.auction] = kept;
        this.closed.set(step.auction, kept);
        return;
      }
      case 'follow':
        for (const [auction, retained] of this.closed) this.follow(auction, retained);
    }
  }

  /** As after a lost answer: the second time changes nothing. */
  twice(posting: Posting): boolean {
    const first = this.ledger.apply(posting);
    const before = JSON.stringify(this.ledger.history.length);
    const again = this.ledger.apply(posting);
    expect(again).toBe(first === 'applied' ? 'exists' : first);
    expect(JSON.stringify(this.ledger.history.length)).toBe(before);
    return first === 'applied' || first === 'exists';
  }

  hold({ auction, amount, from }: Extract<Step, { do: 'hold' }>): void {
    if (this.closed.has(auction)) return;
    this.#made += 1;
    const security = {
      holdKey: `h${this.#made}`,
      orgId: 'o',
      currency: 'CNY',
      amount: minor(BigInt(amount)),
      auctionId: String(auction),
      from,
    } as const;
    if (this.twice(holdBidSecurity(security))) {
      this.holds.push({ ...security, auction, told: false, ended: false });
    }
  }

  /** The market hears of a hold, or says no and it is given back. */
  tell({ do: what, at }: { do: 'tell' | 'refuse'; at: number }): void {
    const waiting = this.holds.filter((one) => !one.told && !one.ended && !this.closed.has(one.auction));
    const one = waiting[at % Math.max(1, waiting.length)];
    if (!one) return;
    if (what === 'tell') {
      one.told = true;
      this.limit[one.auction]! += one.amount;
    } else if (this.twice(releaseBidSecurity(one))) one.ended = true;
  }

  /** Settlement follows the journal: only now does the ledger let go. */
  follow(auction: number, retained: bigint): void {
    const open = this.holds.filter((one) => one.auction === auction && !one.ended);
    if (open.length === 0) return;
    const done = this.twice(
      resolveBidSecurity({ auctionId: String(auction), orgId: 'o', holds: open, retained: minor(retained) }),
    );
    expect(done).toBe(true);
    for (const one of open) one.ended = true;
  }

  /** Of the ledger for one auction, by going through its whole history. */
  held(auction: number): bigint {
    let sum = 0n;
    for (const { subject, legs } of this.ledger.history) {
      if (subject !== `auction:${auction}`) continue;
      for (const leg of legs) {
        if (leg.phase === 'pending') sum += leg.amount;
        if (leg.phase === 'void_pending') sum -= leg.amount;
        if (leg.phase === 'post_pending') {
          const hold = this.holds.find(({ holdKey }) => holdKey === leg.holdKey)!;
          sum -= hold.amount - leg.amount;
        }
      }
    }
    return sum;
  }
}

it('L10 the ledger holds for each auction at least what the market counts on, at every step, and nothing covers twice', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60, size: 'max' }), (list) => {
      const bidder = new Bidder();
      for (const step of list) {
        bidder.do(step);
        const held = [0, 1, 2].map((auction) => bidder.held(auction));
        for (const [auction, amount] of held.entries())
          expect(amount).toBeGreaterThanOrEqual(bidder.limit[auction]!);
        expect(held.reduce((sum, amount) => sum + amount, 0n)).toBeLessThanOrEqual(FUNDS);
      }
    }),
    { numRuns: 200 },
  );
});

it('L11 what is in escrow or on hold is what is open, and the bank’s money is what is owed to everybody', () => {
  fc.assert(
    fc.property(fundedWorkload(40), (postings) => {
      const ledger = new OracleLedger();
      for (const one of postings) ledger.apply(one);
      const accounts = new Set(
        ledger.history.flatMap(({ legs }) => legs.flatMap(({ debit, credit }) => [debit, credit])),
      );
      const sum = (kinds: (kind: string) => boolean, of: (code: string) => bigint): bigint =>
        [...accounts]
          .filter((code) => kinds(parseAccountCode(code).kind))
          .reduce((all, code) => all + of(code), 0n);
      const net = (code: string): bigint => {
        const { creditsPosted, debitsPosted } = ledger.balance(code);
        return creditsPosted - debitsPosted;
      };
      // Escrow: what was paid in for contracts and has not left by a release, a settlement or a refund.
      let open = 0n;
      for (const leg of ledger.history.flatMap(({ legs }) => legs)) {
        if (leg.phase === 'pending' || leg.phase === 'void_pending') continue;
        if (parseAccountCode(leg.credit).kind === 'escrow') open += leg.amount;
        if (parseAccountCode(leg.debit).kind === 'escrow') open -= leg.amount;
      }
      expect(sum((kind) => kind === 'escrow', net)).toBe(open);
      const resolved = new Set(
        ledger.history.flatMap(({ legs }) => legs.flatMap((leg) => ('holdKey' in leg ? [leg.holdKey] : []))),
      );
      const held = ledger.history
        .filter(({ effectKey }) => !resolved.has(effectKey))
        .flatMap(({ legs }) => legs.filter(({ phase }) => phase === 'pending'))
        .reduce((all, { amount }) => all + amount, 0n);
      expect(
        sum(
          () => true,
          (code) => ledger.balance(code).debitsPending,
        ),
      ).toBe(held);
      expect(-sum((kind) => kind === 'bank_clearing', net)).toBe(
        sum((kind) => kind !== 'bank_clearing', net),
      );
    }),
    { numRuns: 60 },
  );
});
