/** The calculator: what a way costs, by the quote that stands for it, by lanes, or estimated; and for a lot, landed. */
import {
  type Rational,
  TRANSPORT_MODES,
  type TransportMode,
  divide,
  landedCost,
  multiply,
  rational,
  roundHalfUp,
  toDecimal,
} from '@seam/coal';
import type { FreightCost, Query, freightRoutes } from '@seam/protocol';
import {
  CURRENCIES,
  type Currency,
  cost,
  formatMoney,
  formatTonnes,
  kilograms,
  minor,
  parseScaled,
} from '@seam/units';
import {
  type ListingRow,
  type PlaceRow,
  cheapestWay,
  currencyOf,
  listingById,
  placeById,
  placesById,
  referenceMarket,
} from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { type Moment, readFreightPlaces, readLanes } from './lanes.ts';
import { QUANTITY_KG_MAX, REFERENCE_CONSIGNMENT_KG } from './limits.ts';
import { compareLabels } from './network.ts';
import type { FreightDeps } from './ports.ts';
import { type AcceptedQuote, acceptedQuotes } from './accepted.ts';
import { figuresOf, standsFor } from './agreed.ts';
import { type FreightFigure, FreightMap, FreightTo } from './route.ts';
import { dayOf, isDay } from './slots.ts';
import { legView } from './view.ts';

type CostDeps = Pick<FreightDeps, 'clock' | 'organisations' | 'contractOf'>;

export async function freightCost(
  deps: CostDeps,
  connection: Connection,
  principal: Principal | null,
  query: Query<typeof freightRoutes.freightCost>,
): Promise<FreightCost | Refusal> {
  const lot = query.listingId === undefined ? undefined : await listingById(connection, query.listingId);
  if (query.listingId !== undefined && !lot) return refuse('resource.not_found');
  const fromId = query.from ?? lot?.deliveryPlaceId ?? undefined;
  const from = fromId === undefined ? undefined : await placeById(connection, fromId);
  const to = await placeById(connection, query.to);
  if (!from || !to)
    return refuse('freight.place_unknown', { fields: { [from ? 'to' : 'from']: 'freight.place_unknown' } });
  if (from.id === to.id) return refuse('freight.same_place', { fields: { to: 'freight.same_place' } });
  const asked = query.currency ?? currencyOf(to.country);
  const currency = CURRENCIES.find((code) => code === asked);
  if (!currency) return refuse('freight.currency_unknown', { accepted: { currency: CURRENCIES.join(', ') } });
  const kg = query.quantity === undefined ? REFERENCE_CONSIGNMENT_KG : parseScaled(query.quantity, 3);
  if (kg === undefined || kg <= 0n || kg > QUANTITY_KG_MAX)
    return refuse('freight.quantity_invalid', { fields: { quantity: 'freight.quantity_invalid' } });
  const day = query.day ?? dayOf(deps.clock.now().getTime());
  if (!isDay(day)) return refuse('freight.day_invalid', { fields: { day: 'freight.day_invalid' } });
  const way = { from, to, currency, kg };
  // A first leg that the lot does not name by being elsewhere.
  const mode = query.mode ?? (lot && from.id === lot.deliveryPlaceId ? lot.transport : undefined);
  const quoted = await quotedFigures(deps, connection, principal, { ...way, query, day, lot, mode });
  const moment = { day, ...(query.asOf !== undefined && { asOf: new Date(query.asOf) }) };
  const given = await figureOf(connection, { ...way, mode, moment });
  // An estimate is for where nothing better is known.
  const known = given && given.basis !== 'estimate' ? [given] : [];
  const ways = [...quoted, ...known].map((figure) => ({
    figure,
    freight: rational(figure.minorPerTonne),
    arrives: figure.arrives,
  }));
  const best = cheapestWay(ways, lot && priceOf(lot, currency))?.figure;
  if (best && 'quote' in best) return quoteCost(deps, connection, { ...way, quote: best.quote, day, lot });
  const figure = best ?? given;
  if (!figure) return refuse('freight.no_way', { fields: { mode: 'freight.no_way' } });
  return figureView(deps, connection, { ...way, mode: mode ?? null, day, lot, figure });
}

