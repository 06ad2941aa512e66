/** Auctions as people read them. Bidders appear under a number that holds for one auction. */
import type { AuctionFormat, AuctionSummary, AuctionView, MyAuctionPosition, TapeLine } from '@seam/protocol';
import { formatMoney, formatTonnes, lots, ticks } from '@seam/units';
import { maximumQuantityFor } from '@seam/engine';
import { type SQL, and, asc, desc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Static } from 'typebox';
import { contractOfOrigin } from '../contracts/public.ts';
import { pseudonyms } from '../exchange/pseudonyms.ts';
import { directionOf, formatTermsText } from '../exchange/format-terms.ts';
import {
  incrementsOf,
  massText as lotsText,
  priceText as ticksText,
  publicReserve,
} from '../exchange/grid.ts';
import { type Connection, orm } from '../platform/db.ts';
import { type AuctionRow, auction, auctionAward, auctionBid, auctionSecurity } from './tables.ts';
import { afterCloseText } from './after-close-terms.ts';
import type { RequestPort, Viewer } from './request-port.ts';
import { supplyOf } from './supply.ts';
import { softCloseText } from './soft-close.ts';
import { securityText } from './terms.ts';
import { isMasked } from './visibility.ts';

export type NamesOf = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;

const GROUPS: Record<string, readonly AuctionRow['state'][]> = {
  live: ['scheduled', 'open', 'suspended'],
  ended: ['standstill', 'awarded', 'unsold', 'voided'],
};

export async function listAuctions(
  connection: Connection,
  { namesOf, requests }: { readonly namesOf: NamesOf; readonly requests: Pick<RequestPort, 'shownTo'> },
  filter: {
    readonly viewer: Viewer;
    readonly state?: string;
    readonly format?: AuctionFormat;
    readonly direction?: 'sell' | 'buy';
    readonly limit: number;
  },
): Promise<AuctionSummary[]> {
  const states =
    filter.state === undefined ? undefined : (GROUPS[filter.state] ?? [filter.state as AuctionRow['state']]);
  const ended = filter.state === 'ended';
  const ofState = states ? inArray(auction.state, [...states]) : undefined;
  const seen = await shownIn(connection, requests, filter.viewer, ofState);
  const rows = await orm(connection)
    .select()
    .from(auction)
    .where(
      and(
        ofState,
        seen,
        filter.format && sql`${auction.terms} ->> 'format' = ${filter.format}`,
        filter.direction &&
          (filter.direction === 'buy' ? isNotNull(auction.requestId) : isNull(auction.requestId)),
      ),
    )
    .orderBy(ended ? desc(auction.closesAt) : asc(auction.closesAt))
    .limit(filter.limit);
  const names = await namesOf(
    connection,
    rows.map((row) => row.ownerId),
  );
  const prices = await awardedPrices(connection, rows);
  return rows.map((row) => summary(row, { names, prices }));
}

/** Which of them the viewer may know of; nothing to ask for the centre. */
async function shownIn(
  connection: Connection,
  requests: Pick<RequestPort, 'shownTo'>,
  viewer: Viewer,
  among: SQL | undefined,
): Promise<SQL | undefined> {
  if (viewer?.staff) return undefined;
  const asked = await orm(connection)
    .selectDistinct({ id: auction.requestId })
    .from(auction)
    .where(and(isNotNull(auction.requestId), among));
  const ids = asked.flatMap(({ id }) => (id === null ? [] : [id]));
  const shown = ids.length === 0 ? [] : [...(await requests.shownTo(connection, ids, viewer))];
  const own = eq(auction.ownerId, viewer?.organisationId ?? '');
  return or(isNull(auction.requestId), own, inArray(auction.requestId, shown));
}

export async function auctionView(
  connection: Connection,
  namesOf: NamesOf,
  row: AuctionRow,
  now: Date,
): Promise<AuctionView> {
  const { terms } = row;
  const names = await namesOf(connection, [row.ownerId]);
  return {
    ...summary(row, { names, prices: await awardedPrices(connection, [row]) }),
    lotSize: formatTonnes(BigInt(terms.lotSize)),
    tickSize: formatMoney(BigInt(terms.tickSize)),
    minimumBidQuantity: massText(terms, terms.minimumBidQuantity),
    ...incrementsOf(terms),
    hasReserve: 'reservePrice' in terms && terms.reservePrice !== null,
    reservePrice: publicReserve(terms),
    visibility: terms.visibility ?? 'open',
    minimumBidders: terms.minimumBidders ?? 1,
    formatTerms: formatTermsText(terms),
    softClose: softCloseText(terms),
    bidSecurity: securityText(terms.bidSecurity),
    afterClose: afterCloseText(terms),
    reason: row.reason,
    closedSeq: row.closedSeq,
    closedHash: row.closedHash === null ? null : Buffer.from(row.closedHash).toString('hex'),
    serverTime: now.toISOString(),
  };
}

type Beside = {
  readonly names: Awaited<ReturnType<NamesOf>>;
  readonly prices: Awaited<ReturnType<typeof awardedPrices>>;
};

