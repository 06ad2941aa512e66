/** Freight: lanes and their tariffs, what a way costs, room on the way, and what carriers quote. */
import { Type, type Static } from 'typebox';
import { Day, Exact, Id, IdParams, Instant, Money, Nullable, Page, Text, Tonnes } from './common.ts';
import { PartyView, PlaceView } from './listings.ts';
import { Decimal } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'freight';

export const FREIGHT_MODES = ['rail', 'road', 'river', 'sea', 'conveyor'] as const;
export const FreightMode = Type.Enum([...FREIGHT_MODES]);
export type FreightMode = (typeof FREIGHT_MODES)[number];
export const FREIGHT_BASES = ['lane', 'quote', 'estimate'] as const;
export const FreightBasis = Type.Enum([...FREIGHT_BASES]);
export type FreightBasis = (typeof FREIGHT_BASES)[number];
export const CAPACITY_PERIODS = ['week', 'month'] as const;
const CapacityPeriod = Type.Enum([...CAPACITY_PERIODS]);
export const TARIFF_KINDS = ['per_tonne', 'per_tonne_km', 'weight_steps'] as const;

/** Numbers and days come as text and are judged by name, so that each field has its own answer. */
export const TypedText = Text(40, 0);
export const TariffInput = Exact({
  kind: Type.Enum([...TARIFF_KINDS]),
  currency: Text(10, 0),
  /** For `per_tonne`. */
  perTonne: Type.Optional(TypedText),
  /** For `per_tonne_km`: per tonne-kilometre, with up to five decimal places. */
  perTonneKm: Type.Optional(TypedText),
  /** For `per_tonne_km`, per tonne. */
  terminal: Type.Optional(TypedText),
  minimum: Type.Optional(TypedText),
  /** For `weight_steps`: tonnes of the consignment and the price of a tonne from there on. */
  steps: Type.Optional(
    Type.Array(Exact({ fromTonnes: TypedText, perTonne: TypedText }), { minItems: 1, maxItems: 12 }),
  ),
  loading: Type.Optional(TypedText),
  unloading: Type.Optional(TypedText),
  lossPermille: Type.Optional(TypedText),
  /** Left out: the great circle with the detour of the mode. */
  distanceKm: Type.Optional(TypedText),
  hours: Type.Optional(TypedText),
  validFrom: Text(20, 0),
  /** Included; left out: until further notice. */
  validTo: Type.Optional(Text(20, 0)),
  source: Text(200, 0),
});
export type TariffInput = Static<typeof TariffInput>;
const CapacityInput = Exact({ quantity: TypedText, per: CapacityPeriod });
export const LaneInput = Exact({
  fromPlaceId: Id,
  toPlaceId: Id,
  mode: Type.String({ maxLength: 20 }),
  tariff: TariffInput,
  capacity: Type.Optional(CapacityInput),
});
export type LaneInput = Static<typeof LaneInput>;

export const TariffView = Exact({
  version: Type.Integer(),
  kind: Type.Enum([...TARIFF_KINDS]),
  currency: Type.String(),
  perTonne: Nullable(Money),
  perTonneKm: Nullable(Decimal),
  terminal: Nullable(Money),
  minimum: Nullable(Money),
  steps: Type.Array(Exact({ fromTonnes: Tonnes, perTonne: Money })),
  loading: Money,
  unloading: Money,
  lossPermille: Type.Integer(),
  distanceKm: Type.Integer(),
  /** False: worked out from the coordinates. */
  distanceGiven: Type.Boolean(),
  hours: Type.Integer(),
  validFrom: Day,
  validTo: Nullable(Day),
  source: Type.String(),
  madeAt: Instant,
  /** Replaced or withdrawn; it still tells what was charged before. */
  endedAt: Nullable(Instant),
});
export type TariffView = Static<typeof TariffView>;
export const SlotView = Exact({ begins: Day, ends: Day, total: Tonnes, free: Tonnes });
export type SlotView = Static<typeof SlotView>;
export const LaneView = Exact({
  id: Id,
  from: PlaceView,
  to: PlaceView,
  mode: FreightMode,
  /** Null: a public tariff that the centre keeps. */
  carrier: Nullable(PartyView),
  /** Of today, or else the next to come; null: none stands. */
  tariff: Nullable(TariffView),
  /** What a tonne costs with loading and unloading, in a consignment of 5,000 t; null: so little is not carried. */
  perTonne: Nullable(Money),
  capacity: Nullable(Exact({ quantity: Tonnes, per: CapacityPeriod })),
  /** The current slot and those that follow. */
  slots: Type.Array(SlotView),
  own: Type.Boolean(),
});
export type LaneView = Static<typeof LaneView>;
export const LaneDetail = Exact({ ...LaneView.properties, versions: Type.Array(TariffView) });
export type LaneDetail = Static<typeof LaneDetail>;