type Way = {
  readonly from: PlaceRow;
  readonly to: PlaceRow;
  readonly currency: Currency;
  readonly kg: bigint;
};

async function figureOf(
  connection: Connection,
  of: Way & { readonly mode: TransportMode | undefined; readonly moment: Moment },
): Promise<FreightFigure | undefined> {
  const lanes = await readLanes(connection, of.moment);
  const places = await readFreightPlaces(connection);
  const { rates } = referenceMarket(of.currency);
  const map = new FreightMap({ lanes, places, currency: of.currency, rates, consignmentKg: of.kg });
  const freight = new FreightTo(map, of.to);
  const modes = of.mode ? [of.mode] : TRANSPORT_MODES;
  const figures = modes.flatMap((mode) => freight.from(of.from, mode) ?? []);
  // Lanes before estimates, as with one mode.
  return figures.toSorted(
    (a, b) =>
      Number(a.basis === 'estimate') - Number(b.basis === 'estimate') ||
      compareLabels(labelOf(a), labelOf(b)),
  )[0];
}

function labelOf(figure: FreightFigure): { cost: number; legs: number; hours: number } {
  return { cost: Number(figure.minorPerTonne), legs: figure.legs.length, hours: figure.hours };
}

/** What carriers promised the caller's company: for coal still to be chosen, or for that of this lot's contract. */
async function quotedFigures(
  deps: CostDeps,
  connection: Connection,
  principal: Principal | null,
  of: Way & {
    readonly query: Query<typeof freightRoutes.freightCost>;
    readonly day: string;
    readonly lot: ListingRow | undefined;
    readonly mode: TransportMode | undefined;
  },
): Promise<ReturnType<typeof figuresOf>> {
  const { query, day, lot, from, to, currency, mode } = of;
  const today = dayOf(deps.clock.now().getTime());
  const organisationId = principal?.organisationId;
  // What was known then, or charged on a day that is over, was charged by tariffs.
  if (!organisationId || query.asOf !== undefined || day < today) return [];
  const all = await acceptedQuotes(connection, { shipperId: organisationId, toPlaceId: to.id });
  const leastKg = query.quantity === undefined ? 0n : of.kg;
  const standing = all.filter((quote) => standsFor(quote, { day, leastKg }));
  const own = [];
  for (const quote of standing) {
    const contract =
      quote.contractId === null ? undefined : await deps.contractOf(connection, quote.contractId);
    if (quote.contractId === null || (lot && contract?.listingId === lot.id)) own.push(quote);
  }
  return figuresOf(own, { from, mode, currency });
}

/** @param of.currency the quote's own when left out. */
export async function quoteCost(
  deps: CostDeps,
  connection: Connection,
  of: {
    readonly quote: AcceptedQuote;
    readonly from: PlaceRow;
    readonly to: PlaceRow;
    readonly currency: Currency;
    readonly kg: bigint;
    readonly day: string;
    readonly lot: ListingRow | undefined;
  },
): Promise<FreightCost> {
  const { quote, from, to, currency } = of;
  const [promised] = figuresOf([quote], { from, mode: undefined, currency });
  assert(promised, `quote ${quote.quoteId} is in no money of ${currency}`);
  const { minorPerTonne } = promised;
  const figure = { ...promised, legs: [], currency, hours: quote.hours, distanceKm: 0 };
  const view = await figureView(deps, connection, { ...of, mode: quote.mode, figure });
  const names = await deps.organisations(connection, [quote.carrierId]);
  const known = names.get(quote.carrierId);
  const perTonne = formatMoney(minorPerTonne);
  return {
    ...view,
    quoteId: quote.quoteId,
    legs: [
      {
        basis: 'quote',
        from: placeOf(from),
        to: placeOf(to),
        mode: quote.mode,
        carrier: { id: quote.carrierId, name: known?.name ?? quote.carrierId, nameZh: known?.nameZh ?? null },
        laneId: null,
        version: quote.version,
        source: quote.quoteId,
        haulage: perTonne,
        loading: '0.00',
        unloading: '0.00',
        perTonne,
        lossPermille: quote.lossPermille,
        distanceKm: 0,
        hours: quote.hours,
      },
    ],
  };
}

