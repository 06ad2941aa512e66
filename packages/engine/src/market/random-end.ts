/**
 * The end of a call that nobody can aim at.
 *
 * A seed is chosen and its SHA-256 stands in the schedule before the first order: whoever knows the seed cannot
 * change it any more, and whoever does not cannot find it. When the last `windowMs` begin, the exchange reveals it;
 * the end is that moment plus SHA-256(seed, instrument, scheduled end) modulo the window. Nothing a bidder sends
 * enters this sum, so no order, however timed or worded, moves the end. A seed that comes late ends the call at
 * once; one that never comes lets it end at the scheduled time: holding it back is seen in the journal and
 * can only choose the latest end.
 *
 * (A hash of the journal so far would need no secret, but in a quiet market the last bidder knows all of the
 * journal and could try orders until the end suits him.)
 */
import { type Instant, instant } from '@seam/units';
import { sha256 } from '../sha256.ts';
import { ID_LENGTH_MAX } from '../limits.ts';
import { type Act, tell } from './act.ts';
import { conflict } from './session.ts';
import type { MarketRejection } from './types.ts';

/** 48 bits: the remainder favours no instant by more than one in 10^8. */
const DRAW_HEX_DIGITS = 12;

export function drawRandomEnd(act: Act, seed: string): MarketRejection | undefined {
  const { market, command } = act;
  const { current, upcoming, drawnEndAt } = market.session;
  const [next] = upcoming;
  const randomEnd = current?.phase === 'call' ? current.randomEnd : null;
  if (!randomEnd || !next || drawnEndAt !== null) return conflict(market);
  const opensAt = instant(next.startsAt - randomEnd.windowMs);
  if (command.at < opensAt) return { code: 'seed_too_early', opensAt };
  if (seed.length > ID_LENGTH_MAX || sha256(seed) !== randomEnd.commitment) return { code: 'seed_invalid' };
  const drawn = opensAt + drawMs(seed, market.terms.instrumentId, next.startsAt, randomEnd.windowMs);
  tell(act, { type: 'random_end_drawn', seed, endsAt: instant(Math.max(command.at, drawn)) });
  return undefined;
}

/** Ms after the window's beginning, 0 to `windowMs`. */
export function drawMs(seed: string, instrumentId: string, scheduledEnd: Instant, windowMs: number): number {
  const digest = sha256(`${seed}\n${instrumentId}\n${scheduledEnd}`);
  return Number.parseInt(digest.slice(0, DRAW_HEX_DIGITS), 16) % (windowMs + 1);
}
