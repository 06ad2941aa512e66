import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitByShares } from '../../contracts/templates/split.ts';
import { type Month, type PeriodKind, addMonths, periodOf } from './calendar.ts';
import { type MonthFacts, beyond, fulfilledOf, penaltyOf } from './fulfilment.ts';
import { type CarryOver, type Claim, covers, remainingIn, withMoves } from './remaining.ts';

const carryOvers = fc.constantFrom<CarryOver>('none', 'quarter', 'contract');
const kilograms = (max: number) => fc.bigInt({ min: 0n, max: BigInt(max) });
const plans = fc
  .record({
    first: fc.integer({ min: 0, max: 11 }),
    kg: fc.array(kilograms(300), { minLength: 1, maxLength: 15 }),
  })
  .map(({ first, kg }) => kg.map((one, at) => ({ month: addMonths('2027-01', first + at), kg: one })));

/** The naive twin: each month's coal lies in a heap of its own, and call-offs are served month by month, oldest heap first. */
function served(plan: readonly Claim[], claims: readonly Claim[], carryOver: CarryOver): boolean {
  const heaps: { month: Month; kg: bigint }[] = [];
  for (const { month, kg } of plan) {
    heaps.push({ month, kg });
    for (const claim of claims.filter((one) => one.month === month)) {
      let wanted = claim.kg;
      for (const heap of heaps) {
        if (!mayServe(heap.month, month, carryOver)) continue;
        const taken = wanted < heap.kg ? wanted : heap.kg;
        heap.kg -= taken;
        wanted -= taken;
      }
      if (wanted > 0n) return false;
    }
  }
  return true;
}

function mayServe(from: Month, month: Month, carryOver: CarryOver): boolean {
  if (carryOver === 'contract') return true;
  return (
    periodOf(from, carryOver === 'none' ? 'month' : 'quarter') ===
    periodOf(month, carryOver === 'none' ? 'month' : 'quarter')
  );
}

describe('what is left of a month', () => {
  it('is exactly what the naive twin can still serve, whatever was called off before and in which order', () => {
    fc.assert(
      fc.property(
        plans,
        carryOvers,
        fc.array(fc.record({ at: fc.nat(), kg: kilograms(250) }), { maxLength: 25 }),
        (plan, carryOver, wishes) => {
          const claims: Claim[] = [];
          for (const { at, kg } of wishes) {
            const { month } = plan[at % plan.length]!;
            const left = remainingIn(month, plan, claims, carryOver)!;
            expect(served(plan, [...claims, { month, kg: left }], carryOver)).toBe(true);
            expect(served(plan, [...claims, { month, kg: left + 1n }], carryOver)).toBe(false);
            if (kg <= left) claims.push({ month, kg });
          }
          expect(covers(plan, claims, carryOver)).toBe(true);
          const called = claims.reduce((sum, { kg }) => sum + kg, 0n);
          expect(called <= plan.reduce((sum, { kg }) => sum + kg, 0n)).toBe(true);
        },
      ),
    );
  });

  it('covers call-offs exactly when the twin serves them, and moves between months keep the sum', () => {
    fc.assert(
      fc.property(
        plans,
        carryOvers,
        fc.array(fc.record({ at: fc.nat(), kg: kilograms(250) }), { maxLength: 12 }),
        fc.array(fc.record({ from: fc.nat(), to: fc.nat(), kg: kilograms(100) }), { maxLength: 6 }),
        (plan, carryOver, wishes, moves) => {
          const claims = wishes.map(({ at, kg }) => ({ month: plan[at % plan.length]!.month, kg }));
          expect(covers(plan, claims, carryOver)).toBe(served(plan, claims, carryOver));
          const moved = withMoves(
            plan,
            moves.map(({ from, to, kg }) => ({
              fromMonth: plan[from % plan.length]!.month,
              toMonth: plan[to % plan.length]!.month,
              kg,
            })),
          );
          const sum = (months: readonly Claim[]) => months.reduce((total, { kg }) => total + kg, 0n);
          expect(sum(moved)).toBe(sum(plan));
        },
      ),
    );
  });
});

const facts = fc
  .record({
    contracted: kilograms(100_000),
    delivered: kilograms(120_000),
    declined: kilograms(60_000),
    notSupplied: kilograms(30_000),
    excusedSeller: kilograms(20_000),
    excusedBuyer: kilograms(20_000),
  })
  .map((month): MonthFacts => month);
const rules = fc.record({
  leastBasisPoints: fc.integer({ min: 0, max: 10_000 }),
  perTonne: fc.bigInt({ min: 0n, max: 100_000n }).map(minor),
});

