/** Which lots fit a request, and why the others do not: codes and numbers, worded by whoever shows them. */
import { Type, type Static } from 'typebox';
import { Exact, Instant, Nullable } from './common.ts';
import { ListingSummary } from './listings.ts';
import { Basis, Decimal, EnergyUnit, HeatKind } from './quality.ts';

export const LimitParameter = Type.Enum([
  'totalMoisture',
  'inherentMoisture',
  'ash',
  'volatileMatter',
  'sulphur',
  'fixedCarbon',
  'calorificValue',
  'hardgroveIndex',
  'ashSoftening',
  'sizeMax',
]);
export type LimitParameter = Static<typeof LimitParameter>;

/** Percent for shares, `unit` for heat, index points, °C or mm for the rest. Both ends are allowed values. */
export const LimitStatement = Exact({
  parameter: LimitParameter,
  basis: Type.Optional(Basis),
  kind: Type.Optional(HeatKind),
  unit: Type.Optional(EnergyUnit),
  minimum: Type.Optional(Decimal),
  maximum: Type.Optional(Decimal),
});
export type LimitStatement = Static<typeof LimitStatement>;

export const MatchReasonView = Exact({
  code: Type.String(),
  met: Type.Boolean(),
  parameter: Type.Optional(LimitParameter),
  basis: Type.Optional(Basis),
  kind: Type.Optional(HeatKind),
  /** Of a limit that is missed also `by`: how far, in the unit of the value. */
  values: Type.Record(Type.String(), Type.String()),
});
export type MatchReasonView = Static<typeof MatchReasonView>;

/** `fits_but`: nothing stands in the way but a few limits that a buyer could give way on. */
export const VERDICTS = ['fits', 'fits_but', 'fits_not'] as const;
export type Verdict = (typeof VERDICTS)[number];

export const SuggestionView = Exact({
  /** 1 is the best. */
  rank: Type.Integer(),
  fits: Type.Boolean(),
  verdict: Type.Enum([...VERDICTS]),
  listing: ListingSummary,
  reasons: Type.Array(MatchReasonView),
  /** Per GJ at the plant, against the best lot that fits: below zero it would be cheaper. */
  againstBest: Nullable(Type.String({ pattern: '^-?\\d+\\.\\d{2}$' })),
});
export type SuggestionView = Static<typeof SuggestionView>;

export const MatchView = Exact({
  items: Type.Array(SuggestionView),
  /** Lots on the market that were held against the request. */
  considered: Type.Integer(),
  fitting: Type.Integer(),
  /** By what they miss, the most frequent first; a lot that misses two things is counted with both. */
  missing: Type.Array(
    Exact({ code: Type.String(), parameter: Type.Optional(LimitParameter), lots: Type.Integer() }),
  ),
  asOf: Instant,
});
export type MatchView = Static<typeof MatchView>;
