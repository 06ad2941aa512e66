/** Order books as people read them: the market of this moment from memory, everything older from SQL. */
import type {
  BookLevel,
  InstrumentSummary,
  InstrumentView,
  MarketPosition,
  MarketSupervision,
  TradeLine,
} from '@seam/protocol';
import { partyAccount } from '@seam/ledger';
import { type Currency, formatMoney, formatScaled, formatTonnes } from '@seam/units';
import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm';
import { massText, priceText } from '../exchange/grid.ts';
import type { LiveMarket } from '../exchange/markets/live-market.ts';
import { mineFields } from '../exchange/markets/mine-frames.ts';
import { statusOf } from '../exchange/markets/status.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { balances } from '../settlement/public.ts';
import { approvedBy } from './approvals.ts';
import { killScope, scopeKey } from './kill-scope.ts';
import type { Market } from './market.ts';
import { actionsOf, stopOf } from './stops.ts';
import {
  type InstrumentRow,
  exposure,
  instrument,
  instrumentPhase,
  marketBlock,
  marketTrade,
} from './tables.ts';
import { unsettledOf } from './unsettled.ts';

export async function instrumentById(connection: Connection, id: string): Promise<InstrumentRow | undefined> {
  return first(await orm(connection).select().from(instrument).where(eq(instrument.id, id)));
}

export async function instruments(connection: Connection, market: Market): Promise<InstrumentSummary[]> {
  const rows = await orm(connection).select().from(instrument).orderBy(asc(instrument.id));
  return rows.map((row) => summary(row, market.market(row.id)));
}

export async function instrumentView(
  connection: Connection,
  market: Market,
  row: InstrumentRow,
): Promise<InstrumentView> {
  const { terms } = row;
  const now = market.now();
  return {
    ...summary(row, market.market(row.id)),
    stopped: await stopOf(connection, row.id, [{ of: 'exchange' }, { of: 'market' }]),
    hardCollarPercent: percent(terms.collar.hardBasisPoints),
    softCollarPercent: percent(terms.collar.softBasisPoints),
    maximumOrderValue: formatMoney(BigInt(terms.maximumOrderNotional)),
    session: await sessionFrom(connection, row.id, now),
    serverTime: now.toISOString(),
  };
}

function summary({ id, terms }: InstrumentRow, live: LiveMarket | undefined): InstrumentSummary {
  return {
    id,
    grade: terms.gradeId,
    specification: terms.specificationId,
    deliveryTerm: terms.deliveryTerm,
    deliveryPlace: terms.deliveryPlace,
    deliveryPeriod: terms.deliveryPeriod,
    currency: terms.currency as InstrumentSummary['currency'],
    tickSize: formatMoney(BigInt(terms.tickSize)),
    lotSize: formatTonnes(BigInt(terms.lotSize)),
    status: live ? statusOf(live) : null,
  };
}

/** The phase that has begun last, and all later ones. */
async function sessionFrom(
  connection: Connection,
  instrumentId: string,
  now: Date,
): Promise<InstrumentView['session']> {
  const rows = await orm(connection)
    .select()
    .from(instrumentPhase)
    .where(eq(instrumentPhase.instrumentId, instrumentId))
    .orderBy(asc(instrumentPhase.startsAt));
  const begun = rows.findLastIndex(({ startsAt }) => startsAt <= now);
  return rows.slice(Math.max(0, begun)).map((row) => ({
    phase: row.phase,
    startsAt: row.startsAt.toISOString(),
    noCancelSeconds: Math.floor(row.noCancelMs / 1000),
    randomEnd:
      row.randomWindowMs === null || row.commitment === null
        ? null
        : { seconds: Math.floor(row.randomWindowMs / 1000), commitment: row.commitment, seed: row.seed },
  }));
}

export function bookOf(live: LiveMarket): { buys: BookLevel[]; sells: BookLevel[] } {
  const side = (levels: LiveMarket['buys']): BookLevel[] =>
    levels
      .all()
      .map(([price, { quantity, orders }]) => [
        priceText(live.terms, price),
        massText(live.terms, quantity),
        orders,
      ]);
  return { buys: side(live.buys), sells: side(live.sells) };
}

