/** Journeys of a delivery: started by whose tracker it is, seen by its two sides, its carrier and staff. */
import { distanceKm } from '@seam/coal';
import type { Journey, JourneyMode, Journeys } from '@seam/protocol';
import { referenceMarket } from '../../listings/public.ts';
import { type Connection, type Tx, UNIQUE_VIOLATION, isPgError } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { deliveryOrderById } from '../queries.ts';
import type { DeliveryOrderRow } from '../tables.ts';
import { type Position, arrival } from './rules.ts';

const TRACK_MAX = 400;
const JOURNEYS_MAX = 200;

/** Undefined for whoever has no part in this delivery. */
async function visibleOrder(
  connection: Connection,
  id: string,
  { staff, organisationId }: Principal,
): Promise<DeliveryOrderRow | undefined> {
  const order = await deliveryOrderById(connection, id);
  if (!order || staff || order.sellerId === organisationId || order.buyerId === organisationId) return order;
  const carried = await connection`select 1 from transport_request r
    join transport_quote q on q.request_id = r.id and q.state = 'accepted'
    where r.contract_id = ${order.contractId} and q.carrier_id = ${organisationId}`;
  return carried.length > 0 ? order : undefined;
}

export async function startJourney(
  tx: Tx,
  principal: Principal,
  of: {
    readonly deliveryOrderId: string;
    readonly deviceId: string;
    readonly label: string;
    readonly mode: JourneyMode;
    readonly toPlaceId: string;
    readonly now: Date;
  },
): Promise<Refusal | undefined> {
  const order = await visibleOrder(tx, of.deliveryOrderId, principal);
  if (!order) return refuse('resource.not_found');
  const known = /^[0-9a-f-]{36}$/.test(of.deviceId);
  const mine = known
    ? await tx`select 1 from device where id = ${of.deviceId} and kind = 'tracker' and revoked_at is null
        and organisation_id = ${principal.organisationId}`
    : [];
  if (mine.length === 0) return refuse('device.unknown');
  const places = await tx`select 1 from place where id = ${of.toPlaceId} and latitude is not null`;
  if (places.length === 0) return refuse('request.invalid', { fields: { toPlaceId: 'invalid' } });
  try {
    await tx.savepoint(
      async (inner) => inner`insert into journey
        (id, delivery_order_id, device_id, label, mode, to_place_id, started_by, started_at)
        values (${newId()}, ${order.id}, ${of.deviceId}, ${of.label}, ${of.mode}, ${of.toPlaceId},
          ${principal.personId}, ${of.now})`,
    );
    return undefined;
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('journey.tracker_busy');
    throw error;
  }
}

export async function endJourney(
  tx: Tx,
  principal: Principal,
  of: { readonly deliveryOrderId: string; readonly journeyId: string; readonly now: Date },
): Promise<Refusal | undefined> {
  const order = await visibleOrder(tx, of.deliveryOrderId, principal);
  if (!order || !/^[0-9a-f-]{36}$/.test(of.journeyId)) return refuse('resource.not_found');
  const [row] = await tx<{ ended: boolean }[]>`select j.ended_at is not null as ended from journey j
    join device d on d.id = j.device_id and d.organisation_id = ${principal.organisationId}
    where j.id = ${of.journeyId} and j.delivery_order_id = ${order.id} for update of j`;
  if (!row) return refuse('resource.not_found');
  if (row.ended) return refuse('journey.none');
  await tx`update journey set ended_at = ${of.now} where id = ${of.journeyId}`;
  return undefined;
}

type Row = {
  id: string;
  label: string;
  mode: JourneyMode;
  device: string;
  owner: string;
  name: string;
  nameZh: string | null;
  latitude: number;
  longitude: number;
  startedAt: Date;
  endedAt: Date | null;
};

export async function journeysView(
  connection: Connection,
  principal: Principal,
  id: string,
  now: Date,
): Promise<Journeys | undefined> {
  const order = await visibleOrder(connection, id, principal);
  if (!order) return undefined;
  const rows = await connection<Row[]>`select j.id, j.label, j.mode, d.name as device,
      d.organisation_id as owner, p.name, p.name_zh as "nameZh", p.latitude, p.longitude,
      j.started_at as "startedAt", j.ended_at as "endedAt"
    from journey j join device d on d.id = j.device_id join place p on p.id = j.to_place_id
    where j.delivery_order_id = ${order.id} order by j.started_at desc limit ${JOURNEYS_MAX}`;
  const trackers = await connection<{ id: string; name: string }[]>`select d.id, d.name from device d
    where d.organisation_id = ${principal.organisationId} and d.kind = 'tracker' and d.revoked_at is null
      and not exists (select 1 from journey j where j.device_id = d.id and j.ended_at is null)
    order by d.registered_at`;
  const items: Journey[] = [];
  for (const row of rows) items.push(await journeyView(connection, row, principal, now));
  return { deliveryOrderId: order.id, items, trackers: [...trackers], may: { start: !principal.staff } };
}

async function journeyView(
  connection: Connection,
  row: Row,
  { organisationId }: Principal,
  now: Date,
): Promise<Journey> {
  const rows = await connection<{ at: Date; latitude: number; longitude: number; jump: boolean }[]>`
    select at, latitude, longitude, jump from journey_position where journey_id = ${row.id} order by at`;
  const track: Position[] = rows
    .filter(({ jump }) => !jump)
    .map(({ at, latitude, longitude }) => ({ at: at.getTime(), latitude, longitude }));
  const last = track.at(-1);
  const running = row.endedAt === null;
  const wire = ({ at, latitude, longitude }: Position) => ({
    at: new Date(at).toISOString(),
    latitude,
    longitude,
  });
  const remainingKm = running && last ? wayKm(row.mode, distanceKm(last, row)) : null;
  const due = remainingKm === null ? null : arrival(track, remainingKm, now.getTime());
  const silent = Math.floor((now.getTime() - (last?.at ?? row.startedAt.getTime())) / 60_000);
  return {
    id: row.id,
    label: row.label,
    mode: row.mode,
    device: row.device,
    to: { name: row.name, nameZh: row.nameZh, latitude: row.latitude, longitude: row.longitude },
    startedAt: row.startedAt.toISOString(),
    endedAt: row.endedAt?.toISOString() ?? null,
    last: last ? wire(last) : null,
    silentMinutes: running ? Math.max(0, silent) : null,
    flagged: rows.length - track.length,
    track: thinned(track).map(wire),
    remainingKm,
    arrival: due && {
      from: new Date(due.from).toISOString(),
      to: due.to === null ? null : new Date(due.to).toISOString(),
      kilometresPerHour: due.kilometresPerHour,
    },
    may: { end: running && row.owner === organisationId },
  };
}

/** As many points as are drawn, the last always among them. */
function thinned(track: readonly Position[]): Position[] {
  const step = Math.ceil(track.length / TRACK_MAX);
  return track.filter((_point, at) => (track.length - 1 - at) % Math.max(1, step) === 0);
}

/** The great circle with the detour that is usual for the mode, as freight estimates reckon it. */
function wayKm(mode: JourneyMode, greatCircleKm: number): number {
  const detour = referenceMarket('USD').tariffs[mode]?.detourPermille ?? 1000;
  return Math.ceil((greatCircleKm * detour) / 1000);
}
