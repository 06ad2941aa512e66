/**
 * Bid security as a page shows it before anything is sent: what a quantity needs, and what an amount
 * covers. Arithmetic on the auction's public terms; the exchange decides by its own.
 */
import type { AuctionView } from '@seam/protocol';
import { cost, formatMoney, formatTonnes, minor, parseMoney, parseScaled, parseTonnes } from '@seam/units';

type Terms = Pick<AuctionView, 'bidSecurity' | 'startingPrice' | 'lotSize' | 'quantity'>;

/** Major units, for a quantity in tonnes; null when `quantity` is no mass. */
export function securityFor(terms: Terms, quantity: string): string | null {
  const mass = parseTonnes(quantity);
  if (mass === undefined) return null;
  if (mass === 0n) return '0.00';
  const rule = terms.bidSecurity;
  if (rule.mode === 'fixed') return formatMoney(parseMoney(rule.amount) ?? 0n);
  if (rule.mode === 'per_tonne') return formatMoney(cost(parseMoney(rule.amountPerTonne) ?? minor(0n), mass));
  const worth = cost(parseMoney(terms.startingPrice) ?? minor(0n), mass);
  // Half a unit up: a cent too much covers, a cent too little does not.
  return formatMoney((worth * (parseScaled(rule.percent, 2) ?? 0n) + 9_999n) / 10_000n);
}

/** Tonnes, whole lots, that an amount covers; null when it is no amount. */
export function coveredBy(terms: Terms, amount: string): string | null {
  const money = parseMoney(amount);
  const all = parseTonnes(terms.quantity);
  const lot = parseTonnes(terms.lotSize);
  if (money === undefined || all === undefined || lot === undefined || lot === 0n) return null;
  let enough = 0n;
  let tooMany = all / lot + 1n;
  while (tooMany - enough > 1n) {
    const middle = (enough + tooMany) / 2n;
    const needed = parseMoney(securityFor(terms, formatTonnes(middle * lot)) ?? '') ?? 0n;
    if (needed <= money) enough = middle;
    else tooMany = middle;
  }
  return formatTonnes(enough * lot);
}

/** What must still be held for `quantity` when `held` already is; '0.00' when nothing. */
export function missingFor(terms: Terms, quantity: string, held: string): string {
  const needed = parseMoney(securityFor(terms, quantity) ?? '0') ?? 0n;
  const have = parseMoney(held) ?? 0n;
  return formatMoney(needed > have ? needed - have : 0n);
}
