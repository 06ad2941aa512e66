/**
 * What a party may offer: read from the form, every fault found at once and named by its field, and turned into
 * the very terms of the contract that an acceptance makes. Nothing is stored here.
 */
import { parseFormula } from '@seam/coal';
import type { QualityClause } from '@seam/coal';
import type { OfferTerms } from '@seam/protocol';
import { formatMoney, formatScaled, formatTonnes, parseScaled } from '@seam/units';
import {
  type ChosenTerms,
  type DraftOf,
  type DraftTerms,
  type FormulaTerms,
  checkDraftPrintable,
  draftTerms,
} from '../contracts/public.ts';
import {
  type FieldErrors,
  checkWindow,
  placeById,
  readPrice,
  readQuantity,
  refusalOf,
} from '../listings/public.ts';
import { publishedQuotations } from '../longterm/public.ts';
import type { Connection } from '../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { namesOf, readFormula } from './formula.ts';
import type { NegotiationDeps } from './ports.ts';
import { readQuality } from './quality.ts';
import type { NegotiationRow } from './tables.ts';

export type ReadOffer = {
  /** With every number written in one way. */
  readonly terms: OfferTerms;
  readonly draft: DraftTerms;
  readonly quantityKg: bigint;
  /** Minor units. */
  readonly pricePerTonne: bigint;
  readonly formula: FormulaTerms | null;
};

export async function readOffer(
  connection: Connection,
  deps: Pick<NegotiationDeps, 'contracts'>,
  about: NegotiationRow,
  input: { readonly terms: OfferTerms; readonly now: Date },
): Promise<ReadOffer | Refusal> {
  const { terms, now } = input;
  const fields: FieldErrors = {};
  const numbers = readNumbers(terms, now, fields);
  const place =
    terms.deliveryPlaceId === null ? undefined : await placeById(connection, terms.deliveryPlaceId);
  if (terms.deliveryPlaceId !== null && !place) fields['deliveryPlaceId'] = 'listing.place_unknown';
  const quality = readQuality(terms.quality);
  if (isRefusal(quality)) {
    if (!refusalOf(fields)) return quality;
    fields['quality'] = quality.refused;
  }
  const invalid = refusalOf(fields);
  if (invalid || isRefusal(quality)) return { ...invalid, refused: 'negotiation.offer_invalid' };
  const price = await priceOf(connection, terms, now);
  if (isRefusal(price)) return price;
  const of: DraftOf = {
    origin:
      about.requestId === null
        ? { kind: 'listing', id: about.listingId }
        : { kind: 'request', id: about.requestId },
    sellerId: about.sellerId,
    buyerId: about.buyerId,
    listingId: about.listingId,
    goods: {
      deliveryTerm: terms.deliveryTerm,
      windowFrom: terms.windowFrom,
      windowTo: terms.windowTo,
      transport: terms.transport,
      ...(place && { deliveryPlace: { name: place.name, nameZh: place.nameZh } }),
    },
    quantityKg: numbers.quantityKg,
    pricePerTonne: price.pricePerTonne,
    currency: terms.currency,
    chosen: chosenOf(terms, { numbers, formula: price.formula, quality }),
    at: now,
  };
  const draft = await draftTerms(connection, deps.contracts, of);
  if (draft.problems.length > 0) return unsignable(draft);
  const unprintable = await checkDraftPrintable(draft.canonical);
  if (unprintable) return unprintable;
  const { quantityKg } = numbers;
  return { terms: { ...tidy(terms, numbers), quality: quality ?? null }, draft, quantityKg, ...price };
}

type Numbers = {
  readonly quantityKg: bigint;
  readonly toleranceBasisPoints: number;
  readonly provisionalBasisPoints: number;
  readonly lateBasisPointsPerDay: number;
  readonly months: readonly { readonly month: string; readonly kg: bigint }[] | null;
};

