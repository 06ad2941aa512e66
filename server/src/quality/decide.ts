/**
 * Two laboratories, then perhaps three: which values the price follows (rules 3.5). Pure. Each value of the quality
 * clause is compared on dry basis where it has one. Within the precision the first laboratory's value stands; beyond
 * it the umpire's test of the reserve sample decides, and whoever was further off bears its cost.
 */
import {
  type CertifiedQuality,
  type CertifiedValue,
  type Measure,
  type Payer,
  type PreciseParameter,
  type Rational,
  type UmpireDecision,
  certifiedValue,
  conditionsStated,
  convertEnergy,
  convertStated,
  decideDry,
  decideUmpire,
  decimal,
  isEnergyUnit,
  rational,
  repeatability,
  shortDecimal,
} from '@seam/coal';
import { divideHalfUp } from '@seam/units';

export type QualityDecision = {
  readonly parameter: string;
  readonly basis: string | null;
  readonly kind: string | null;
  readonly unit: string;
  /** On the basis of the contract, as decimal texts. */
  readonly first: string;
  readonly reserve: string;
  readonly umpire: string | null;
  readonly within: string;
  readonly outcome: UmpireDecision['outcome'];
  readonly value: string | null;
  readonly pays: Payer | null;
};

export type Decided =
  | {
      readonly state: 'stands' | 'decided';
      readonly quality: CertifiedQuality;
      readonly decisions: QualityDecision[];
    }
  | { readonly state: 'umpire_needed'; readonly decisions: QualityDecision[] };

export type Laboratories = {
  readonly measures: readonly Measure[];
  readonly first: CertifiedQuality;
  readonly reserve: CertifiedQuality;
  readonly umpire?: CertifiedQuality;
  /** Of gross heat between two laboratories, J/g. */
  readonly heatJoulesPerGram: number;
};

/**
 * What the other side owes the one that challenged, and so advanced the cost of the umpire's test: each value that
 * went to the umpire carries an equal part of the cost, borne by whoever was further off, by halves where equal.
 * Minor units, rounded half up once.
 */
export function umpireShare(
  decisions: readonly Pick<QualityDecision, 'pays'>[],
  of: { readonly cost: bigint; readonly challenger: 'seller' | 'buyer' },
): bigint {
  const parts = decisions.filter(({ pays }) => pays !== null);
  if (parts.length === 0) return 0n;
  const halves = parts.reduce(
    (sum, { pays }) => sum + (pays === 'both' ? 1 : pays === of.challenger ? 0 : 2),
    0,
  );
  return divideHalfUp(of.cost * BigInt(halves), BigInt(2 * parts.length));
}

/** @throws Error when a laboratory does not say what a rule of the contract needs: the caller has checked that. */
export function decideQuality(of: Laboratories): Decided {
  const decisions: QualityDecision[] = [];
  const values: CertifiedValue[] = [];
  for (const measure of distinct(of.measures)) {
    const { decision, value } = decideMeasure(of, measure);
    decisions.push(decision);
    if (value) values.push({ ...measure, value });
  }
  if (decisions.some(({ outcome }) => outcome === 'umpire_needed'))
    return { state: 'umpire_needed', decisions };
  const kept = of.first.values.filter((one) => !values.some((other) => same(one, other)));
  const state = values.length === 0 ? 'stands' : 'decided';
  return { state, quality: { values: [...values, ...kept] }, decisions };
}

function decideMeasure(of: Laboratories, measure: Measure): { decision: QualityDecision; value?: string } {
  const read = (quality: CertifiedQuality): Rational => {
    const value = certifiedValue(quality, measure);
    if (!value) throw new Error(`a laboratory does not state ${measure.parameter}`);
    return value;
  };
  const [seller, buyer] = [read(of.first), read(of.reserve)];
  const umpire = of.umpire && read(of.umpire);
  const within = precisionOf(measure, seller, of.heatJoulesPerGram);
  const reading = (quality: CertifiedQuality, value: Rational) => ({
    value,
    basis: measure.basis ?? 'd',
    conditions: conditionsStated(quality.values),
  });
  const dry = decideDry({
    parameter: measure.parameter,
    ...(measure.kind && { kind: measure.kind }),
    seller: reading(of.first, seller),
    buyer: reading(of.reserve, buyer),
    ...(of.umpire && umpire && { umpire: reading(of.umpire, umpire) }),
    within,
  });
  // Moisture and net heat have their own basis only: compared as stated.
  const decided = dry.ok ? dry.decision : decideUmpire({ seller, buyer, within, ...(umpire && { umpire }) });
  const { outcome } = decided;
  const final =
    outcome === 'mean_of_closest' || outcome === 'umpire'
      ? onBasis(of, measure, decided.value, dry.ok)
      : undefined;
  const text = (value: Rational): string => shortDecimal(value, 4);
  const decision: QualityDecision = {
    parameter: measure.parameter,
    basis: measure.basis ?? null,
    kind: measure.kind ?? null,
    unit: measure.unit,
    first: text(seller),
    reserve: text(buyer),
    umpire: umpire ? text(umpire) : null,
    within: text(within),
    outcome,
    value: final ?? (outcome === 'seller_stands' ? text(seller) : null),
    pays: 'pays' in decided ? decided.pays : null,
  };
  return { decision, ...(final !== undefined && { value: final }) };
}

/** A decided dry value on the basis of the contract, with the first laboratory's moistures. */
function onBasis(of: Laboratories, measure: Measure, value: Rational, isDry: boolean): string {
  const digits = measure.unit === 'MJ/kg' ? 4 : 2;
  if (!isDry || !measure.basis || measure.basis === 'd') return shortDecimal(value, digits);
  const { parameter, kind, basis } = measure;
  const conditions = conditionsStated(of.first.values);
  const back = convertStated({ parameter, ...(kind && { kind }) }, value, 'd', basis, conditions);
  return shortDecimal(back.ok ? back.value : value, digits);
}

/**
 * How far two laboratories may lie apart. For heat the contract names it. For shares the bands of 3.5, which are of
 * repeatability: the sources name no wider ones. Above 10 % moisture the last band goes on.
 */
function precisionOf(measure: Measure, level: Rational, heatJoulesPerGram: number): Rational {
  if (isEnergyUnit(measure.unit)) return convertEnergy(rational(heatJoulesPerGram), 'J/g', measure.unit);
  const band = repeatability(measure.parameter as PreciseParameter, level);
  return band.ok ? band.within : decimal('0.5');
}

function same(one: Measure, other: Measure): boolean {
  return one.parameter === other.parameter && one.basis === other.basis && one.kind === other.kind;
}

function distinct(measures: readonly Measure[]): Measure[] {
  return measures
    .filter((one, at) => measures.findIndex((other) => same(one, other)) === at)
    .map(({ parameter, unit, basis, kind }) => ({
      parameter,
      unit,
      ...(basis && { basis }),
      ...(kind && { kind }),
    }));
}