/** The tape, newest first; of trades with a smaller number than `before`. */
export async function tape(
  connection: Connection,
  { id, terms }: InstrumentRow,
  { before, limit }: { readonly before: number | undefined; readonly limit: number },
): Promise<TradeLine[]> {
  const older = before === undefined ? undefined : lt(marketTrade.tradeNumber, before);
  const rows = await orm(connection)
    .select()
    .from(marketTrade)
    .where(and(eq(marketTrade.instrumentId, id), older))
    .orderBy(desc(marketTrade.tradeNumber))
    .limit(limit);
  return rows.map(({ tradeNumber, at, priceTicks, quantityLots, taker }) => ({
    tradeNumber,
    at: at.toISOString(),
    price: priceText(terms, priceTicks),
    quantity: massText(terms, quantityLots),
    taker,
  }));
}

/** One company's side of one market. */
export async function position(
  connection: Connection,
  live: LiveMarket,
  organisationId: string,
): Promise<MarketPosition> {
  const { instrumentId, currency } = live.terms;
  const rows = await orm(connection)
    .select({ amount: exposure.amount })
    .from(exposure)
    .where(
      and(
        eq(exposure.instrumentId, instrumentId),
        eq(exposure.accountId, organisationId),
        inArray(exposure.state, ['held', 'allocated']),
      ),
    );
  const code = partyAccount(organisationId, currency as Currency, 'free');
  const free = (await balances(connection, organisationId)).find((balance) => balance.code === code);
  const available: bigint = free?.available ?? 0n;
  const { limits, orders, fills } = mineFields(live, organisationId);
  return {
    limits,
    exposureHeld: formatMoney(rows.reduce((sum, row) => sum + row.amount, 0n)),
    freeMoney: formatMoney(available < 0n ? 0n : available),
    unsettled: await unsettledOf(connection, live.terms, organisationId),
    stopped: await stopOf(connection, instrumentId, [
      // Each company is a group of its own until members tell us of their owners.
      { of: 'owner_group', ownerGroup: organisationId },
      { of: 'account', accountId: organisationId },
    ]),
    open: orders,
    fills,
  };
}

/** What is stopped here, and who has agreed to end it. */
export async function supervision(
  connection: Connection,
  { id, mode, reason, stoppedSeq }: InstrumentRow,
  personNamesOf: (connection: Connection, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>,
): Promise<MarketSupervision> {
  const blocks = await orm(connection)
    .select()
    .from(marketBlock)
    .where(eq(marketBlock.instrumentId, id))
    .orderBy(asc(marketBlock.setAt));
  const resume =
    stoppedSeq === null
      ? undefined
      : await approvedBy(connection, { instrumentId: id, action: 'resume', occasion: stoppedSeq });
  const lifts = await Promise.all(
    blocks.map(async ({ scope, setSeq }) =>
      approvedBy(connection, { instrumentId: id, action: `lift:${scopeKey(scope)}`, occasion: setSeq }),
    ),
  );
  const actions = await actionsOf(connection, id);
  const people = [resume, ...lifts, ...actions.map(({ person }) => person)].filter(
    (person) => person !== undefined,
  );
  const names = await personNamesOf(connection, people);
  const nameOf = (person: string | undefined): string | null =>
    person === undefined ? null : (names.get(person) ?? person);
  return {
    mode,
    reason,
    stoppedSeq,
    resumeApprovedBy: nameOf(resume),
    killSwitches: blocks.map((block, index) => ({
      scope: killScope(block.scope),
      reason: block.reason,
      at: block.setAt.toISOString(),
      seq: block.setSeq,
      liftApprovedBy: nameOf(lifts[index]),
    })),
    actions: actions.map((action) => ({ ...action, person: nameOf(action.person) ?? action.person })),
  };
}

const percent = (basisPoints: number): string => formatScaled(BigInt(basisPoints), 2);
