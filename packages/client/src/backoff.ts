import { BACKOFF_CEILING_MS, BACKOFF_FIRST_MS, BACKOFF_LEAST_MS } from './limits.ts';

/**
 * Pause before attempt number `attempt` (from 0): anywhere between the least and a bound that doubles.
 * Jitter over the whole span, so that a thousand clients of a restarted server do not come back in one
 * moment; never nothing, so that no client spins on a server that refuses at once.
 */
export function backoffMs(attempt: number, random: () => number): number {
  const bound = Math.min(BACKOFF_CEILING_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 20));
  return BACKOFF_LEAST_MS + random() * (bound - BACKOFF_LEAST_MS);
}