describe('shortfalls', () => {
  it('are measured alike for both sides: with the blame the other way round, so is what is owed', () => {
    fc.assert(
      fc.property(facts, rules, (month, rule) => {
        const one = fulfilledOf([month]);
        const mirrored = fulfilledOf([
          { ...month, declined: one.buyerShort + month.excusedSeller, notSupplied: 0n },
        ]);
        expect(mirrored.sellerShort).toBe(one.buyerShort);
        expect(mirrored.buyerShort).toBe(one.sellerShort);
        expect(penaltyOf(mirrored, mirrored.sellerShort, rule)).toBe(penaltyOf(one, one.buyerShort, rule));
        expect(penaltyOf(mirrored, mirrored.buyerShort, rule)).toBe(penaltyOf(one, one.sellerShort, rule));
      }),
    );
  });

  it('are of one side or the other, to the kilogram, and of nobody where more was delivered', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 12 }), (months) => {
        const { contracted, excused, delivered, sellerShort, buyerShort } = fulfilledOf(months);
        const missing = contracted - excused - delivered;
        expect(sellerShort + buyerShort).toBe(missing > 0n ? missing : 0n);
        expect(sellerShort >= 0n && buyerShort >= 0n).toBe(true);
      }),
    );
  });

  it('owe for no tonne twice: months, quarters and year together never more than the months are short', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 12, maxLength: 12 }), rules, rules, (year, loose, strict) => {
        const months = year.map((month, at) => ({ month: addMonths('2027-01', at), facts: month }));
        const perTonne = loose.perTonne;
        for (const side of ['sellerShort', 'buyerShort'] as const) {
          const owed: { kind: PeriodKind; period: string; months: Month[]; amount: bigint }[] = [];
          for (const kind of ['month', 'quarter', 'year'] as const) {
            for (const [period, own] of Map.groupBy(months, ({ month }) => periodOf(month, kind))) {
              const result = fulfilledOf(own.map((one) => one.facts));
              const least = kind === 'month' ? loose.leastBasisPoints : strict.leastBasisPoints;
              const names = own.map(({ month }) => month);
              const before = owed.filter((one) => one.months.every((month) => names.includes(month)));
              const penalty = penaltyOf(result, result[side], { leastBasisPoints: least, perTonne });
              owed.push({
                kind,
                period,
                months: names,
                amount: beyond(
                  penalty,
                  before.map(({ amount }) => amount),
                ),
              });
            }
          }
          const total = owed.reduce((sum, { amount }) => sum + amount, 0n);
          const short = months.reduce((sum, one) => sum + fulfilledOf([one.facts])[side], 0n);
          // Each of the seventeen sums is rounded to the minor unit once.
          expect(total * 1000n <= perTonne * short + 17_000n).toBe(true);
        }
      }),
    );
  });
});

describe('a split by shares', () => {
  const shares = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 24 }).map((parts) => {
    const rest = 10_000 - parts.reduce((sum, part) => sum + part, 0);
    return [...parts, rest].map((basisPoints, at) => ({ month: addMonths('2027-01', at), basisPoints }));
  });

  it('adds up to the kilogram, and gives no month a kilogram more or less than its share', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 12n }), shares, (total, wanted) => {
        const split = splitByShares(total, wanted);
        expect(split === undefined).toBe(wanted.some(({ basisPoints }) => basisPoints < 0));
        if (!split) return;
        expect(split.reduce((sum, { kg }) => sum + BigInt(kg), 0n)).toBe(total);
        for (const [at, { kg }] of split.entries()) {
          const exact = total * BigInt(wanted[at]!.basisPoints);
          const off = BigInt(kg) * 10_000n - exact;
          expect(off > -10_000n && off < 10_000n).toBe(true);
        }
      }),
    );
  });

  it('is none where the shares are no hundred percent', () => {
    expect(splitByShares(100n, [{ month: '2027-01', basisPoints: 9999 }])).toBeUndefined();
    expect(splitByShares(100n, [{ month: '2027-01', basisPoints: 10_001 }])).toBeUndefined();
  });

  it('gives what is left to the largest remainders, the earlier month first', () => {
    const thirds = [3333, 3333, 3334].map((basisPoints, at) => ({ month: `2027-0${at + 1}`, basisPoints }));
    expect(splitByShares(100n, thirds)!.map(({ kg }) => kg)).toEqual(['33', '33', '34']);
    const halves = [5000, 5000].map((basisPoints, at) => ({ month: `2027-0${at + 1}`, basisPoints }));
    expect(splitByShares(7n, halves)!.map(({ kg }) => kg)).toEqual(['4', '3']);
  });
});
