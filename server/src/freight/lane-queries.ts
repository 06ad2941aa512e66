/** Lanes as everybody reads them: tariffs are public, and so is how much room is left. */
import type { LaneDetail, LaneView } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { and, asc, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import { placesById } from '../listings/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { termsOf } from './lanes.ts';
import { PAGE, REFERENCE_CONSIGNMENT_KG, SLOTS_AHEAD } from './limits.ts';
import type { FreightDeps } from './ports.ts';
import { dayOf, nextSlot, slotOf } from './slots.ts';
import {
  type LaneRow,
  type SlotRow,
  type TariffRow,
  freightLane,
  freightSlot,
  freightTariff,
} from './tables.ts';
import { type Lane, haulagePerTonne } from './tariff.ts';
import { partyIn, placeIn, slotView, tariffView } from './view.ts';

type ViewDeps = Pick<FreightDeps, 'clock' | 'organisations'>;
/** Undefined for the centre and for visitors. */
export type Viewer = { readonly organisationId: string; readonly staff: boolean } | null;

export async function listLanes(
  deps: ViewDeps,
  connection: Connection,
  viewer: Viewer,
  of: { mode?: LaneView['mode']; placeId?: string; carrierId?: string; cursor?: string },
): Promise<{ items: LaneView[]; nextCursor: string | null }> {
  const rows = await orm(connection)
    .select()
    .from(freightLane)
    .where(
      and(
        of.mode ? eq(freightLane.mode, of.mode) : undefined,
        of.carrierId ? eq(freightLane.carrierId, of.carrierId) : undefined,
        of.placeId
          ? or(eq(freightLane.fromPlaceId, of.placeId), eq(freightLane.toPlaceId, of.placeId))
          : undefined,
        of.cursor ? gt(freightLane.id, of.cursor) : undefined,
      ),
    )
    .orderBy(asc(freightLane.id))
    .limit(PAGE + 1);
  const page = rows.slice(0, PAGE);
  const nextCursor = rows.length > PAGE ? (page.at(-1)?.id ?? null) : null;
  return { items: await laneViews(deps, connection, viewer, page), nextCursor };
}

export async function laneDetail(
  deps: ViewDeps,
  connection: Connection,
  viewer: Viewer,
  id: string,
): Promise<LaneDetail | undefined> {
  const row = first(await orm(connection).select().from(freightLane).where(eq(freightLane.id, id)));
  const [view] = row ? await laneViews(deps, connection, viewer, [row]) : [];
  if (!view) return undefined;
  const versions = await orm(connection)
    .select()
    .from(freightTariff)
    .where(eq(freightTariff.laneId, id))
    .orderBy(sql`version desc`);
  return { ...view, versions: versions.map(tariffView) };
}

export async function laneViews(
  deps: ViewDeps,
  connection: Connection,
  viewer: Viewer,
  rows: readonly LaneRow[],
): Promise<LaneView[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const today = dayOf(deps.clock.now().getTime());
  const [places, names, tariffs, slots] = await Promise.all([
    placesById(
      connection,
      rows.flatMap((row) => [row.fromPlaceId, row.toPlaceId]),
    ),
    deps.organisations(connection, [...new Set(rows.flatMap(({ carrierId }) => carrierId ?? []))]),
    orm(connection)
      .select()
      .from(freightTariff)
      .where(and(inArray(freightTariff.laneId, ids), isNull(freightTariff.endedAt)))
      .orderBy(asc(freightTariff.validFrom)),
    orm(connection).select().from(freightSlot).where(inArray(freightSlot.laneId, ids)),
  ]);
  return rows.map((row) => {
    const tariff = standingOn(
      tariffs.filter(({ laneId }) => laneId === row.id),
      today,
    );
    return {
      id: row.id,
      from: placeIn(places, row.fromPlaceId),
      to: placeIn(places, row.toPlaceId),
      mode: row.mode,
      carrier: row.carrierId === null ? null : partyIn(names, row.carrierId),
      tariff: tariff ? tariffView(tariff) : null,
      perTonne: tariff ? perTonne(row, tariff) : null,
      capacity:
        row.capacityKg !== null && row.capacityPer !== null
          ? { quantity: formatTonnes(row.capacityKg), per: row.capacityPer }
          : null,
      slots: slotsOf(
        row,
        slots.filter(({ laneId }) => laneId === row.id),
        today,
      ),
      own:
        viewer !== null && (viewer.staff ? row.carrierId === null : row.carrierId === viewer.organisationId),
    };
  });
}

/** Of today, or else the next to come. */
function standingOn(tariffs: readonly TariffRow[], day: string): TariffRow | undefined {
  const ahead = tariffs.filter(({ validTo }) => validTo === null || validTo >= day);
  return ahead[0];
}

function perTonne(row: LaneRow, tariff: TariffRow): string | null {
  const lane: Lane = {
    ...tariff,
    ...row,
    from: row.fromPlaceId,
    to: row.toPlaceId,
    terms: termsOf(tariff.terms),
  };
  const haulage = haulagePerTonne(lane, REFERENCE_CONSIGNMENT_KG);
  return haulage === undefined ? null : formatMoney(haulage + tariff.loading + tariff.unloading);
}

/** Slots that nobody has asked for yet are whole. */
function slotsOf(row: LaneRow, known: readonly SlotRow[], today: string): LaneView['slots'] {
  const { capacityKg, capacityPer } = row;
  if (capacityKg === null || capacityPer === null) return [];
  const views: LaneView['slots'] = [];
  let begins = slotOf(capacityPer, today);
  for (let n = 0; n < SLOTS_AHEAD; n += 1) {
    const at = begins;
    const slot = known.find((each) => each.begins === at) ?? { begins, capacityKg, takenKg: 0n };
    views.push(slotView(capacityPer, slot));
    begins = nextSlot(capacityPer, begins);
  }
  return views;
}
