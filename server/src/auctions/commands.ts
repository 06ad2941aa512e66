/**
 * Scheduling, bid security and bids. What competes for price and time goes to the market; the rows
 * here are written before (a lot set aside, money held) so that a crash between leaves work that is
 * taken up again, never a bid without its money.
 */
import type { BidReceipt, PlaceBidBody, ScheduleAuctionBody } from '@seam/protocol';
import { type Currency, minor, parseMoney, parseTonnes } from '@seam/units';
import { and, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { bidCommand, inputOfBody } from '../exchange/bid-input.ts';
import { bidVerdict } from '../exchange/bid-verdict.ts';
import { beyondBid } from '../exchange/person-limit.ts';
import { type Connection, type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../platform/db.ts';
import { inTransaction } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import { relatedTo } from '../members/public.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { hold, releaseHold } from '../settlement/public.ts';
import { placeInCatalogue } from './catalogue.ts';
import type { ListingPort } from './listing-port.ts';
import { type Market, actorOf, refusalOf } from './market.ts';
import { isPurchase } from './purchase-terms.ts';
import type { RequestPort } from './request-port.ts';
import { nameLot } from './supply.ts';
import { type AuctionRow, auction, auctionSecurity } from './tables.ts';
import { termsOf } from './terms.ts';
import { shownAuction } from './visibility.ts';

export type GoodsPorts = { readonly listings: ListingPort; readonly requests: RequestPort };

/** Sets the goods aside and asks the market for an auction of them. The answer of the market follows. */
export async function scheduleAuction(
  tx: Tx,
  deps: GoodsPorts & { readonly now: Date },
  principal: Principal,
  body: ScheduleAuctionBody,
): Promise<{ id: string } | Refusal> {
  const ownerId = principal.organisationId;
  const goods = await reserveGoods(tx, deps, ownerId, body);
  if (isRefusal(goods)) return goods;
  const { currency, quantityKg, title } = goods;
  const placed = await placeInCatalogue(tx, ownerId, body);
  if (isRefusal(placed)) return placed;
  const { id } = placed;
  const facts = { auctionId: id, ownerId, currency, quantityKg, now: deps.now };
  const made = termsOf(placed.body, { ...facts, ...placed.place });
  if (isRefusal(made)) return made;
  const excludedIds = await relatedTo(tx, ownerId);
  const terms = excludedIds.length > 0 ? { ...made, excludedIds } : made;
  try {
    await orm(tx)
      .insert(auction)
      .values({
        id,
        listingId: isPurchase(body) ? null : body.listingId,
        requestId: isPurchase(body) ? body.requestId : null,
        ownerId,
        title,
        state: 'requested',
        terms,
        currency,
        opensAt: new Date(terms.opensAt),
        closesAt: new Date(terms.closesAt),
        requestedBy: principal.personId,
      });
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION, 'auction_one_live')) return refuse('auction.listing_unavailable');
    throw error;
  }
  await enqueue(tx, {
    effectKey: `auction:${id}:schedule`,
    topic: 'auctions.schedule',
    payload: { auctionId: id },
  });
  return { id };
}

/** A seller's lot, or a part of a buyer's request. */
async function reserveGoods(tx: Tx, deps: GoodsPorts, ownerId: string, body: ScheduleAuctionBody) {
  if (!isPurchase(body)) {
    return deps.listings.reserveForAuction(tx, { listingId: body.listingId, sellerId: ownerId });
  }
  const { requestId, quantity } = body;
  const quantityKg = quantity === undefined ? undefined : parseTonnes(quantity);
  if (quantity !== undefined && quantityKg === undefined) {
    return refuse('auction.terms_invalid', { fields: { quantity: 'off_grid' } });
  }
  return deps.requests.reserveForAuction(tx, { requestId, buyerId: ownerId, quantityKg });
}

export async function auctionById(connection: Connection, id: string): Promise<AuctionRow | undefined> {
  return first(await orm(connection).select().from(auction).where(eq(auction.id, id)));
}

const LIVE = ['scheduled', 'open', 'suspended'];

