/**
 * What the centre and carriers do with lanes. Each runs in the caller's transaction and locks the lane first:
 * two tariffs at once follow one after the other, and the second sees the first.
 */
import { TRANSPORT_MODES } from '@seam/coal';
import type { LaneInput, TariffInput } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, asc, eq, isNull } from 'drizzle-orm';
import { type PlaceRow, placesById } from '../listings/public.ts';
import type { Clock } from '../platform/clock.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { type CheckedTariff, Faults, type Fields, checkTariff, refusalOf } from './input.ts';
import type { IsCarrier } from './ports.ts';
import { addDays, dayOf, slotOf } from './slots.ts';
import { type CapacityPeriod, type LaneRow, type TariffRow, freightLane, freightTariff } from './tables.ts';

export type LaneDeps = { readonly clock: Clock; readonly isCarrier: IsCarrier };
/** Whose lanes one may keep: the centre its public ones (null), a carrier its own. */
export type Keeper = { readonly personId: string; readonly carrierId: string | null };

const MAY_KEEP = new Set(['admin', 'trader', 'dispatcher']);

export async function keeperOf(tx: Tx, deps: LaneDeps, principal: Principal): Promise<Keeper | Refusal> {
  if (principal.staff) return { personId: principal.personId, carrierId: null };
  const may =
    principal.organisationStatus === 'active' &&
    principal.roles.some((role) => MAY_KEEP.has(role)) &&
    (await deps.isCarrier(tx, principal.organisationId));
  if (!may) return refuse('freight.carriers_only');
  return { personId: principal.personId, carrierId: principal.organisationId };
}

export async function createLane(
  tx: Tx,
  deps: LaneDeps,
  keeper: Keeper,
  input: LaneInput,
): Promise<LaneRow | Refusal> {
  const faults = new Faults();
  const mode = TRANSPORT_MODES.find((name) => name === input.mode);
  if (!mode) faults.add('mode', 'freight.mode_unknown', TRANSPORT_MODES.join(', '));
  const ends = await endsOf(tx, input, faults);
  const capacityKg = input.capacity ? faults.quantity('capacity.quantity', input.capacity.quantity) : null;
  // Without places there is no distance to judge a tariff by; its other faults are found all the same.
  const nowhere = { latitude: null, longitude: null };
  const tariff = checkTariff(input.tariff, {
    mode: mode ?? 'rail',
    from: ends?.from ?? nowhere,
    to: ends?.to ?? nowhere,
  });
  if (isRefusal(tariff)) {
    const { 'tariff.distanceKm': distance, ...others } = (tariff.fields ?? {}) as Fields;
    Object.assign(faults.fields, { ...others, ...(distance && ends && { 'tariff.distanceKm': distance }) });
  }
  const refusal = refusalOf(faults.fields, { ...(isRefusal(tariff) && tariff.accepted), ...faults.accepted });
  if (refusal) return refusal;
  assert(mode && !isRefusal(tariff), 'a lane without faults');
  const [row] = await orm(tx)
    .insert(freightLane)
    .values({
      id: newId(),
      fromPlaceId: input.fromPlaceId,
      toPlaceId: input.toPlaceId,
      mode,
      carrierId: keeper.carrierId,
      capacityKg,
      capacityPer: input.capacity?.per ?? null,
      createdBy: keeper.personId,
      createdAt: deps.clock.now(),
    })
    .onConflictDoNothing()
    .returning();
  if (!row) return refuse('freight.lane_exists', { fields: { toPlaceId: 'freight.lane_exists' } });
  await insertTariff(tx, row, 1, tariff, { by: keeper.personId, at: deps.clock.now() });
  return row;
}

/**
 * @param of.replaces a version that stands and ends with this one. Where the new one begins later, the days
 *   before stay under the old terms, as a version of their own.
 */
export async function setTariff(
  tx: Tx,
  deps: LaneDeps,
  keeper: Keeper,
  of: { readonly laneId: string; readonly tariff: TariffInput; readonly replaces?: number | undefined },
): Promise<LaneRow | Refusal> {
  const lane = await lockLane(tx, keeper, of.laneId);
  if (!lane) return refuse('resource.not_found');
  const places = await placesById(tx, [lane.fromPlaceId, lane.toPlaceId]);
  const [from, to] = [places.get(lane.fromPlaceId), places.get(lane.toPlaceId)];
  assert(from && to, `lane ${lane.id} has lost its places`);
  const tariff = checkTariff(of.tariff, { mode: lane.mode, from, to });
  if (isRefusal(tariff)) return tariff;
  return putTariff(tx, lane, tariff, { by: keeper.personId, at: deps.clock.now(), replaces: of.replaces });
}

/** Of a lane that is locked. */
export async function putTariff(
  tx: Tx,
  lane: LaneRow,
  tariff: CheckedTariff,
  made: { readonly by: string; readonly at: Date; readonly replaces?: number | undefined },
): Promise<LaneRow | Refusal> {
  const versions = await versionsOf(tx, lane.id);
  const standing = versions.filter((each) => each.endedAt === null);
  const old = standing.find((each) => each.version === made.replaces);
  if (made.replaces !== undefined && !old) {
    const accepted = standing.map(({ version }) => version).join(', ');
    return refuse('freight.tariff_unknown', { accepted: { replaces: accepted } });
  }
  const overlapped = standing.find((each) => each !== old && overlaps(each, tariff));
  if (overlapped) {
    const { validFrom, validTo, version } = overlapped;
    return refuse('freight.validity_overlaps', {
      detail: `version ${version} is valid ${validFrom} – ${validTo ?? '…'}`,
      fields: { 'tariff.validFrom': 'freight.validity_overlaps' },
    });
  }
  let version = (versions.at(-1)?.version ?? 0) + 1;
  if (old) {
    await endVersion(tx, old, made.at);
    const lastDay = addDays(tariff.validFrom, -1);
    if (old.validFrom <= lastDay) {
      const validTo = old.validTo !== null && old.validTo < lastDay ? old.validTo : lastDay;
      await insertTariff(tx, lane, version, { ...old, validTo }, made);
      version += 1;
    }
  }
  await insertTariff(tx, lane, version, tariff, made);
  return lane;
}

