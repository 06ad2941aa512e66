/** A lot as its seller states it, made into the row that is stored. Runs in the caller's transaction. */
import { auditAssay } from '@seam/coal';
import type { ListingInput } from '@seam/protocol';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { admit } from './admission.ts';
import { columnsOf } from './assay.ts';
import { lacksSide } from './companies.ts';
import { enqueueExpiry } from './expiry.ts';
import type { Actor, ListingDeps } from './ports.ts';
import { searchValues } from './quality.ts';
import { refusalOf } from './readers.ts';
import { openReview } from './review-cases.ts';
import { type CheckedListing, checkListing } from './rules.ts';
import { sessionById } from './sessions.ts';
import { ensureMine, ensureMineMouth, mineById, placeById } from './sites.ts';
import type { ReviewReason } from './tables-more.ts';
import { type ListingRow, type MineRow, type NewListingRow, type PlaceRow, listing } from './tables.ts';

type NoTerm =
  | 'id'
  | 'sellerId'
  | 'createdBy'
  | 'source'
  | 'importKey'
  | 'importRecord'
  | 'state'
  | 'stateReason'
  | 'remainingKg'
  | 'version'
  | 'versionBy'
  | 'versionAt'
  | 'publishedAt'
  | 'createdAt'
  | 'updatedAt';
type TermColumn = Exclude<keyof ListingRow, NoTerm>;

/** The terms of a lot, and the sites they name: what stands in a row besides whose it is and how it stands. */
export type Offer = {
  readonly terms: Pick<ListingRow, TermColumn>;
  readonly mine: MineRow;
  readonly delivery: PlaceRow;
};
type OfferDeps = Pick<ListingDeps, 'clock' | 'organisations'>;

/**
 * Puts a lot on the market, or before the centre where its rules ask for it, or keeps it as a draft.
 * Contradictory values are flagged on it, impossible ones refused.
 * @param id given by a seed that can be run again; else a new one.
 */
export async function createListing(
  tx: Tx,
  deps: OfferDeps,
  actor: Actor,
  input: ListingInput,
  id: string = newId(),
): Promise<ListingRow | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'sells');
  if (wrongSide) return wrongSide;
  const offer = await readOffer(tx, actor, input, deps.clock.now());
  if (isRefusal(offer)) return offer;
  const made = await storeOffers(tx, deps, actor, [{ id, offer, draft: input.draft === true }]);
  if (isRefusal(made)) return made;
  const row = first(made);
  if (!row) throw new Error('the listing was not stored');
  return row;
}

export async function readOffer(
  tx: Tx,
  actor: Actor,
  input: ListingInput,
  now: Date,
): Promise<Offer | Refusal> {
  const session = input.sessionId === undefined ? undefined : await sessionById(tx, input.sessionId);
  const checked = checkListing(input, now, session);
  if (isRefusal(checked)) return checked;
  const sites = await sitesFor(tx, actor, input);
  if (isRefusal(sites)) return sites;
  return { mine: sites.mine, delivery: sites.delivery, terms: termsFor(input, checked, sites) };
}

/** The terms that a checked statement makes, at the sites it names. */
export function termsFor(
  input: ListingInput,
  checked: CheckedListing,
  sites: { readonly [Site in 'mine' | 'load' | 'delivery']: { readonly id: string } },
): Offer['terms'] {
  const { assay, channel } = checked;
  return {
    mineId: sites.mine.id,
    loadPlaceId: sites.load.id,
    coalRank: input.coalRank,
    ...columnsOf(assay),
    ...searchValues(assay),
    calorificTyped: input.assay.calorificValue.value,
    calorificUnit: input.assay.calorificValue.unit,
    auditFlags: auditAssay(assay, input.coalRank),
    quantityKg: checked.quantityKg,
    currency: input.currency,
    pricePerTonne: checked.pricePerTonne,
    startPrice: checked.startPrice,
    saleMethod: input.saleMethod,
    deliveryTerm: input.deliveryTerm,
    deliveryPlaceId: sites.delivery.id,
    windowFrom: input.windowFrom,
    windowTo: input.windowTo,
    transport: input.transport,
    note: plainNote(input.note ?? ''),
    expiresAt: checked.expiresAt,
    channel: channel.channel,
    tradingDay: channel.tradingDay,
    sessionId: channel.sessionId,
    opensAt: channel.opensAt,
    monthSplit: channel.monthSplit,
  };
}

/** As a file can carry it back: without space around it, and with one kind of line break. */
function plainNote(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n').trim();
}

type Draft = { readonly id: string; readonly offer: Offer; readonly draft: boolean };

/** Stores lots of one company: all of them, or none. */
export async function storeOffers(
  tx: Tx,
  deps: OfferDeps,
  actor: Actor,
  drafts: readonly Draft[],
): Promise<ListingRow[] | Refusal> {
  const now = deps.clock.now();
  const offered = drafts.filter(({ draft }) => !draft);
  const candidates = offered.map(({ offer }) => ({ ...offer, quantityKg: offer.terms.quantityKg }));
  const admitted = candidates.length === 0 ? [] : await admit(tx, actor.organisationId, now, candidates);
  if (isRefusal(admitted)) return admitted;
  const reasons = new Map<string, ReviewReason[]>(
    offered.map(({ id }, index) => [id, admitted[index] ?? []]),
  );
  const values = drafts.map(({ id, offer, draft }): NewListingRow => {
    const waits = (reasons.get(id) ?? []).length > 0;
    return {
      ...offer.terms,
      id,
      sellerId: actor.organisationId,
      createdBy: actor.personId,
      source: 'member',
      state: draft ? 'draft' : waits ? 'in_review' : 'published',
      remainingKg: offer.terms.quantityKg,
      publishedAt: draft || waits ? null : now,
    };
  });
  const rows: ListingRow[] = [];
  for (let from = 0; from < values.length; from += ROWS_PER_INSERT) {
    const part = values.slice(from, from + ROWS_PER_INSERT);
    rows.push(...(await orm(tx).insert(listing).values(part).returning()));
  }
  for (const row of rows) {
    await enqueueExpiry(tx, row);
    if (row.state === 'in_review') await openReview(tx, row, actor, reasons.get(row.id) ?? []);
  }
  return rows;
}

/** A row has some sixty parameters, a statement at most 65,535. */
const ROWS_PER_INSERT = 200;

async function sitesFor(
  tx: Tx,
  actor: Actor,
  input: ListingInput,
): Promise<{ mine: MineRow; load: PlaceRow; delivery: PlaceRow } | Refusal> {
  const mine =
    input.mineId === undefined
      ? input.newMine && (await ensureMine(tx, actor, input.newMine))
      : await mineById(tx, input.mineId);
  const load = input.loadPlaceId === undefined ? undefined : await placeById(tx, input.loadPlaceId);
  const delivery =
    input.deliveryPlaceId === undefined ? undefined : await placeById(tx, input.deliveryPlaceId);
  const refusal = refusalOf({
    ...(!mine && { mineId: 'listing.mine_unknown' as const }),
    ...(input.loadPlaceId !== undefined && !load && { loadPlaceId: 'listing.place_unknown' as const }),
    ...(input.deliveryPlaceId !== undefined &&
      !delivery && { deliveryPlaceId: 'listing.place_unknown' as const }),
  });
  if (refusal || !mine) return refusal ?? refuse('listing.mine_unknown');
  const loaded = load ?? (await ensureMineMouth(tx, mine));
  return { mine, load: loaded, delivery: delivery ?? loaded };
}
