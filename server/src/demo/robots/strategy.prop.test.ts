/** The robots against the real rules: the engine decides, and the frames are those a client gets. */
import {
  type AuctionTerms,
  type CommandBody,
  PLAIN_ENGLISH,
  createState,
  requiredSecurity,
  step,
} from '@seam/engine';
import type { AuctionView } from '@seam/protocol';
import { instant, kilograms, lots, minor, parseMoney, parseTonnes, ticks } from '@seam/units';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AuctionState } from '@seam/client';
import { AuctionRenderer } from '../../exchange/auction-frames.ts';
import { bidCommand } from '../../exchange/bid-input.ts';
import { LiveAuctions } from '../../exchange/live-view.ts';
import { massText, priceText } from '../../exchange/grid.ts';
import { securityText } from '../../auctions/terms.ts';
import { type Random, seeded } from './random.ts';
import { type Wish, nextBid, securityFor, wishFor } from './strategy.ts';

const ROBOTS = ['org-1', 'org-2', 'org-3'];
const AT = 1_000_000;

const termsOf = fc
  .record({
    tick: fc.constantFrom('1', '50', '100'),
    lot: fc.constantFrom('1000', '25000', '50000'),
    quantity: fc.integer({ min: 1, max: 200 }),
    minimum: fc.integer({ min: 1, max: 20 }),
    start: fc.integer({ min: 50, max: 2_000 }),
    increment: fc.integer({ min: 1, max: 8 }),
    maximum: fc.option(fc.integer({ min: 8, max: 60 })),
    security: fc.oneof(
      fc
        .integer({ min: 0, max: 20_000 })
        .map((n) => ({ mode: 'per_tonne' as const, amountPerTonne: String(n) })),
      fc
        .integer({ min: 0, max: 10_000 })
        .map((basisPoints) => ({ mode: 'percent_of_start' as const, basisPoints })),
      fc.integer({ min: 0, max: 1_000_000 }).map((n) => ({ mode: 'fixed' as const, amount: String(n) })),
    ),
  })
  .map((of): AuctionTerms => ({
    auctionId: 'a1',
    format: 'english',
    pricing: 'pay_as_bid',
    ...PLAIN_ENGLISH,
    ownerId: 'org-seller',
    currency: 'CNY',
    tickSize: of.tick,
    lotSize: of.lot,
    quantity: lots(of.quantity),
    minimumBidQuantity: lots(Math.min(of.minimum, of.quantity)),
    startingPrice: ticks(of.start),
    reservePrice: null,
    bidIncrement: ticks(of.increment),
    maximumIncrement: of.maximum === null ? null : ticks(of.maximum),
    opensAt: instant(AT),
    closesAt: instant(AT + 3_600_000),
    softClose: {
      mode: 'window',
      windowMs: 0,
      extensionMs: 0,
      hardEndAt: instant(AT + 3_600_000),
      extensionsMax: 0,
    },
    bidSecurity: of.security,
    rulesVersion: 1,
  }));

class Market {
  readonly #engine = createState();
  readonly #live = new LiveAuctions();
  readonly #renderer = new AuctionRenderer('secret');
  #seq = 0;

  do(body: CommandBody): string {
    this.#seq += 1;
    const command = { ...body, seq: this.#seq, at: instant(AT) };
    const events = step(this.#engine, command);
    this.#live.apply({ shard: 0, seq: this.#seq, epoch: 1, at: AT, actor: 'x', cmdId: 'x', command, events });
    const [first] = events;
    return first?.type === 'command_rejected' ? first.rejection.code : 'accepted';
  }

  seenBy(viewer: string): AuctionState {
    const view = this.#live.get('a1');
    if (!view) throw new Error('no auction');
    return JSON.parse(this.#renderer.snapshot(view, viewer)) as AuctionState;
  }
}

/** As the HTTP route shows them, as far as robots read them. */
const shown = (terms: AuctionTerms): AuctionView =>
  ({
    tickSize: (Number(terms.tickSize) / 100).toFixed(2),
    lotSize: massText(terms, lots(1)),
    quantity: massText(terms, terms.quantity),
    startingPrice: priceText(terms, terms.startingPrice),
    minimumBidQuantity: massText(terms, terms.minimumBidQuantity),
    bidSecurity: securityText(terms.bidSecurity),
  }) as AuctionView;

function holdFor(market: Market, terms: AuctionTerms, wish: Wish, accountId: string): void {
  const amount = securityFor(shown(terms), wish.quantityKg);
  const wanted = requiredSecurity(terms, lots(Number(wish.quantityKg / BigInt(terms.lotSize))));
  expect(amount >= wanted && amount <= wanted + 2n).toBe(true);
  if (amount > 0n)
    market.do({ type: 'allocate_bid_security', auctionId: 'a1', accountId, amount: String(minor(amount)) });
}

function bidOnce(market: Market, terms: AuctionTerms, { accountId, wish, random }: Robot): boolean {
  const state = market.seenBy(accountId);
  const bid = nextBid(state, wish, random);
  if (bid === null) return false;
  expect((parseMoney(bid.price) ?? minor(10n ** 17n)) <= wish.limit).toBe(true);
  expect((parseTonnes(bid.quantity) ?? kilograms(0n)) <= wish.quantityKg).toBe(true);
  const command = bidCommand(terms, { type: 'place_bid', ...bid }, accountId);
  if ('refused' in command) throw new Error(command.refused);
  expect(market.do(command)).toBe('accepted');
  return true;
}
type Robot = { accountId: string; wish: Wish; random: Random };

it('robots bid only what the auction takes, never above their value, and come to rest', () => {
  fc.assert(
    fc.property(termsOf, fc.integer(), (terms, seed) => {
      const market = new Market();
      expect(market.do({ type: 'schedule_auction', terms })).toBe('accepted');
      market.do({ type: 'open_auction', auctionId: 'a1', deadline: terms.opensAt });
      const crew = ROBOTS.map((accountId, index): Robot => {
        const random = seeded(seed + index);
        const wish = wishFor(shown(terms), random);
        holdFor(market, terms, wish, accountId);
        return { accountId, wish, random };
      });
      let rounds = 0;
      while (crew.filter((robot) => bidOnce(market, terms, robot)).length > 0) {
        rounds += 1;
        expect(rounds).toBeLessThan(2_000);
      }
      expect(rounds).toBeGreaterThan(0);
    }),
  );
});

it('the same seed gives the same robot', () => {
  const draw = (seed: number): number[] => Array.from({ length: 5 }, seeded(seed));
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  for (const value of draw(9)) expect(value >= 0 && value < 1).toBe(true);
});
