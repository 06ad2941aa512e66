/**
 * PostgreSQL at its best: the cost of every lot at every plant computed beforehand and indexed in that order
 * with all that is filtered by inside the index, a second index that begins with the filters, a third that
 * holds what facets count, and each lot's JSON written beforehand, what it costs at each plant too. No exchange
 * could keep this for every place of its visitors.
 */
import { type TransportMode, distanceKm } from '@seam/coal';
import { reaches, referenceMarket } from '../../src/listings/public.ts';
import type { Sql } from 'postgres';
import { PLANTS } from './lots.ts';

export async function makePeerTables(sql: Sql, plants: number): Promise<void> {
  await sql.unsafe(`
    create table lot_doc as select l.id, json_build_object('id', l.id, 'state', state, 'version', version,
      'source', l.source, 'seller', json_build_object('id', seller_id, 'name', seller_id, 'nameZh', null),
      'mine', json_build_object('id', m.id, 'name', m.name, 'nameZh', m.name_zh, 'country', m.country,
        'region', m.region, 'latitude', m.latitude, 'longitude', m.longitude, 'source', m.source),
      'coalRank', coal_rank, 'totalMoistureAr', (total_moisture_bp / 100.0)::numeric(6,2)::text,
      'ashAr', (search_ash_ar_bp / 100.0)::numeric(6,2)::text,
      'sulphurAr', (search_sulphur_ar_bp / 100.0)::numeric(6,2)::text, 'netCalorificValue', search_net_ar_j_per_g,
      'quantity', (quantity_kg / 1000.0)::numeric(12,3)::text, 'remaining', (remaining_kg / 1000.0)::numeric(12,3)::text,
      'currency', currency, 'price', (price_per_tonne / 100.0)::numeric(14,2)::text, 'startPrice', null,
      'saleMethod', sale_method, 'deliveryTerm', delivery_term,
      'deliveryPlace', json_build_object('id', p.id, 'kind', p.kind, 'name', p.name, 'nameZh', p.name_zh,
        'country', p.country, 'latitude', p.latitude, 'longitude', p.longitude),
      'windowFrom', window_from, 'windowTo', window_to, 'transport', transport, 'flagCount', 0,
      'expiresAt', to_char(expires_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))::text as doc
      from listing l join mine m on m.id = l.mine_id join place p on p.id = l.delivery_place_id`);
  await sql.unsafe('alter table lot_doc add primary key (id)');
  for (let plant = 0; plant < plants; plant += 1) await makePlant(sql, plant);
  await sql.unsafe('vacuum analyze');
}

async function makePlant(sql: Sql, plant: number): Promise<void> {
  const [, latitude, longitude] = PLANTS[plant]!;
  const market = referenceMarket('USD');
  const places = await sql<{ id: string; latitude: number; longitude: number }[]>`
    select id, latitude, longitude from place where kind = 'mine_mouth'`;
  const way = places.map((place) => ({ id: place.id, km: distanceKm(place, { latitude, longitude }) }));
  await sql.unsafe('create temp table way (id text primary key, km int)');
  for (let from = 0; from < way.length; from += 5_000)
    await sql`insert into way ${sql(way.slice(from, from + 5_000))}`;
  const rates = Object.entries(market.rates).map(
    ([currency, { numerator, denominator }]) =>
      `('${currency}', ${numerator}::numeric, ${denominator}::numeric)`,
  );
  const tariffs = Object.entries(market.tariffs).map(([mode, tariff]) => {
    const reach = [100, 1_500, 2_500, 4_500, 20_100]
      .filter((km) => reaches(mode as TransportMode, km))
      .at(-1);
    const { fixed, perThousandTonneKm, detourPermille } = tariff;
    return `('${mode}', ${fixed}::numeric, ${perThousandTonneKm}::numeric * ${detourPermille}, ${reach})`;
  });
  const table = `lot_at_${plant}`;
  await sql.unsafe(`
    create temp table cost as
    select l.id, w.km, w.km <= t.reach as is_near, t.fixed + t.per_km * w.km / 1000000 as freight,
           price_per_tonne * r.numerator / r.denominator as price, search_net_ar_j_per_g as heat
      from listing l join way w on w.id = l.delivery_place_id
      join (values ${rates.join(',')}) r (currency, numerator, denominator) on r.currency = l.currency
      join (values ${tariffs.join(',')}) t (mode, fixed, per_km, reach) on t.mode = l.transport`);
  await sql.unsafe(`
    create table ${table} as
    select l.id, case when is_near then ((c.price + freight) * 1000 / heat)::float8 else 'infinity'::float8 end as landed,
           coal_rank as rank, transport, heat, search_ash_ar_bp as ash, search_sulphur_ar_bp as sulphur,
           total_moisture_bp as moisture, km, m.country, sale_method as method, delivery_term as term, currency
      from listing l join cost c using (id) join mine m on m.id = l.mine_id`);
  const money = (amount: string): string => `(${amount} / 100)::numeric(14,2)::text`;
  await sql.unsafe(`
    create table text_at_${plant} as
    select id, case when is_near then json_build_object('placeId', null, 'currency', 'USD', 'distanceKm', km,
             'freightBasis', 'estimate', 'freightPerTonne', ${money('round(freight)')},
             'landedPerTonne', ${money('round(price + freight)')},
             'perGigajoule', ${money('round((price + freight) * 1000 / heat)')})::text else 'null' end as landed,
           case when is_near then 'null' else '"out_of_reach"' end as unknown, km from cost`);
  await sql.unsafe(`alter table text_at_${plant} add primary key (id)`);
  await sql.unsafe(
    `create index on ${table} (landed, id) include (rank, transport, heat, ash, sulphur, moisture, km)`,
  );
  await sql.unsafe(`create index on ${table} (rank, transport, heat, sulphur, ash, landed, id)`);
  await sql.unsafe(
    `create index on ${table} (heat, sulphur, ash, moisture, km)
       include (rank, transport, country, method, term, currency)`,
  );
  await sql.unsafe('drop table way, cost');
}
