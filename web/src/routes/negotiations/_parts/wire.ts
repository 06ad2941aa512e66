/** The offer form as its terms: what was typed to what the exchange reads. Runs on both sides. */
import type { OfferTerms, Quotation } from '@seam/protocol';
import { decimalText, text } from '#lib/form/read.ts';

/** Lines of `index, day, value, source`; what is not of this form goes through and is refused by its place. */
export function quotationsTyped(lines: string): Quotation[] {
  return lines
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [index = '', date = '', value = '', ...source] = line
        .split(/[,，;；\t]/u)
        .map((part) => part.trim());
      return { index, date, value: value.normalize('NFKC'), source: source.join(', ') };
    });
}

export function quotationLines(quotations: readonly Quotation[]): string {
  return quotations.map((one) => [one.index, one.date, one.value, one.source].join(', ')).join('\n');
}

/** @param base what the form began with: what it does not ask for stays as it is. */
export function termsTyped(data: FormData, base: OfferTerms): OfferTerms {
  const kind = text(data, 'kind') === 'long_term' ? 'long_term' : 'spot';
  const price: OfferTerms['price'] =
    text(data, 'priceKind') === 'formula'
      ? {
          kind: 'formula',
          expression: text(data, 'price.expression'),
          quotations: quotationsTyped(text(data, 'price.quotations')),
        }
      : { kind: 'fixed', perTonne: decimalText(data, 'price.perTonne') };
  return {
    ...base,
    kind,
    quantity: decimalText(data, 'quantity'),
    tolerance: decimalText(data, 'tolerance'),
    currency: (text(data, 'currency') || base.currency) as OfferTerms['currency'],
    price,
    deliveryTerm: (text(data, 'deliveryTerm') || base.deliveryTerm) as OfferTerms['deliveryTerm'],
    transport: (text(data, 'transport') || base.transport) as OfferTerms['transport'],
    windowFrom: text(data, 'windowFrom'),
    windowTo: text(data, 'windowTo'),
    payment: {
      provisionalPercent: decimalText(data, 'payment.provisionalPercent'),
      provisionalWithinDays: Number(decimalText(data, 'payment.provisionalWithinDays')) || 0,
      latePercentPerDay: decimalText(data, 'payment.latePercentPerDay'),
    },
    // Months of another quantity or window would not add up: equal parts are made anew.
    months: null,
  };
}

const DECIMAL = /^-?\d{1,15}(\.\d{1,9})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What could not even be sent, by its field. */
export function malformed(terms: OfferTerms): Record<string, string> {
  const wrong: Record<string, string> = {};
  const decimal = (name: string, value: string): void => {
    if (!DECIMAL.test(value)) wrong[name] = 'listing.value_missing';
  };
  decimal('quantity', terms.quantity);
  decimal('tolerance', terms.tolerance);
  decimal('payment.provisionalPercent', terms.payment.provisionalPercent);
  decimal('payment.latePercentPerDay', terms.payment.latePercentPerDay);
  for (const name of ['windowFrom', 'windowTo'] as const)
    if (!DAY.test(terms[name])) wrong[name] = 'listing.day_invalid';
  if (terms.price.kind === 'fixed') decimal('price.perTonne', terms.price.perTonne);
  else {
    const bad = terms.price.quotations.some(
      ({ index, date, value, source }) =>
        !/^[A-Za-z][A-Za-z0-9_]{0,39}$/.test(index) ||
        !DAY.test(date) ||
        !DECIMAL.test(value) ||
        source === '',
    );
    if (bad) wrong['price.quotations'] = 'value_malformed';
  }
  return wrong;
}
