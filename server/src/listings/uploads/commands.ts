/**
 * A file of lots: looked over, kept for its company's yes, made into lots by that yes once. Nothing of it is on
 * any shelf before; after it all its good rows are, or none.
 */
import { createHash } from 'node:crypto';
import type { UploadPreview } from '@seam/protocol';
import { and, eq, lt, sql as text } from 'drizzle-orm';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { inTransaction } from '../../platform/http.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { tooManyOpen } from '../admission.ts';
import { lacksSide } from '../companies.ts';
import { DAY_MS } from '../limits.ts';
import { type Offer, readOffer, storeOffers } from '../offer.ts';
import type { Actor, ListingDeps } from '../ports.ts';
import { type UploadRow, listingUpload, specialSession } from '../tables-more.ts';
import { place } from '../tables.ts';
import type { CheckInput, Checked } from './check.ts';
import type { LotReader } from './reader.ts';

/** A hundred thousand rows of the widest form. */
export const UPLOAD_BYTES_MAX = 16 * 1024 * 1024;
/** Shown with the preview; the whole list is a file of its own. */
const SHOWN = { refusedMax: 200, flaggedMax: 50, goodMax: 20 } as const;
/** Looked at and forgotten: a file is kept this long. */
const KEPT_DAYS = 2;

export type UploadDeps = Pick<ListingDeps, 'sql' | 'clock' | 'organisations'> & {
  readonly reader: LotReader;
  /** Previews just made, by upload: the page that asked opens its own next, and need not have the file read twice. */
  readonly fresh: Map<string, UploadPreview>;
};

/** A preview has some hundred rows at most; who does not come for it has it made again. */
const FRESH_MAX = 8;

export async function previewUpload(
  deps: UploadDeps,
  actor: Actor,
  of: { name: string; file: Buffer },
): Promise<UploadPreview | Refusal> {
  const wrongSide = await inTransaction(deps.sql, async (tx) =>
    lacksSide(tx, deps.organisations, actor, 'sells'),
  );
  if (wrongSide) return wrongSide;
  const checked = await check(deps, of.file, SHOWN);
  const refusal = unread(checked);
  if (refusal || 'header' in checked) return refusal ?? refuse('listing.upload_header');
  const row = {
    id: newId(),
    organisationId: actor.organisationId,
    personId: actor.personId,
    name: of.name.replaceAll(/\p{Cc}/gu, ' ').slice(0, 200),
    sha256: createHash('sha256').update(of.file).digest(),
    file: of.file,
    rowCount: checked.rows,
    goodRows: checked.good,
    refusedRows: checked.refused,
  };
  await deps.sql.begin(async (tx) => {
    await forgetOld(tx, deps.clock.now());
    await orm(tx).insert(listingUpload).values(row);
  });
  const made = preview({ ...row, confirmedAt: null }, checked);
  const [oldest] = deps.fresh.keys();
  if (deps.fresh.size >= FRESH_MAX && oldest !== undefined) deps.fresh.delete(oldest);
  deps.fresh.set(row.id, made);
  return made;
}

function preview(
  row: Pick<UploadRow, 'id' | 'name' | 'confirmedAt'>,
  checked: Exclude<Checked, { header: unknown }>,
): UploadPreview {
  return {
    id: row.id,
    name: row.name,
    rows: checked.rows,
    goodRows: checked.good,
    refusedRows: checked.refused,
    byCode: { ...checked.byCode },
    unknownColumns: [...checked.unknownColumns],
    firstRefused: checked.firstRefused.map((one) => ({ ...one, fields: { ...one.fields } })),
    flaggedRows: checked.flagged,
    byFlag: { ...checked.byFlag },
    firstFlagged: checked.firstFlagged.map(({ line, flags }) => ({
      line,
      flags: flags.map((flag) => ({ ...flag, numbers: { ...flag.numbers } })),
    })),
    firstGood: checked.firstGood.map(({ line, lot }) => ({
      line,
      mine: lot.newMine?.name ?? lot.mineId ?? '',
      coalRank: lot.coalRank,
      quantity: lot.quantity,
      currency: lot.currency,
      price: lot.price ?? lot.startPrice ?? '',
      windowFrom: lot.windowFrom,
      windowTo: lot.windowTo,
    })),
    confirmed: row.confirmedAt !== null,
  };
}

function unread(checked: Checked): Refusal | undefined {
  if (!('header' in checked)) return checked.rows === 0 ? refuse('listing.upload_empty') : undefined;
  const { missing, twice } = checked.header;
  return refuse('listing.upload_header', {
    accepted: {
      ...(missing.length > 0 && { missing: missing.join(', ') }),
      ...(twice.length > 0 && { twice: twice.join(', ') }),
    },
  });
}

type Most = Pick<CheckInput, 'refusedMax' | 'flaggedMax' | 'goodMax'>;

