/** Accounts of a company as it thinks of them: one line per currency. */
import type { Balance } from '@seam/protocol';
import { formatMoney, parseMoney } from '@seam/units';

export type CurrencyTotals = {
  currency: Balance['currency'];
  free: string;
  held: string;
  escrow: string;
  security: string;
  payable: string;
  owed: string;
};

export function totals(balances: readonly Balance[]): CurrencyTotals[] {
  const currencies = [...new Set(balances.map((one) => one.currency))];
  return currencies.map((currency) => {
    const own = balances.filter((one) => one.currency === currency);
    const sum = (read: (one: Balance) => string, ...kinds: string[]): string =>
      formatMoney(
        own
          .filter((one) => kinds.length === 0 || kinds.includes(one.kind))
          .reduce((total, one) => total + amountOf(read(one)), 0n),
      );
    return {
      currency,
      free: sum((one) => one.available, 'free'),
      held: sum((one) => one.held, 'free'),
      escrow: sum((one) => one.balance, 'escrow'),
      security: sum((one) => one.balance, 'bid_security', 'performance_security'),
      payable: sum((one) => one.balance, 'payable'),
      owed: sum((one) => one.balance, 'receivable'),
    };
  });
}

/** Minor units of an amount on the wire, which may be negative. */
export function amountOf(text: string): bigint {
  return parseMoney(text) ?? 0n;
}

/** Free money of one currency. */
export function freeIn(balances: readonly Balance[], currency: string): string {
  return totals(balances).find((one) => one.currency === currency)?.free ?? '0.00';
}
