/** Beginning to talk: a buyer about a lot, or about a producer's answer to its request. */
import { and, count, eq, isNull } from 'drizzle-orm';
import { type Actor, type ListingRow, lacksSide, listingById, notOnMarket } from '../listings/public.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { addEntry } from './ground.ts';
import { enqueueIdleCheck } from './idle.ts';
import { OPEN_MAX } from './limits.ts';
import type { NegotiationDeps } from './ports.ts';
import { type NegotiationRow, negotiation } from './tables.ts';

type About = Pick<NegotiationRow, 'listingId' | 'requestId' | 'responseId' | 'buyerId' | 'sellerId'>;

/** @returns the talk about a lot, whether it was begun now or is open already. */
export async function openNegotiation(
  tx: Tx,
  deps: NegotiationDeps,
  actor: Actor,
  input: { readonly listingId: string },
): Promise<NegotiationRow | Refusal> {
  const now = deps.clock.now();
  const about = await aboutLot(tx, deps, actor, input.listingId, now);
  if (isRefusal(about)) return about;
  // Two who open at once take the same key: one waits here and then finds what the other has begun.
  await tx`select pg_advisory_xact_lock(hashtextextended(${`${about.listingId}:${about.buyerId}`}, 30))`;
  const known = await openOne(tx, about);
  if (known) return known;
  const [open] = await orm(tx)
    .select({ n: count() })
    .from(negotiation)
    .where(and(eq(negotiation.state, 'open'), eq(negotiation.buyerId, actor.organisationId)));
  if (open!.n >= OPEN_MAX)
    return refuse('negotiation.too_many_open', { accepted: { maximum: String(OPEN_MAX) } });
  return begin(tx, about, { personId: actor.personId, start: {}, now });
}

/** A talk about one lot of a producer's answer; the requests have found that it may begin. @returns its id. */
export async function startAboutAnswer(
  tx: Tx,
  of: {
    readonly requestId: string;
    readonly responseId: string;
    readonly listingId: string;
    readonly buyerId: string;
    readonly sellerId: string;
    readonly personId: string;
    readonly quantityKg: bigint;
    /** Minor units. */
    readonly pricePerTonne: bigint;
    readonly currency: string;
  },
  now: Date,
): Promise<string> {
  const { listingId, requestId, responseId, buyerId, sellerId, personId } = of;
  const start = {
    quantityKg: String(of.quantityKg),
    pricePerTonne: String(of.pricePerTonne),
    currency: of.currency,
  };
  const about = { listingId, requestId, responseId, buyerId, sellerId };
  return (await begin(tx, about, { personId, start, now })).id;
}

async function aboutLot(
  tx: Tx,
  deps: NegotiationDeps,
  actor: Actor,
  listingId: string,
  now: Date,
): Promise<About | Refusal> {
  const wrongSide = await lacksSide(tx, deps.organisations, actor, 'buys');
  if (wrongSide) return wrongSide;
  const lot = await listingById(tx, listingId);
  if (!lot) return refuse('resource.not_found');
  const closed = closedToTalk(lot, actor, now);
  if (closed) return closed;
  return {
    listingId,
    requestId: null,
    responseId: null,
    buyerId: actor.organisationId,
    sellerId: lot.sellerId,
  };
}

function closedToTalk(lot: ListingRow, actor: Actor, now: Date): Refusal | undefined {
  if (lot.source !== 'member') return refuse('listing.not_for_sale');
  if (lot.sellerId === actor.organisationId) return refuse('listing.own');
  const off = notOnMarket(lot.state);
  return off ?? (lot.expiresAt <= now ? refuse('listing.not_published') : undefined);
}

async function openOne(tx: Tx, about: About): Promise<NegotiationRow | undefined> {
  return first(
    await orm(tx)
      .select()
      .from(negotiation)
      .where(
        and(
          eq(negotiation.listingId, about.listingId),
          eq(negotiation.buyerId, about.buyerId),
          eq(negotiation.state, 'open'),
          isNull(negotiation.responseId),
        ),
      ),
  );
}

/** The buyer begins. What the first offer may start from is its first entry. */
async function begin(
  tx: Tx,
  about: About,
  of: { readonly personId: string; readonly start: Readonly<Record<string, string>>; readonly now: Date },
): Promise<NegotiationRow> {
  const { personId, start, now } = of;
  const [row] = await orm(tx)
    .insert(negotiation)
    .values({ id: newId(), ...about, openedBy: personId, createdAt: now, updatedAt: now })
    .returning();
  const { listingId, requestId, responseId, buyerId, sellerId } = about;
  const body = { listingId, requestId, responseId, buyerId, sellerId, ...start };
  const opened = await addEntry(tx, row!, { kind: 'opened', side: 'buyer', personId, body, at: now });
  await enqueueIdleCheck(tx, opened.row);
  return opened.row;
}
