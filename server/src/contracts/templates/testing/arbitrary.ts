/** Awards and everything a seller may choose, at random, within what the library allows. */
import {
  type AdjustmentRule,
  type Assay,
  type QualityClause,
  BASES,
  CLAUSE_PARAMETERS,
  COAL_RANKS,
} from '@seam/coal';
import { CURRENCIES } from '@seam/units';
import * as fc from 'fast-check';
import type { Award, ChosenTerms } from '../make.ts';
import { DELIVERY_TERMS, TRANSPORT } from '../words.ts';

const word = fc.stringMatching(/^[A-Z][a-z]{3,9}( [A-Z][a-z]{2,8})?$/);
const name = fc.record({
  name: word,
  nameZh: fc.option(fc.constantFrom('大同', '神木矿业', '秦皇岛港'), { nil: null }),
});
const decimal = (max: number, digits = 2) =>
  fc.integer({ min: 1, max: max * 10 ** digits }).map((value) => (value / 10 ** digits).toFixed(digits));
const minorUnits = fc.bigInt({ min: 10_000n, max: 200_000n }).map(String);

const party = (organisationId: string) =>
  fc
    .record({
      names: name,
      legalId: fc.stringMatching(/^[0-9A-Z]{18}$/),
      address: word,
      bankAccount: fc.stringMatching(/^6222[0-9]{12}$/),
    })
    .map(({ names, ...rest }) => ({ ...names, ...rest, organisationId, legalIdKind: 'uscc' as const }));

const share = fc.record({ basisPoints: fc.integer({ min: 1, max: 6000 }), basis: fc.constantFrom(...BASES) });
const heat = fc.record({
  joulesPerGram: fc.integer({ min: 9000, max: 33_000 }),
  kind: fc.constantFrom('net' as const, 'gross' as const),
  basis: fc.constantFrom('ar' as const, 'ad' as const, 'd' as const),
});

export const assays: fc.Arbitrary<Assay> = fc.record(
  {
    totalMoisture: fc.record({
      basisPoints: fc.integer({ min: 100, max: 3000 }),
      basis: fc.constant('ar' as const),
    }),
    inherentMoisture: share,
    ash: fc.record({
      basisPoints: fc.integer({ min: 300, max: 4000 }),
      basis: fc.constantFrom('ar' as const, 'ad' as const, 'd' as const),
    }),
    volatileMatter: share,
    sulphur: fc.record({ basisPoints: fc.integer({ min: 10, max: 400 }), basis: fc.constantFrom(...BASES) }),
    fixedCarbon: share,
    hydrogen: share,
    calorificValue: heat,
    hardgroveIndex: fc.integer({ min: 30, max: 110 }),
    ashFusion: fc.record({
      deformationCelsius: fc.integer({ min: 1000, max: 1249 }),
      softeningCelsius: fc.integer({ min: 1250, max: 1500 }),
      atmosphere: fc.constantFrom('reducing' as const, 'oxidising' as const),
    }),
    size: fc.record({ minMm: fc.integer({ min: 0, max: 20 }), maxMm: fc.integer({ min: 21, max: 300 }) }),
    also: fc.record({
      ash: fc.array(share, { minLength: 1, maxLength: 2 }),
      calorificValue: fc.array(heat, { minLength: 1, maxLength: 1 }),
    }),
  },
  { requiredKeys: ['totalMoisture', 'ash', 'sulphur', 'calorificValue'] },
);

const SHARES = new Set([
  'totalMoisture',
  'inherentMoisture',
  'ash',
  'volatileMatter',
  'sulphur',
  'fixedCarbon',
]);

const rule = (id: string): fc.Arbitrary<AdjustmentRule> =>
  fc
    .record({
      parameter: fc.constantFrom(...CLAUSE_PARAMETERS),
      unit: fc.constantFrom(
        'J/g' as const,
        'MJ/kg' as const,
        'kcal/kg' as const,
        'kcal20/kg' as const,
        'Btu/lb' as const,
      ),
      reference: decimal(6000),
      direction: fc.constantFrom('above' as const, 'below' as const, 'both' as const),
      bounds: fc.uniqueArray(fc.integer({ min: 1, max: 900 }), { maxLength: 3 }),
      rates: fc.array(fc.tuple(fc.boolean(), decimal(50)), { minLength: 4, maxLength: 4 }),
      open: fc.boolean(),
      tiered: fc.integer({ min: 0, max: 9 }),
      per: decimal(100),
      tierMode: fc.constantFrom('marginal' as const, 'whole' as const),
      stepMode: fc.constantFrom('floor' as const, 'ceil' as const, 'prorata' as const, 'flat' as const),
      rateUnit: fc.constantFrom('money_per_tonne' as const, 'percent_of_price' as const),
      stage: fc.integer({ min: 1, max: 8 }),
      cap: fc.option(decimal(500), { nil: undefined }),
      below: fc.option(decimal(6000), { nil: undefined }),
      above: fc.option(decimal(6000), { nil: undefined }),
    })
    .map(({ parameter, unit, bounds, rates, open, tiered, cap, below, above, ...rest }) => {
      const ends = ['0', ...bounds.toSorted((a, b) => a - b).map(String)];
      const tiers = ends.map((from, at) => ({
        from,
        to: ends[at + 1] ?? (open ? null : '1000'),
        rate: `${rates[at]![0] ? '-' : ''}${rates[at]![1]}`,
      }));
      const basis: 'ar' | 'ad' | 'd' =
        parameter === 'totalMoisture' ? 'ar' : parameter === 'inherentMoisture' ? 'ad' : 'd';
      const heatMeasure = { unit, kind: 'gross' as const, basis: 'ad' as const };
      const measure = SHARES.has(parameter)
        ? { unit: '%' as const, basis }
        : parameter === 'calorificValue'
          ? heatMeasure
          : { unit: parameter === 'hardgroveIndex' ? ('HGI' as const) : ('°C' as const) };
      const reject = { ...(below && { below }), ...(above && { above }) };
      return {
        ...rest,
        id,
        parameter,
        ...measure,
        tiers: tiered === 0 ? [] : tiers,
        ...(cap && { cap }),
        ...(below || above ? { reject } : {}),
      };
    });

