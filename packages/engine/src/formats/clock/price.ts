/**
 * What a clock's rounds cost. The path of the price is known from the start, only where it stops is
 * not; all from public figures and the bidder's own, so a client's mirror computes the same.
 */
import {
  type Instant,
  type Lots,
  type Ticks,
  instant,
  kilograms,
  lots,
  minor,
  notional,
  ticks,
} from '@seam/units';
import type { MinorText } from '../../auction/types.ts';
import type { ClockRoom, ClockTerms, Statement } from './types.ts';

/** The part of an auction these rules read. */
export type ClockView = {
  readonly terms: ClockTerms;
  readonly room: Readonly<ClockRoom>;
  readonly closesAt: Instant;
};

/** The price of round `round`, from 1. */
export function priceOfRound({ startingPrice, priceIncrements }: ClockTerms, round: number): Ticks {
  const steps = priceIncrements.slice(0, round - 1);
  const listed = steps.reduce((sum, increment) => sum + increment, 0);
  const repeated = (round - 1 - steps.length) * (priceIncrements.at(-1) ?? 0);
  return ticks(startingPrice + listed + repeated);
}

/**
 * When the round ends and another may follow; null in the last one, which the close ends, and once
 * the clock has stopped. Counted back from the close, so that whatever moves the close (a suspension,
 * an outage) moves every round with it.
 */
export function roundEndsAt({ terms, room, closesAt }: ClockView): Instant | null {
  if (room.stopped || room.round >= terms.roundsMax) return null;
  return instant(closesAt - (terms.roundsMax - room.round) * terms.roundMs);
}

/** Most lots `accountId` may state now: in the first round all, then what it stated in the one before. */
export function mostQuantity({ terms, room }: Pick<ClockView, 'terms' | 'room'>, accountId: string): Lots {
  return room.round === 1 ? terms.quantity : quantityOf(room.previous, accountId);
}

export function quantityOf(statements: readonly Statement[], accountId: string): Lots {
  return statements.find((line) => line.accountId === accountId)?.quantity ?? lots(0);
}

/** What a bidder should know before it states a quantity. For that bidder's eyes only. */
export type ClockOffer = {
  readonly round: number;
  readonly price: Ticks;
  /** Minor units, if the clock stops at this price. */
  readonly cost: MinorText;
  /** Most it may state; less from the next round on if it states less now. */
  readonly quantityMaximum: Lots;
  /** What it has stated in this round; null: nothing yet, and at the end of the round it is out. */
  readonly stated: Lots | null;
  readonly endsAt: Instant;
  /** What the next round would cost a tonne; null in the last. */
  readonly nextPrice: Ticks | null;
};

export function offerOfRound(view: ClockView, accountId: string, quantity: Lots): ClockOffer {
  const { terms, room, closesAt } = view;
  const price = priceOfRound(terms, room.round);
  const grid = { tickSize: minor(BigInt(terms.tickSize)), lotSize: kilograms(BigInt(terms.lotSize)) };
  const endsAt = roundEndsAt(view);
  return {
    round: room.round,
    price,
    cost: notional(grid, price, quantity).toString(),
    quantityMaximum: mostQuantity(view, accountId),
    stated: room.statements.find((line) => line.accountId === accountId)?.quantity ?? null,
    endsAt: endsAt ?? closesAt,
    nextPrice: endsAt === null ? null : priceOfRound(terms, room.round + 1),
  };
}

/** What everybody may see of a running clock. */
export type PublicClock = {
  readonly round: number;
  readonly price: Ticks;
  readonly endsAt: Instant;
  /** Of the round before, where the terms show it. */
  readonly demand: number | null;
};

/** Cuts the room down: no account, no quantity of a single bidder, no demand of the running round. */
export function publicClock(view: ClockView): PublicClock {
  const { terms, room, closesAt } = view;
  return {
    round: room.round,
    price: priceOfRound(terms, room.round),
    endsAt: roundEndsAt(view) ?? closesAt,
    demand: terms.demandVisible ? room.demand : null,
  };
}
