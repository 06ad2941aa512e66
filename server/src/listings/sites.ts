/** Mines and places: the register everyone reads, and how members add to it. */
import type { MineView, NewPlace, PlaceView } from '@seam/protocol';
import { and, asc, eq, ilike, inArray, or, sql } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import { REGISTER_ROWS_MAX } from './limits.ts';
import type { Actor } from './ports.ts';
import { checkCoordinates, refusalOf } from './readers.ts';
import { type MineRow, type PlaceRow, mine, place } from './tables.ts';

export function mineView(row: MineRow): MineView {
  const { id, name, nameZh, country, region, latitude, longitude, source } = row;
  return { id, name, nameZh, country, region, latitude, longitude, source };
}

export function placeView(row: PlaceRow): PlaceView {
  const { id, kind, name, nameZh, country, latitude, longitude } = row;
  return { id, kind, name, nameZh, country, latitude, longitude };
}

/** A pattern in which the visitor's % and _ mean themselves. */
export function contains(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}

export async function findPlaces(
  connection: Connection,
  of: { text?: string; kind?: PlaceView['kind'] },
): Promise<PlaceView[]> {
  const pattern = of.text && contains(of.text);
  const rows = await orm(connection)
    .select()
    .from(place)
    .where(
      and(
        of.kind ? eq(place.kind, of.kind) : undefined,
        pattern ? or(ilike(place.name, pattern), ilike(place.nameZh, pattern)) : undefined,
      ),
    )
    .orderBy(asc(place.country), asc(place.name), asc(place.id))
    .limit(REGISTER_ROWS_MAX);
  return rows.map(placeView);
}

export async function mineById(connection: Connection, id: string): Promise<MineRow | undefined> {
  return first(await orm(connection).select().from(mine).where(eq(mine.id, id)));
}

export async function placeById(connection: Connection, id: string): Promise<PlaceRow | undefined> {
  return first(await orm(connection).select().from(place).where(eq(place.id, id)));
}

export async function minesById(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, MineRow>> {
  if (ids.length === 0) return new Map();
  const rows = await orm(connection)
    .select()
    .from(mine)
    .where(inArray(mine.id, [...new Set(ids)]));
  return new Map(rows.map((row) => [row.id, row]));
}

export async function placesById(
  connection: Connection,
  ids: readonly (string | null)[],
): Promise<ReadonlyMap<string, PlaceRow>> {
  const wanted = [...new Set(ids.filter((id) => id !== null))];
  if (wanted.length === 0) return new Map();
  const rows = await orm(connection).select().from(place).where(inArray(place.id, wanted));
  return new Map(rows.map((row) => [row.id, row]));
}

type NewMineInput = {
  readonly name: string;
  readonly nameZh?: string;
  readonly country: string;
  readonly region?: string;
  readonly latitude: string;
  readonly longitude: string;
};

/** The mine of that name which the company has named before, or a new one. */
export async function ensureMine(tx: Tx, actor: Actor, input: NewMineInput): Promise<MineRow> {
  const name = input.name.trim();
  const known = first(
    await orm(tx)
      .select()
      .from(mine)
      .where(
        and(
          eq(mine.createdBy, actor.organisationId),
          eq(mine.country, input.country),
          eq(sql`lower(${mine.name})`, name.toLowerCase()),
        ),
      ),
  );
  if (known) return known;
  const row = {
    id: newId(),
    name,
    nameZh: input.nameZh ?? null,
    country: input.country,
    region: input.region ?? '',
    latitude: Number(input.latitude),
    longitude: Number(input.longitude),
    source: 'member',
    externalId: null,
    createdBy: actor.organisationId,
    operator: '',
    status: '',
  };
  await orm(tx).insert(mine).values(row);
  return row;
}

type RegisterSite = {
  readonly externalId: string;
  readonly source: string;
  readonly name: string;
  readonly nameZh: string | null;
  readonly country: string;
  readonly latitude: number;
  readonly longitude: number;
};

/** A mine of a public register, made once per `externalId`. @returns its id. */
export async function registerMine(tx: Tx, of: RegisterSite & { readonly region: string }): Promise<string> {
  await orm(tx)
    .insert(mine)
    .values({ id: newId(), ...of })
    .onConflictDoNothing({ target: mine.externalId });
  const row = first(await orm(tx).select().from(mine).where(eq(mine.externalId, of.externalId)));
  if (!row) throw new Error(`mine ${of.externalId} was not stored`);
  return row.id;
}

/** A place of a public register, made once per `externalId`. @returns its id. */
export async function registerPlace(
  tx: Tx,
  of: RegisterSite & { readonly kind: 'port' | 'station' | 'plant' },
): Promise<string> {
  await orm(tx)
    .insert(place)
    .values({ id: newId(), ...of })
    .onConflictDoNothing({ target: place.externalId });
  const row = first(await orm(tx).select().from(place).where(eq(place.externalId, of.externalId)));
  if (!row) throw new Error(`place ${of.externalId} was not stored`);
  return row.id;
}

/** The mouth of a mine as a place: made once, whoever asks first. */
export async function ensureMineMouth(tx: Tx, of: MineRow): Promise<PlaceRow> {
  await orm(tx)
    .insert(place)
    .values({
      id: newId(),
      kind: 'mine_mouth',
      name: of.name,
      nameZh: of.nameZh,
      country: of.country,
      latitude: of.latitude,
      longitude: of.longitude,
      mineId: of.id,
      source: of.source,
    })
    .onConflictDoNothing();
  const row = first(await orm(tx).select().from(place).where(eq(place.mineId, of.id)));
  if (!row) throw new Error(`mine ${of.id} has no mouth`);
  return row;
}

export async function createPlace(tx: Tx, actor: Actor, input: NewPlace): Promise<PlaceView | Refusal> {
  const fields = {};
  checkCoordinates(input, '', fields);
  const refusal = refusalOf(fields);
  if (refusal && isRefusal(refusal)) return refusal;
  const row: PlaceRow = {
    id: newId(),
    kind: input.kind,
    name: input.name.trim(),
    nameZh: input.nameZh ?? null,
    country: input.country,
    latitude: Number(input.latitude),
    longitude: Number(input.longitude),
    mineId: null,
    source: 'member',
    externalId: null,
    createdBy: actor.organisationId,
  };
  await orm(tx).insert(place).values(row);
  return placeView(row);
}
