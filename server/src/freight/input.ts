/**
 * A tariff as it came in, judged: pure, no clock, no database. Every fault is found at once and named by
 * field, so that a form, and a line of a file, shows them all.
 */
import { multiply, rational, roundHalfUp } from '@seam/coal';
import type { ProblemCode, TariffInput } from '@seam/protocol';
import { CURRENCIES, type Currency, parseScaled } from '@seam/units';
import { referenceMarket } from '../listings/public.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { type Located, kilometresBetween, wayKm } from './estimate.ts';
import { CHARGE_DOLLAR_CENTS_MAX, QUANTITY_KG_MAX } from './limits.ts';
import { isDay } from './slots.ts';
import type { StoredTerms, TariffRow } from './tables.ts';
import { termsOf } from './lanes.ts';
import { type Lane, haulagePerTonne } from './tariff.ts';

export type Fields = Record<string, ProblemCode>;
export type Accepted = Record<string, string>;
export type CheckedTariff = Omit<
  TariffRow,
  'laneId' | 'laneNumber' | 'version' | 'madeBy' | 'madeAt' | 'endedAt'
>;

/** One faulty field gives its own code, several give `freight.invalid`; each field keeps its code either way. */
export function refusalOf(fields: Fields, accepted: Accepted = {}): Refusal | undefined {
  const codes = [...new Set(Object.values(fields))];
  const [first] = codes;
  if (!first) return undefined;
  return refuse(codes.length === 1 ? first : 'freight.invalid', {
    fields,
    ...(Object.keys(accepted).length > 0 && { accepted }),
  });
}

/** @param prefix of the names of fields. */
export function checkTariff(
  input: TariffInput,
  way: { readonly mode: Lane['mode']; readonly from: Located; readonly to: Located },
  prefix = 'tariff.',
): CheckedTariff | Refusal {
  const faults = new Faults(prefix);
  const currency = faults.currency(input.currency);
  const terms = readTerms(input, currency, faults);
  const loading = faults.amount('loading', input.loading ?? '0', currency);
  const unloading = faults.amount('unloading', input.unloading ?? '0', currency);
  const lossPermille = faults.count(
    'lossPermille',
    input.lossPermille ?? '0',
    [0, 100],
    'freight.loss_out_of_range',
  );
  const hours = faults.count('hours', input.hours ?? '0', [0, 4000], 'freight.hours_out_of_range');
  const distance = readDistance(input, way, faults);
  const { validFrom, validTo } = readValidity(input, faults);
  const source = input.source.trim();
  if (source === '') faults.add('source', 'freight.source_missing');
  const tariff: CheckedTariff = {
    currency,
    terms,
    loading,
    unloading,
    lossPermille,
    ...distance,
    hours,
    validFrom,
    validTo,
    source,
  };
  if (!faults.any) checkHaulage(tariff, faults);
  return refusalOf(faults.fields, faults.accepted) ?? tariff;
}

/** What was found wrong, by field. A reader that finds a fault notes it and gives a harmless value back. */
export class Faults {
  readonly fields: Fields = {};
  readonly accepted: Accepted = {};
  readonly #prefix: string;

  constructor(prefix = '') {
    this.#prefix = prefix;
  }

  get any(): boolean {
    return Object.keys(this.fields).length > 0;
  }

