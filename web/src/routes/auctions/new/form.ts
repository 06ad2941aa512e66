/** What the form begins with, and where a refusal of the exchange belongs. */
import type { ListingSummary } from '@seam/protocol';
import { formatMoney, formatTonnes, parseMoney, parseTonnes } from '@seam/units';

export type Defaults = {
  readonly startingPrice: string;
  readonly bidIncrement: string;
  readonly maximumIncrement: string;
  readonly tickSize: string;
  readonly lotSize: string;
  readonly minimumBidQuantity: string;
};

/** Steps of a quantity, tonnes, widest first: the first that divides the lot is proposed. */
const LOT_SIZES = ['50', '25', '10', '5', '1', '0.1', '0.001'];

export function startDefaults(lot: Pick<ListingSummary, 'startPrice' | 'price' | 'remaining'>): Defaults {
  const start = lot.startPrice ?? lot.price ?? '';
  const price = parseMoney(start) ?? 0n;
  // About a two-hundredth of the price, as a round number; cheap coal in a dear currency goes in tenths.
  const increment = price >= 20_000n ? (price >= 80_000n ? 500n : 200n) : 20n;
  // The widest step that the price itself lies on.
  const tick = [100n, 10n].find((step) => step <= increment && price % step === 0n) ?? 1n;
  const quantity = parseTonnes(lot.remaining) ?? 0n;
  const fits = (step: string): boolean => quantity % (parseTonnes(step) ?? 1n) === 0n;
  const lotSize = parseTonnes(LOT_SIZES.find(fits) ?? '0.001') ?? 1n;
  const tenth = quantity / 10n - ((quantity / 10n) % lotSize);
  return {
    startingPrice: start,
    bidIncrement: formatMoney(increment),
    maximumIncrement: formatMoney(increment * 25n),
    tickSize: formatMoney(tick),
    lotSize: trimmed(formatTonnes(lotSize)),
    minimumBidQuantity: trimmed(formatTonnes(tenth > lotSize ? tenth : lotSize)),
  };
}

const trimmed = (text: string): string => text.replace(/\.?0+$/, '');

/** The exchange names a term of the auction; the form has it under another name now and then. */
export function fieldOf(name: string): string {
  if (name === 'bidSecurity' || name.startsWith('bidSecurity')) return 'securityValue';
  if (name === 'quantity') return 'lotSize';
  if (name === 'softClose') return 'windowSeconds';
  return name.replace(/^softClose\./, '');
}
