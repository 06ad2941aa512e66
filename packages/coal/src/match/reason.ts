/** Why a listing fits a request or does not: codes and numbers, worded by whoever shows them. */
import type { Basis } from '../assay/assay.ts';

export const LIMIT_PARAMETERS = [
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
] as const;
export type LimitParameter = (typeof LIMIT_PARAMETERS)[number];

/** `met` false: the listing does not fit. Values are decimal strings as on the wire. */
export type MatchReason = {
  readonly code: MatchCode;
  readonly met: boolean;
  readonly parameter?: LimitParameter;
  readonly basis?: Basis;
  readonly kind?: 'gross' | 'net';
  readonly values: Readonly<Record<string, string>>;
};

export type MatchCode =
  | 'within_limit'
  | 'below_minimum'
  | 'above_maximum'
  | 'not_stated'
  | 'rank_wanted'
  | 'rank_not_wanted'
  | 'quantity_enough'
  | 'quantity_partial'
  | 'quantity_short'
  | 'window_overlaps'
  | 'window_disjoint'
  | 'distance'
  | 'price_open'
  | 'landed_cost'
  | 'landed_cost_unknown'
  | 'price_within_ceiling'
  | 'price_above_ceiling'
  | 'ceiling_not_comparable';
