/** Generated lots in PostgreSQL: mines over the coal basins, qualities and prices as trade has them, one seed. */
import type { Sql } from 'postgres';

/** Country, latitude and longitude of the middle of a basin, how wide it lies in degrees, money, price of 6,000 kcal. */
const BASINS = [
  ['CN', 39, 111, 5, 'CNY', 70_000],
  ['CN', 36, 113, 3, 'CNY', 78_000],
  ['CN', 44, 88, 5, 'CNY', 42_000],
  ['ID', -1, 116, 3, 'USD', 8_000],
  ['ID', -3.5, 104, 2, 'USD', 7_000],
  ['AU', -23, 148, 3, 'AUD', 17_000],
  ['AU', -32.5, 150.5, 2, 'AUD', 18_000],
  ['IN', 23.5, 85, 3, 'INR', 480_000],
  ['ZA', -26, 29.3, 1.5, 'ZAR', 160_000],
  ['US', 43.5, -105.5, 2, 'USD', 3_500],
] as const;
const MINES_EACH = 300;

/** Plants whose people search: each place is one that coal comes to. */
export const PLANTS = [
  ['CN', 31.3, 121.5],
  ['CN', 23.1, 113.4],
  ['IN', 22.8, 69.7],
  ['DE', 51.5, 7.0],
] as const;

/** Fills mine, place and listing. Every number follows from the row's own: the same lots in every run. */
export async function generateLots(sql: Sql, lots: number): Promise<void> {
  await sql.unsafe(`
    create function noise(n bigint, salt int) returns float8 immutable parallel safe language sql as
      $$ select (hashint8extended(n, salt) & 2147483647) / 2147483648.0 $$`);
  // As the exchange rounds what it converts between bases.
  await sql.unsafe(`
    create function half_even(n numeric) returns int immutable parallel safe language sql as
      $$ select round(n) - case when n - trunc(n) = 0.5 and trunc(n) % 2 = 0 then 1 else 0 end $$`);
  const rows = BASINS.map(
    ([country, latitude, longitude, width, currency, price], at) =>
      `(${at}, '${country}', ${latitude}, ${longitude}, ${width}, '${currency}', ${price})`,
  ).join(',');
  await sql.unsafe(`create table basin as select * from (values ${rows})
    as b (at, country, latitude, longitude, width, currency, price)`);
  await sql.unsafe(`
    insert into mine (id, name, country, region, latitude, longitude, source)
    select 'm-' || at || '-' || n, 'Mine ' || at || ' ' || n, country, 'Basin ' || at,
           latitude + (noise(n, 1) - 0.5) * width, longitude + (noise(n, 2) - 0.5) * width, 'catalogue'
      from basin, generate_series(1, ${MINES_EACH}) n`);
  await sql.unsafe(`
    insert into place (id, kind, name, country, latitude, longitude, mine_id, source)
    select 'p' || substr(id, 2), 'mine_mouth', name, country, latitude, longitude, id, 'catalogue' from mine`);
  for (let from = 1; from <= lots; from += 50_000) await insertLots(sql, from, Math.min(lots, from + 49_999));
  await sql.unsafe('vacuum analyze listing');
}

async function insertLots(sql: Sql, from: number, to: number): Promise<void> {
  await sql.unsafe(`
    with drawn as (
      select n, b.*, 1 + (noise(n, 11) * ${MINES_EACH - 1})::int as mine, noise(n, 12) as q, noise(n, 13) as s,
             noise(n, 14) as w, noise(n, 15) as v, noise(n, 16) as t, noise(n, 17) as p, noise(n, 18) as d
        from generate_series(${from}, ${to}) n join basin b on b.at = (noise(n, 10) * ${BASINS.length})::int % ${BASINS.length}),
    coal as (select *, 16000 + (q * 10500)::int as cv, 500 + (d * 2500)::int as ash_d, 600 + (w * 2400)::int as mt from drawn)
    insert into listing (id, seller_id, created_by, source, state, mine_id, load_place_id, delivery_place_id, coal_rank,
      total_moisture_bp, inherent_moisture_bp, ash_bp, ash_basis, volatile_bp, volatile_basis, sulphur_bp, sulphur_basis,
      calorific_j_per_g, calorific_kind, calorific_basis, calorific_typed, calorific_unit, hardgrove_index,
      size_min_mm, size_max_mm, search_net_ar_j_per_g, search_ash_ar_bp, search_sulphur_ar_bp,
      quantity_kg, remaining_kg, currency, price_per_tonne, sale_method, delivery_term, window_from, window_to, transport, expires_at)
    select '0192f3a0-' || lpad(to_hex(n), 8, '0'), 'seller-' || n % 500, 'person', 'member', 'published',
      'm-' || at || '-' || mine, 'p-' || at || '-' || mine, 'p-' || at || '-' || mine,
      (array['anthracite','coking','bituminous','bituminous','sub_bituminous','lignite'])[1 + (noise(n, 20) * 5.99)::int % 6],
      mt, 200 + mt / 4, ash_d, 'd', 2000 + (v * 2600)::int, 'daf', 20 + (s * s * 280)::int, 'd',
      cv, 'net', 'ar', cv::text, 'J/g', 40 + (v * 40)::int, 0, 50,
      cv, half_even(ash_d * (10000 - mt) / 10000.0), half_even((20 + (s * s * 280)::int) * (10000 - mt) / 10000.0),
      1000000 + (t * 99000000)::bigint, 1000000 + (t * 99000000)::bigint, currency,
      (price * (cv / 25121.0) * (0.8 + 0.4 * p))::bigint, 'fixed_price', 'fca',
      date '2027-01-01' + (d * 120)::int, date '2027-01-01' + (d * 120)::int + 30,
      (array['rail','rail','sea','sea','road','river'])[1 + (noise(n, 21) * 5.99)::int % 6], '2099-01-01'
    from coal`);
}
