/** Refused although it was good: of those refusals of which the record shows all they say. */
import type { Fields } from './chain.ts';
import { inTurn } from './formats/buying.ts';
import { floorOf } from './formats/english.ts';
import { stepPrice } from './formats/falling.ts';
import { turnsAt } from './formats/index.ts';
import { isNight } from './nights.ts';
import type { Trial } from './trial.ts';

const REFUSALS = new Map<string, (trial: Trial, command: Fields) => boolean>([
  ['auction_closed', ({ state, at, end }) => state === 'ended' || at >= end],
  ['auction_suspended', ({ state }) => state === 'suspended'],
  ['auction_not_open', ({ state, at, terms }) => state === 'scheduled' || isNight(terms, at)],
  ['auction_turn_due', (trial) => trial.at >= turnsAt(trial)],
  ['bid_own_lot', ({ terms }, { accountId }) => accountId === terms.ownerId],
  ['bid_conflict_of_interest', ({ barred }, { accountId }) => barred.has(accountId)],
  ['bid_price_below_start', ({ terms }, { price }) => !(price >= terms.startingPrice)],
  [
    'bid_below_increment',
    (trial, { type, accountId, price }) =>
      type !== 'place_bid' || trial.bids.has(accountId) || price < floorOf(trial),
  ],
  ['bid_round_not_current', ({ step }, { round }) => round !== step + 1],
  ['bid_entry_closed', ({ step, before }, { accountId }) => step > 0 && !before.has(accountId)],
  [
    'bid_step_not_current',
    ({ terms, step }, command) => command.step !== step || command.price !== stepPrice(terms, step),
  ],
  ['offer_price_above_start', ({ terms }, { price }) => !(price <= terms.startingPrice)],
  ['offer_out_of_turn', (trial, { accountId }) => inTurn(trial) !== accountId],
  [
    'sealed_bid_unknown',
    ({ sealed }, { accountId, type }) => type !== 'reveal_bid' || !sealed.has(accountId),
  ],
  [
    'sealed_digest_taken',
    ({ sealed }, { commitment, digest }) =>
      [...sealed.values()].some((one) => one.digest === (commitment ?? digest)),
  ],
]);

/** Whether the refusal of a bidder's command was justified, as far as can be seen. */
export function isJustified(trial: Trial, { code }: Fields, command: Fields): boolean {
  if (trial.state === 'none' || command?.accountId === undefined) return true;
  return REFUSALS.get(code)?.(trial, command) ?? true;
}
