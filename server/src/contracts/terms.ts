/**
 * The terms of a sale contract, bound to the award: what canonical JSON is attached to the PDF, hashed,
 * and later read by settlement. Nothing in it is decided after the award but the quality clause, which
 * follows from what the listing promised by the rule in `clauseFor`.
 */
import { type AdjustmentRule, type Assay, type QualityClause, parseQualityClause } from '@seam/coal';
import { assert } from '../platform/fault.ts';

const TEMPLATE_VERSION = 1;

export type PartyTerms = {
  readonly organisationId: string;
  readonly name: string;
  readonly nameZh: string | null;
  readonly legalIdKind: 'uscc' | 'lei';
  readonly legalId: string;
  readonly address: string;
  readonly bankAccount: string;
};

/** What the listing promised, frozen. Masses in kg and money in minor units, as text. */
export type GoodsTerms = {
  readonly listingId: string;
  readonly listingVersion: number;
  readonly coalRank: string;
  readonly mine: { readonly name: string; readonly nameZh: string | null; readonly country: string };
  readonly assay: Assay;
  readonly deliveryTerm: string;
  readonly deliveryPlace: { readonly name: string; readonly nameZh: string | null };
  /** Calendar days, both included. */
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly transport: string;
};

export type ContractTerms = {
  readonly schema: 'seam.contract.1';
  readonly templateVersion: number;
  readonly contractId: string;
  readonly number: string;
  readonly issuedAt: string;
  readonly origin: { readonly kind: string; readonly id: string; readonly saleId: string };
  readonly seller: PartyTerms;
  readonly buyer: PartyTerms;
  readonly goods: GoodsTerms;
  readonly quantityKg: string;
  /** Either way, hundredths of a percent. */
  readonly toleranceBasisPoints: number;
  /** Minor units per tonne. */
  readonly pricePerTonne: string;
  readonly currency: string;
  readonly quality: QualityClause;
  readonly payment: {
    /** Of the contract value, paid into escrow before the delivery order is issued. */
    readonly provisionalBasisPoints: number;
    readonly provisionalWithinDays: number;
    readonly payoutWithinDays: number;
  };
  readonly fees: {
    /** Of the final amount, borne by the seller. */
    readonly exchangeFeeBasisPoints: number;
    readonly taxOnFeeBasisPoints: number;
  };
  readonly inspection: { readonly challengeDays: number };
};

const STANDARD = {
  toleranceBasisPoints: 0,
  provisionalBasisPoints: 10_000,
  provisionalWithinDays: 5,
  payoutWithinDays: 1,
  exchangeFeeBasisPoints: 20,
  taxOnFeeBasisPoints: 600,
  challengeDays: 3,
} as const;

export function contractTerms(input: {
  contractId: string;
  number: string;
  issuedAt: Date;
  origin: { kind: string; id: string; saleId: string };
  seller: PartyTerms;
  buyer: PartyTerms;
  goods: GoodsTerms;
  quantityKg: bigint;
  pricePerTonne: bigint;
  currency: string;
}): ContractTerms {
  const quality = clauseFor(input.goods.assay);
  // The clause must read back as itself: settlement will parse it from the signed document.
  assert(parseQualityClause(quality).ok, 'the generated quality clause is not a valid clause');
  return {
    schema: 'seam.contract.1',
    templateVersion: TEMPLATE_VERSION,
    contractId: input.contractId,
    number: input.number,
    issuedAt: input.issuedAt.toISOString(),
    origin: input.origin,
    seller: input.seller,
    buyer: input.buyer,
    goods: input.goods,
    quantityKg: String(input.quantityKg),
    toleranceBasisPoints: STANDARD.toleranceBasisPoints,
    pricePerTonne: String(input.pricePerTonne),
    currency: input.currency,
    quality,
    payment: {
      provisionalBasisPoints: STANDARD.provisionalBasisPoints,
      provisionalWithinDays: STANDARD.provisionalWithinDays,
      payoutWithinDays: STANDARD.payoutWithinDays,
    },
    fees: {
      exchangeFeeBasisPoints: STANDARD.exchangeFeeBasisPoints,
      taxOnFeeBasisPoints: STANDARD.taxOnFeeBasisPoints,
    },
    inspection: { challengeDays: STANDARD.challengeDays },
  };
}

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
