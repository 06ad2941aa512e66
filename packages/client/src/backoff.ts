import { BACKOFF_CEILING_MS, BACKOFF_FIRST_MS } from './limits.ts';

/**
 * Pause before attempt number `attempt` (from 0): anywhere between nothing and a bound that doubles.
 * Full jitter, so that a thousand clients of a restarted server do not come back in one moment.
 */
export function backoffMs(attempt: number, random: () => number): number {
  return random() * Math.min(BACKOFF_CEILING_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 20));
}
