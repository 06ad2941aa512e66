/** The clauses of the worked examples, as contracts write them; every one is read by parseClause. */
import { formatMoney, parseMoney } from '@seam/units';
import {
  type AnyClause,
  type ClauseOutcome,
  type Facts,
  type Minor,
  type PriceClause,
  type PriceRule,
  type Stated,
  evaluateClause,
  parseClause,
} from './imports.ts';

export const HEAT = { parameter: 'calorificValue', kind: 'net', basis: 'ar', unit: 'kcal/kg' } as const;

export function heat(value: string): Stated {
  return { ...HEAT, value };
}

export function share(
  parameter: Stated['parameter'],
  basis: 'ar' | 'ad' | 'd' | 'daf',
  value: string,
): Stated {
  return { parameter, basis, unit: '%', value };
}

export function index(parameter: Stated['parameter'], unit: Stated['unit'], value: string): Stated {
  return { parameter, unit, value };
}

/** Marginal, pro rata, money per tonne, stage 1, unless said otherwise. */
export function rule(id: string, rest: Partial<PriceRule>): PriceRule {
  return {
    id,
    ...HEAT,
    reference: '0',
    direction: 'above',
    tiers: [],
    per: '1',
    tierMode: 'marginal',
    stepMode: 'prorata',
    rateUnit: 'money_per_tonne',
    stage: 1,
    ...rest,
  };
}

/** A rule on something other than heat. */
export function ruleOn(
  id: string,
  measure: Pick<PriceRule, 'parameter' | 'unit'> & Partial<PriceRule>,
  rest: Partial<PriceRule>,
): PriceRule {
  const { basis: _, kind: __, ...plain } = rule(id, {});
  return { ...plain, ...measure, ...rest };
}

export function clause(rules: readonly PriceRule[], rest: Partial<PriceClause> = {}): AnyClause {
  const written = { schema: 'seam.quality-clause.2', rounding: 'half_up', rules, ...rest };
  const parsed = parseClause(JSON.parse(JSON.stringify(written)));
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.clause;
}

export function money(text: string): Minor {
  const value = parseMoney(text);
  if (value === undefined) throw new Error(text);
  return value;
}

export function adjusted(
  price: string,
  terms: AnyClause,
  values: readonly Stated[],
  facts: Facts = {},
): Extract<ClauseOutcome, { outcome: 'adjusted' }> {
  const result = evaluateClause(money(price), terms, { quality: { values }, facts });
  if (result.outcome !== 'adjusted') throw new Error(result.outcome);
  return result;
}

/** The unit price as text, or the outcome when there is none. */
export function priceOf(
  price: string,
  terms: AnyClause,
  values: readonly Stated[],
  facts: Facts = {},
): string {
  const result = evaluateClause(money(price), terms, { quality: { values }, facts });
  return result.outcome === 'adjusted' ? formatMoney(result.unitPrice) : result.outcome;
}

const toEnd = (rate: string) => [{ from: '0', to: null, rate }];
const twoTier = (first: string, then: string, width: string) => [
  { from: '0', to: width, rate: first },
  { from: width, to: null, rate: then },
];

export const P1 = clause([
  rule('heat', {
    reference: '6000',
    direction: 'both',
    tiers: toEnd('100'),
    per: '6000',
    rateUnit: 'percent_of_price',
  }),
  ruleOn(
    'moisture',
    { parameter: 'totalMoisture', basis: 'ar', unit: '%' },
    { reference: '10', tiers: toEnd('-1'), rateUnit: 'percent_of_price', stage: 2 },
  ),
  ruleOn(
    'ash',
    { parameter: 'ash', basis: 'ar', unit: '%' },
    { reference: '12', tiers: toEnd('-1'), rateUnit: 'percent_of_price', stage: 2 },
  ),
]);

export function p2(stepMode: 'floor' | 'prorata'): AnyClause {
  return clause([
    rule('heat_above', {
      reference: '5000',
      per: '100',
      stepMode,
      tiers: [
        { from: '0', to: '500', rate: '10' },
        { from: '500', to: '800', rate: '5' },
      ],
    }),
    rule('heat_below', {
      reference: '5000',
      direction: 'below',
      per: '100',
      tierMode: 'whole',
      stepMode: 'flat',
      tiers: [
        { from: '0', to: '100', rate: '-10' },
        { from: '100', to: '200', rate: '-20' },
      ],
      reject: { below: '4800' },
    }),
    ruleOn(
      'sulphur',
      { parameter: 'sulphur', basis: 'd', unit: '%' },
      { reference: '0.80', per: '0.1', stepMode, tiers: toEnd('-5') },
    ),
    ruleOn(
      'volatile',
      { parameter: 'volatileMatter', basis: 'daf', unit: '%' },
      { reference: '28', direction: 'below', stepMode, tiers: toEnd('-10') },
    ),
  ]);
}

export const P3 = clause([
  ruleOn(
    'ash',
    { parameter: 'ash', basis: 'd', unit: '%' },
    { reference: '11', per: '0.1', tiers: twoTier('-3', '-6', '0.5') },
  ),
  ruleOn(
    'vm',
    { parameter: 'volatileMatter', basis: 'daf', unit: '%' },
    { reference: '12', per: '0.1', tiers: twoTier('-3', '-6', '0.5') },
  ),
  ruleOn(
    's',
    { parameter: 'sulphur', basis: 'd', unit: '%' },
    { reference: '0.60', per: '0.01', tiers: twoTier('-3', '-6', '0.05') },
  ),
  rule('cv', { reference: '7500', direction: 'below', tiers: toEnd('-0.2') }),
  ruleOn(
    'hgi',
    { parameter: 'hardgroveIndex', unit: 'HGI' },
    { reference: '60', direction: 'below', tiers: twoTier('-3', '-6', '5') },
  ),
]);

/** The price of one kilocalorie, rounded to four digits, is the rate; double below the second limit. */
export function p4(secondLimit: string): AnyClause {
  const unit = { reference: '5000', rateUnit: 'unit_price', unitDigits: 4 } as const;
  const width = String(5_000 - Number(secondLimit));
  return clause([
    rule('above', { ...unit, tiers: toEnd('1') }),
    rule('below', { ...unit, direction: 'below', tiers: twoTier('-1', '-2', width) }),
  ]);
}

export const P6 = clause(
  [
    ruleOn(
      'index',
      { parameter: 'indexPrice', unit: 'money/t' },
      { reference: '700', direction: 'both', tiers: toEnd('0.5') },
    ),
  ],
  { limits: { minimumPrice: '550', maximumPrice: '850' } },
);

export const P10 = clause([
  rule('btu', {
    kind: 'gross',
    unit: 'Btu/lb',
    reference: '11000',
    direction: 'both',
    per: '11000',
    tiers: toEnd('100'),
    rateUnit: 'percent_of_price',
  }),
]);

export const P11 = clause([
  ruleOn(
    'ash',
    { parameter: 'ash', basis: 'ad', unit: '%' },
    { reference: '6', tiers: toEnd('-0.25'), reject: { above: '8' } },
  ),
]);

export const P15 = clause(
  [
    rule('heat', {
      reference: '6000',
      direction: 'both',
      tiers: toEnd('100'),
      per: '6000',
      rateUnit: 'percent_of_price',
    }),
  ],
  { payment: { provisionalPercent: '95', finalWithinDays: 8 } },
);
