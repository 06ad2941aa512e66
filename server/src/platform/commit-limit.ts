/** The rule of what one person may bind its company to: the greatest value, by currency, that is still allowed. */
import { type Currency, formatMoney } from '@seam/units';
import { type Refusal, refuse } from './refusal.ts';

/** Minor units by currency. Empty: anything; whoever has a limit in one currency binds the company in no other. */
export type CommitLimits = Readonly<Record<string, string>>;

export function beyondLimit(
  limits: CommitLimits,
  { value, currency }: { readonly value: bigint; readonly currency: string },
): Refusal | undefined {
  const named = Object.entries(limits);
  const limit = BigInt(limits[currency] ?? 0);
  if (named.length === 0 || value <= limit) return undefined;
  const accepted = { limit: formatMoney(limit), currency: currency as Currency, value: formatMoney(value) };
  return refuse('member.limit_exceeded', { accepted });
}
