/** The price of one call-off by the terms that were signed. Exact until the one rounding. */
import { HUNDRED, multiply, priceByFormula, roundHalfUp } from '@seam/coal';
import { formatMoney } from '@seam/units';
import type { LibraryTerms } from '../../contracts/public.ts';
import { type Day, type Month, addMonths } from './calendar.ts';

/** A published value of a series. `version` above 1 corrects an earlier one. */
export type IndexValue = {
  readonly seriesId: string;
  readonly month: Month;
  readonly version: number;
  /** Decimal. */
  readonly value: string;
  readonly publishedOn: Day;
};

export type PriceInput = { readonly name: string; readonly value: IndexValue };

export type CallOffPrice =
  | { readonly state: 'fixed'; readonly perTonne: bigint; readonly inputs: readonly PriceInput[] }
  /** Values that are not published yet. */
  | { readonly state: 'waits'; readonly missing: readonly { seriesId: string; month: Month }[] }
  /** The formula comes to no price with them: zero, negative, or divided by nothing. */
  | { readonly state: 'impossible'; readonly code: string };

type Priced = Pick<LibraryTerms, 'pricePerTonne' | 'priceSteps' | 'priceLater'>;

/** The month whose index values the price of a call-off in `month` follows. */
export function indexMonth(terms: Priced, month: Month): Month | undefined {
  return terms.priceLater && addMonths(month, -terms.priceLater.lagMonths);
}

/** @param values of every series; of each month the newest version published before the first day counts. */
export function priceOf(
  terms: Priced,
  callOff: { readonly month: Month; readonly windowFrom: Day },
  values: readonly IndexValue[],
): CallOffPrice {
  const step = terms.priceSteps?.findLast(({ from }) => from <= callOff.month);
  const fixed = step?.pricePerTonne ?? terms.pricePerTonne;
  if (!terms.priceLater) return { state: 'fixed', perTonne: BigInt(fixed), inputs: [] };
  const month = indexMonth(terms, callOff.month)!;
  const missing: { seriesId: string; month: Month }[] = [];
  const inputs: PriceInput[] = [];
  for (const { name, seriesId } of terms.priceLater.series) {
    const value = newest(values, { seriesId, month, before: callOff.windowFrom });
    if (value) inputs.push({ name, value });
    else missing.push({ seriesId, month });
  }
  return missing.length > 0 ? { state: 'waits', missing } : byFormula(terms, inputs);
}

/** The price by exactly these values. */
export function byFormula(terms: Priced, inputs: readonly PriceInput[]): CallOffPrice {
  const price = priceByFormula(terms.priceLater!.formula, {
    indices: Object.fromEntries(
      inputs.map(({ name, value }) => [
        name,
        {
          quotations: [
            { date: `${value.month}-01`, value: value.value, source: `${value.seriesId} v${value.version}` },
          ],
        },
      ]),
    ),
    parameters: { base: formatMoney(BigInt(terms.pricePerTonne)) },
  });
  if (!price.ok) return { state: 'impossible', code: price.code };
  const perTonne = roundHalfUp(multiply(price.value, HUNDRED));
  return perTonne > 0n ? { state: 'fixed', perTonne, inputs } : { state: 'impossible', code: 'not_positive' };
}

function newest(
  values: readonly IndexValue[],
  of: { seriesId: string; month: Month; before: Day },
): IndexValue | undefined {
  return values
    .filter(
      ({ seriesId, month, publishedOn }) =>
        seriesId === of.seriesId && month === of.month && publishedOn < of.before,
    )
    .toSorted((one, other) => one.version - other.version)
    .at(-1);
}
