/** Lots, mines, places and companies out of PostgreSQL, as the index takes them in. */
import type { Assay, AshFusion, Basis, CoalRank, Share, TransportMode } from '@seam/coal';
import type { ListingState } from '@seam/protocol';
import type { Currency } from '@seam/units';
import type { Organisations } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import type { LotRow, Seller, Site } from './lot-row.ts';
import { searchSite } from './site.ts';

/** What is on offer or in bidding: nothing else is found, whoever asks. */
const ON_MARKET = ['published', 'in_auction'];

type Row = {
  id: string;
  xid: string;
  state: ListingState;
  version: number;
  source: string;
  seller: string;
  mine: string;
  delivery: string | null;
  load: string | null;
  rank: CoalRank;
  mt: number;
  mad: number | null;
  ash: number;
  ashBasis: Basis;
  vm: number | null;
  vmBasis: Basis | null;
  s: number;
  sBasis: Basis;
  cv: number;
  cvKind: 'gross' | 'net';
  cvBasis: Basis;
  hgi: number | null;
  sizeMin: number | null;
  sizeMax: number | null;
  more: { fixedCarbon?: Share; hydrogen?: Share; ashFusion?: AshFusion };
  heat: number | null;
  flags: number;
  quantity: string;
  remaining: string;
  currency: Currency | null;
  price: string | null;
  start: string | null;
  method: string | null;
  term: string | null;
  from: number;
  to: number;
  transport: TransportMode;
  expires: number;
};

/** @param which lots of these ids, whatever became of them, or the next so many on the market after an id. */
export async function readLots(
  sql: Connection,
  which: { readonly ids: readonly string[] } | { readonly after: string; readonly limit: number },
): Promise<LotRow[]> {
  const chosen =
    'ids' in which
      ? sql`id = any(${which.ids as string[]}) and state = any(${ON_MARKET}) order by id`
      : sql`id > ${which.after} and state in ('published', 'in_auction') order by id limit ${which.limit}`;
  const rows = await sql<Row[]>`
    select id, changed_xid::text as xid, state, version, source, seller_id as seller, mine_id as mine,
           delivery_place_id as delivery, load_place_id as load, coal_rank as rank,
           total_moisture_bp as mt, inherent_moisture_bp as mad, ash_bp as ash, ash_basis as "ashBasis",
           volatile_bp as vm, volatile_basis as "vmBasis", sulphur_bp as s, sulphur_basis as "sBasis",
           calorific_j_per_g as cv, calorific_kind as "cvKind", calorific_basis as "cvBasis",
           hardgrove_index as hgi, size_min_mm as "sizeMin", size_max_mm as "sizeMax", assay_more as more,
           search_net_ar_j_per_g as heat, jsonb_array_length(audit_flags) as flags,
           quantity_kg as quantity, remaining_kg as remaining, currency, price_per_tonne as price,
           start_price as start, sale_method as method, delivery_term as term,
           window_from - date '1970-01-01' as from, window_to - date '1970-01-01' as to, transport,
           floor(extract(epoch from expires_at) * 1000)::float8 as expires
      from listing where ${chosen}`;
  return rows.map(lotOf);
}

function lotOf(row: Row): LotRow {
  const number = (text: string | null): number | null => (text === null ? null : Number(text));
  return {
    id: row.id,
    changedXid: row.xid,
    state: row.state,
    version: row.version,
    source: row.source,
    sellerId: row.seller,
    mineId: row.mine,
    deliveryPlaceId: row.delivery,
    loadPlaceId: row.load,
    coalRank: row.rank,
    assay: assayOf(row),
    searchHeat: row.heat,
    quantityKg: Number(row.quantity),
    remainingKg: Number(row.remaining),
    currency: row.currency,
    price: number(row.price),
    startPrice: number(row.start),
    saleMethod: row.method,
    deliveryTerm: row.term,
    windowFrom: row.from,
    windowTo: row.to,
    transport: row.transport,
    flagCount: row.flags,
    expiresAt: row.expires,
  };
}

function assayOf(row: Row): Assay {
  const { fixedCarbon, hydrogen, ashFusion } = row.more;
  return {
    totalMoisture: { basisPoints: row.mt, basis: 'ar' },
    ...(row.mad !== null && { inherentMoisture: { basisPoints: row.mad, basis: 'ad' as const } }),
    ash: { basisPoints: row.ash, basis: row.ashBasis },
    ...(row.vm !== null && row.vmBasis && { volatileMatter: { basisPoints: row.vm, basis: row.vmBasis } }),
    sulphur: { basisPoints: row.s, basis: row.sBasis },
    calorificValue: { joulesPerGram: row.cv, kind: row.cvKind, basis: row.cvBasis },
    ...(row.hgi !== null && { hardgroveIndex: row.hgi }),
    ...(row.sizeMin !== null && row.sizeMax !== null && { size: { minMm: row.sizeMin, maxMm: row.sizeMax } }),
    ...(fixedCarbon && { fixedCarbon }),
    ...(hydrogen && { hydrogen }),
    ...(ashFusion && { ashFusion }),
  };
}

type SiteRow = Omit<Site, 'json'> & { readonly kind: string; readonly source: string };

/** Mines and places of these ids: the two never share one. */
export async function readSites(sql: Connection, ids: readonly string[]): Promise<Site[]> {
  if (ids.length === 0) return [];
  const wanted = ids as string[];
  const mines = await sql<SiteRow[]>`
    select id, name, name_zh as "nameZh", country, latitude, longitude, region, source
      from mine where id = any(${wanted})`;
  const places = await sql<SiteRow[]>`
    select id, kind, name, name_zh as "nameZh", country, latitude, longitude, '' as region
      from place where id = any(${wanted})`;
  return [
    ...mines.map((row) => {
      const { id, name, nameZh, country, region, latitude, longitude, source } = row;
      return searchSite(row, { id, name, nameZh, country, region, latitude, longitude, source });
    }),
    ...places.map((row) => {
      const { id, kind, name, nameZh, country, latitude, longitude } = row;
      return searchSite(row, { id, kind, name, nameZh, country, latitude, longitude });
    }),
  ];
}

/** A company nobody knows is called by its id, as everywhere. */
export async function readSellers(
  sql: Connection,
  organisations: Organisations,
  ids: readonly string[],
): Promise<Seller[]> {
  if (ids.length === 0) return [];
  const known = await organisations(sql, ids);
  return ids.map((id) => {
    const facts = known.get(id);
    return { id, name: facts?.name ?? id, nameZh: facts?.nameZh ?? null };
  });
}