function summary(row: AuctionRow, { names, prices }: Beside): AuctionSummary {
  const { terms } = row;
  const awarded = prices.get(row.id);
  const owner = names.get(row.ownerId);
  const masked = isMasked(row);
  return {
    id: row.id,
    format: terms.format,
    direction: directionOf(terms),
    listingId: row.listingId,
    requestId: row.requestId,
    title: row.title,
    owner: { id: row.ownerId, name: owner?.name ?? '', nameZh: owner?.nameZh ?? null },
    state: row.state,
    currency: row.currency as AuctionSummary['currency'],
    quantity: massText(terms, terms.quantity),
    startingPrice: priceText(terms, terms.startingPrice),
    marginalPrice: masked || row.marginalTicks === null ? null : priceText(terms, row.marginalTicks),
    bestPrice: masked || row.bestTicks === null ? null : priceText(terms, row.bestTicks),
    awardedPrices: awarded
      ? { lowest: priceText(terms, awarded.lowest), highest: priceText(terms, awarded.highest) }
      : null,
    bidCount: masked ? 0 : row.bidCount,
    bidderCount: masked ? 0 : row.bidderCount,
    opensAt: row.opensAt.toISOString(),
    closesAt: row.closesAt.toISOString(),
    extensions: row.extensions,
  };
}

/** Lowest and highest in ticks, of those auctions whose awards stand for everybody to see. */
async function awardedPrices(connection: Connection, rows: readonly AuctionRow[]) {
  const ids = rows.flatMap(({ id, state }) => (state === 'awarded' || state === 'standstill' ? [id] : []));
  if (ids.length === 0) return new Map<string, { lowest: number; highest: number }>();
  const found = await orm(connection)
    .select({
      id: auctionAward.auctionId,
      lowest: sql<number>`min(${auctionAward.priceTicks})`,
      highest: sql<number>`max(${auctionAward.priceTicks})`,
    })
    .from(auctionAward)
    .where(inArray(auctionAward.auctionId, ids))
    .groupBy(auctionAward.auctionId);
  return new Map(found.map(({ id, ...prices }) => [id, prices]));
}

export async function tape(
  connection: Connection,
  row: AuctionRow,
  viewer: string | null,
  pseudonymSecret: string,
): Promise<{
  bids: Static<typeof TapeLine>[];
  awards: { bidder: string; price: string; quantity: string; mine: boolean }[];
}> {
  const { terms } = row;
  const bids = await orm(connection)
    .select()
    .from(auctionBid)
    .where(eq(auctionBid.auctionId, row.id))
    .orderBy(asc(auctionBid.seq));
  const awards = await orm(connection)
    .select()
    .from(auctionAward)
    .where(eq(auctionAward.auctionId, row.id))
    .orderBy(desc(auctionAward.priceTicks), asc(auctionAward.bidSeq));
  const order = [...new Set(bids.map((bid) => bid.accountId))];
  const names = pseudonyms(pseudonymSecret, row.id, order);
  const line = (of: { accountId: string; priceTicks: number; quantityLots: number }) => ({
    bidder: names.get(of.accountId) ?? '',
    price: priceText(terms, of.priceTicks),
    quantity: massText(terms, of.quantityLots),
    mine: of.accountId === viewer,
  });
  return {
    bids: bids
      .filter((bid) => !isMasked(row) || bid.accountId === viewer)
      .map((bid) => ({ seq: bid.seq, at: bid.at.toISOString(), ...line(bid) })),
    awards: awards.map(line),
  };
}

export async function myPosition(
  connection: Connection,
  row: AuctionRow,
  organisationId: string,
  money: { readonly free: bigint; readonly standing: bigint },
): Promise<MyAuctionPosition> {
  const { terms } = row;
  const mine = and(eq(auctionSecurity.auctionId, row.id), eq(auctionSecurity.accountId, organisationId));
  const security = await orm(connection).select().from(auctionSecurity).where(mine);
  const sum = (state: string) =>
    security.filter((one) => one.state === state).reduce((total, one) => total + one.amount, 0n);
  const [bid] = await orm(connection)
    .select()
    .from(auctionBid)
    .where(and(eq(auctionBid.auctionId, row.id), eq(auctionBid.accountId, organisationId)))
    .orderBy(desc(auctionBid.seq))
    .limit(1);
  const won = await orm(connection)
    .select()
    .from(auctionAward)
    .where(and(eq(auctionAward.auctionId, row.id), eq(auctionAward.accountId, organisationId)))
    .orderBy(asc(auctionAward.bidSeq));
  const awards = await Promise.all(
    won.map(async (award, index) => ({
      price: priceText(terms, award.priceTicks),
      quantity: massText(terms, award.quantityLots),
      contractId: (await contractOfOrigin(connection, originOf(row, award, index === 0))) ?? null,
    })),
  );
  const supply = await supplyOf(connection, row.id, organisationId);
  return {
    securityAllocated: formatMoney(sum('allocated')),
    securityPending: formatMoney(sum('held')),
    freeMoney: formatMoney(money.free < 0n ? 0n : money.free),
    standingDeposit: formatMoney(money.standing),
    standingCovers: massText(
      terms,
      maximumQuantityFor(terms, sum('allocated') + sum('held') + money.standing),
    ),
    lastBid: bid
      ? {
          seq: bid.seq,
          price: priceText(terms, bid.priceTicks),
          quantity: massText(terms, bid.quantityLots),
          minimumAcceptable: massText(terms, bid.minimumLots),
        }
      : null,
    listingId: supply?.listingId ?? null,
    award: awards[0] ?? null,
    awards,
  };
}

/** The sale of an award: the first of a company has the shorter name. */
export function originOf(
  row: Pick<AuctionRow, 'id' | 'terms'>,
  award: { readonly accountId: string; readonly bidSeq: number; readonly number: number },
  isFirst: boolean,
): string {
  if (row.terms.waiting) return `auction:${row.id}:award:${award.number}`;
  return `auction:${row.id}:${award.accountId}${isFirst ? '' : `:${award.bidSeq}`}`;
}

/** Rows hold plain integers that came from the engine: they are counts of its grid. */
const priceText = (terms: AuctionRow['terms'], count: number): string => ticksText(terms, ticks(count));
const massText = (terms: AuctionRow['terms'], count: number): string => lotsText(terms, lots(count));