async function figureView(
  deps: CostDeps,
  connection: Connection,
  of: Way & {
    readonly mode: TransportMode | null;
    readonly day: string;
    readonly lot: ListingRow | undefined;
    readonly figure: FreightFigure;
  },
): Promise<FreightCost> {
  const { figure, from, to, currency, kg } = of;
  const places = await placesById(connection, [
    from.id,
    to.id,
    ...figure.legs.flatMap((leg) => [leg.from, leg.to]),
  ]);
  const lanes = figure.legs.flatMap((leg) => (leg.basis === 'lane' ? [leg.lane] : []));
  const names = await deps.organisations(connection, [
    ...new Set(lanes.flatMap(({ carrierId }) => carrierId ?? [])),
  ]);
  const sources = await sourcesOf(
    connection,
    lanes.map(({ id }) => id),
  );
  return {
    basis: figure.basis,
    currency,
    from: placeOf(from),
    to: placeOf(to),
    mode: of.mode,
    quantity: formatTonnes(kg),
    day: of.day,
    perTonne: formatMoney(figure.minorPerTonne),
    total: formatMoney(cost(minor(figure.minorPerTonne), kilograms(kg))),
    arrivesPer1000: toDecimal(multiply(figure.arrives, rational(1000)), 2),
    distanceKm: figure.distanceKm,
    hours: figure.hours,
    legs: figure.legs.map((leg) => legView(leg, places, names, sources)),
    quoteId: null,
    lot: of.lot ? lotCost(of.lot, currency, figure) : null,
  };
}

function priceOf({ pricePerTonne, currency: own }: ListingRow, currency: Currency): Rational | undefined {
  const rate = own && referenceMarket(currency).rates[own];
  return pricePerTonne !== null && rate ? multiply(rational(pricePerTonne), rate) : undefined;
}

/** What is lost on the way was bought and carried all the same: a tonne that arrives bears it. */
function lotCost(lot: ListingRow, currency: Currency, figure: FreightFigure): FreightCost['lot'] {
  const market = referenceMarket(currency);
  const heat = lot.searchNetArJPerG;
  const price = priceOf(lot, currency);
  const freight = rational(figure.minorPerTonne);
  const perGigajoule = (value: Rational): string | null =>
    heat ? formatMoney(roundHalfUp(divide(multiply(value, rational(1000)), rational(heat)))) : null;
  const landed =
    price && heat
      ? landedCost({
          price,
          freight,
          arrives: figure.arrives,
          heat: rational(heat),
          referenceHeat: market.referenceHeat,
        })
      : undefined;
  return {
    listingId: lot.id,
    pricePerTonne: price ? formatMoney(roundHalfUp(price)) : null,
    landedPerTonne: landed ? formatMoney(roundHalfUp(landed.perTonne)) : null,
    perGigajoule: landed ? formatMoney(roundHalfUp(landed.perGigajoule)) : null,
    freightPerGigajoule: perGigajoule(divide(freight, figure.arrives)),
  };
}

async function sourcesOf(
  connection: Connection,
  laneIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (laneIds.length === 0) return new Map();
  const rows = await connection<{ laneId: string; version: number; source: string }[]>`
    select lane_id as "laneId", version, source from freight_tariff where lane_id = any(${[...laneIds]})`;
  return new Map(rows.map(({ laneId, version, source }) => [`${laneId} ${version}`, source]));
}

function placeOf({ id, kind, name, nameZh, country, latitude, longitude }: PlaceRow): FreightCost['from'] {
  return { id, kind, name, nameZh, country, latitude, longitude };
}
