/** What becomes of a trade: its seller names the lot, and the contract follows as after an auction. */
import type { InstrumentTerms } from '@seam/engine';
import type { MarketTrade, OverdueTrade } from '@seam/protocol';
import { and, asc, desc, eq, isNotNull, or } from 'drizzle-orm';
import { createSale } from '../contracts/public.ts';
import { gridOf, massText, priceText } from '../exchange/grid.ts';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { TRADES_SHOWN } from './limits.ts';
import type { LotPort } from './listing-port.ts';
import { instrument, marketTrade, tradeNomination } from './tables.ts';

export type NamesOf = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;

const joined = {
  nomination: tradeNomination,
  trade: marketTrade,
  terms: instrument.terms,
};
type Joined = {
  readonly nomination: typeof tradeNomination.$inferSelect;
  readonly trade: typeof marketTrade.$inferSelect;
  readonly terms: InstrumentTerms;
};

function trades(connection: Connection) {
  return orm(connection)
    .select(joined)
    .from(tradeNomination)
    .innerJoin(
      marketTrade,
      and(
        eq(marketTrade.instrumentId, tradeNomination.instrumentId),
        eq(marketTrade.tradeNumber, tradeNomination.tradeNumber),
      ),
    )
    .innerJoin(instrument, eq(instrument.id, tradeNomination.instrumentId));
}

/** Of one company, newest first. */
export async function tradesOf(
  connection: Connection,
  namesOf: NamesOf,
  organisationId: string,
): Promise<MarketTrade[]> {
  const mine = or(eq(tradeNomination.sellerId, organisationId), eq(tradeNomination.buyerId, organisationId));
  const rows = await trades(connection).where(mine).orderBy(desc(marketTrade.at)).limit(TRADES_SHOWN);
  return viewsOf(connection, namesOf, rows, organisationId);
}

/** What staff has to ask about, the longest waiting first. */
export async function overdueTrades(connection: Connection, namesOf: NamesOf): Promise<OverdueTrade[]> {
  const rows = await trades(connection)
    .where(and(eq(tradeNomination.state, 'to_nominate'), isNotNull(tradeNomination.overdueAt)))
    .orderBy(asc(tradeNomination.nominateBy))
    .limit(TRADES_SHOWN);
  const names = await namesOf(
    connection,
    rows.flatMap(({ nomination }) => [nomination.sellerId, nomination.buyerId]),
  );
  return rows.map(({ nomination, trade, terms }) => ({
    ...common({ nomination, trade, terms }),
    seller: party(names, nomination.sellerId),
    buyer: party(names, nomination.buyerId),
  }));
}

/** One transaction: the lot is sold, the sale made, the trade asked to be settled; or nothing of it. */
export async function nominate(
  tx: Tx,
  deps: { readonly lots: LotPort; readonly namesOf: NamesOf },
  principal: Principal,
  { id, listingId }: { readonly id: string; readonly listingId: string },
): Promise<MarketTrade | Refusal> {
  const { organisationId } = principal;
  await tx`select 1 from trade_nomination where id::text = ${id} for update`;
  const row = await ofSeller(tx, id, organisationId);
  if (!row) return refuse('resource.not_found');
  if (row.nomination.state === 'contracted') return refuse('trade.already_nominated');
  const { trade, terms } = row;
  const grid = gridOf(terms);
  const quantityKg = BigInt(trade.quantityLots) * grid.lotSize;
  const { currency, deliveryTerm } = terms;
  const lot = { listingId, sellerId: organisationId, quantityKg, currency, deliveryTerm };
  const unfit = await deps.lots.sellOwn(tx, lot);
  if (unfit) return refuse('trade.listing_unfit', { fields: { listingId: unfit } });
  const { instrumentId, tradeNumber } = trade;
  const { contractId } = await createSale(tx, {
    originKey: `trade:${instrumentId}:${tradeNumber}`,
    originKind: 'order_book',
    originId: id,
    listingId,
    sellerId: trade.sellerId,
    buyerId: trade.buyerId,
    quantityKg,
    pricePerTonne: BigInt(trade.priceTicks) * grid.tickSize,
    currency,
  });
  await tx`update trade_nomination set state = 'contracted', listing_id = ${listingId}, contract_id = ${contractId},
      nominated_by = ${principal.personId}, nominated_at = now() where id::text = ${id}`;
  // The contract now says what each owes: the market's own guarantee has done its part.
  await enqueue(tx, {
    effectKey: `settle-trade:${instrumentId}:${tradeNumber}`,
    topic: 'trading.settle_trade',
    payload: { instrumentId, tradeNumber },
  });
  const now = await ofSeller(tx, id, organisationId);
  assert(now, `trade ${id} is gone`);
  return first(await viewsOf(tx, deps.namesOf, [now], organisationId))!;
}

/** The trades of one entry whose coal nobody has named by now go to the staff's queue, each with its trail. */
export async function markOverdue(
  tx: Tx,
  { instrumentId, seq }: { readonly instrumentId: string; readonly seq: number },
): Promise<void> {
  await tx`with due as (
      update trade_nomination n set overdue_at = now() from market_trade t
       where t.instrument_id = n.instrument_id and t.trade_number = n.trade_number
         and t.instrument_id = ${instrumentId} and t.seq = ${seq}
         and n.state = 'to_nominate' and n.overdue_at is null
      returning n.id, n.instrument_id, n.trade_number, n.seller_id, n.nominate_by)
    insert into audit_entry (person_id, action, subject, detail)
    select 'exchange', 'trade.nomination_overdue', id::text, jsonb_build_object('instrumentId', instrument_id,
      'tradeNumber', trade_number, 'sellerId', seller_id, 'nominateBy', nominate_by) from due`;
}

async function ofSeller(tx: Tx, id: string, sellerId: string): Promise<Joined | undefined> {
  const [known] = await tx<{ id: string }[]>`
    select id from trade_nomination where id::text = ${id} and seller_id = ${sellerId}`;
  return known && first(await trades(tx).where(eq(tradeNomination.id, known.id)));
}

async function viewsOf(
  connection: Connection,
  namesOf: NamesOf,
  rows: readonly Joined[],
  viewer: string,
): Promise<MarketTrade[]> {
  const other = ({ nomination }: Joined): string =>
    nomination.sellerId === viewer ? nomination.buyerId : nomination.sellerId;
  const names = await namesOf(connection, rows.map(other));
  return rows.map((row) => ({
    ...common(row),
    side: row.nomination.sellerId === viewer ? 'sell' : 'buy',
    state: row.nomination.state,
    counterparty: party(names, other(row)),
    contractId: row.nomination.contractId,
  }));
}

function common({ nomination, trade, terms }: Joined) {
  return {
    id: nomination.id,
    instrumentId: trade.instrumentId,
    tradeNumber: trade.tradeNumber,
    price: priceText(terms, trade.priceTicks),
    quantity: massText(terms, trade.quantityLots),
    currency: terms.currency as MarketTrade['currency'],
    at: trade.at.toISOString(),
    nominateBy: nomination.nominateBy.toISOString(),
  };
}

function party(names: Awaited<ReturnType<NamesOf>>, id: string): MarketTrade['counterparty'] {
  const known = names.get(id);
  return { id, name: known?.name ?? '', nameZh: known?.nameZh ?? null };
}
