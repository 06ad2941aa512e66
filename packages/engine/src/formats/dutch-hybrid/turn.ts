/** What the end of a step or a phase leads to. */
import { assert } from '../../assert.ts';
import type { TurnCommand } from '../../auction/format.ts';
import type { Auction } from '../../state.ts';
import type { Event } from '../../types.ts';
import { hybridPriceAtStep, hybridStepCount } from './phases.ts';
import { compareOffers } from './result.ts';
import type { HybridPhase, Offer } from './types.ts';

export function turnPhase(auction: Auction<'dutch_hybrid'>, command: TurnCommand): readonly Event[] {
  const { terms, room } = auction;
  const { auctionId } = command;
  switch (room.phase) {
    case 'opening_pause':
      return [started(auctionId, 'dutch')];
    case 'dutch': {
      const step = room.step + 1;
      // Nobody took the lowest price.
      if (step === hybridStepCount(terms)) return ended(command, null);
      return [{ type: 'price_lowered', auctionId, step, price: hybridPriceAtStep(terms, step) }];
    }
    case 'sealed_pause':
      return [started(auctionId, 'sealed')];
    case 'sealed': {
      const opened = room.sealed.toSorted(compareOffers);
      // The Dutch winner is alone: there is nothing to answer.
      return opened.length === 0 ? ended(command, opened) : [started(auctionId, 'best_bid_pause', opened)];
    }
    case 'best_bid_pause':
      return [started(auctionId, 'best_bid')];
    default:
      assert(false, `the ${room.phase} phase has no turn`);
  }
}

function started(auctionId: string, phase: HybridPhase, opened: readonly Offer[] | null = null): Event {
  return { type: 'hybrid_phase_started', auctionId, phase, opened };
}

function ended({ auctionId, deadline }: TurnCommand, opened: readonly Offer[] | null): readonly Event[] {
  return [started(auctionId, 'ended', opened), { type: 'auction_shortened', auctionId, closesAt: deadline }];
}
