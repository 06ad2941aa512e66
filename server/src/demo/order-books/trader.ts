/**
 * One robot in the order books: a member like any other, on the public API only. It sets money aside,
 * quotes, and names coal of its own for what it has sold, so that its trades become contracts.
 */
import { type Client, randomId } from '@seam/client';
import { type InstrumentSummary, type MarketTrade, listingRoutes, marketRoutes } from '@seam/protocol';
import { formatMoney, parseMoney, parseTonnes } from '@seam/units';
import type { Random } from '../robots/random.ts';
import { type Move, type Opinion, nextMove, nextOpinion } from './strategy.ts';

/** Yuan set aside in each market: fifty lots on each side. */
const EXPOSURE = 8_000_000_00n;
/** What one lot of the robot's own can deliver before it lists another. */
const STOCK_TONNES = 100_000;
const DAY_MS = 86_400_000;

export class BookTrader {
  readonly #client: Client;
  readonly #random: Random;
  readonly #opinions = new Map<string, Opinion>();

  constructor(of: { readonly client: Client; readonly random: Random }) {
    this.#client = of.client;
    this.#random = of.random;
  }

  /** Looks at one market and makes at most one move. @throws when the exchange does not answer. */
  async turn({ id, tickSize, lotSize }: InstrumentSummary): Promise<Move | null> {
    const params = { id };
    const [view, mine, tape] = await Promise.all([
      this.#client.call(marketRoutes.instrument, { params }),
      this.#client.call(marketRoutes.marketPosition, { params }),
      this.#client.call(marketRoutes.instrumentTrades, { params, query: { limit: '1' } }),
    ]);
    if (!mine.ok) throw new Error(`position: ${mine.problem.code}`);
    if (!view.ok || !tape.ok || !view.value.status) return null;
    const missing = EXPOSURE - money(mine.value.exposureHeld);
    if (missing > 0n && missing <= money(mine.value.freeMoney)) {
      await this.#client.call(marketRoutes.holdExposure, { params, body: { amount: formatMoney(missing) } });
      return null;
    }
    const opinion = nextOpinion(this.#opinions.get(id) ?? { perMille: 0 }, this.#random);
    this.#opinions.set(id, opinion);
    const last = tape.value.items[0];
    const seen = {
      status: view.value.status,
      tickSize,
      lotSize,
      open: mine.value.open,
      fills: mine.value.fills,
      nowMs: Date.parse(view.value.serverTime),
      lastTradeMs: last ? Date.parse(last.at) : null,
    };
    const move = nextMove(seen, opinion, this.#random);
    if (move) await this.#make(id, move);
    return move;
  }

  /** What is refused is looked at anew in the next turn. */
  async #make(id: string, move: Move): Promise<void> {
    const commandId = `robot-${randomId()}`;
    if (move.do === 'place') {
      const body = { commandId, ...move.order };
      await this.#client.call(marketRoutes.placeOrder, { params: { id }, body });
      return;
    }
    const params = { id, orderId: String(move.orderId) };
    await this.#client.call(marketRoutes.cancelOrder, { params, body: { commandId } });
  }

  /** Names coal for one trade that waits for it. */
  async deliver(instruments: readonly InstrumentSummary[]): Promise<void> {
    const trades = await this.#client.call(marketRoutes.marketTrades);
    if (!trades.ok) return;
    const trade = trades.value.items.find(({ side, state }) => side === 'sell' && state === 'to_nominate');
    const traded = trade && instruments.find(({ id }) => id === trade.instrumentId);
    if (!trade || !traded) return;
    const listingId = (await this.#stock(trade, traded)) ?? (await this.#list(traded));
    if (listingId === undefined) return;
    await this.#client.call(marketRoutes.nominateTrade, { params: { id: trade.id }, body: { listingId } });
  }

  async #stock(trade: MarketTrade, { deliveryTerm }: InstrumentSummary): Promise<string | undefined> {
    const own = await this.#client.call(listingRoutes.listOwnListings, { query: {} });
    if (!own.ok) return undefined;
    const needed = parseTonnes(trade.quantity) ?? 0n;
    return own.value.items.find(
      (lot) =>
        lot.state === 'published' &&
        lot.deliveryTerm === deliveryTerm &&
        lot.currency === trade.currency &&
        (parseTonnes(lot.remaining) ?? 0n) >= needed,
    )?.id;
  }

  /** A lot like one that is on offer on the same delivery term. */
  async #list({ deliveryTerm }: InstrumentSummary): Promise<string | undefined> {
    const query = { source: 'offers', currency: 'CNY', limit: '100' } as const;
    const offers = await this.#client.call(listingRoutes.listListings, { query });
    const like = offers.ok && offers.value.items.find((lot) => lot.deliveryTerm === deliveryTerm);
    if (!like) return undefined;
    const full = await this.#client.call(listingRoutes.getListing, { params: { id: like.id }, query: {} });
    if (!full.ok || !like.deliveryTerm) return undefined;
    const { mine, coalRank, assay, deliveryPlace, loadPlace, transport } = full.value;
    const listed = await this.#client.call(listingRoutes.createListing, {
      body: {
        mineId: mine.id,
        coalRank,
        assay,
        quantity: String(STOCK_TONNES),
        currency: 'CNY',
        saleMethod: 'auction',
        deliveryTerm: like.deliveryTerm,
        ...(deliveryPlace ? { deliveryPlaceId: deliveryPlace.id } : {}),
        ...(loadPlace ? { loadPlaceId: loadPlace.id } : {}),
        windowFrom: day(5),
        windowTo: day(65),
        transport,
      },
    });
    return listed.ok ? listed.value.id : undefined;
  }
}

const money = (text: string): bigint => parseMoney(text) ?? 0n;
const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