  add(field: string, code: ProblemCode, accepted?: string): void {
    this.fields[this.#prefix + field] ??= code;
    if (accepted !== undefined) this.accepted[this.#prefix + field] = accepted;
  }

  currency(text: string): Currency {
    const known = CURRENCIES.find((code) => code === text && referenceMarket('USD').rates[code]);
    if (!known) this.add('currency', 'freight.currency_unknown', CURRENCIES.join(', '));
    return known ?? 'USD';
  }

  /** Minor units. */
  amount(field: string, text: string, currency: Currency): bigint {
    const value = parseScaled(text.trim(), 2);
    if (value === undefined) this.add(field, 'freight.amount_malformed');
    else if (value < 0n) this.add(field, 'freight.amount_negative');
    else if (isAbsurd(value, currency)) this.add(field, 'freight.amount_absurd', `≤ ${mostIn(currency)}`);
    else return value;
    return 0n;
  }

  count(field: string, text: string, [least, most]: readonly [number, number], code: ProblemCode): number {
    const value = /^\d{1,6}$/.test(text.trim()) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    this.add(field, code, `${least} – ${most}`);
    return least;
  }

  /** Kilograms from tonnes. */
  quantity(field: string, text: string): bigint {
    const kg = parseScaled(text.trim(), 3);
    if (kg !== undefined && kg > 0n && kg <= QUANTITY_KG_MAX) return kg;
    this.add(field, 'freight.quantity_invalid');
    return 1n;
  }

  day(field: string, text: string): string {
    if (isDay(text)) return text;
    this.add(field, 'freight.day_invalid');
    return '';
  }
}

function readTerms(input: TariffInput, currency: Currency, faults: Faults): StoredTerms {
  const need = (field: 'perTonne' | 'terminal' | 'minimum', text: string | undefined): string => {
    if (text === undefined || text.trim() === '') {
      faults.add(field, 'freight.tariff_incomplete');
      return '0';
    }
    return String(faults.amount(field, text, currency));
  };
  switch (input.kind) {
    case 'per_tonne':
      return { kind: 'per_tonne', perTonne: need('perTonne', input.perTonne) };
    case 'per_tonne_km':
      return {
        kind: 'per_tonne_km',
        perThousandTonneKm: String(readRate(input.perTonneKm, faults)),
        terminal: need('terminal', input.terminal ?? '0'),
        minimum: need('minimum', input.minimum ?? '0'),
      };
    case 'weight_steps':
      return { kind: 'weight_steps', steps: readSteps(input.steps ?? [], currency, faults) };
  }
}

/** Per tonne-kilometre with five decimal places is minor units per 1,000 tonne-kilometres. */
function readRate(text: string | undefined, faults: Faults): bigint {
  if (text === undefined || text.trim() === '') {
    faults.add('perTonneKm', 'freight.tariff_incomplete');
    return 0n;
  }
  const value = parseScaled(text.trim(), 5);
  if (value === undefined) faults.add('perTonneKm', 'freight.amount_malformed');
  else if (value < 0n) faults.add('perTonneKm', 'freight.amount_negative');
  return value ?? 0n;
}

function readSteps(
  steps: NonNullable<TariffInput['steps']>,
  currency: Currency,
  faults: Faults,
): { fromKg: string; perTonne: string }[] {
  if (steps.length === 0) faults.add('steps', 'freight.tariff_incomplete');
  let before = -1n;
  return steps.map(({ fromTonnes, perTonne }, index) => {
    const fromKg = parseScaled(fromTonnes.trim(), 3);
    if (fromKg === undefined || fromKg <= before)
      faults.add(`steps.${index}.fromTonnes`, 'freight.steps_unordered');
    before = fromKg ?? before;
    return {
      fromKg: String(fromKg ?? 0n),
      perTonne: String(faults.amount(`steps.${index}.perTonne`, perTonne, currency)),
    };
  });
}

function readDistance(
  input: TariffInput,
  way: { readonly mode: Lane['mode']; readonly from: Located; readonly to: Located },
  faults: Faults,
): { distanceKm: number; distanceGiven: boolean } {
  const straight = kilometresBetween(way.from, way.to);
  const text = input.distanceKm?.trim() ?? '';
  if (text === '') {
    if (straight === undefined) faults.add('distanceKm', 'freight.place_without_coordinates');
    return { distanceKm: Math.max(1, wayKm(way.mode, straight ?? 0)), distanceGiven: false };
  }
  const distanceKm = faults.count('distanceKm', text, [1, 40_000], 'freight.distance_out_of_range');
  // A place on the map is a point, its yard is not.
  const least = straight === undefined ? 0 : Math.floor(straight * 0.98) - 10;
  if (distanceKm < least) faults.add('distanceKm', 'freight.distance_impossible', `≥ ${least}`);
  return { distanceKm, distanceGiven: true };
}

function readValidity(input: TariffInput, faults: Faults): { validFrom: string; validTo: string | null } {
  const validFrom = faults.day('validFrom', input.validFrom);
  const text = input.validTo ?? '';
  if (text === '') return { validFrom, validTo: null };
  const validTo = faults.day('validTo', text);
  if (validFrom !== '' && validTo !== '' && validTo < validFrom)
    faults.add('validTo', 'freight.validity_reversed');
  return { validFrom, validTo };
}

/** Each amount may be in bounds and the whole charge still not. */
function checkHaulage(tariff: CheckedTariff, faults: Faults): void {
  const terms = termsOf(tariff.terms);
  const charge = haulagePerTonne({ ...tariff, terms } as unknown as Lane, QUANTITY_KG_MAX) ?? 0n;
  if (!isAbsurd(charge, tariff.currency)) return;
  const field = terms.kind === 'per_tonne_km' ? 'perTonneKm' : 'perTonne';
  faults.add(field, 'freight.amount_absurd');
}

function isAbsurd(value: bigint, currency: Currency): boolean {
  const rate = referenceMarket('USD').rates[currency];
  return !rate || roundHalfUp(multiply(rational(value), rate)) > CHARGE_DOLLAR_CENTS_MAX;
}

/** Whole units of the currency. */
function mostIn(currency: Currency): string {
  const rate = referenceMarket(currency).rates.USD;
  return rate ? String(roundHalfUp(multiply(rational(CHARGE_DOLLAR_CENTS_MAX, 100), rate))) : '';
}