/** Holds money in the ledger and has the market count it. A refusal by the market gives it back. */
export async function holdBidSecurity(
  sql: Sql,
  deps: GoodsPorts & { readonly market: Market },
  principal: Principal,
  input: {
    readonly auctionId: string;
    readonly amount: string;
    readonly listingId?: string | undefined;
    /** Free money, or the standing deposit; what is given back returns there. */
    readonly from?: 'free' | 'standing_deposit' | undefined;
  },
): Promise<{ id: string } | Refusal> {
  const amount = parseMoney(input.amount);
  if (amount === undefined || amount <= 0n)
    return refuse('bid_security.invalid', { fields: { amount: 'not_positive' } });
  const held = await inTransaction(sql, async (tx) => {
    const row = await shownAuction(tx, deps, input.auctionId, principal);
    if (!row) return refuse('resource.not_found');
    if (row.ownerId === principal.organisationId) return refuse('bid.own_lot');
    if (!LIVE.includes(row.state))
      return refuse(row.closedSeq === null ? 'auction.state_conflict' : 'auction.closed');
    const related = await relatedTo(tx, principal.organisationId);
    if (related.includes(row.ownerId) || (await isSeated(tx, row.id, principal.organisationId, related)))
      return refuse('bid.related_party');
    const unbacked = await nameLot(tx, deps.listings, principal, { row, amount, listingId: input.listingId });
    if (unbacked) return unbacked;
    const id = newId();
    const outcome = await hold(tx, {
      holdKey: holdKey(id),
      orgId: principal.organisationId,
      currency: row.currency as Currency,
      amount,
      auctionId: row.id,
      from: input.from ?? 'free',
    });
    if (!outcome.ok) return refuse('ledger.insufficient_funds', { fields: { amount: 'insufficient_funds' } });
    await orm(tx).insert(auctionSecurity).values({
      id,
      auctionId: row.id,
      accountId: principal.organisationId,
      personId: principal.personId,
      amount,
      source: input.from ?? 'free',
      state: 'held',
    });
    await enqueue(tx, {
      effectKey: `auction-security:${id}`,
      topic: 'auctions.allocate_security',
      payload: { securityId: id },
    });
    return { id };
  });
  if (isRefusal(held)) return held;
  // Tried at once so that the bidder can bid; the outbox row repeats it with the same id if we die here.
  const refusal = await allocateSecurity(sql, deps.market, held.id);
  return refusal ?? held;
}

/** Companies of one group do not bid against each other either: the first one in is the one that bids. */
async function isSeated(
  tx: Tx,
  auctionId: string,
  own: string,
  accounts: readonly string[],
): Promise<boolean> {
  if (accounts.length === 0) return false;
  // Two of a group that come at once: the second waits and sees the first.
  await tx`select 1 from party_group_member where organisation_id in ${tx([own, ...accounts])} order by organisation_id for update`;
  const rows = await tx`select 1 from auction_security
    where auction_id = ${auctionId} and account_id in ${tx(accounts)} and state <> 'returned' limit 1`;
  return rows.length > 0;
}

const holdKey = (securityId: string): string => `auction-security:${securityId}`;

/** Tells the market of held money, once. @returns the market's refusal, after giving the money back. */
export async function allocateSecurity(sql: Sql, market: Market, id: string): Promise<Refusal | undefined> {
  const row = first(await orm(sql).select().from(auctionSecurity).where(eq(auctionSecurity.id, id)));
  if (!row || row.state !== 'held') return undefined;
  const terms = (await auctionById(sql, row.auctionId))!.terms;
  const outcome = await market.submit({
    actor: actorOf(row.accountId),
    cmdId: holdKey(id),
    body: {
      type: 'allocate_bid_security',
      auctionId: row.auctionId,
      accountId: row.accountId,
      amount: String(row.amount),
    },
  });
  if (outcome.status === 'refused') return refusalOf(outcome, terms);
  const refusal = refusalOf(outcome, terms);
  await sql.begin(async (tx) => {
    const moved = await orm(tx)
      .update(auctionSecurity)
      .set({ state: refusal ? 'returned' : 'allocated', reason: refusal?.refused ?? null })
      .where(and(eq(auctionSecurity.id, id), eq(auctionSecurity.state, 'held')))
      .returning({ id: auctionSecurity.id });
    if (moved.length === 0 || !refusal) return;
    await releaseHold(tx, {
      holdKey: holdKey(id),
      orgId: row.accountId,
      currency: terms.currency as Currency,
      amount: minor(row.amount),
      auctionId: row.auctionId,
      from: row.source,
    });
  });
  return refusal;
}

/** A bidder's command over HTTP: the same as over the socket. */
export async function placeBid(
  sql: Sql,
  { market, ...deps }: GoodsPorts & { readonly market: Market },
  principal: Principal,
  auctionId: string,
  body: PlaceBidBody,
): Promise<BidReceipt | Refusal> {
  const row = await shownAuction(sql, deps, auctionId, principal);
  if (!row || row.state === 'requested' || row.state === 'refused') return refuse('resource.not_found');
  const { terms } = row;
  const command = bidCommand(terms, inputOfBody(body), principal.organisationId);
  if ('refused' in command) return command;
  const beyond = beyondBid(principal.commitLimits, terms, command);
  if (beyond) return beyond;
  const outcome = await market.submit({
    actor: actorOf(principal.organisationId),
    cmdId: body.commandId,
    body: command,
  });
  const refusal = refusalOf(outcome, terms);
  if (refusal || outcome.status !== 'accepted') return refusal ?? refuse('internal.error');
  const { seq, at, events } = outcome;
  const type = body.type ?? 'place_bid';
  return { auctionId, seq, at: new Date(at).toISOString(), type, ...bidVerdict(terms, events) };
}
