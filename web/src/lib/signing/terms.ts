/**
 * The terms of a contract as a page shows them, read from the canonical JSON that is attached to the PDF.
 *
 * The JSON holds integers: masses in kg, money in minor units, shares in hundredths of a percent. Here they
 * become the decimals that all pages format. What cannot be read gives undefined, never a guess.
 */
import { convertEnergy, rational, roundHalfEven } from '@seam/coal';
import {
  KILOGRAMS_PER_TONNE,
  divideHalfUp,
  formatMoney,
  formatScaled,
  formatTonnes,
  parseScaled,
} from '@seam/units';

export type Name = { readonly name: string; readonly nameZh: string | null };
export type PartyView = Name & {
  readonly legalIdKind: 'uscc' | 'lei';
  readonly legalId: string;
  readonly address: string;
  readonly bankAccount: string;
};

/** How quality outside the agreed value changes the price. */
export type AdjustmentView =
  | { readonly form: 'none' }
  /** Price × measured ÷ agreed. */
  | { readonly form: 'ratio' }
  | {
      readonly form: 'step';
      readonly direction: 'above' | 'below' | 'both';
      /** Signed; percent of the price, or money per tonne. */
      readonly rate: string;
      readonly rateUnit: 'percent_of_price' | 'money_per_tonne';
      readonly per: string;
      readonly from: string;
      readonly to: string | null;
    };

export type QualityView = {
  readonly id: string;
  readonly parameter: string;
  readonly kind: string | null;
  readonly basis: string | null;
  readonly unit: string;
  readonly agreed: string;
  readonly rejectBelow: string | null;
  readonly rejectAbove: string | null;
  readonly adjustments: readonly AdjustmentView[];
  /** Heat also in kcal/kg, rounded, for reading only. */
  readonly kilocalories: { readonly agreed: string; readonly reject: string | null } | null;
};

export type TermsView = {
  readonly number: string;
  readonly issuedAt: string;
  readonly seller: PartyView;
  readonly buyer: PartyView;
  readonly rank: string;
  readonly mine: Name & { readonly country: string };
  readonly size: { readonly min: string; readonly max: string } | null;
  readonly tonnes: string;
  readonly tolerancePercent: string;
  readonly pricePerTonne: string;
  readonly currency: string;
  readonly total: string;
  readonly deliveryTerm: string;
  readonly deliveryPlace: Name;
  /** Calendar days, both included. */
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly transport: string;
  readonly quality: readonly QualityView[];
  readonly provisionalPercent: string;
  readonly provisionalWithinDays: number;
  readonly payoutWithinDays: number;
  readonly feePercent: string;
  readonly taxPercent: string;
  /** Major units; '0.00' where there is none of it. */
  readonly feePerTonne: string;
  readonly feeMinimum: string;
  readonly feeMaximum: string;
  readonly feePaidBy: 'seller' | 'buyer';
  readonly challengeDays: number;
};

/** Undefined when the text is no terms of a contract. Of the second schema the clauses are read elsewhere. */
export function readTermsView(json: string): TermsView | undefined {
  try {
    return view(new Fields(JSON.parse(json)));
  } catch {
    return undefined;
  }
}

function view(terms: Fields): TermsView | undefined {
  if (!['seam.contract.1', 'seam.contract.2'].includes(terms.text('schema'))) return undefined;
  const goods = terms.in('goods');
  const payment = terms.in('payment');
  const fees = terms.in('fees');
  const mass = BigInt(terms.text('quantityKg'));
  const price = BigInt(terms.text('pricePerTonne'));
  const size = goods.in('assay').maybe('size');
  return {
    number: terms.text('number'),
    issuedAt: terms.text('issuedAt'),
    seller: party(terms.in('seller')),
    buyer: party(terms.in('buyer')),
    rank: goods.text('coalRank'),
    mine: { ...named(goods.in('mine')), country: goods.in('mine').text('country') },
    size: size ? { min: String(size.number('minMm')), max: String(size.number('maxMm')) } : null,
    tonnes: formatTonnes(mass),
    tolerancePercent: percent(terms.number('toleranceBasisPoints')),
    pricePerTonne: formatMoney(price),
    currency: terms.text('currency'),
    // Half up, as the document prints it.
    total: formatMoney(divideHalfUp(price * mass, KILOGRAMS_PER_TONNE)),
    deliveryTerm: goods.text('deliveryTerm'),
    deliveryPlace: named(goods.in('deliveryPlace')),
    windowFrom: goods.text('windowFrom'),
    windowTo: goods.text('windowTo'),
    transport: goods.text('transport'),
    quality: terms.in('quality').list('rules').map(rule),
    provisionalPercent: percent(payment.number('provisionalBasisPoints')),
    provisionalWithinDays: payment.number('provisionalWithinDays'),
    payoutWithinDays: payment.number('payoutWithinDays'),
    feePercent: percent(fees.number('exchangeFeeBasisPoints')),
    taxPercent: percent(fees.number('taxOnFeeBasisPoints')),
    feePerTonne: formatMoney(BigInt(fees.maybeText('perTonne') ?? '0')),
    feeMinimum: formatMoney(BigInt(fees.maybeText('minimum') ?? '0')),
    feeMaximum: formatMoney(BigInt(fees.maybeText('maximum') ?? '0')),
    feePaidBy: fees.maybeText('paidBy') === 'buyer' ? 'buyer' : 'seller',
    challengeDays: terms.in('inspection').number('challengeDays'),
  };
}

