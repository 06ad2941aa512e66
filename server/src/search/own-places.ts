/** Where a company burns or hands over coal, as far as it has said so. */
import type { PlaceView } from '@seam/protocol';
import { placeView, placesById } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import { OWN_PLACES_MAX } from './limits.ts';

/** The plants of its requests, the latest first, then the places it has added. */
export async function ownPlaces(sql: Connection, organisationId: string): Promise<PlaceView[]> {
  const rows = await sql<{ id: string }[]>`
    select id, max(at) as at from (
      select plant_place_id as id, created_at as at from request where buyer_id = ${organisationId}
      union all
      select id, '-infinity' from place where created_by = ${organisationId}) own
     group by id order by at desc, id desc limit ${OWN_PLACES_MAX}`;
  const places = await placesById(
    sql,
    rows.map(({ id }) => id),
  );
  return rows.flatMap(({ id }) => {
    const place = places.get(id);
    return place && place.latitude !== null ? [placeView(place)] : [];
  });
}
