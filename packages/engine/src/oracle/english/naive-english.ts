/**
 * The English auction a second time: everything is recomputed from all bids and instructions there
 * ever were. Imports nothing the engine decides with.
 */
import { lots, ticks } from '@seam/units';
import type { AuctionCommand as Command, AuctionEvent as Event, Rejection } from '../../types.ts';
import { type NaiveAuction, naiveSecurityRefusal } from '../naive-auction.ts';
import { type NaiveBid, naiveAllocate } from './naive-allocate.ts';
import { naiveHeld, naiveIncrement, naiveLatest, naiveMargin, naiveThreshold } from './naive-prices.ts';
import { naiveRefusal, naiveWindow } from './naive-refusal.ts';

export type NaiveInstruction = {
  readonly accountId: string;
  readonly limit: number;
  readonly step: number;
  readonly seq: number;
  /** How many bids there were when it was given. */
  readonly bidsBefore: number;
};

type Act = Extract<Command, { type: 'place_bid' | 'set_auto_bid' }>;
export type NaiveActed = { readonly events: Event[]; readonly changed: boolean };

/** Events of the format, and whether anybody's part or the price to get in changed. */
export function naiveAct(auction: NaiveAuction, command: Act): NaiveActed | Rejection {
  const before = picture(auction);
  const bidsBefore = auction.bids.length;
  const told = command.type === 'place_bid' ? place(auction, command) : instruct(auction, command);
  if ('code' in told) return told;
  const raises = answer(auction);
  const after = picture(auction);
  const changed = before.won !== after.won || before.margin !== after.margin;
  const marginalPrice = after.margin === null ? null : ticks(after.margin);
  const { auctionId, accountId } = command;
  const events: Event[] = [...told.events];
  const bid = auction.bids[bidsBefore];
  if (bid && bid.seq === command.seq && told.hasBid) {
    const shown = naiveShown(auction);
    const rank = shown.findIndex((line) => line.accountId === accountId) + 1;
    const { allocated, price: shownPrice } = shown[rank - 1] ?? { allocated: 0, price: 0 };
    const { price, quantity, minimumAcceptable } = bid;
    const rest = { quantity, minimumAcceptable };
    const outcome = { allocated: lots(allocated), rank, marginalPrice, standingChanged: changed };
    events.push(
      auction.terms.proxy === 'threshold'
        ? {
            type: 'maximum_accepted',
            auctionId,
            accountId,
            maximum: price,
            ...rest,
            shownPrice: ticks(shownPrice),
            ...outcome,
          }
        : { type: 'bid_accepted', auctionId, accountId, price, ...rest, ...outcome },
    );
  }
  if (raises.length > 0) events.push({ type: 'bids_raised', auctionId, raises, marginalPrice });
  return { events, changed };
}

type Told = { events: Event[]; hasBid: boolean };

function place(auction: NaiveAuction, command: Extract<Act, { type: 'place_bid' }>): Told | Rejection {
  const { accountId, price, quantity, minimumAcceptable, seq } = command;
  const bid = { accountId, price, quantity, minimumAcceptable, seq };
  const refusal = naiveRefusal(auction, bid) ?? naiveSecurityRefusal(auction, bid);
  if (refusal) return refusal;
  auction.bids.push(bid);
  return { events: [], hasBid: true };
}

function instruct(auction: NaiveAuction, command: Extract<Act, { type: 'set_auto_bid' }>): Told | Rejection {
  const { terms } = auction;
  if (terms.proxy !== 'stepped') return { code: 'auto_bid_unavailable' };
  const { auctionId, accountId, quantity, minimumAcceptable, limit, step, seq } = command;
  const own = naiveLatest(auction.bids).find((bid) => bid.accountId === accountId);
  const { floor, raised, highest, margin } = naiveWindow(auction, own);
  const least = own ? raised : floor;
  if (!Number.isInteger(limit) || limit < least || limit > highest) {
    return {
      code: 'auto_bid_limit_out_of_range',
      priceMinimum: ticks(least),
      priceMaximum: ticks(highest),
    };
  }
  const from = own ? own.price : (margin ?? terms.startingPrice);
  let stepMinimum = naiveIncrement(terms, from);
  while (from + stepMinimum * 1000 < limit) stepMinimum += 1;
  if (!Number.isInteger(step) || step < stepMinimum || step > 500_000_000) {
    return { code: 'auto_bid_step_too_small', stepMinimum: ticks(stepMinimum) };
  }
  const isSame = own?.quantity === quantity && own.minimumAcceptable === minimumAcceptable;
  const instruction = { accountId, limit, step, seq, bidsBefore: auction.bids.length };
  if (!isSame) {
    const base = own ? own.price : margin;
    const price = base === null ? least : (naiveStep(instruction, base, { above: base, least }) ?? least);
    const bid = { accountId, price: ticks(price), quantity, minimumAcceptable, seq };
    const refusal = naiveRefusal(auction, bid) ?? naiveSecurityRefusal(auction, bid);
    if (refusal) return refusal;
    auction.bids.push(bid);
  }
  auction.instructions.push(instruction);
  return { events: [{ type: 'auto_bid_set', auctionId, accountId, limit, step }], hasBid: !isSame };
}

