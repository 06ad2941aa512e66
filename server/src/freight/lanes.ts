/** Lanes and their tariffs as stored, and as the search of ways holds them. */
import type { TransportMode } from '@seam/coal';
import type { Currency } from '@seam/units';
import type { Connection } from '../platform/db.ts';
import type { Located } from './estimate.ts';
import type { FreightPlace } from './route.ts';
import type { StoredTerms } from './tables.ts';
import type { Lane, TariffTerms } from './tariff.ts';

export function termsOf(stored: StoredTerms): TariffTerms {
  switch (stored.kind) {
    case 'per_tonne':
      return { kind: 'per_tonne', perTonne: BigInt(stored.perTonne) };
    case 'per_tonne_km':
      return {
        kind: 'per_tonne_km',
        perThousandTonneKm: BigInt(stored.perThousandTonneKm),
        terminal: BigInt(stored.terminal),
        minimum: BigInt(stored.minimum),
      };
    case 'weight_steps':
      return {
        kind: 'weight_steps',
        steps: stored.steps.map(({ fromKg, perTonne }) => ({
          fromKg: BigInt(fromKg),
          perTonne: BigInt(perTonne),
        })),
      };
  }
}

/** What stands on `day`. @param day in UTC. */
export type Moment = {
  readonly day: string;
  /** As the tariffs were known then; left out: as they are. */
  readonly asOf?: Date;
};

type Row = {
  id: string;
  version: number;
  from: string;
  to: string;
  mode: TransportMode;
  carrierId: string | null;
  currency: Currency;
  terms: StoredTerms;
  loading: string;
  unloading: string;
  lossPermille: number;
  distanceKm: number;
  hours: number;
};

/** Every lane with a tariff of that day. */
export async function readLanes(connection: Connection, { day, asOf }: Moment): Promise<Lane[]> {
  const rows = await connection<Row[]>`
    select l.id, t.version, l.from_place_id as from, l.to_place_id as to, l.mode, l.carrier_id as "carrierId",
           t.currency, t.terms, t.loading, t.unloading, t.loss_permille as "lossPermille",
           t.distance_km as "distanceKm", t.hours
      from freight_tariff t join freight_lane l on l.id = t.lane_id
     where t.valid_from <= ${day} and (t.valid_to is null or t.valid_to >= ${day})
       and ${
         asOf
           ? connection`t.made_at <= ${asOf} and (t.ended_at is null or t.ended_at > ${asOf})`
           : connection`t.ended_at is null`
       }
     order by l.id`;
  return rows.map(({ terms, loading, unloading, ...row }) => ({
    ...row,
    terms: termsOf(terms),
    loading: BigInt(loading),
    unloading: BigInt(unloading),
  }));
}

/** Every place that a lane touches. */
export async function readFreightPlaces(connection: Connection): Promise<Map<string, FreightPlace>> {
  const rows = await connection<(Located & { id: string })[]>`select id, latitude, longitude from place
    where id in (select from_place_id from freight_lane union select to_place_id from freight_lane)`;
  return new Map(rows.map(({ id, latitude, longitude }) => [id, { id, latitude, longitude }]));
}