export const FreightLegView = Exact({
  basis: FreightBasis,
  from: PlaceView,
  to: PlaceView,
  mode: Nullable(FreightMode),
  carrier: Nullable(PartyView),
  /** Of a leg by a lane: which version was counted with. */
  laneId: Nullable(Id),
  version: Nullable(Type.Integer()),
  /** Of an estimated leg: the name of the default tariff. Of a lane: where its tariff is from. */
  source: Type.String(),
  haulage: Money,
  loading: Money,
  unloading: Money,
  perTonne: Money,
  lossPermille: Type.Integer(),
  distanceKm: Type.Integer(),
  hours: Type.Integer(),
});
export type FreightLegView = Static<typeof FreightLegView>;
export const FreightCost = Exact({
  basis: FreightBasis,
  currency: Type.String(),
  from: PlaceView,
  to: PlaceView,
  mode: Nullable(FreightMode),
  quantity: Tonnes,
  day: Day,
  perTonne: Money,
  /** For the whole quantity. */
  total: Money,
  /** Of 1,000 t loaded, so many arrive. */
  arrivesPer1000: Decimal,
  distanceKm: Type.Integer(),
  hours: Type.Integer(),
  legs: Type.Array(FreightLegView),
  /** Of the quote that stands for this way. */
  quoteId: Nullable(Id),
  /** Of the chosen lot, at its price: what is lost on the way is counted in. */
  lot: Nullable(
    Exact({
      listingId: Id,
      pricePerTonne: Nullable(Money),
      landedPerTonne: Nullable(Money),
      perGigajoule: Nullable(Money),
      freightPerGigajoule: Nullable(Money),
    }),
  ),
});
export type FreightCost = Static<typeof FreightCost>;

export const LANE_COLUMNS = [
  'from',
  'to',
  'mode',
  'carrier',
  'kind',
  'currency',
  'per_tonne',
  'per_tonne_km',
  'terminal',
  'minimum',
  'steps',
  'loading',
  'unloading',
  'loss_permille',
  'distance_km',
  'hours',
  'valid_from',
  'valid_to',
  'capacity_t',
  'capacity_per',
  'source',
] as const;
export const LaneImport = Exact({
  dryRun: Type.Boolean(),
  lines: Type.Integer(),
  loaded: Type.Integer(),
  /** As it stands already, version for version. */
  unchanged: Type.Integer(),
  refusals: Type.Array(
    Exact({ line: Type.Integer(), code: Type.String(), fields: Type.Record(Type.String(), Type.String()) }),
  ),
});
export type LaneImport = Static<typeof LaneImport>;

