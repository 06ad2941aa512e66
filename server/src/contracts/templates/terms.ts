/**
 * The terms of a contract: the canonical JSON that is attached to the PDF, hashed, and later read by
 * settlement. Every number stands in it once; clauses point to it by path.
 */
import type { Assay, FrozenFormula, QualityClause } from '@seam/coal';

export type NameTerms = { readonly name: string; readonly nameZh: string | null };

export type PartyTerms = NameTerms & {
  readonly organisationId: string;
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
  readonly mine: NameTerms & { readonly country: string };
  readonly assay: Assay;
  readonly deliveryTerm: string;
  readonly deliveryPlace: NameTerms;
  /** Calendar days, both included. */
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly transport: string;
};

export type OriginTerms = { readonly kind: string; readonly id: string; readonly saleId: string };
export type MonthTerms = { readonly month: string; readonly kg: string };

/** What both editions of the terms say, and all that settlement and logistics work by. */
type CommonTerms = {
  readonly contractId: string;
  readonly number: string;
  readonly issuedAt: string;
  readonly origin: OriginTerms;
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
    /** Of each truck's value, paid out when it has left the gate. Absent before the fourth edition: nothing is. */
    readonly releaseBasisPoints?: number;
    /** Of the overdue amount for each day. Absent in the first edition. */
    readonly lateBasisPointsPerDay?: number;
  };
  readonly fees: {
    /** Of the final amount, borne by the seller. */
    readonly exchangeFeeBasisPoints: number;
    readonly taxOnFeeBasisPoints: number;
    /** The rest since the sixth edition. Minor units for each tonne of the final weight. */
    readonly perTonne?: string;
    readonly minimum?: string;
    /** 0: no limit. */
    readonly maximum?: string;
    readonly paidBy?: 'seller' | 'buyer';
    /** Scope and version of the fee rule it follows from. */
    readonly rule?: string;
  };
  readonly inspection: {
    readonly challengeDays: number;
    readonly reproducibilityJoulesPerGram?: number;
    readonly reserveSampleDays?: number;
    readonly samplingPlace?: string;
  };
};

/** Contracts issued before there was a library. Never issued again, always read. */
export type FirstTerms = CommonTerms & {
  readonly schema: 'seam.contract.1';
  readonly templateVersion: number;
};

export type ClauseReference = { readonly id: string; readonly version: number; readonly sha256: string };

export type LibraryTerms = CommonTerms & {
  readonly schema: 'seam.contract.2';
  readonly template: {
    readonly id: string;
    readonly version: number;
    readonly edition: number;
    /** Of the whole edition: wording, ranges, order. */
    readonly librarySha256: string;
    readonly clauses: readonly ClauseReference[];
  };
  /** 1 for the first document; each later one supersedes the one before. */
  readonly version: number;
  /** File and terms of the version this one replaces. */
  readonly supersedes: { readonly sha256: string; readonly termsSha256: string } | null;
  readonly index?: IndexTerms;
  readonly formula?: FormulaTerms;
  readonly carriage?: CarriageTerms;
  readonly fulfilment?: FulfilmentTerms;
  readonly callOff?: CallOffTerms;
  readonly priceSteps?: readonly PriceStepTerms[];
  readonly priceLater?: PriceLaterTerms;
  readonly bond?: { readonly perTonne: string; readonly withinDays: number };
  readonly security: { readonly returnWithinDays: number };
  readonly forceMajeure: { readonly noticeDays: number; readonly terminateAfterDays: number };
  readonly disputes: {
    readonly governingLaw: string;
    readonly mediationDays: number;
    readonly institution: string;
    readonly seat: string;
  };
  readonly general: { readonly language: string; readonly signWithinDays: number };
};

/** Price = base + pass-through × (index − index base), held between floor and cap. */
export type IndexTerms = {
  readonly name: string;
  readonly basePricePerTonne: string;
  /** All in minor units per tonne, as text. */
  readonly base: string;
  readonly value: string;
  /** The day the value was published for. */
  readonly publishedOn: string;
  readonly passThroughBasisPoints: number;
  readonly floorPerTonne: string;
  readonly capPerTonne: string;
};

/** A quotation that a formula is computed with, in major units. */
export type QuotationTerms = {
  readonly index: string;
  readonly date: string;
  readonly value: string;
  /** Where it can be read again. */
  readonly source: string;
};

/** The price is what the frozen formula makes of the quotations, in major units per tonne. */
export type FormulaTerms = {
  /** As the parties wrote it. */
  readonly typed: string;
  readonly frozen: FrozenFormula;
  readonly quotations: readonly QuotationTerms[];
};

/** Where weight is final, what the way may lose, and what held wagons and ships cost. */
export type CarriageTerms = {
  readonly weightFinal: 'weighbridge' | 'rail_receipt' | 'draft_survey' | 'discharge';
  readonly objectionDays: number;
  /** Of the loaded weight. */
  readonly lossBasisPoints: number;
  readonly laytimeKgPerHour: string;
  readonly laytimeExtraHours: number;
  /** Minor units a day; a rate of no days is passed over. */
  readonly firstDays: number;
  readonly firstPerDay: string;
  readonly secondDays: number;
  readonly secondPerDay: string;
  readonly thenPerDay: string;
};

export type FulfilmentTerms = {
  readonly thresholdBasisPoints: number;
  readonly answeredBy: 'buyer' | 'seller';
  readonly perTonne: string;
};

export type CallOffTerms = {
  readonly months: readonly MonthTerms[];
  /** Least share of a month's and of a quarter's quantity that either side must fulfil. */
  readonly monthBasisPoints: number;
  readonly quarterBasisPoints: number;
  /** For each tonne short of the quantity when the share is missed. */
  readonly shortfallPerTonne: string;
  readonly nominationDays: number;
} & Partial<ProgrammeTerms>;

/** What the exchange needs beyond that to carry the call-offs out itself: the second version of the clause. */
export type ProgrammeTerms = {
  readonly window: 'month' | 'rolling';
  readonly answerDays: number;
  readonly silence: 'confirms' | 'declines';
  readonly carryOver: 'none' | 'quarter' | 'contract';
  readonly yearBasisPoints: number;
  readonly objectionDays: number;
};

/** From this month on a tonne costs so many minor units. */
export type PriceStepTerms = { readonly from: string; readonly pricePerTonne: string };

/** The price of each call-off, fixed by indices published before it; `base` in it is the contract's price. */
export type PriceLaterTerms = {
  readonly formula: FrozenFormula;
  readonly series: readonly {
    /** In the formula. */
    readonly name: string;
    readonly seriesId: string;
    readonly title: string;
    readonly unit: string;
  }[];
  readonly lagMonths: number;
};

export type ContractTerms = FirstTerms | LibraryTerms;
