/** The terms of a contract from the award, the listing and what the seller chose beforehand. */
import type { QualityClause } from '@seam/coal';
import { assert } from '../../platform/fault.ts';
import type { SaleKind } from './clause.ts';
import { computedPrice } from './formula-price.ts';
import {
  EDITIONS,
  type PriceClauseId,
  clauseReference,
  clausesOfTemplate,
  currentEdition,
  librarySha256,
  templateFor,
} from './library.ts';
import { type TermsProblem, checkTerms } from './parse.ts';
import { type ShareOfMonth, daysOfMonth, splitByShares } from './split.ts';
import {
  STANDARD,
  STANDARD_BOND,
  STANDARD_CALL_OFF,
  STANDARD_PROGRAMME,
  carriageFor,
  clauseFor,
  fulfilmentFor,
} from './standard.ts';
import type {
  CallOffTerms,
  CarriageTerms,
  FormulaTerms,
  FulfilmentTerms,
  GoodsTerms,
  IndexTerms,
  LibraryTerms,
  MonthTerms,
  OriginTerms,
  PartyTerms,
  PriceLaterTerms,
  PriceStepTerms,
} from './terms.ts';

/** What a seller settles before the sale, so that buyers know it when they bid. All of it may be left out. */
export type ChosenTerms = {
  readonly kind?: SaleKind;
  readonly toleranceBasisPoints?: number;
  readonly quality?: QualityClause;
  readonly payment?: Partial<
    Pick<
      LibraryTerms['payment'],
      'provisionalBasisPoints' | 'provisionalWithinDays' | 'releaseBasisPoints' | 'lateBasisPointsPerDay'
    >
  >;
  readonly inspection?: Partial<LibraryTerms['inspection']>;
  readonly forceMajeure?: Partial<LibraryTerms['forceMajeure']>;
  readonly disputes?: Partial<LibraryTerms['disputes']>;
  readonly general?: Partial<Pick<LibraryTerms['general'], 'language'>>;
  /** The award found the base price; the index moves it. */
  readonly index?: Omit<IndexTerms, 'basePricePerTonne'>;
  /** The formula makes the price; what the award says of it is not read. */
  readonly formula?: FormulaTerms;
  /** Of a long-term contract: months as kilograms, or as shares of the quantity. */
  readonly callOff?: Partial<CallOffTerms> & { readonly shares?: readonly ShareOfMonth[] };
  /** The award found the first of them. */
  readonly priceSteps?: readonly PriceStepTerms[];
  /** The award found the base price; published indices fix that of each call-off. */
  readonly priceLater?: PriceLaterTerms;
  readonly bond?: Partial<NonNullable<LibraryTerms['bond']>>;
  readonly carriage?: Partial<CarriageTerms>;
  /** Not of a long-term contract: its call-offs say it. */
  readonly fulfilment?: Partial<FulfilmentTerms>;
};

export type Award = {
  readonly contractId: string;
  readonly number: string;
  readonly issuedAt: Date;
  readonly origin: OriginTerms;
  readonly seller: PartyTerms;
  readonly buyer: PartyTerms;
  readonly goods: GoodsTerms;
  readonly quantityKg: bigint;
  /** Minor units. */
  readonly pricePerTonne: bigint;
  readonly currency: string;
  /** As the exchange's fee rules say at `issuedAt`. */
  readonly fees?: LibraryTerms['fees'];
  readonly chosen?: ChosenTerms;
  /** An older edition of the library: how its contracts were made. */
  readonly edition?: number;
};

export function contractTerms(award: Award): LibraryTerms {
  const { terms, problems } = composeTerms(award);
  assert(
    problems.length === 0,
    `terms that nobody may sign: ${problems.map((one) => `${one.path} ${one.code}`).join(', ')}`,
  );
  return terms;
}

/**
 * Nothing is decided here that the award, the listing, the seller's choice or `STANDARD` does not say.
 * @returns the terms, and why nobody may sign them where that is so.
 */
