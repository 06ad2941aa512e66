/** Lots as PostgreSQL has them at this moment, for those who decide by them or are written to. */
import type { LandedCost } from '@seam/coal';
import type { SearchLot } from '@seam/protocol';
import type { Sql } from 'postgres';
import type { Freight, Organisations } from '../listings/public.ts';
import type { Connection } from '../platform/db.ts';
import type { Destination } from './destination.ts';
import { bringNames } from './feed.ts';
import { readLots } from './read-rows.ts';
import { type Question, SearchIndex } from './search-index.ts';
import { lotJson } from './view.ts';

export type LotNow = {
  readonly slot: number;
  readonly lot: SearchLot;
  readonly cost: LandedCost | undefined;
};
export type LotsNow = {
  readonly index: SearchIndex;
  readonly entries: readonly LotNow[];
  readonly destination: Destination | undefined;
};

/** @returns the lots in the order of `ids`; undefined when one of them is not on the market. */
export async function lotsNow(
  deps: { readonly sql: Sql; readonly organisations: Organisations; readonly freight?: Freight },
  sql: Connection,
  ids: readonly string[],
  question: Question,
): Promise<LotsNow | undefined> {
  const rows = await readLots(sql, { ids });
  const index = new SearchIndex(undefined, undefined, deps.freight);
  await bringNames({ sql: deps.sql, organisations: deps.organisations }, index.lots, rows);
  for (const row of rows) index.lots.put(row);
  const { lots } = index;
  const slots = ids.map((id) => lots.slotOf(id));
  if (slots.some((slot) => slot === undefined || lots.real.expires[slot]! <= question.now)) return undefined;
  const destination = question.to && index.destination(question.to);
  const { to, shown } = question.conditions;
  const places = {
    name: '',
    destination,
    distances: destination?.distances,
    toPlaceId: to && 'placeId' in to ? to.placeId : null,
    shown,
  };
  const entries = (slots as number[]).map((slot): LotNow => ({
    slot,
    lot: JSON.parse(lotJson(lots, slot, places)) as SearchLot,
    cost: destination?.exact(slot),
  }));
  return { index, entries, destination };
}
