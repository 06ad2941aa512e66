import { describe, expect, it } from 'vitest';
import { WORLD, ZOOM_MAX, dotRadius, moved, pointOf, viewOf, zoomed } from './map.ts';

describe('a map', () => {
  it('finds a place by its id or by its coordinates, and nothing off the globe', () => {
    const points = { a: { latitude: 1, longitude: 2 } };
    expect(pointOf('a', points)).toEqual({ latitude: 1, longitude: 2 });
    expect(pointOf('-3.5,118', points)).toEqual({ latitude: -3.5, longitude: 118 });
    for (const no of [undefined, 'b', '91,0', '0,181', 'x,y']) expect(pointOf(no, points)).toBeUndefined();
  });

  it('goes round the world and not over the pole, and no nearer than it can be drawn', () => {
    expect(moved({ middle: { latitude: 0, longitude: 170 }, zoom: 2 }, 0, 20).middle.longitude).toBe(-170);
    expect(moved({ middle: { latitude: 0, longitude: -170 }, zoom: 2 }, 0, -20).middle.longitude).toBe(170);
    expect(moved({ middle: { latitude: 75, longitude: 0 }, zoom: 2 }, 20, 0).middle.latitude).toBe(80);
    expect(zoomed(WORLD, 1e9).zoom).toBe(ZOOM_MAX);
    expect(zoomed(WORLD, 0.1).zoom).toBe(1);
  });

  it('shows all that was found, near where it lies near together', () => {
    expect(viewOf([])).toEqual(WORLD);
    const near = viewOf([
      { latitude: 38, longitude: 110 },
      { latitude: 40, longitude: 114 },
    ]);
    expect(near.middle).toEqual({ latitude: 39, longitude: 112 });
    const far = viewOf([
      { latitude: -32, longitude: 150 },
      { latitude: 43, longitude: -105 },
    ]);
    expect(near.zoom).toBeGreaterThan(far.zoom);
  });

  it('gives twice the lots twice the area', () => {
    expect((dotRadius(8, 8) - 3) ** 2).toBeCloseTo(2 * (dotRadius(4, 8) - 3) ** 2);
  });
});
