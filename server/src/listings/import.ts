/**
 * Loads coal receipts of EIA Form 923 as records for reference: companies that nobody can log in to, mines,
 * plants and listings that cannot be bought. Running it again, or two at once, changes nothing.
 */
import { auditAssay } from '@seam/coal';
import { sql as text } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { columnsOf } from './assay.ts';
import { ensureImportedCompany } from './companies.ts';
import { type EiaReceipt, type EiaRefusal, readEia923 } from './eia923.ts';
import { searchValues } from './quality.ts';
import { endOfDay } from './readers.ts';
import { listing, mine, place } from './tables.ts';

export type ImportResult = {
  /** Rows read: always `loaded + unchanged + refused.length`. */
  readonly rows: number;
  readonly loaded: number;
  /** Rows that an earlier import brought. */
  readonly unchanged: number;
  readonly refused: readonly Omit<EiaRefusal, 'kind'>[];
};

/** What an import into an empty exchange would do; nothing is stored. @throws what `input` throws. */
export async function dryRunEia923(input: AsyncIterable<Uint8Array>): Promise<ImportResult> {
  const refused: Omit<EiaRefusal, 'kind'>[] = [];
  let loaded = 0;
  for await (const row of readEia923(input)) {
    if (row.kind === 'loaded') loaded += 1;
    else refused.push({ line: row.line, code: row.code, reason: row.reason });
  }
  return { rows: loaded + refused.length, loaded, unchanged: 0, refused };
}

/** A commit per so many rows: an interrupted import goes on where it stopped. */
const BATCH_ROWS = 200;

/** @throws what `input` or the database throws; what was committed stays, and importing again goes on. */
export async function importEia923(sql: Sql, input: AsyncIterable<Uint8Array>): Promise<ImportResult> {
  const refused: Omit<EiaRefusal, 'kind'>[] = [];
  const ids: KnownIds = { companies: new Map(), mines: new Map(), plants: new Map() };
  let loaded = 0;
  let unchanged = 0;
  const store = async (batch: readonly EiaReceipt[]): Promise<void> => {
    await sql.begin(async (tx) => {
      for (const receipt of batch) {
        if (await storeReceipt(tx, ids, receipt)) loaded += 1;
        else unchanged += 1;
      }
    });
  };
  let batch: EiaReceipt[] = [];
  for await (const row of readEia923(input)) {
    if (row.kind === 'refused') {
      refused.push({ line: row.line, code: row.code, reason: row.reason });
      continue;
    }
    batch.push(row);
    if (batch.length < BATCH_ROWS) continue;
    await store(batch);
    batch = [];
  }
  if (batch.length > 0) await store(batch);
  return { rows: loaded + unchanged + refused.length, loaded, unchanged, refused };
}

/** Ids met in this run, so that a company of a thousand receipts is looked up once. */
type KnownIds = {
  readonly companies: Map<string, string>;
  readonly mines: Map<string, string>;
  readonly plants: Map<string, string>;
};

/** @returns false when the receipt was there. */
async function storeReceipt(tx: Tx, ids: KnownIds, receipt: EiaReceipt): Promise<boolean> {
  const { listing: coal, buyer } = receipt;
  const sellerId = await remember(ids.companies, receipt.company.key, async () =>
    ensureImportedCompany(tx, {
      source: 'eia923',
      externalId: `eia923:${receipt.company.key}`,
      name: receipt.company.name,
      country: receipt.mine.country,
    }),
  );
  // A later receipt may know where a mine is when an earlier one did not.
  const seenAs = `${receipt.mine.key}${receipt.mine.place ? '@' : ''}`;
  const mineId = await remember(ids.mines, seenAs, async () => ensureMine(tx, receipt.mine));
  const plantId = await remember(ids.plants, buyer.plantId, async () => ensurePlant(tx, buyer));
  const windowFrom = `${coal.month}-01`;
  const windowTo = lastDay(coal.month);
  const stored = await orm(tx)
    .insert(listing)
    .values({
      id: newId(),
      sellerId,
      createdBy: null,
      source: 'eia923',
      importKey: receipt.key,
      importRecord: {
        month: coal.month,
        purchase: coal.purchase,
        contractExpiry: coal.contractExpiry,
        buyer: buyer.operator,
        plant: buyer.plant,
        region: buyer.state,
      },
      state: 'published',
      mineId,
      loadPlaceId: null,
      coalRank: coal.rank,
      ...columnsOf(coal.assay),
      ...searchValues(coal.assay),
      calorificTyped: coal.heatTyped,
      calorificUnit: 'MMBtu/st',
      auditFlags: auditAssay(coal.assay, coal.rank),
      quantityKg: coal.quantity,
      remainingKg: coal.quantity,
      currency: coal.pricePerTonne === null ? null : coal.currency,
      pricePerTonne: coal.pricePerTonne,
      deliveryPlaceId: plantId,
      windowFrom,
      windowTo,
      transport: coal.transport,
      expiresAt: new Date(endOfDay(windowTo)),
    })
    .onConflictDoNothing({ target: listing.importKey })
    .returning({ id: listing.id });
  return stored.length > 0;
}

async function ensureMine(tx: Tx, of: EiaReceipt['mine']): Promise<string> {
  const rows = await orm(tx)
    .insert(mine)
    .values({
      id: newId(),
      name: of.name,
      nameZh: null,
      country: of.country,
      region: of.state ?? '',
      latitude: of.place?.latitude ?? null,
      longitude: of.place?.longitude ?? null,
      source: 'eia923',
      externalId: `eia923:${of.key}`,
      createdBy: null,
    })
    .onConflictDoUpdate({
      target: mine.externalId,
      set: {
        // Both or none: half a place would fail the CHECK.
        latitude: text`case when ${mine.latitude} is null then excluded.latitude else ${mine.latitude} end`,
        longitude: text`case when ${mine.latitude} is null then excluded.longitude else ${mine.longitude} end`,
      },
    })
    .returning({ id: mine.id });
  return idOf(rows, of.key);
}

async function ensurePlant(tx: Tx, buyer: EiaReceipt['buyer']): Promise<string> {
  const rows = await orm(tx)
    .insert(place)
    .values({
      id: newId(),
      kind: 'plant',
      name: buyer.plant,
      country: 'US',
      source: 'eia923',
      externalId: `eia923:plant:${buyer.plantId}`,
    })
    // Touches the row so that it comes back, whoever made it.
    .onConflictDoUpdate({ target: place.externalId, set: { kind: 'plant' } })
    .returning({ id: place.id });
  return idOf(rows, buyer.plantId);
}

function idOf(rows: readonly { id: string }[], key: string): string {
  const row = first(rows);
  if (!row) throw new Error(`${key} was not stored`);
  return row.id;
}

async function remember(
  known: Map<string, string>,
  key: string,
  find: () => Promise<string>,
): Promise<string> {
  const before = known.get(key);
  if (before !== undefined) return before;
  const id = await find();
  known.set(key, id);
  return id;
}

function lastDay(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
}