/** Whole steps until it is enough; at the end the limit. */
function naiveStep(
  { limit, step }: Pick<NaiveInstruction, 'limit' | 'step'>,
  from: number,
  { above, least }: { above: number; least: number },
): number | null {
  for (let price = from + step; price <= limit; price += step)
    if (price > above && price >= least) return price;
  return limit > above && limit >= least && limit > from ? limit : null;
}

function naiveInstructions({ instructions, bids }: NaiveAuction): NaiveInstruction[] {
  const latest = instructions.filter(
    (one, index) => !instructions.slice(index + 1).some((later) => later.accountId === one.accountId),
  );
  const isReached = ({ accountId, limit, bidsBefore }: NaiveInstruction): boolean =>
    bids.slice(bidsBefore).some((bid) => bid.accountId === accountId && bid.price >= limit);
  return latest.filter((one) => !isReached(one));
}

/** Asks the oldest instruction that can do something until there is none. */
function answer(auction: NaiveAuction): { accountId: string; price: NaiveBid['price'] }[] {
  const order = naiveInstructions(auction).sort((a, b) => a.seq - b.seq);
  const raised = new Map<string, NaiveBid['price']>();
  const out = new Set<NaiveInstruction>();
  for (;;) {
    const { standing } = naiveAllocate(
      naiveLatest(auction.bids),
      auction.terms.quantity,
      auction.terms.margin,
    );
    const unserved = (one: NaiveInstruction): boolean =>
      standing.some((line) => line.accountId === one.accountId && line.allocated < line.quantity);
    const live = naiveInstructions(auction);
    const isBarred = (one: NaiveInstruction): boolean => auction.excluded.includes(one.accountId);
    const next = order.find((one) => live.includes(one) && !out.has(one) && !isBarred(one) && unserved(one));
    if (next === undefined) break;
    const bid = naiveAnswer(auction, next);
    if (bid === null) {
      out.add(next);
      continue;
    }
    auction.bids.push(bid);
    raised.set(next.accountId, bid.price);
  }
  return order.flatMap(({ accountId }) => {
    const price = raised.get(accountId);
    return price === undefined ? [] : [{ accountId, price }];
  });
}

function naiveAnswer(auction: NaiveAuction, instruction: NaiveInstruction): NaiveBid | null {
  const { accountId } = instruction;
  const live = naiveLatest(auction.bids);
  const own = live.find((bid) => bid.accountId === accountId);
  if (own === undefined) return null;
  const rivals = live.filter((bid) => bid !== own);
  const { standing } = naiveAllocate(rivals, auction.terms.quantity, auction.terms.margin);
  let left: number = auction.terms.quantity;
  let inTheWay = 0;
  for (const line of standing) {
    left -= line.allocated;
    if (left < own.quantity && inTheWay === 0) inTheWay = line.price;
  }
  const { raised, ceiling } = naiveWindow(auction, own);
  const price = naiveStep(instruction, own.price, { above: inTheWay, least: raised });
  if (price === null || price > ceiling) return null;
  return { ...own, price: ticks(price), seq: own.seq > instruction.seq ? own.seq : instruction.seq };
}

type Shown = { accountId: string; price: number; allocated: number };

/** The standing as anybody may see it. */
export function naiveShown({ terms, bids }: NaiveAuction): Shown[] {
  const { standing } = naiveAllocate(naiveLatest(bids), terms.quantity, terms.margin);
  if (terms.proxy !== 'threshold') return standing;
  const winners = standing
    .filter((line) => line.allocated > 0)
    .map((line) => ({ ...line, price: naiveThreshold(terms, bids, line.accountId) ?? 0 }))
    .sort((a, b) => b.price - a.price || b.quantity - a.quantity || a.seq - b.seq);
  const others = standing.filter((line) => line.allocated === 0).sort((a, b) => a.seq - b.seq);
  return [...winners, ...others.map((line) => ({ ...line, price: terms.startingPrice }))];
}

function picture(auction: NaiveAuction): { won: string; margin: number | null } {
  const { terms, bids } = auction;
  const { standing } = naiveAllocate(naiveLatest(bids), terms.quantity, terms.margin);
  const won = standing
    .filter((line) => line.allocated > 0)
    .map((line) => `${line.accountId}=${line.allocated}`);
  return { won: won.sort().join(), margin: naiveMargin(auction) };
}

/** What the snapshot must say of the format. */
export function naiveRoom(auction: NaiveAuction) {
  const { terms, bids } = auction;
  const { standing } = naiveAllocate(naiveLatest(bids), terms.quantity, terms.margin);
  const accounts = terms.proxy === 'threshold' ? standing.map((line) => line.accountId) : [];
  const live = naiveInstructions(auction);
  return {
    standing,
    marginalPrice: naiveMargin(auction),
    held: Object.fromEntries(accounts.map((accountId) => [accountId, naiveHeld(bids, accountId)])),
    autoBids: Object.fromEntries(
      live.map(({ accountId, limit, step, seq }) => [accountId, { limit, step, seq }]),
    ),
  };
}
