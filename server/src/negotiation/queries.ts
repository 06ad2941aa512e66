/** Talks as one of their two companies reads them. */
import type {
  NegotiationSummary,
  NegotiationView,
  OfferPreview,
  OfferTerms,
  TranscriptView,
} from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { and, asc, desc, eq, inArray, or, sql as raw } from 'drizzle-orm';
import { contractValue, redline } from '../contracts/public.ts';
import { listingSummaries, listingsById, partyOf } from '../listings/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { curvesOf } from './curves.ts';
import { lastOffer, seenBy } from './ground.ts';
import { stateAt } from './lifecycle.ts';
import { LIST_MAX } from './limits.ts';
import { readOffer } from './offer-terms.ts';
import type { NegotiationDeps } from './ports.ts';
import { startingTerms } from './starting-terms.ts';
import { type NegotiationRow, type OfferRow, attachment, entry, negotiation, offer } from './tables.ts';
import { hex } from './transcript.ts';
import { changesOf, draftOf, entryView, formulaView, offerView } from './view.ts';

export type ReadDeps = Pick<NegotiationDeps, 'organisations' | 'contracts' | 'clock'>;

export async function listNegotiations(
  deps: ReadDeps,
  connection: Connection,
  organisationId: string,
): Promise<NegotiationSummary[]> {
  const rows = await orm(connection)
    .select()
    .from(negotiation)
    .where(or(eq(negotiation.buyerId, organisationId), eq(negotiation.sellerId, organisationId)))
    .orderBy(desc(negotiation.updatedAt))
    .limit(LIST_MAX);
  return summaries(deps, connection, rows, organisationId);
}

export async function summaries(
  deps: ReadDeps,
  connection: Connection,
  rows: readonly NegotiationRow[],
  organisationId: string,
): Promise<NegotiationSummary[]> {
  if (rows.length === 0) return [];
  const now = deps.clock.now();
  const lots = await listingsById(connection, [...new Set(rows.map((row) => row.listingId))]);
  const views = await listingSummaries(connection, deps.organisations, [...lots.values()]);
  const lotOf = new Map(views.map((view) => [view.id, view]));
  const names = await deps.organisations(connection, [
    ...new Set(rows.flatMap((row) => [row.buyerId, row.sellerId])),
  ]);
  const last = await lastOffers(connection, rows);
  return rows.map((row) => {
    const mine = row.buyerId === organisationId ? 'buyer' : 'seller';
    const read = mine === 'buyer' ? row.buyerRead : row.sellerRead;
    const standing = last.get(row.id);
    return {
      id: row.id,
      state: row.state,
      mine,
      buyer: partyOf(row.buyerId, names),
      seller: partyOf(row.sellerId, names),
      listing: lotOf.get(row.listingId)!,
      requestId: row.requestId,
      updatedAt: row.updatedAt.toISOString(),
      unread: row.entries - read,
      offer: standing ? offerBrief(standing, now) : null,
      contractId: row.contractId,
      serverTime: now.toISOString(),
    };
  });
}

function offerBrief(row: OfferRow, now: Date): NonNullable<NegotiationSummary['offer']> {
  const draft = draftOf(row);
  return {
    version: row.version,
    side: row.side,
    state: stateAt(row, now),
    price: formatMoney(BigInt(draft.pricePerTonne)),
    currency: draft.currency as NonNullable<NegotiationSummary['offer']>['currency'],
    quantity: formatTonnes(BigInt(draft.quantityKg)),
    expiresAt: row.expiresAt.toISOString(),
  };
}

async function lastOffers(
  connection: Connection,
  rows: readonly NegotiationRow[],
): Promise<ReadonlyMap<string, OfferRow>> {
  const ids = rows.filter((row) => row.offers > 0).map((row) => row.id);
  if (ids.length === 0) return new Map();
  const found = await orm(connection)
    .select({ offer })
    .from(offer)
    .innerJoin(
      negotiation,
      and(eq(negotiation.id, offer.negotiationId), eq(offer.version, negotiation.offers)),
    )
    .where(inArray(offer.negotiationId, ids));
  return new Map(found.map((row) => [row.offer.negotiationId, row.offer]));
}

