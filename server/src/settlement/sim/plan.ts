/** Who trades with whom, for what, and how it will go: all of it out of the seed. */
import { type Random, seededRandom } from '@seam/testkit/sim';
import type { Currency } from '@seam/units';

export type Outcome = 'accept' | 'by_time' | 'dispute';
export type PlannedTrade = {
  readonly n: number;
  readonly seller: string;
  readonly buyer: string;
  readonly currency: Currency;
  readonly quantityKg: bigint;
  readonly pricePerTonne: bigint;
  readonly liftedKg: bigint;
  /** Of the escrow, at the gate. */
  readonly releaseBasisPoints: number;
  /** Net as received, J/g; the contract promises 23,000. */
  readonly calorificValue: number;
  readonly outcome: Outcome;
  /** The buyer's online banking sends it twice under one id, which the bank must take once. */
  readonly paidTwice: boolean;
};

const CURRENCY_WEIGHTS: readonly (readonly [Currency, number])[] = [
  ['CNY', 0.6],
  ['USD', 0.2],
  ['EUR', 0.1],
  ['INR', 0.1],
];
export const TRADED = CURRENCY_WEIGHTS.map(([currency]) => currency);

export type Houses = { readonly sellers: readonly string[]; readonly buyers: readonly string[] };

/** One house has at most so many trades that its accounts are hot, as those of real ones are. */
export function housesFor(trades: number): Houses {
  const names = (kind: string, count: number): string[] =>
    Array.from({ length: count }, (_, n) => `${kind}${n + 1}`);
  return {
    sellers: names('seller', Math.min(60, Math.max(3, Math.ceil(trades / 50)))),
    buyers: names('buyer', Math.min(200, Math.max(4, Math.ceil(trades / 20)))),
  };
}

export function plannedTrades(seed: number, trades: number): PlannedTrade[] {
  const houses = housesFor(trades);
  const random = seededRandom(seed, 'trades');
  return Array.from({ length: trades }, (_, n) => plannedTrade(random, n, houses));
}

function plannedTrade(random: Random, n: number, { sellers, buyers }: Houses): PlannedTrade {
  // One in a hundred is a ship's load, which two persons must approve the payout of.
  const tonnes = random.chance(0.01) ? 150_000 : 20 + random.below(3_000);
  const quantityKg = BigInt(tonnes) * 1_000n;
  const draw = random.next();
  return {
    n,
    seller: random.pick(sellers),
    buyer: random.pick(buyers),
    currency: currencyOf(random.next()),
    quantityKg,
    pricePerTonne: BigInt(40_000 + random.below(50_000)),
    liftedKg: random.chance(0.7) ? quantityKg : (quantityKg * BigInt(60 + random.below(40))) / 100n,
    releaseBasisPoints: random.chance(0.3) ? 5_000 : 0,
    calorificValue: 22_700 + random.below(600),
    outcome: draw < 0.02 ? 'dispute' : draw < 0.22 ? 'by_time' : 'accept',
    paidTwice: random.chance(0.05),
  };
}

function currencyOf(draw: number): Currency {
  let sum = 0;
  for (const [currency, weight] of CURRENCY_WEIGHTS) {
    sum += weight;
    if (draw < sum) return currency;
  }
  return 'CNY';
}

/** The account of a company at the bank, which buyers pay from and sellers are paid into. */
export function accountOf(company: string, currency: Currency): string {
  const side = company.startsWith('seller') ? '1' : '2';
  const number = company.replaceAll(/\D/g, '').padStart(8, '0');
  return `62${side}${['CNY', 'USD', 'INR', 'EUR', 'AUD', 'ZAR', 'IDR'].indexOf(currency)}${number}`;
}

export const nameOf = (company: string): string => `Company of ${company}`;
