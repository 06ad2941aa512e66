/** The price that a frozen formula comes to with the quotations agreed on: exact until the one rounding. */
import { HUNDRED, type FrozenPrice, multiply, priceByFormula, roundHalfUp } from '@seam/coal';
import { indexPricePerTonne } from './index-price.ts';
import type { FormulaTerms, LibraryTerms, QuotationTerms } from './terms.ts';

/** @returns the exact price in major units per tonne with what it rests on, or why there is none. */
export function formulaPrice({
  frozen,
  quotations,
}: Pick<FormulaTerms, 'frozen' | 'quotations'>): FrozenPrice {
  return priceByFormula(frozen, { indices: seriesOf(quotations), parameters: {} });
}

/** @returns minor units per tonne; undefined when the formula has no value. */
export function formulaPricePerTonne(formula: FormulaTerms): bigint | undefined {
  const price = formulaPrice(formula);
  return price.ok ? roundHalfUp(multiply(price.value, HUNDRED)) : undefined;
}

/** What the terms say that makes the price, where it is not a number somebody stated. */
export function computedPrice(terms: Pick<LibraryTerms, 'index' | 'formula'>): bigint | undefined {
  if (terms.index) return indexPricePerTonne(terms.index);
  return terms.formula && formulaPricePerTonne(terms.formula);
}

export const isComputed = (terms: Pick<LibraryTerms, 'index' | 'formula'>): boolean =>
  terms.index !== undefined || terms.formula !== undefined;

function seriesOf(quotations: readonly QuotationTerms[]) {
  const names = [...new Set(quotations.map(({ index }) => index))];
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        quotations: quotations
          .filter(({ index }) => index === name)
          .map(({ date, value, source }) => ({ date, value, source }))
          .toSorted((one, other) => (one.date < other.date ? -1 : Number(one.date > other.date))),
      },
    ]),
  );
}
