/** What the exchange proposes where the seller has chosen nothing else. */
import type { AdjustmentRule, Assay, QualityClause } from '@seam/coal';
import type { CarriageTerms, FulfilmentTerms, GoodsTerms } from './terms.ts';

/**
 * The standard quality clause for what a listing promised: heat pro rata both ways, excess ash, sulphur
 * and moisture as a percentage of the price per point, and refusal limits outside which the buyer may
 * turn the delivery away. Penalties only: what is better than promised is paid through its heat.
 */
export function clauseFor(assay: Assay): QualityClause {
  const heat = assay.calorificValue;
  const rules: AdjustmentRule[] = [
    {
      id: 'heat',
      parameter: 'calorificValue',
      kind: heat.kind,
      basis: heat.basis,
      unit: 'J/g',
      reference: String(heat.joulesPerGram),
      direction: 'both',
      // Price × measured ÷ promised: one percent of heat is one percent of price.
      tiers: [{ from: '0', to: null, rate: '1' }],
      per: decimal(heat.joulesPerGram, 2),
      tierMode: 'marginal',
      stepMode: 'prorata',
      rateUnit: 'percent_of_price',
      stage: 1,
      reject: { below: String(Math.floor((heat.joulesPerGram * 92) / 100)) },
    },
    excess('ash', assay.ash, { rate: '-1', rejectAbove: 500 }),
    excess('sulphur', assay.sulphur, { rate: '-5', rejectAbove: 50 }),
    excess('totalMoisture', assay.totalMoisture, { rate: '-1', rejectAbove: 400 }),
  ];
  return { schema: 'seam.quality-clause.1', rounding: 'half_up', rules };
}

/** `rate` percent of the price for each full point above the promise, pro rata. */
function excess(
  parameter: 'ash' | 'sulphur' | 'totalMoisture',
  promised: { basisPoints: number; basis: Assay['ash']['basis'] },
  rule: { rate: string; rejectAbove: number },
): AdjustmentRule {
  return {
    id: parameter === 'totalMoisture' ? 'total_moisture' : parameter,
    parameter,
    unit: '%',
    basis: promised.basis,
    reference: decimal(promised.basisPoints, 2),
    direction: 'above',
    tiers: [{ from: '0', to: null, rate: rule.rate }],
    per: '1',
    tierMode: 'marginal',
    stepMode: 'prorata',
    rateUnit: 'percent_of_price',
    stage: 2,
    reject: { above: decimal(promised.basisPoints + rule.rejectAbove, 2) },
  };
}

/** An integer as decimal text with `digits` after the point. */
function decimal(value: number, digits: number): string {
  const text = String(value).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Values of the negotiable parameters, as every contract starts with them. */
export const STANDARD = {
  toleranceBasisPoints: 0,
  payment: {
    provisionalBasisPoints: 10_000,
    provisionalWithinDays: 5,
    payoutWithinDays: 1,
    lateBasisPointsPerDay: 3,
  },
  // The rest bears what weight and analysis may still take off.
  releaseBasisPoints: 8_500,
  fees: { exchangeFeeBasisPoints: 20, taxOnFeeBasisPoints: 600 },
  // Where no fee rule of the exchange was asked: samples and drills.
  feeRule: { perTonne: '0', minimum: '0', maximum: '0', paidBy: 'seller', rule: 'standard' },
  inspection: {
    samplingPlace: 'loading',
    challengeDays: 3,
    reserveSampleDays: 90,
    // Of the gross calorific value between laboratories, as the standard methods name it.
    reproducibilityJoulesPerGram: 300,
  },
  security: { returnWithinDays: 1 },
  forceMajeure: { noticeDays: 7, terminateAfterDays: 60 },
  disputes: { mediationDays: 15, institution: 'cietac', seat: 'Beijing', governingLaw: 'cn' },
  general: { signWithinDays: 3, language: 'equal' },
} as const;

/** Of the railway's own norm for coal. */
const RAIL_LOSS_BASIS_POINTS = 120;

/** How the coal travels says whose paper its weight is, and whether the Seller answers for the way. */
export function carriageFor(goods: Pick<GoodsTerms, 'transport' | 'deliveryTerm'>): CarriageTerms {
  const { transport, deliveryTerm } = goods;
  const byRail = transport === 'rail';
  const byShip = transport === 'sea' || transport === 'river';
  const sellersWay = byRail || deliveryTerm === 'cfr' || deliveryTerm === 'cif';
  return {
    weightFinal: byRail ? 'rail_receipt' : byShip ? 'draft_survey' : 'weighbridge',
    objectionDays: 3,
    // All of it may be lost: the way is the Buyer's.
    lossBasisPoints: sellersWay ? RAIL_LOSS_BASIS_POINTS : 10_000,
    laytimeKgPerHour: '1000000',
    laytimeExtraHours: 12,
    // Nothing is owed until the parties name a rate.
    firstDays: 0,
    firstPerDay: '0',
    secondDays: 0,
    secondPerDay: '0',
    thenPerDay: '0',
  };
}

export function fulfilmentFor({ deliveryTerm }: Pick<GoodsTerms, 'deliveryTerm'>): FulfilmentTerms {
  const fetched = deliveryTerm === 'ex_mine' || deliveryTerm === 'fca' || deliveryTerm === 'fob';
  return { thresholdBasisPoints: 0, answeredBy: fetched ? 'buyer' : 'seller', perTonne: '500' };
}

/** For a year's contract with monthly call-offs. */
export const STANDARD_CALL_OFF = {
  nominationDays: 7,
  monthBasisPoints: 8000,
  quarterBasisPoints: 9000,
  shortfallPerTonne: '500',
} as const;
/** What the exchange carries out itself: the second version of the clause. */
export const STANDARD_PROGRAMME = {
  window: 'month',
  answerDays: 3,
  silence: 'confirms',
  carryOver: 'quarter',
  yearBasisPoints: 9000,
  objectionDays: 7,
} as const;
export const STANDARD_BOND = { perTonne: '500', withinDays: 10 } as const;
