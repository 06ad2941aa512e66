/** The rules of the market: pure, deterministic, the same on a server and in a browser. */
export { apply } from './apply.ts';
export { InvariantError } from './assert.ts';
export {
  type ClockOffer,
  type ClockView,
  type PublicClock,
  offerOfRound,
  priceOfRound,
  publicClock,
  roundEndsAt,
} from './formats/clock/price.ts';
export {
  type HybridView,
  hybridDurationMs,
  hybridPriceAtStep,
  phaseEndsAt,
} from './formats/dutch-hybrid/phases.ts';
export { PROZORRO_HYBRID } from './formats/dutch-hybrid/presets.ts';
export { type HybridChance, chanceOf } from './formats/dutch-hybrid/price.ts';
export { type PublicHybrid, publicHybrid, publicHybridEvents } from './formats/dutch-hybrid/public.ts';
export {
  type DutchOffer,
  type DutchView,
  dutchDurationMs,
  offerNow,
  priceAtStep,
  stepEndsAt,
} from './formats/dutch/price.ts';
export { type Allocation, type Bid, allocate } from './formats/english/allocate.ts';
export { type Explanation, explain } from './formats/english/explain.ts';
export {
  type BiddingView,
  leastPrice,
  mostPrice,
  mostQuantity,
  priceFloor,
  viewOf,
} from './formats/english/price.ts';
export { priceToWin } from './formats/english/price-to-win.ts';
export { type Preview, type PreviewedBid, preview } from './formats/english/preview.ts';
export { type PublicLine, publicStanding } from './formats/english/public.ts';
export { PLAIN_ENGLISH } from './formats/english/terms.ts';
export { freeLots } from './auction/awarding/draft.ts';
export {
  type Awarding,
  awardingAfter,
  awardingFrom,
  standing as standingAwards,
} from './auction/awarding/state.ts';
export { movedTerms } from './auction/catalogue/queue.ts';
export { type Outage, outageCommands } from './auction/outage.ts';
export {
  type OfferingView,
  highestPrice as highestOfferPrice,
  priceToWin as offerPriceToWin,
} from './formats/reverse-open/price.ts';
export { type OfferPreview, previewOffer } from './formats/reverse-open/preview.ts';
export { type RoundsChance, roundsChance } from './formats/reverse-rounds/mine.ts';
export {
  type PublicRounds,
  type RoundsView,
  publicRounds,
  publicRoundsEvents,
} from './formats/reverse-rounds/public.ts';
export { lengthMs as roundsLengthMs } from './formats/reverse-rounds/timetable.ts';
export { commitmentText } from './formats/sealed-bid/commitment.ts';
export {
  type PublicSealed,
  type SealedView,
  publicSealed,
  publicSealedEvents,
} from './formats/sealed-bid/public.ts';
export { sha256 } from './formats/sealed-bid/sha256.ts';
export { compareScores, scoreOf, scoreText } from './scoring/score.ts';
export { emptyRoom, roomAfter, roomMoved } from './formats/index.ts';
export { maximumQuantityFor, requiredSecurity } from './auction/security.ts';
export { hardEndOf } from './auction/soft-close.ts';
export { validateTerms } from './auction/terms.ts';
export { type PriceRange, rangeAround } from './market/terms.ts';
export { RESUME_REMAINING_MS_MIN, RULES_VERSION } from './limits.ts';
export { isMarketCommand } from './market/index.ts';
export { SNAPSHOT_VERSION, restore, snapshot, stateHash } from './snapshot.ts';
export { type Auction, type EndedAuction, type EngineState, createState } from './state.ts';
export { step } from './step.ts';
export { dueTimers, nextDeadline } from './timers.ts';
export type * from './types.ts';