/** Every kind of rule that settlement can compute. */
export const qualityClauses: fc.Arbitrary<QualityClause> = fc
  .record({
    rules: fc
      .integer({ min: 1, max: 4 })
      .chain((count) => fc.tuple(...Array.from({ length: count }, (_v, at) => rule(`rule_${at + 1}`)))),
    weight: fc.option(
      fc.oneof(
        fc.record({ method: fc.constant('dry_equivalent' as const), reference: decimal(60) }),
        fc.record({ method: fc.constant('simple' as const), reference: decimal(60), factor: decimal(3) }),
      ),
      { nil: undefined },
    ),
    limits: fc.option(
      fc.record(
        {
          maximumBonus: decimal(99),
          maximumPenalty: decimal(99),
          minimumPrice: decimal(99),
          maximumPrice: decimal(899).map((text) => `1${text.padStart(6, '0')}`),
        },
        { requiredKeys: [] },
      ),
      { nil: undefined },
    ),
  })
  .map(({ rules, weight, limits }) => ({
    schema: 'seam.quality-clause.1',
    rounding: 'half_up',
    rules,
    ...(weight && { weight }),
    ...(limits && { limits }),
  }));

const chosen: fc.Arbitrary<ChosenTerms> = fc.record(
  {
    kind: fc.constantFrom('spot' as const, 'long_term' as const, 'order_book' as const),
    toleranceBasisPoints: fc.integer({ min: 0, max: 1000 }),
    quality: qualityClauses,
    payment: fc.record({
      provisionalBasisPoints: fc.integer({ min: 1, max: 10_000 }),
      provisionalWithinDays: fc.integer({ min: 1, max: 60 }),
      lateBasisPointsPerDay: fc.integer({ min: 0, max: 100 }),
    }),
    inspection: fc.record({
      samplingPlace: fc.constantFrom('loading', 'discharge'),
      challengeDays: fc.integer({ min: 1, max: 30 }),
      reserveSampleDays: fc.integer({ min: 31, max: 365 }),
      reproducibilityJoulesPerGram: fc.integer({ min: 0, max: 2000 }),
    }),
    disputes: fc.record({
      mediationDays: fc.integer({ min: 1, max: 90 }),
      governingLaw: fc.constantFrom('cn', 'hk', 'sg', 'en', 'in'),
      seat: word,
    }),
    general: fc.record({ language: fc.constantFrom('equal', 'zh', 'en') }),
    index: fc.record({
      name: word,
      base: minorUnits,
      value: minorUnits,
      publishedOn: fc.constant('2026-11-20'),
      passThroughBasisPoints: fc.integer({ min: 0, max: 20_000 }),
      floorPerTonne: fc.bigInt({ min: 1n, max: 50_000n }).map(String),
      capPerTonne: fc.bigInt({ min: 50_001n, max: 500_000n }).map(String),
    }),
  },
  { requiredKeys: [] },
);

export const awards: fc.Arbitrary<Award> = fc
  .record({
    seller: party('seller'),
    buyer: party('buyer'),
    mine: name,
    place: name,
    assay: assays,
    coalRank: fc.constantFrom(...COAL_RANKS),
    deliveryTerm: fc.constantFrom(...Object.keys(DELIVERY_TERMS)),
    transport: fc.constantFrom(...Object.keys(TRANSPORT)),
    days: fc.integer({ min: 0, max: 500 }),
    quantityKg: fc.bigInt({ min: 1000n, max: 5_000_000_000n }),
    pricePerTonne: fc.bigInt({ min: 1n, max: 1_000_000n }),
    currency: fc.constantFrom(...CURRENCIES),
    chosen,
  })
  .map(({ mine, place, assay, coalRank, deliveryTerm, transport, days, chosen: picked, ...rest }) => ({
    ...rest,
    contractId: '019300aa-0000-7000-8000-000000000001',
    number: 'SC-20261123-00000001',
    issuedAt: new Date('2026-11-23T12:00:00Z'),
    origin: { kind: 'auction', id: 'auction-1', saleId: '019300aa-0000-7000-8000-000000000002' },
    // The odd kilogram of a month must exist.
    chosen:
      picked.kind === 'long_term' && rest.quantityKg < 40n ? { ...picked, kind: 'spot' as const } : picked,
    goods: {
      listingId: 'listing-1',
      listingVersion: 3,
      coalRank,
      mine: { ...mine, country: 'CN' },
      assay,
      deliveryTerm,
      deliveryPlace: place,
      windowFrom: '2026-12-01',
      windowTo: new Date(Date.UTC(2026, 11, 1 + days)).toISOString().slice(0, 10),
      transport,
    },
  }));