/** Reads the file in the thread, against the places, mines and sessions there are now. */
async function check(deps: UploadDeps, file: Uint8Array, most: Most): Promise<Checked> {
  const { sql, clock } = deps;
  const places = await orm(sql).select({ id: place.id, name: place.name, nameZh: place.nameZh }).from(place);
  const mines = await sql<{ id: string }[]>`select id from mine`;
  const sessions = await orm(sql).select().from(specialSession);
  return deps.reader.run('check', {
    file,
    now: clock.now().getTime(),
    places: new Map([
      ...places.flatMap(({ id, name, nameZh }): [string, string][] => [
        [name.toLowerCase(), id],
        ...(nameZh ? [[nameZh.toLowerCase(), id] as [string, string]] : []),
      ]),
      ...places.map(({ id }): [string, string] => [id.toLowerCase(), id]),
    ]),
    mineIds: new Set(mines.map(({ id }) => id)),
    sessions: new Map(sessions.map((session) => [session.id, session])),
    ...most,
  });
}

/** An upload of the caller's company; another's is said not to exist. */
async function ownUpload(connection: Connection, actor: Actor, id: string): Promise<UploadRow | Refusal> {
  const row = first(
    await orm(connection)
      .select()
      .from(listingUpload)
      .where(and(eq(listingUpload.id, id), eq(listingUpload.organisationId, actor.organisationId))),
  );
  return row ?? refuse('resource.not_found');
}

export async function uploadPreview(
  deps: UploadDeps,
  actor: Actor,
  id: string,
): Promise<UploadPreview | Refusal> {
  const row = await ownUpload(deps.sql, actor, id);
  if (isRefusal(row)) return row;
  if (!row.file) return refuse('listing.upload_confirmed');
  const fresh = deps.fresh.get(id);
  deps.fresh.delete(id);
  if (fresh) return fresh;
  const checked = await check(deps, row.file, SHOWN);
  return 'header' in checked ? refuse('listing.upload_header') : preview(row, checked);
}

/** Every refused row of the file, for a list of its own. */
export async function refusedRows(deps: UploadDeps, actor: Actor, id: string) {
  const row = await ownUpload(deps.sql, actor, id);
  if (isRefusal(row)) return row;
  if (!row.file) return refuse('listing.upload_confirmed');
  const checked = await check(deps, row.file, {
    refusedMax: Number.MAX_SAFE_INTEGER,
    flaggedMax: 0,
    goodMax: 0,
  });
  return 'header' in checked ? refuse('listing.upload_header') : checked.firstRefused;
}

/** Reads the file again and makes lots of its good rows: all of them in one transaction. The second yes is refused. */
export async function confirmUpload(
  deps: UploadDeps,
  actor: Actor,
  id: string,
): Promise<{ made: number; inReview: number } | Refusal> {
  const found = await ownUpload(deps.sql, actor, id);
  if (isRefusal(found)) return found;
  if (!found.file) return refuse('listing.upload_confirmed');
  if (found.goodRows === 0) return refuse('listing.upload_nothing_good');
  // The file is not read for what cannot be.
  const full = await tooManyOpen(deps.sql, actor.organisationId, found.goodRows);
  if (full) return full;
  const checked = await check(deps, found.file, {
    refusedMax: 0,
    flaggedMax: 0,
    goodMax: found.goodRows,
  });
  // A day passed or a session closed meanwhile: what was promised is not what would be stored.
  if ('header' in checked || checked.good !== found.goodRows) return refuse('listing.upload_changed');
  return inTransaction(deps.sql, async (tx) => storeRows(tx, deps, actor, id, checked.firstGood));
}

async function storeRows(
  tx: Tx,
  deps: UploadDeps,
  actor: Actor,
  id: string,
  rows: Extract<Checked, { rows: number }>['firstGood'],
): Promise<{ made: number; inReview: number } | Refusal> {
  const [claimed] = await orm(tx)
    .update(listingUpload)
    .set({ confirmedAt: deps.clock.now(), file: null })
    .where(and(eq(listingUpload.id, id), text`${listingUpload.confirmedAt} is null`))
    .returning({ id: listingUpload.id });
  if (!claimed) return refuse('listing.upload_confirmed');
  const now = deps.clock.now();
  const drafts: { id: string; offer: Offer; draft: boolean }[] = [];
  for (const { lot } of rows) {
    const offer = await readOffer(tx, actor, lot, now);
    if (isRefusal(offer)) return refuse('listing.upload_changed');
    drafts.push({ id: newId(), offer, draft: false });
  }
  const made = await storeOffers(tx, deps, actor, drafts);
  if (isRefusal(made)) return made;
  return { made: made.length, inReview: made.filter((row) => row.state === 'in_review').length };
}

async function forgetOld(tx: Tx, now: Date): Promise<void> {
  await orm(tx)
    .delete(listingUpload)
    .where(
      and(
        text`${listingUpload.confirmedAt} is null`,
        lt(listingUpload.createdAt, new Date(now.getTime() - KEPT_DAYS * DAY_MS)),
      ),
    );
}
