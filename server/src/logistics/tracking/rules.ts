/** Whether a position can be true, and when the coal arrives: pure, from positions and the clock it is given. */
import { distanceKm } from '@seam/coal';
import type { JourneyMode } from '@seam/protocol';

export type Position = { readonly at: number; readonly latitude: number; readonly longitude: number };

const HOUR_MS = 3_600_000;
/** Kilometres in an hour that nothing of its kind travels: with room for a GPS that is off by some hundred metres. */
const FASTEST: Readonly<Record<JourneyMode, number>> = { road: 130, rail: 160, river: 45, sea: 60 };
const GPS_ERROR_KM = 0.5;
/** Speed is that of the last hours, stops and all. */
const RECENT_MS = 6 * HOUR_MS;
const LAST_MS = HOUR_MS;
/** A speed of less than that long says nothing. */
const SPAN_MIN_MS = 20 * 60_000;
/** A tracker that is silent for so long says nothing of when it arrives. */
const SILENT_MS = 2 * HOUR_MS;
/** Traffic, weather and shunting: so much faster or slower than of late. */
const SPREAD = 0.2;
/** Below that it stands. */
const SLOWEST = 1;

/** Farther from the last believed position than anything of its kind travels in that time. */
export function isJump(mode: JourneyMode, last: Position | undefined, next: Position): boolean {
  if (!last) return false;
  const hours = (next.at - last.at) / HOUR_MS;
  return distanceKm(last, next) > FASTEST[mode] * hours + GPS_ERROR_KM;
}

export type Arrival = {
  readonly from: number;
  readonly to: number | null;
  readonly kilometresPerHour: number;
};

/**
 * Between the faster and the slower of the recent speeds, wider by a fifth either way.
 * @param track believed positions, oldest first.
 * @returns null where nothing can be said; `to` null where it hardly moves.
 */
export function arrival(track: readonly Position[], remainingKm: number, now: number): Arrival | null {
  const last = track.at(-1);
  if (!last || now - last.at > SILENT_MS) return null;
  const speeds = [speedSince(track, last.at - RECENT_MS), speedSince(track, last.at - LAST_MS)].filter(
    (speed) => speed !== undefined,
  );
  const [fast, slow] = [Math.max(...speeds) * (1 + SPREAD), Math.min(...speeds) * (1 - SPREAD)];
  if (speeds.length === 0 || fast < SLOWEST) return null;
  const at = (speed: number): number => Math.max(now, last.at + (remainingKm / speed) * HOUR_MS);
  return {
    from: at(fast),
    to: slow < SLOWEST ? null : at(slow),
    kilometresPerHour: Math.round(speeds[0]!),
  };
}

/** Along the track, stops counted in; undefined where it is too short. */
function speedSince(track: readonly Position[], since: number): number | undefined {
  const recent = track.filter(({ at }) => at >= since);
  const [first, last] = [recent[0], recent.at(-1)];
  if (!first || !last || last.at - first.at < SPAN_MIN_MS) return undefined;
  const km = recent.slice(1).reduce((sum, next, at) => sum + distanceKm(recent[at]!, next), 0);
  return km / ((last.at - first.at) / HOUR_MS);
}
