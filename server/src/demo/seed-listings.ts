/**
 * Furnishes the market of a demo exchange: the catalogue's mines and places, its lots and requests, through
 * the commands that members use. What is there already stays as it is, so a seed can be run again.
 */
import { createHash } from 'node:crypto';
import { formatMoney, formatTonnes } from '@seam/units';
import type { Sql } from 'postgres';
import {
  type Actor,
  createListing,
  listingById,
  registerMine,
  registerPlace,
  statementOf,
} from '../listings/public.ts';
import type { Tx } from '../platform/db.ts';
import { isRefusal } from '../platform/refusal.ts';
import { type RequestDeps, createRequest, limitStatement, requestById } from '../requests/public.ts';
import type { Catalogue, DemoLot, DemoRequest } from './catalogue/index.ts';

export type SeededListings = {
  /** Made in this run. */
  readonly lots: number;
  readonly requests: number;
  /** By the catalogue's key, made now or before: what auctions are seeded from. */
  readonly listingIds: ReadonlyMap<string, string>;
};

type Ids = ReadonlyMap<string, string>;
type Deps = Pick<RequestDeps, 'clock' | 'organisations' | 'accountOf'>;

/**
 * @param members who acts for each company of the catalogue, by its key; lots and requests of others are left out.
 * @throws when the exchange refuses a lot or a request of the catalogue: the catalogue is wrong.
 */
export async function seedListings(
  sql: Sql,
  deps: Deps,
  { catalogue, members }: { catalogue: Catalogue; members: ReadonlyMap<string, Actor> },
): Promise<SeededListings> {
  return sql.begin(async (tx) => {
    const mines = await seedMines(tx, catalogue);
    const places = await seedPlaces(tx, catalogue);
    const listingIds = new Map<string, string>();
    let lots = 0;
    for (const lot of catalogue.lots) {
      const actor = members.get(lot.producer);
      if (!actor) continue;
      const id = demoId(`lot:${lot.key}`);
      listingIds.set(lot.key, id);
      if (await seedLot(tx, deps, { lot, actor, id, mines, places })) lots += 1;
    }
    let requests = 0;
    for (const request of catalogue.requests) {
      const actor = members.get(request.buyer);
      const id = demoId(`request:${request.key}`);
      if (actor && (await seedRequest(tx, deps, { request, actor, id, places }))) requests += 1;
    }
    return { lots, requests, listingIds };
  });
}

async function seedMines(tx: Tx, { mines }: Catalogue): Promise<Ids> {
  const ids = new Map<string, string>();
  for (const { key, name, nameZh, country, region, latitude, longitude } of mines) {
    const site = { externalId: `catalogue:${key}`, source: 'catalogue', name, nameZh, country };
    ids.set(key, await registerMine(tx, { ...site, region, latitude, longitude }));
  }
  return ids;
}

async function seedPlaces(tx: Tx, { places }: Catalogue): Promise<Ids> {
  const ids = new Map<string, string>();
  for (const { key, kind, name, nameZh, country, latitude, longitude } of places) {
    const site = { externalId: `catalogue:${key}`, source: 'catalogue', name, nameZh, country };
    ids.set(key, await registerPlace(tx, { ...site, kind, latitude, longitude }));
  }
  return ids;
}

async function seedLot(
  tx: Tx,
  deps: Deps,
  of: { lot: DemoLot; actor: Actor; id: string; mines: Ids; places: Ids },
): Promise<boolean> {
  if (await listingById(tx, of.id)) return false;
  const { lot } = of;
  const price = formatMoney(lot.price);
  const made = await createListing(
    tx,
    deps,
    of.actor,
    {
      mineId: idOf(of.mines, lot.mine),
      ...(lot.loadPlace !== null && { loadPlaceId: idOf(of.places, lot.loadPlace) }),
      ...(lot.deliveryPlace !== null && { deliveryPlaceId: idOf(of.places, lot.deliveryPlace) }),
      coalRank: lot.rank,
      assay: statementOf(lot.assay, lot.heatTyped),
      quantity: formatTonnes(lot.quantity),
      currency: lot.currency,
      saleMethod: lot.sale,
      ...(lot.sale === 'auction' ? { startPrice: price } : { price }),
      deliveryTerm: lot.deliveryTerm,
      transport: lot.transport,
      ...windowOf(deps, lot.windowDays),
    },
    of.id,
  );
  if (isRefusal(made)) throw new Error(`lot ${lot.key} refused: ${JSON.stringify(made)}`);
  return true;
}

async function seedRequest(
  tx: Tx,
  deps: Deps,
  of: { request: DemoRequest; actor: Actor; id: string; places: Ids },
): Promise<boolean> {
  if (await requestById(tx, of.id)) return false;
  const { request } = of;
  const made = await createRequest(
    tx,
    deps,
    of.actor,
    {
      coalRanks: [...request.ranks],
      limits: request.limits.map(limitStatement),
      quantity: formatTonnes(request.quantity),
      minimumQuantity: formatTonnes(request.minimumQuantity),
      plantPlaceId: idOf(of.places, request.plant),
      currency: request.ceiling.currency,
      priceCeiling: formatMoney(request.ceiling.price),
      ceilingAt: request.ceiling.at,
      ...windowOf(deps, request.windowDays),
    },
    of.id,
  );
  if (isRefusal(made)) throw new Error(`request ${request.key} refused: ${JSON.stringify(made)}`);
  return true;
}

function windowOf(
  { clock }: Deps,
  [from, to]: readonly [number, number],
): { windowFrom: string; windowTo: string } {
  const day = (days: number): string =>
    new Date(clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10);
  return { windowFrom: day(from), windowTo: day(to) };
}

function idOf(ids: Ids, key: string): string {
  const id = ids.get(key);
  if (id === undefined) throw new Error(`the catalogue names ${key} and does not have it`);
  return id;
}

/** 2026-01-01: seeded rows sort before everything that members publish later. */
const DEMO_EPOCH_HEX = Date.UTC(2026, 0, 1).toString(16).padStart(12, '0');

/** The same id for the same key in every run, in the form of all other ids. */
function demoId(key: string): string {
  const hash = createHash('sha256').update(`demo:${key}`).digest('hex');
  const hex = `${DEMO_EPOCH_HEX}7${hash.slice(0, 3)}8${hash.slice(3, 18)}`;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