export function composeTerms(award: Award): {
  readonly terms: LibraryTerms;
  readonly problems: readonly TermsProblem[];
} {
  const { chosen = {} } = award;
  const kind = chosen.kind ?? (award.origin.kind === 'order_book' ? 'order_book' : 'spot');
  const quality = chosen.quality ?? clauseFor(award.goods.assay);
  const index = chosen.index && { ...chosen.index, basePricePerTonne: String(award.pricePerTonne) };
  const { formula } = chosen;
  const price = priceClauseOf(chosen);
  const programme = kind === 'long_term' ? programmeOf(award) : undefined;
  const terms: LibraryTerms = {
    ...envelope(award, kind, price),
    origin: award.origin,
    seller: award.seller,
    buyer: award.buyer,
    goods: programme?.goods ?? award.goods,
    quantityKg: String(award.quantityKg),
    toleranceBasisPoints: chosen.toleranceBasisPoints ?? STANDARD.toleranceBasisPoints,
    pricePerTonne: String(
      computedPrice({ ...(index && { index }), ...(formula && { formula }) }) ?? award.pricePerTonne,
    ),
    currency: award.currency,
    quality,
    payment: {
      ...STANDARD.payment,
      ...(editionOf(award).edition >= 4 && { releaseBasisPoints: STANDARD.releaseBasisPoints }),
      ...chosen.payment,
    },
    fees: feesOf(award),
    inspection: { ...STANDARD.inspection, ...chosen.inspection },
    security: STANDARD.security,
    forceMajeure: { ...STANDARD.forceMajeure, ...chosen.forceMajeure },
    disputes: { ...STANDARD.disputes, ...chosen.disputes },
    general: { ...STANDARD.general, ...chosen.general },
    ...carriageOf(award, kind),
    ...(index && { index }),
    ...(formula && { formula }),
    ...(chosen.priceSteps && { priceSteps: chosen.priceSteps }),
    ...(chosen.priceLater && { priceLater: chosen.priceLater }),
    ...(programme && { callOff: programme.callOff, bond: { ...STANDARD_BOND, ...chosen.bond } }),
  };
  // Read back as settlement will read it from the signed document, the quality clause too.
  return { terms, problems: [...(programme?.problems ?? []), ...checkTerms(terms)] };
}

/** As the exchange's rules say; contracts of older editions know no rules. */
function feesOf(award: Award): LibraryTerms['fees'] {
  if (editionOf(award).edition < 6) return STANDARD.fees;
  return award.fees ?? { ...STANDARD.fees, ...STANDARD.feeRule };
}

function carriageOf(award: Award, kind: SaleKind): Pick<LibraryTerms, 'carriage' | 'fulfilment'> {
  if (editionOf(award).edition < 5) return {};
  const { chosen, goods } = award;
  return {
    carriage: { ...carriageFor(goods), ...chosen?.carriage },
    ...(kind !== 'long_term' && { fulfilment: { ...fulfilmentFor(goods), ...chosen?.fulfilment } }),
  };
}

function priceClauseOf({ index, formula, priceSteps, priceLater }: ChosenTerms): PriceClauseId {
  if (index) return 'price_index';
  if (formula) return 'price_formula';
  if (priceSteps) return 'price_steps';
  return priceLater ? 'price_later' : 'price_fixed';
}

const editionOf = ({ edition }: Award) =>
  edition === undefined ? currentEdition() : EDITIONS.find((one) => one.edition === edition)!;

/** The split by month; where it is chosen, coal is delivered in these months and no others. */
function programmeOf(award: Award) {
  const { shares, ...chosen } = award.chosen?.callOff ?? {};
  const carriedOut = editionOf(award).edition >= 3 ? STANDARD_PROGRAMME : {};
  const split = shares && splitByShares(award.quantityKg, shares);
  const months = split ?? chosen.months;
  const { goods } = award;
  const [first, last] = [months?.[0]?.month, months?.at(-1)?.month];
  const callOff: CallOffTerms = {
    ...STANDARD_CALL_OFF,
    ...carriedOut,
    ...chosen,
    months: months ?? monthsOf(award),
  };
  const problems: TermsProblem[] =
    shares && !split ? [{ path: 'callOff.shares', code: 'shares_do_not_add_up' }] : [];
  const named = callOff.window !== undefined && first !== undefined && last !== undefined;
  const outside = named && (first !== goods.windowFrom.slice(0, 7) || last !== goods.windowTo.slice(0, 7));
  return {
    callOff,
    problems,
    goods:
      outside && isMonth(first) && isMonth(last)
        ? { ...goods, windowFrom: daysOfMonth(first).from, windowTo: daysOfMonth(last).to }
        : goods,
  };
}

const isMonth = (text: string): boolean => /^\d{4}-(0[1-9]|1[0-2])$/.test(text);

function envelope(award: Award, kind: SaleKind, price: PriceClauseId) {
  const edition = editionOf(award);
  const template = templateFor(kind, edition);
  return {
    schema: 'seam.contract.2' as const,
    template: {
      id: template.id,
      version: template.version,
      edition: edition.edition,
      librarySha256: librarySha256(edition),
      clauses: clausesOfTemplate(template, { price }).map(clauseReference),
    },
    contractId: award.contractId,
    number: award.number,
    issuedAt: award.issuedAt.toISOString(),
    version: 1,
    supersedes: null,
  };
}

/** The quantity in equal parts for the months of the delivery window, the odd kilograms with the last. */
function monthsOf({ goods, quantityKg }: Award): MonthTerms[] {
  const months: string[] = [];
  const to = goods.windowTo.slice(0, 7);
  for (let month = goods.windowFrom.slice(0, 7); month <= to && months.length < 36; month = nextMonth(month))
    months.push(month);
  const part = quantityKg / BigInt(months.length);
  return months.map((month, at) => ({
    month,
    kg: String(at === months.length - 1 ? quantityKg - part * BigInt(months.length - 1) : part),
  }));
}

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
}
