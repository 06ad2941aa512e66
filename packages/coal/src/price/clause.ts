/**
 * The quality clause of a contract: how certified quality changes the price, what may be refused, and how
 * excess moisture changes the payable weight. Plain JSON, part of the signed terms; numbers are decimal
 * strings in the unit the parties wrote, so that nothing is converted before it is agreed.
 *
 * One schema covers pro-rata heat, tiers, steps, percentages and refusal:
 *
 *   deviation = measured − reference, exact. `direction` picks the side that counts; with `both` the rate
 *   keeps its sign above the reference and turns it below.
 *   tiers cut the deviation into half-open, contiguous bands [from, to); past the last `to` nothing more
 *   is counted. `marginal` pays each band at its own rate; `whole` pays all at the rate of the band reached.
 *   steps = counted deviation ÷ per, whole (`floor`, `ceil`) or exact (`prorata`), or one for the band
 *   reached (`flat`).
 *   amount = rate × steps, in money per tonne or in percent of the price left by all lower stages.
 */
import type { Basis } from '../assay/assay.ts';
import type { EnergyUnit } from '../heat/energy.ts';

export const CLAUSE_PARAMETERS = [
  'totalMoisture',
  'inherentMoisture',
  'ash',
  'volatileMatter',
  'sulphur',
  'fixedCarbon',
  'calorificValue',
  'hardgroveIndex',
  'ashSoftening',
] as const;
export type ClauseParameter = (typeof CLAUSE_PARAMETERS)[number];

/** '%' for shares, an energy unit for heat, 'HGI' and '°C' for the last two. */
export type ClauseUnit = '%' | EnergyUnit | 'HGI' | '°C';

/** What is measured: the parameter with everything that makes its number mean one thing. */
export type Measure = {
  readonly parameter: ClauseParameter;
  readonly unit: ClauseUnit;
  /** For shares and heat. */
  readonly basis?: Basis;
  /** For heat. */
  readonly kind?: 'gross' | 'net';
};

export type Tier = {
  readonly from: string;
  /** null: no upper end. Only the last tier may have it. */
  readonly to: string | null;
  /** Signed: negative lowers the price. Money per tonne, or percent, per step. */
  readonly rate: string;
};

export type AdjustmentRule = Measure & {
  /** Names the line in the invoice; unique in the clause. */
  readonly id: string;
  readonly reference: string;
  readonly direction: 'above' | 'below' | 'both';
  /** Empty when the rule only sets a refusal limit. */
  readonly tiers: readonly Tier[];
  readonly per: string;
  readonly tierMode: 'marginal' | 'whole';
  readonly stepMode: 'floor' | 'ceil' | 'prorata' | 'flat';
  readonly rateUnit: 'money_per_tonne' | 'percent_of_price';
  /** 1 is reckoned on the contract price; a higher stage on the price after all lower ones. */
  readonly stage: number;
  /** Largest amount of this rule either way, in `rateUnit`. */
  readonly cap?: string;
  /** Strictly below or above this, the buyer may refuse the delivery. */
  readonly reject?: { readonly below?: string; readonly above?: string };
};

/**
 * Excess total moisture taken off the payable weight. `dry_equivalent`: mass × (100 − M)/(100 − reference).
 * `simple`: mass × (1 − factor × (M − reference)/100).
 */
export type WeightRule = {
  readonly method: 'dry_equivalent' | 'simple';
  /** Total moisture as received, percent. */
  readonly reference: string;
  /** For `simple`; "1" or more. */
  readonly factor?: string;
};

/** All in money per tonne. */
export type PriceLimits = {
  readonly maximumBonus?: string;
  readonly maximumPenalty?: string;
  readonly minimumPrice?: string;
  readonly maximumPrice?: string;
};

export type QualityClause = {
  readonly schema: 'seam.quality-clause.1';
  /** The exact unit price is rounded once, to the minor unit of the currency, half away from zero. */
  readonly rounding: 'half_up';
  readonly rules: readonly AdjustmentRule[];
  readonly weight?: WeightRule;
  readonly limits?: PriceLimits;
};

/** A laboratory's result as certified: never converted, never rounded again. */
export type CertifiedValue = Measure & { readonly value: string };
export type CertifiedQuality = { readonly values: readonly CertifiedValue[] };