const TARIFF_PROBLEMS = [
  'freight.invalid',
  'freight.currency_unknown',
  'freight.amount_malformed',
  'freight.amount_negative',
  'freight.amount_absurd',
  'freight.tariff_incomplete',
  'freight.steps_unordered',
  'freight.loss_out_of_range',
  'freight.distance_out_of_range',
  'freight.distance_impossible',
  'freight.place_without_coordinates',
  'freight.hours_out_of_range',
  'freight.day_invalid',
  'freight.validity_reversed',
  'freight.validity_overlaps',
  'freight.source_missing',
  'freight.carriers_only',
] as const;
export const freightRoutes = {
  listLanes: route({
    method: 'GET',
    url: '/v1/freight/lanes',
    summary: 'Lanes with the tariff of today and the room that is left',
    area: AREA,
    access: 'public',
    query: Exact({
      mode: Type.Optional(FreightMode),
      placeId: Type.Optional(Id),
      carrierId: Type.Optional(Id),
      cursor: Type.Optional(Id),
    }),
    ok: Page(LaneView),
    problems: [],
  }),
  getLane: route({
    method: 'GET',
    url: '/v1/freight/lanes/:id',
    summary: 'One lane with every version of its tariff',
    area: AREA,
    access: 'public',
    params: IdParams,
    ok: LaneDetail,
    problems: ['resource.not_found'],
  }),
  createLane: route({
    method: 'POST',
    url: '/v1/freight/lanes',
    summary: 'Open a lane: of the centre a public one, of a carrier its own',
    area: AREA,
    access: 'signed_in',
    body: LaneInput,
    ok: LaneDetail,
    okStatus: 201,
    problems: [
      ...TARIFF_PROBLEMS,
      'freight.place_unknown',
      'freight.same_place',
      'freight.mode_unknown',
      'freight.lane_exists',
      'freight.quantity_invalid',
    ],
  }),
  setTariff: route({
    method: 'POST',
    url: '/v1/freight/lanes/:id/tariffs',
    summary: 'Give a lane another tariff; the one it replaces is kept as it was',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    body: Exact({ tariff: TariffInput, replaces: Type.Optional(Type.Integer()) }),
    ok: LaneDetail,
    okStatus: 201,
    problems: ['resource.not_found', ...TARIFF_PROBLEMS, 'freight.tariff_unknown'],
  }),
  endTariff: route({
    method: 'POST',
    url: '/v1/freight/lanes/:id/end',
    summary: 'Withdraw one version of the tariff of a lane',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    body: Exact({ version: Type.Integer() }),
    ok: LaneDetail,
    problems: ['resource.not_found', 'freight.carriers_only', 'freight.tariff_unknown'],
  }),
  setCapacity: route({
    method: 'POST',
    url: '/v1/freight/lanes/:id/capacity',
    summary: 'Say how much a lane carries in a week or a month',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    body: CapacityInput,
    ok: LaneDetail,
    problems: [
      'resource.not_found',
      'freight.carriers_only',
      'freight.quantity_invalid',
      'freight.capacity_below_reserved',
    ],
  }),
  freightCost: route({
    method: 'GET',
    url: '/v1/freight/cost',
    summary: 'What bringing coal from one place to another costs, leg by leg',
    area: AREA,
    access: 'public',
    query: Exact({
      /** A place or, of a chosen lot, left out: where its delivery term ends. */
      from: Type.Optional(Id),
      to: Id,
      /** Of the first leg; left out: the lot's, or else whichever is cheapest. */
      mode: Type.Optional(FreightMode),
      /** Tonnes. */
      quantity: Type.Optional(Decimal),
      listingId: Type.Optional(Id),
      currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
      /** Of which day's tariffs; left out: today's. */
      day: Type.Optional(Day),
      /** As the tariffs were known at that moment: works an old figure out again. */
      asOf: Type.Optional(Instant),
    }),
    ok: FreightCost,
    problems: [
      'resource.not_found',
      'freight.place_unknown',
      'freight.same_place',
      'freight.no_way',
      'freight.quantity_invalid',
      'freight.currency_unknown',
      'freight.day_invalid',
    ],
  }),
  contractFreight: route({
    method: 'GET',
    url: '/v1/freight/contracts/:id',
    summary: 'The accepted quotes for the coal of a contract, for its parties',
    area: AREA,
    access: 'signed_in',
    params: IdParams,
    ok: Exact({ items: Type.Array(FreightCost) }),
    problems: ['resource.not_found'],
  }),
  importLanes: route({
    method: 'POST',
    url: '/v1/staff/freight/lanes/import',
    summary: 'Load lanes from CSV; a dry run says line by line what would happen',
    area: AREA,
    access: 'staff',
    body: Exact({ csv: Type.String({ maxLength: 4_000_000 }), dryRun: Type.Boolean() }),
    ok: LaneImport,
    problems: ['freight.import_too_large', 'freight.import_header'],
  }),
  exportLanes: route({
    method: 'GET',
    url: '/v1/staff/freight/lanes/export',
    summary: 'Every lane and tariff that stands, as CSV that can be loaded again',
    area: AREA,
    access: 'staff',
    ok: Type.String(),
    produces: 'text/csv',
    problems: [],
  }),
} as const satisfies Record<string, Route>;
