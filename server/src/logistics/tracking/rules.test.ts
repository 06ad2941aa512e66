import { describe, expect, it } from 'vitest';
import { type Position, arrival, isJump } from './rules.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.parse('2026-12-01T00:00:00Z');
/** Along the equator, 111.195 km a degree. */
const at = (minutes: number, km: number): Position => ({
  at: START + minutes * MINUTE,
  latitude: 0,
  longitude: km / 111.195,
});
const steady = (speed: number, minutes: number): Position[] =>
  Array.from({ length: minutes / 10 + 1 }, (_v, n) => at(n * 10, (speed * n) / 6));

describe('a position', () => {
  it('is a jump when nothing of its kind travels so far in that time', () => {
    expect(isJump('road', undefined, at(0, 5000))).toBe(false);
    expect([isJump('road', at(0, 0), at(60, 125)), isJump('road', at(0, 0), at(60, 140))]).toEqual([
      false,
      true,
    ]);
    expect(isJump('sea', at(0, 0), at(60, 125))).toBe(true);
    expect(isJump('road', at(0, 0), at(0.01, 0.4))).toBe(false);
  });
});

describe('the arrival', () => {
  it('lies between the faster and the slower of the recent speeds, wider by a fifth', () => {
    const track = steady(60, 180);
    const now = START + 3 * HOUR;
    const found = arrival(track, 120, now)!;
    expect(found.kilometresPerHour).toBe(60);
    expect((found.from - now) / MINUTE).toBeCloseTo(100, 0);
    expect((found.to! - now) / MINUTE).toBeCloseTo(150, 0);
  });
  it('grows wide after a stop, and open where it stands', () => {
    const stopped = [...steady(60, 120), at(140, 120), at(180, 120)];
    const found = arrival(stopped, 120, START + 3 * HOUR)!;
    expect(found.to).toBeNull();
    expect(found.from).toBeGreaterThan(START + 3 * HOUR);
    expect(arrival([at(0, 0), at(60, 0), at(120, 0)], 50, START + 2 * HOUR)).toBeNull();
  });
  it('is not said of one position, of a few minutes, or after two hours of silence', () => {
    const track = steady(60, 60);
    expect(arrival([], 10, START)).toBeNull();
    expect(arrival(track.slice(0, 2), 10, START + 10 * MINUTE)).toBeNull();
    expect(arrival(track, 10, START + 3 * HOUR + MINUTE)).toBeNull();
    expect(arrival(track, 10, START + 2 * HOUR)!.from).toBe(START + 2 * HOUR);
  });
});
