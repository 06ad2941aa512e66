/** The lines of the calendar's form, and what they suggest. */
import type { SessionPhase } from '@seam/protocol';

export const SESSION_ROWS = 6;

export type SessionRow = { readonly phase: SessionPhase['phase']; readonly startsAt: string };

/** An opening call, trading, a closing call, the close; the rest is there for more. */
export function suggestedDay(from: number): SessionRow[] {
  const at = (minutes: number): string => new Date(Math.ceil(from / 60_000 + minutes) * 60_000).toISOString();
  return [
    { phase: 'pre_open', startsAt: at(5) },
    { phase: 'call', startsAt: at(10) },
    { phase: 'continuous', startsAt: at(15) },
    { phase: 'call', startsAt: at(8 * 60) },
    { phase: 'closed', startsAt: at(8 * 60 + 10) },
  ];
}