/** @returns undefined for every other company. */
export async function negotiationView(
  deps: ReadDeps,
  connection: Connection,
  organisationId: string,
  id: string,
): Promise<NegotiationView | undefined> {
  const seen = await seenBy(connection, { organisationId }, id);
  if (!seen) return undefined;
  const now = deps.clock.now();
  const entries = await orm(connection)
    .select()
    .from(entry)
    .where(eq(entry.negotiationId, id))
    .orderBy(asc(entry.n));
  const offers = await orm(connection)
    .select()
    .from(offer)
    .where(eq(offer.negotiationId, id))
    .orderBy(asc(offer.version));
  const names = await deps.contracts.personNamesOf(connection, [
    ...new Set([
      ...entries.flatMap(({ personId }) => (personId === null ? [] : [personId])),
      ...offers.map(({ personId }) => personId),
    ]),
  ]);
  const [summary] = await summaries(deps, connection, [seen.row], organisationId);
  return {
    ...summary!,
    entries: entries.map((row) => entryView(row, names)),
    offers: offers.map((row, index) => offerView(row, offers[index - 1], { names, now })),
    startingTerms: await startingTerms(connection, seen.row, offers.at(-1)),
  };
}

/** What an offer would say, cost and change. Stores nothing. */
export async function previewOffer(
  deps: ReadDeps,
  connection: Connection,
  organisationId: string,
  of: { readonly id: string; readonly terms: OfferTerms },
): Promise<OfferPreview | Refusal> {
  const seen = await seenBy(connection, { organisationId }, of.id);
  if (!seen) return refuse('resource.not_found');
  const read = await readOffer(connection, deps, seen.row, { terms: of.terms, now: deps.clock.now() });
  if (isRefusal(read)) return read;
  const last = await lastOffer(connection, of.id);
  const { terms } = read.draft;
  return {
    price: formatMoney(read.pricePerTonne),
    total: formatMoney(contractValue(terms)),
    formula: formulaView(read.formula),
    changes: last ? changesOf(draftOf(last), terms) : [],
    redline: last ? (redline(draftOf(last), terms) as OfferPreview['redline']) : [],
    curves: curvesOf(terms.quality, read.pricePerTonne),
  };
}

/** Two offers of one talk beside each other. */
export async function offerRedline(
  connection: Connection,
  organisationId: string,
  of: { readonly id: string; readonly from: number; readonly to: number },
): Promise<Pick<OfferPreview, 'redline' | 'curves'> | undefined> {
  const seen = await seenBy(connection, { organisationId }, of.id);
  if (!seen) return undefined;
  const rows = await orm(connection)
    .select()
    .from(offer)
    .where(and(eq(offer.negotiationId, of.id), inArray(offer.version, [of.from, of.to])));
  const at = (version: number): OfferRow | undefined => rows.find((row) => row.version === version);
  const [from, to] = [at(of.from), at(of.to)];
  if (!from || !to) return undefined;
  const terms = draftOf(to);
  return {
    redline: redline(draftOf(from), terms) as OfferPreview['redline'],
    curves: curvesOf(terms.quality, BigInt(terms.pricePerTonne)),
  };
}

/** The whole record. The caller has made sure who asks. */
export async function transcriptOf(
  deps: ReadDeps,
  connection: Connection,
  row: NegotiationRow,
): Promise<TranscriptView> {
  const entries = await orm(connection)
    .select()
    .from(entry)
    .where(eq(entry.negotiationId, row.id))
    .orderBy(asc(entry.n));
  const people = entries.flatMap(({ personId }) => (personId === null ? [] : [personId]));
  const persons = await deps.contracts.personNamesOf(connection, [...new Set(people)]);
  const names = await deps.organisations(connection, [row.buyerId, row.sellerId]);
  return {
    schema: 'seam.negotiation-transcript.1',
    negotiationId: row.id,
    listingId: row.listingId,
    requestId: row.requestId,
    buyer: partyOf(row.buyerId, names),
    seller: partyOf(row.sellerId, names),
    entries: entries.map((one) => ({
      n: one.n,
      kind: one.kind,
      side: one.side,
      personId: one.personId,
      person: one.personId === null ? null : (persons.get(one.personId) ?? null),
      at: one.at.toISOString(),
      body: one.body,
      prevHash: one.prevHash && hex(one.prevHash),
      hash: hex(one.hash),
    })),
  };
}

export async function attachmentOf(connection: Connection, negotiationId: string, id: string) {
  return first(
    await orm(connection)
      .select()
      .from(attachment)
      .where(and(eq(attachment.id, id), eq(attachment.negotiationId, negotiationId))),
  );
}

export async function entriesOf(connection: Connection, id: string): Promise<number> {
  const row = first(
    await orm(connection)
      .select({ n: raw<number>`${negotiation.entries}` })
      .from(negotiation)
      .where(eq(negotiation.id, id)),
  );
  return row?.n ?? 0;
}