function readNumbers(terms: OfferTerms, now: Date, fields: FieldErrors): Numbers {
  checkWindow(terms, now, fields);
  const { payment } = terms;
  if (payment.provisionalWithinDays < 1 || payment.provisionalWithinDays > 60)
    fields['payment.provisionalWithinDays'] = 'negotiation.offer_invalid';
  return {
    quantityKg: readQuantity(terms.quantity, 'quantity', fields),
    toleranceBasisPoints: readPercent(terms.tolerance, 'tolerance', [0, 1000], fields),
    provisionalBasisPoints: readPercent(
      payment.provisionalPercent,
      'payment.provisionalPercent',
      [1, 10_000],
      fields,
    ),
    lateBasisPointsPerDay: readPercent(
      payment.latePercentPerDay,
      'payment.latePercentPerDay',
      [0, 100],
      fields,
    ),
    months: readMonths(terms, fields),
  };
}

function readMonths(terms: OfferTerms, fields: FieldErrors): Numbers['months'] {
  if (terms.kind !== 'long_term' || terms.months === null) return null;
  return terms.months.map(({ month, quantity }, index) => {
    if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) fields[`months.${index}.month`] = 'listing.day_invalid';
    return { month, kg: readQuantity(quantity, `months.${index}.quantity`, fields) };
  });
}

/** Percent with two digits to basis points. */
function readPercent(
  text: string,
  field: string,
  [least, most]: readonly [number, number],
  fields: FieldErrors,
): number {
  const value = parseScaled(text, 2);
  if (value !== undefined && value >= BigInt(least) && value <= BigInt(most)) return Number(value);
  fields[field] = 'negotiation.offer_invalid';
  return least;
}

async function priceOf(
  connection: Connection,
  { price }: OfferTerms,
  now: Date,
): Promise<{ readonly pricePerTonne: bigint; readonly formula: FormulaTerms | null } | Refusal> {
  if (price.kind === 'formula') {
    const parsed = parseFormula(price.expression);
    const names = parsed.ok ? namesOf(parsed.expression) : [];
    const published = await publishedQuotations(connection, names, now);
    return readFormula(price.expression, price.quotations, published);
  }
  const fields: FieldErrors = {};
  const pricePerTonne = readPrice(price.perTonne, 'price.perTonne', fields);
  return refusalOf(fields) ?? { pricePerTonne, formula: null };
}

function chosenOf(
  terms: OfferTerms,
  of: {
    readonly numbers: Numbers;
    readonly formula: FormulaTerms | null;
    readonly quality: QualityClause | undefined;
  },
): ChosenTerms {
  const { numbers, formula, quality } = of;
  return {
    kind: terms.kind,
    toleranceBasisPoints: numbers.toleranceBasisPoints,
    payment: {
      provisionalBasisPoints: numbers.provisionalBasisPoints,
      provisionalWithinDays: terms.payment.provisionalWithinDays,
      lateBasisPointsPerDay: numbers.lateBasisPointsPerDay,
    },
    ...(quality && { quality }),
    ...(formula && { formula }),
    ...(numbers.months && {
      callOff: { months: numbers.months.map(({ month, kg }) => ({ month, kg: String(kg) })) },
    }),
  };
}

/** The checks of the contract itself, told by the path in its terms. */
function unsignable({ problems }: DraftTerms): Refusal {
  return refuse('negotiation.offer_invalid', {
    fields: Object.fromEntries(problems.map(({ path, code }) => [FIELDS[path] ?? path, code])),
  });
}

/** Where the form has another name for it. */
const FIELDS: Readonly<Record<string, string>> = {
  'callOff.months': 'months',
  'goods.windowFrom': 'windowFrom',
  'goods.windowTo': 'windowTo',
  pricePerTonne: 'price.perTonne',
};

function tidy(terms: OfferTerms, numbers: Numbers): OfferTerms {
  const percent = (basisPoints: number): string => formatScaled(BigInt(basisPoints), 2);
  const price =
    terms.price.kind === 'fixed'
      ? { kind: 'fixed' as const, perTonne: formatMoney(parseScaled(terms.price.perTonne, 2)!) }
      : terms.price;
  return {
    ...terms,
    quantity: formatTonnes(numbers.quantityKg),
    tolerance: percent(numbers.toleranceBasisPoints),
    price,
    payment: {
      provisionalPercent: percent(numbers.provisionalBasisPoints),
      provisionalWithinDays: terms.payment.provisionalWithinDays,
      latePercentPerDay: percent(numbers.lateBasisPointsPerDay),
    },
    months: numbers.months?.map(({ month, kg }) => ({ month, quantity: formatTonnes(kg) })) ?? null,
  };
}
