/**
 * Everything that can be watched, under one roof: finds the fan-out of a topic by its kind and gives each
 * company its own `mine`.
 */
import { AuctionRenderer } from './auction-frames.ts';
import { type Connection, Fanout } from './fanout.ts';
import type { AuctionView } from './live-view.ts';
import { MARKET_KINDS, type MarketKind, MarketRenderer, type MarketView } from './markets/frames.ts';
import type { LiveMarket } from './markets/live-market.ts';
import { MarketTopics, mineTopic } from './markets/market-topics.ts';

type Reader = {
  readonly connection: Connection;
  /** The company that watches. */
  readonly viewer: string;
  readonly resumeFrom?: number | undefined;
};
type Announce = (subscribed: { readonly seq: number; readonly resumed: boolean }) => void;

export class Topics {
  readonly #auctions: Fanout<AuctionView>;
  readonly #byKind: Readonly<Record<MarketKind, Fanout<MarketView>>>;
  readonly #markets: MarketTopics;
  readonly #marketOf: (instrumentId: string) => LiveMarket | undefined;

  constructor(options: {
    pseudonymSecret: string;
    marketOf: (instrumentId: string) => LiveMarket | undefined;
  }) {
    this.#auctions = new Fanout(new AuctionRenderer(options.pseudonymSecret));
    this.#byKind = Object.fromEntries(
      MARKET_KINDS.map((kind) => [kind, new Fanout(new MarketRenderer(kind))]),
    ) as Record<MarketKind, Fanout<MarketView>>;
    this.#markets = new MarketTopics(this.#byKind);
    this.#marketOf = options.marketOf;
  }

  auctionChanged(view: AuctionView): void {
    this.#auctions.publish(auctionTopic(view.terms.auctionId), view);
  }

  auctionForgotten(auctionId: string): void {
    this.#auctions.remove(auctionTopic(auctionId));
  }

  marketChanged(market: LiveMarket): void {
    this.#markets.changed(market);
  }

  /** @returns false when there is no such topic. */
  subscribe(topic: string, reader: Reader, announce: Announce): boolean {
    const { fanout, name } = this.#find(topic, reader.viewer);
    return fanout.subscribe(name, reader, announce) !== undefined;
  }

  unsubscribe(topic: string, { connection, viewer }: Reader): void {
    const { fanout, name } = this.#find(topic, viewer);
    fanout.unsubscribe(name, connection);
  }

  /** Forgets a closed connection everywhere. */
  drop(connection: Connection): void {
    for (const fanout of this.#all()) fanout.drop(connection);
  }

  /** Connections cut because they did not read. */
  get evicted(): number {
    return this.#all().reduce((sum, fanout) => sum + fanout.evicted, 0);
  }

  #find(topic: string, viewer: string): { fanout: Pick<Fanout<never>, FanoutCalls>; name: string } {
    const colon = topic.indexOf(':');
    const [kind, id] = [topic.slice(0, colon), topic.slice(colon + 1)];
    if (kind === 'auction') return { fanout: this.#auctions, name: topic };
    if (kind !== 'mine') return { fanout: this.#byKind[kind as MarketKind], name: topic };
    const market = this.#marketOf(id);
    if (market) this.#markets.openMine(market, viewer);
    return { fanout: this.#byKind.mine, name: mineTopic(id, viewer) };
  }

  #all(): readonly { drop(connection: Connection): void; evicted: number }[] {
    return [this.#auctions, ...Object.values(this.#byKind)];
  }
}

type FanoutCalls = 'subscribe' | 'unsubscribe';

function auctionTopic(auctionId: string): string {
  return `auction:${auctionId}`;
}
