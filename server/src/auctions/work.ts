/**
 * What follows a commit: telling the market of a new auction and of held money, and, once the market
 * has closed one, the whole consequence in ONE transaction: losers' money back, winners' kept for their
 * contract, the contracts themselves, and the rest of the lot back on the market.
 */
import { requiredSecurity } from '@seam/engine';
import { applyBidSecurity } from '@seam/ledger';
import { type Currency, lots, minor } from '@seam/units';
import { asc, eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { createSale } from '../contracts/public.ts';
import { type Tx, orm } from '../platform/db.ts';
import { Fault, assert } from '../platform/fault.ts';
import type { WorkHandler, WorkItem } from '../platform/outbox.ts';
import { post, resolve } from '../settlement/public.ts';
import { afterCloseWork, concludeAwards } from './after-close-work.ts';
import { type GoodsPorts, allocateSecurity, auctionById } from './commands.ts';
import { type Award, concludeGoods, forfeitPenalties, heatOf, kilogramsOf, partiesOf } from './goods.ts';
import { holdAgain } from './hold-again.ts';
import { type Market, actorOf, refusalOf } from './market.ts';
import { originOf } from './queries.ts';
import type { Supply } from './supply.ts';
import {
  type AuctionRow,
  auction,
  auctionAward,
  auctionSecurity,
  auctionSecurityOutcome,
  auctionSupply,
} from './tables.ts';

export type WorkDeps = GoodsPorts & { readonly sql: Sql; readonly market: Market };

export function auctionWork(deps: WorkDeps): WorkHandler[] {
  return [
    { topic: 'auctions.schedule', run: async (item) => schedule(deps, id(item, 'auctionId')) },
    { topic: 'auctions.allocate_security', run: async (item) => allocate(deps, id(item, 'securityId')) },
    {
      topic: 'auctions.conclude',
      write: async (tx, item) => conclude(tx, deps, id(item, 'auctionId')),
    },
    ...afterCloseWork(deps),
  ];
}

function id(item: WorkItem, name: string): string {
  const value = item.payload[name];
  assert(typeof value === 'string', `work ${item.topic} without ${name}`);
  return value;
}

async function schedule(deps: WorkDeps, auctionId: string): Promise<(tx: Tx) => Promise<void>> {
  const row = await auctionById(deps.sql, auctionId);
  if (!row || row.state !== 'requested') return async () => {};
  await assertTurn(deps.sql, row);
  const outcome = await deps.market.submit({
    actor: actorOf(row.ownerId),
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
    await concludeGoods(tx, deps, row, 0n);
  };
}

/** The market takes the lots of a catalogue in their order. */
async function assertTurn(sql: Sql, { terms }: AuctionRow): Promise<void> {
  const own = terms.catalogue;
  if (!own) return;
  const [before] = await sql`select 1 from auction where state = 'requested'
    and terms -> 'catalogue' ->> 'catalogueId' = ${own.catalogueId}
    and (terms -> 'catalogue' ->> 'position')::int < ${own.position}`;
  if (before) throw new Fault('service.unavailable', 'the lot before it is not with the market yet');
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

async function conclude(tx: Tx, deps: GoodsPorts, auctionId: string): Promise<void> {
  const row = await auctionById(tx, auctionId);
  assert(row, `auction ${auctionId} ended without a row`);
  if (row.state === 'awarded' && row.terms.waiting && row.awarding) {
    return concludeAwards(tx, deps, row, row.awarding);
  }
  const outcomes = await orm(tx)
    .select()
    .from(auctionSecurityOutcome)
    .where(eq(auctionSecurityOutcome.auctionId, auctionId));
  for (const outcome of outcomes) {
    const resolved = await resolve(tx, {
      auctionId,
      orgId: outcome.accountId,
      retained: minor(outcome.retained),
    });
    assert(resolved.ok, `security of ${outcome.accountId} in auction ${auctionId}`);
  }
  const awards = await orm(tx)
    .select()
    .from(auctionAward)
    .where(eq(auctionAward.auctionId, row.id))
    .orderBy(asc(auctionAward.bidSeq));
  const soldKg = awards.reduce((sum, award) => sum + kilogramsOf(row, award), 0n);
  // Requests are locked before lots, everywhere.
  await concludeGoods(tx, deps, row, soldKg);
  const supplies = await orm(tx).select().from(auctionSupply).where(eq(auctionSupply.auctionId, row.id));
  const retained = new Map(outcomes.map((outcome) => [outcome.accountId, outcome.retained]));
  const kept = await makeSales(tx, { row, awards, supplies, retained });
  await forfeitPenalties(tx, row, kept);
  for (const supply of supplies.toSorted((a, b) => (a.listingId < b.listingId ? -1 : 1))) {
    const own = awards.filter((award) => award.accountId === supply.accountId);
    const soldKg = own.reduce((sum, award) => sum + kilogramsOf(row, award), 0n);
    await deps.listings.concludeAuction(tx, { listingId: supply.listingId, soldKg });
  }
  if (row.state === 'voided' && row.heldAgain) await holdAgain(tx, deps, row);
}

type Closed = {
  readonly row: AuctionRow;
  readonly awards: readonly Award[];
  readonly supplies: readonly Supply[];
  /** Minor units of each company. */
  readonly retained: ReadonlyMap<string, bigint>;
};

/**
 * One sale for each award, with the winner's security applied to its first contract.
 * @returns what is retained of each company beyond that: penalties.
 */
async function makeSales(tx: Tx, closed: Closed): Promise<ReadonlyMap<string, bigint>> {
  const { row, awards, supplies } = closed;
  const { terms } = row;
  const left = new Map(closed.retained);
  const served = new Set<string>();
  for (const award of awards) {
    const { accountId } = award;
    const isFirst = !served.has(accountId);
    served.add(accountId);
    const { contractId } = await createSale(tx, {
      // A Dutch auction may sell to one company at several prices: each is a sale of its own.
      originKey: originOf(row, award, isFirst),
      originKind: 'auction',
      originId: row.id,
      ...partiesOf(row, supplies, accountId),
      quantityKg: kilogramsOf(row, award),
      pricePerTonne: BigInt(award.priceTicks) * BigInt(terms.tickSize),
      currency: terms.currency,
      promisedHeat: await heatOf(tx, row, award.bidSeq),
    });
    if (!isFirst) continue;
    // All that its awards need stands behind its first contract.
    const own = awards.filter((one) => one.accountId === accountId);
    const won = own.reduce((sum, one) => sum + one.quantityLots, 0);
    const amount = requiredSecurity(terms, lots(won));
    left.set(accountId, (left.get(accountId) ?? 0n) - amount);
    if (amount === 0n) continue;
    const currency = terms.currency as Currency;
    const applied = await post(
      tx,
      applyBidSecurity({ contractId, orgId: accountId, currency, amount: minor(amount) }),
    );
    assert(applied.ok, `security of ${accountId} for contract ${contractId}`);
  }
  return left;
}
