/** What is owed for loss on the way, for time and for a shortfall, with every step. Pure; amounts in minor units. */
import {
  type DemurrageTier,
  type Demurrage,
  decimal,
  demurrage,
  fulfilment,
  laytimeAllowed,
  minimum,
  rational,
  roundHalfUp,
  subtract,
  toDecimal,
  transitLoss,
} from '@seam/coal';
import type { CalculationStep, StatementOfFacts } from '@seam/protocol';
import { formatMoney, formatTonnes, kilograms, minor, parseTonnes } from '@seam/units';
import type { CarriageTerms, FulfilmentTerms } from '../contracts/public.ts';
import { assert } from '../platform/fault.ts';
import { usedMs } from './facts.ts';

export type Computed = { readonly amount: bigint; readonly steps: readonly CalculationStep[] };

const KILOGRAMS_PER_TONNE = 1000n;
const HOUR_MS = 3_600_000;
const percentOf = (basisPoints: number): string => toDecimal(rational(basisPoints, 100), 2);

/** Beyond the allowance of the loaded weight, at the contract price. */
export function lossClaim(of: {
  readonly loadedKg: bigint;
  readonly receivedKg: bigint;
  readonly lossBasisPoints: number;
  /** Minor units per tonne. */
  readonly pricePerTonne: bigint;
}): Computed {
  const lost = transitLoss({
    loaded: kilograms(of.loadedKg),
    received: kilograms(of.receivedKg),
    allowancePercent: decimal(percentOf(of.lossBasisPoints)),
  });
  assert(lost.ok, 'an allowance within its range');
  const amount = roundHalfUp(rational(lost.claim * of.pricePerTonne, KILOGRAMS_PER_TONNE));
  return {
    amount,
    steps: [
      tonnes('loaded', of.loadedKg),
      tonnes('received', of.receivedKg),
      tonnes('loss', lost.loss),
      tonnes('allowance', lost.allowance),
      tonnes('claim', lost.claim),
      { name: 'price', value: formatMoney(of.pricePerTonne), unit: 'money_per_t' },
      money('amount', amount),
    ],
  };
}

/** Time beyond laytime, to the minute, at the rates of the contract. */
export function demurrageClaim(facts: StatementOfFacts, terms: CarriageTerms): Computed {
  const allowed = laytimeAllowed({
    mass: kilograms(parseTonnes(facts.quantity) ?? 0n),
    kilogramsPerHour: kilograms(BigInt(terms.laytimeKgPerHour)),
    extraMs: terms.laytimeExtraHours * HOUR_MS,
  });
  assert(allowed.ok, 'a rate of handling within its range');
  const tiers = tiersOf(terms);
  const used = usedMs(facts);
  const due = demurrage({ usedMs: used, allowedHours: allowed.hours, tiers });
  assert(due.ok, 'rates within their range');
  return {
    amount: due.amount,
    steps: [
      { name: 'time_used', value: String(used / 60_000), unit: 'min' },
      { name: 'time_allowed', value: toDecimal(allowed.hours, 2), unit: 'h' },
      { name: 'time_excess', value: toDecimal(due.excessDays, 5), unit: 'd' },
      ...tierSteps(due.excessDays, tiers),
      money('amount', due.amount),
    ],
  };
}

function tiersOf(terms: CarriageTerms): DemurrageTier[] {
  const tier = (days: number, perDay: string): DemurrageTier[] =>
    days === 0 ? [] : [{ days, perDay: minor(BigInt(perDay)) }];
  return [
    ...tier(terms.firstDays, terms.firstPerDay),
    ...tier(terms.secondDays, terms.secondPerDay),
    { perDay: minor(BigInt(terms.thenPerDay)) },
  ];
}

function tierSteps(excess: Demurrage['excessDays'], tiers: readonly DemurrageTier[]): CalculationStep[] {
  const steps: CalculationStep[] = [];
  let left = excess;
  for (const { days, perDay } of tiers) {
    const counted = days === undefined ? left : minimum(left, rational(days));
    left = subtract(left, counted);
    if (counted.numerator === 0n) continue;
    steps.push({ name: 'tier_days', value: toDecimal(counted, 5), unit: 'd' });
    steps.push({ name: 'tier_rate', value: formatMoney(perDay), unit: 'money_per_d' });
  }
  return steps;
}

/** Below the share the whole shortfall is paid for. */
export function fulfilmentClaim(of: {
  readonly contractedKg: bigint;
  readonly shippedKg: bigint;
  readonly terms: FulfilmentTerms;
}): Computed {
  const { thresholdBasisPoints, perTonne } = of.terms;
  const found = fulfilment({
    contracted: kilograms(of.contractedKg),
    shipped: kilograms(of.shippedKg),
    thresholdPercent: decimal(percentOf(thresholdBasisPoints)),
    perTonne: minor(BigInt(perTonne)),
  });
  assert(found.ok, 'a contract of some quantity');
  return {
    amount: found.penalty,
    steps: [
      tonnes('contracted', of.contractedKg),
      tonnes('shipped', of.shippedKg),
      { name: 'fulfilment', value: toDecimal(found.percent, 2), unit: '%' },
      { name: 'threshold', value: percentOf(thresholdBasisPoints), unit: '%' },
      tonnes('shortfall', found.shortfall),
      { name: 'rate', value: formatMoney(BigInt(perTonne)), unit: 'money_per_t' },
      money('amount', found.penalty),
    ],
  };
}

const tonnes = (name: CalculationStep['name'], kg: bigint): CalculationStep => ({
  name,
  value: formatTonnes(kg),
  unit: 't',
});
const money = (name: CalculationStep['name'], amount: bigint): CalculationStep => ({
  name,
  value: formatMoney(amount),
  unit: 'money',
});