function rule(of: Fields): QualityView {
  const reject = of.maybe('reject');
  const rejectBelow = reject?.maybeText('below') ?? null;
  const rejectAbove = reject?.maybeText('above') ?? null;
  const agreed = of.text('reference');
  const heat = of.text('unit') === 'J/g';
  return {
    id: of.text('id'),
    parameter: of.text('parameter'),
    kind: of.maybeText('kind') ?? null,
    basis: of.maybeText('basis') ?? null,
    unit: of.text('unit'),
    agreed,
    rejectBelow,
    rejectAbove,
    adjustments: adjustments(of),
    kilocalories: heat
      ? { agreed: kilocalories(agreed), reject: rejectBelow === null ? null : kilocalories(rejectBelow) }
      : null,
  };
}

function adjustments(of: Fields): AdjustmentView[] {
  const tiers = of.list('tiers');
  if (tiers.length === 0) return [{ form: 'none' }];
  const direction = of.text('direction');
  const rateUnit = of.text('rateUnit');
  if (direction !== 'above' && direction !== 'below' && direction !== 'both')
    throw new TypeError('direction');
  if (rateUnit !== 'percent_of_price' && rateUnit !== 'money_per_tonne') throw new TypeError('rateUnit');
  if (isRatio(of, tiers)) return [{ form: 'ratio' }];
  return tiers.map((tier) => ({
    form: 'step' as const,
    direction,
    rate: tier.text('rate'),
    rateUnit,
    per: of.text('per'),
    from: tier.text('from'),
    to: tier.maybeText('to') ?? null,
  }));
}

/** One percent of the agreed value is one percent of the price, both ways and without an end. */
function isRatio(of: Fields, tiers: readonly Fields[]): boolean {
  const [tier, more] = tiers;
  return (
    more === undefined &&
    of.text('direction') === 'both' &&
    of.text('rateUnit') === 'percent_of_price' &&
    of.text('stepMode') === 'prorata' &&
    tier?.text('from') === '0' &&
    tier.maybeText('to') === undefined &&
    tier.text('rate') === '1' &&
    parseScaled(of.text('per'), 2) === parseScaled(of.text('reference'), 0)
  );
}

function party(of: Fields): PartyView {
  const legalIdKind = of.text('legalIdKind');
  if (legalIdKind !== 'uscc' && legalIdKind !== 'lei') throw new TypeError('legalIdKind');
  const legalId = of.text('legalId');
  return {
    ...named(of),
    legalIdKind,
    legalId,
    address: of.text('address'),
    bankAccount: of.text('bankAccount'),
  };
}

const named = (of: Fields): Name => ({ name: of.text('name'), nameZh: of.maybeText('nameZh') ?? null });

function kilocalories(joulesPerGram: string): string {
  return String(roundHalfEven(convertEnergy(rational(BigInt(joulesPerGram)), 'J/g', 'kcal/kg')));
}

/** Hundredths of a percent → percent without idle zeros. */
function percent(basisPoints: number): string {
  const text = formatScaled(BigInt(basisPoints), 2);
  return text.replace(/\.?0+$/, '') || '0';
}

/** Reads an object of unknown origin; what is missing or of another type throws. */
class Fields {
  readonly #value: Readonly<Record<string, unknown>>;

  constructor(value: unknown) {
    if (typeof value !== 'object' || value === null) throw new TypeError('not an object');
    this.#value = value as Record<string, unknown>;
  }

  text(name: string): string {
    const value = this.#value[name];
    if (typeof value !== 'string') throw new TypeError(name);
    return value;
  }

  maybeText(name: string): string | undefined {
    return this.#value[name] === null || this.#value[name] === undefined ? undefined : this.text(name);
  }

  number(name: string): number {
    const value = this.#value[name];
    if (typeof value !== 'number') throw new TypeError(name);
    return value;
  }

  in(name: string): Fields {
    return new Fields(this.#value[name]);
  }

  maybe(name: string): Fields | undefined {
    return this.#value[name] === undefined ? undefined : this.in(name);
  }

  list(name: string): Fields[] {
    const value = this.#value[name];
    if (!Array.isArray(value)) throw new TypeError(name);
    return value.map((one) => new Fields(one));
  }
}
