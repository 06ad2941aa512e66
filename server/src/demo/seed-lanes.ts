/** Lanes of the demo, by the commands that the centre and carriers use. One that is there stays as it is. */
import type { Sql } from 'postgres';
import { type LaneDeps, createLane } from '../freight/public.ts';
import { isRefusal } from '../platform/refusal.ts';
import { type DemoLane, demoLanes } from './catalogue/lanes.ts';

/** Valid from long before: a figure of any day can be asked for. */
const VALID_FROM = '2026-01-01';

/**
 * @param members by key, for lanes of carriers; those of others are left out, and so are lanes of mines where
 *   nothing is sold. @returns how many were made. @throws when the exchange refuses a lane: the catalogue is wrong.
 */
export async function seedLanes(
  sql: Sql,
  deps: LaneDeps,
  of: {
    readonly staffPersonId: string;
    readonly members: ReadonlyMap<string, { readonly organisationId: string; readonly personId: string }>;
  },
): Promise<number> {
  return sql.begin(async (tx) => {
    const places = await tx<{ id: string; key: string }[]>`
      select p.id, coalesce(p.external_id, 'mine:' || m.external_id) as key
        from place p left join mine m on m.id = p.mine_id
       where p.external_id like 'catalogue:%' or m.external_id like 'catalogue:%'`;
    const ids = new Map(places.map(({ id, key }) => [key.replace('catalogue:', ''), id]));
    let made = 0;
    for (const lane of demoLanes) {
      const [from, to] = [ids.get(lane.from), ids.get(lane.to)];
      const carrier = lane.carrier === undefined ? null : of.members.get(lane.carrier);
      if (from === undefined || to === undefined || carrier === undefined) continue;
      const done = await createLane(
        tx,
        deps,
        { personId: carrier?.personId ?? of.staffPersonId, carrierId: carrier?.organisationId ?? null },
        inputOf(lane, from, to),
      );
      if (!isRefusal(done)) made += 1;
      else if (done.refused !== 'freight.lane_exists')
        throw new Error(`lane ${lane.from} – ${lane.to} refused: ${JSON.stringify(done)}`);
    }
    return made;
  });
}

function inputOf(lane: DemoLane, from: string, to: string): Parameters<typeof createLane>[3] {
  const { charge, handling, tonnesAMonth } = lane;
  return {
    fromPlaceId: from,
    toPlaceId: to,
    mode: lane.mode,
    tariff: {
      ...(typeof charge === 'string'
        ? { kind: 'per_tonne', perTonne: charge }
        : { kind: 'per_tonne_km', ...charge }),
      currency: lane.currency,
      loading: handling[0],
      unloading: handling[1],
      lossPermille: String(lane.lossPermille),
      distanceKm: String(lane.km),
      hours: String(lane.hours),
      validFrom: VALID_FROM,
      source: 'demo',
    },
    ...(tonnesAMonth !== undefined && {
      capacity: { quantity: String(tonnesAMonth), per: 'month' as const },
    }),
  };
}
