/** Where coal comes from and goes to: the register of mines, and places. */
import { Type, type Static } from 'typebox';
import { Exact, Id, Nullable, Text } from './common.ts';
import { Decimal } from './quality.ts';
import { type Route, route } from './route.ts';

const AREA = 'listings';
export const PLACE_KINDS = ['mine_mouth', 'port', 'station', 'plant'] as const;
export const PlaceKind = Type.Enum(PLACE_KINDS);

export const Country = Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2' });
const Coordinates = { latitude: Nullable(Type.Number()), longitude: Nullable(Type.Number()) };

export const MineView = Exact({
  id: Id,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  country: Country,
  region: Type.String(),
  ...Coordinates,
  source: Type.String(),
});
export type MineView = Static<typeof MineView>;

/** All that is given must hold. `near` sorts by distance, else by country and name. */
export const MineQuery = Exact({
  /** Part of the name, the region or the operator. */
  q: Type.Optional(Text(100)),
  country: Type.Optional(Country),
  /** Degrees north and east: `39.92,113.07`. */
  near: Type.Optional(Type.String({ pattern: '^-?\\d{1,2}(\\.\\d{1,9})?,-?\\d{1,3}(\\.\\d{1,9})?$' })),
  radiusKm: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,4}$' })),
  limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,3}$' })),
});
export type MineQuery = Static<typeof MineQuery>;
export const FoundMine = Exact({
  ...MineView.properties,
  /** As the register names it; empty: not known. */
  operator: Type.String(),
  status: Type.String(),
  distanceKm: Nullable(Type.Integer()),
});
export type FoundMine = Static<typeof FoundMine>;

export const PlaceView = Exact({
  id: Id,
  kind: PlaceKind,
  name: Type.String(),
  nameZh: Nullable(Type.String()),
  country: Country,
  ...Coordinates,
});
export type PlaceView = Static<typeof PlaceView>;

const newSite = {
  name: Text(200),
  nameZh: Type.Optional(Text(200)),
  country: Country,
  /** Degrees north and east: without them nothing can be said about distance and freight. */
  latitude: Decimal,
  longitude: Decimal,
};
export const NewMine = Exact({ ...newSite, region: Type.Optional(Text(100, 0)) });
export const NewPlace = Exact({ ...newSite, kind: Type.Enum(['port', 'station', 'plant']) });
export type NewPlace = Static<typeof NewPlace>;

export const listingSiteRoutes = {
  listMines: route({
    method: 'GET',
    url: '/v1/mines',
    summary: 'The register of mines',
    area: AREA,
    access: 'public',
    query: MineQuery,
    ok: Exact({ items: Type.Array(FoundMine), total: Type.Integer() }),
    problems: ['listing.near_invalid'],
  }),
  listPlaces: route({
    method: 'GET',
    url: '/v1/places',
    summary: 'Ports, stations, mine mouths and plants',
    area: AREA,
    access: 'public',
    query: Exact({ text: Type.Optional(Text(100)), kind: Type.Optional(PlaceKind) }),
    ok: Exact({ items: Type.Array(PlaceView) }),
    problems: [],
  }),
  createPlace: route({
    method: 'POST',
    url: '/v1/places',
    summary: 'Add a port, a station or a plant',
    area: AREA,
    access: { roles: ['trader'] },
    body: NewPlace,
    ok: PlaceView,
    okStatus: 201,
    problems: ['listing.coordinates_out_of_range'],
  }),
} as const satisfies Record<string, Route>;
