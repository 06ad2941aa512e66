/**
 * What follows a commit: telling the market of a new auction and of held money, and, once the market
 * has closed one, the whole consequence in ONE transaction: losers' money back, winners' kept for their
 * contract, the contracts themselves, and the rest of the lot back on the market.
 */
import { applyBidSecurity } from '@seam/ledger';
import { type Currency, minor } from '@seam/units';
import { asc, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { createSale } from '../contracts/public.ts';
import { type Tx, orm } from '../platform/db.ts';
import { Fault, assert } from '../platform/fault.ts';
import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { post, resolve } from '../settlement/public.ts';
import { allocateSecurity, auctionById } from './commands.ts';
import type { ListingPort } from './listing-port.ts';
import { type Market, actorOf, refusalOf } from './market.ts';
import { type AuctionRow, auction, auctionAward, auctionSecurity, auctionSecurityOutcome } from './tables.ts';

export function auctionWork(deps: { sql: Sql; market: Market; listings: ListingPort }): WorkHandler[] {
  return [
    { topic: 'auctions.schedule', run: async (item) => schedule(deps, id(item, 'auctionId')) },
    { topic: 'auctions.allocate_security', run: async (item) => allocate(deps, id(item, 'securityId')) },
    {
      topic: 'auctions.conclude',
      write: async (tx, item) => conclude(tx, deps.listings, id(item, 'auctionId')),
    },
  ];
}

function id(item: WorkItem, name: string): string {
  const value = item.payload[name];
  assert(typeof value === 'string', `work ${item.topic} without ${name}`);
  return value;
}

async function schedule(
  deps: { sql: Sql; market: Market; listings: ListingPort },
  auctionId: string,
): Promise<(tx: Tx) => Promise<void>> {
  const row = await auctionById(deps.sql, auctionId);
  if (!row || row.state !== 'requested') return async () => {};
  const outcome = await deps.market.submit({
    actor: actorOf(row.sellerId),
    cmdId: `schedule.${auctionId}`,
    body: { type: 'schedule_auction', terms: row.terms },
  });
  if (outcome.status === 'refused') throw new Fault('service.unavailable', `market: ${outcome.code}`);
  const refusal = refusalOf(outcome, row.terms);
  return async (tx) => {
    if (!refusal) return;
    await orm(tx)
      .update(auction)
      .set({ state: 'refused', reason: `${refusal.refused} ${refusal.accepted?.['field'] ?? ''}`.trim() })
      .where(eq(auction.id, auctionId));
    await deps.listings.concludeAuction(tx, { listingId: row.listingId, soldKg: 0n });
  };
}

async function allocate(
  deps: { sql: Sql; market: Market },
  securityId: string,
): Promise<(tx: Tx) => Promise<void>> {
  const refusal = await allocateSecurity(deps.sql, deps.market, securityId);
  if (refusal && (await isHeld(deps.sql, securityId)))
    throw new Fault('service.unavailable', `market: ${refusal.refused}`);
  return async () => {};
}

async function isHeld(sql: Sql, securityId: string): Promise<boolean> {
  const [row] = await orm(sql)
    .select({ state: auctionSecurity.state })
    .from(auctionSecurity)
    .where(eq(auctionSecurity.id, securityId));
  return row?.state === 'held';
}

async function conclude(tx: Tx, listings: ListingPort, auctionId: string): Promise<void> {
  const row = await auctionById(tx, auctionId);
  assert(row, `auction ${auctionId} ended without a row`);
  const outcomes = await orm(tx)
    .select()
    .from(auctionSecurityOutcome)
    .where(eq(auctionSecurityOutcome.auctionId, auctionId));
  const retained = new Map(outcomes.map((outcome) => [outcome.accountId, outcome.retained]));
  for (const outcome of outcomes) {
    const resolved = await resolve(tx, {
      auctionId,
      orgId: outcome.accountId,
      retained: minor(outcome.retained),
    });
    assert(resolved.ok, `security of ${outcome.accountId} in auction ${auctionId}`);
  }
  const soldKg = await makeSales(tx, row, retained);
  await listings.concludeAuction(tx, { listingId: row.listingId, soldKg });
}

/** One sale for each award, with the winner's security applied to its contract. @returns kilograms sold. */
async function makeSales(tx: Tx, row: AuctionRow, retained: ReadonlyMap<string, bigint>): Promise<bigint> {
  const { terms } = row;
  let soldKg = 0n;
  const awards = await orm(tx)
    .select()
    .from(auctionAward)
    .where(eq(auctionAward.auctionId, row.id))
    .orderBy(asc(auctionAward.bidSeq));
  const served = new Set<string>();
  for (const award of awards) {
    const isFirst = !served.has(award.accountId);
    served.add(award.accountId);
    const quantityKg = BigInt(award.quantityLots) * BigInt(terms.lotSize);
    soldKg += quantityKg;
    const { contractId } = await createSale(tx, {
      // A Dutch auction may sell to one company at several prices: each is a sale of its own.
      originKey: `auction:${row.id}:${award.accountId}${isFirst ? '' : `:${award.bidSeq}`}`,
      originKind: 'auction',
      originId: row.id,
      listingId: row.listingId,
      sellerId: row.sellerId,
      buyerId: award.accountId,
      quantityKg,
      pricePerTonne: BigInt(award.priceTicks) * BigInt(terms.tickSize),
      currency: terms.currency,
    });
    // All that was retained of a company stands behind its first contract.
    const amount = isFirst ? (retained.get(award.accountId) ?? 0n) : 0n;
    if (amount === 0n) continue;
    const applied = await post(
      tx,
      applyBidSecurity({
        contractId,
        orgId: award.accountId,
        currency: terms.currency as Currency,
        amount: minor(amount),
      }),
    );
    assert(applied.ok, `security of ${award.accountId} for contract ${contractId}`);
  }
  return soldKg;
}