export async function endTariff(
  tx: Tx,
  deps: LaneDeps,
  keeper: Keeper,
  of: { readonly laneId: string; readonly version: number },
): Promise<LaneRow | Refusal> {
  const lane = await lockLane(tx, keeper, of.laneId);
  if (!lane) return refuse('resource.not_found');
  const row = (await versionsOf(tx, lane.id)).find((each) => each.version === of.version);
  if (!row || row.endedAt !== null) return refuse('freight.tariff_unknown');
  await endVersion(tx, row, deps.clock.now());
  return lane;
}

/** Slots of today and later take the new capacity; none may have more taken than that. */
export async function setCapacity(
  tx: Tx,
  deps: LaneDeps,
  keeper: Keeper,
  of: { readonly laneId: string; readonly quantity: string; readonly per: CapacityPeriod },
): Promise<LaneRow | Refusal> {
  const lane = await lockLane(tx, keeper, of.laneId);
  if (!lane) return refuse('resource.not_found');
  const faults = new Faults();
  const capacityKg = faults.quantity('quantity', of.quantity);
  const refusal = refusalOf(faults.fields);
  if (refusal) return refusal;
  const current = slotOf(lane.capacityPer ?? of.per, dayOf(deps.clock.now().getTime()));
  const [taken] = await tx<{ most: string | null }[]>`select max(taken_kg) as most from freight_slot
    where lane_id = ${lane.id} and begins >= ${current}`;
  const most = BigInt(taken?.most ?? 0);
  // Room of weeks cannot become room of months: what is taken would stand in no slot.
  const moved = lane.capacityPer !== null && lane.capacityPer !== of.per && most > 0n;
  if (most > capacityKg || moved)
    return refuse('freight.capacity_below_reserved', {
      fields: { [moved ? 'per' : 'quantity']: 'freight.capacity_below_reserved' },
      accepted: moved ? { per: lane.capacityPer ?? '' } : { quantity: `≥ ${formatTonnes(most)}` },
    });
  await tx`delete from freight_slot s where lane_id = ${lane.id} and begins >= ${current} and taken_kg = 0
    and not exists (select 1 from freight_reservation r where r.lane_id = s.lane_id and r.begins = s.begins)`;
  await tx`update freight_slot set capacity_kg = ${String(capacityKg)}
    where lane_id = ${lane.id} and begins >= ${current}`;
  const [row] = await orm(tx)
    .update(freightLane)
    .set({ capacityKg, capacityPer: of.per })
    .where(eq(freightLane.id, lane.id))
    .returning();
  return row ?? lane;
}

/** Locked; for those who do not keep it, a lane is not there to be changed. */
export async function lockLane(tx: Tx, keeper: Keeper, id: string): Promise<LaneRow | undefined> {
  const own =
    keeper.carrierId === null ? isNull(freightLane.carrierId) : eq(freightLane.carrierId, keeper.carrierId);
  return first(
    await orm(tx)
      .select()
      .from(freightLane)
      .where(and(eq(freightLane.id, id), own))
      .for('update'),
  );
}

export async function versionsOf(tx: Tx, laneId: string): Promise<TariffRow[]> {
  return orm(tx)
    .select()
    .from(freightTariff)
    .where(eq(freightTariff.laneId, laneId))
    .orderBy(asc(freightTariff.version));
}

function overlaps(
  a: Pick<TariffRow, 'validFrom' | 'validTo'>,
  b: Pick<TariffRow, 'validFrom' | 'validTo'>,
): boolean {
  return (a.validTo === null || a.validTo >= b.validFrom) && (b.validTo === null || b.validTo >= a.validFrom);
}

async function endVersion(tx: Tx, { laneId, version }: TariffRow, at: Date): Promise<void> {
  await orm(tx)
    .update(freightTariff)
    .set({ endedAt: at })
    .where(and(eq(freightTariff.laneId, laneId), eq(freightTariff.version, version)));
}

async function insertTariff(
  tx: Tx,
  lane: LaneRow,
  version: number,
  tariff: CheckedTariff,
  made: { readonly by: string; readonly at: Date },
): Promise<void> {
  await orm(tx)
    .insert(freightTariff)
    .values({
      ...tariff,
      laneId: lane.id,
      laneNumber: lane.number,
      version,
      madeBy: made.by,
      madeAt: made.at,
      endedAt: null,
    });
}

/** Both places, when there are two. */
async function endsOf(
  tx: Tx,
  input: { readonly fromPlaceId: string; readonly toPlaceId: string },
  faults: Faults,
): Promise<{ from: PlaceRow; to: PlaceRow } | undefined> {
  const places = await placesById(tx, [input.fromPlaceId, input.toPlaceId]);
  const [from, to] = [places.get(input.fromPlaceId), places.get(input.toPlaceId)];
  if (!from) faults.add('fromPlaceId', 'freight.place_unknown');
  if (!to) faults.add('toPlaceId', 'freight.place_unknown');
  if (from && from === to) faults.add('toPlaceId', 'freight.same_place');
  return from && to && { from, to };
}
