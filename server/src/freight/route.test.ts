import { toDecimal } from '@seam/coal';
import { describe, expect, it } from 'vitest';
import { referenceMarket } from '../listings/public.ts';
import { estimate } from './estimate.ts';
import { type FreightPlace, FreightMap, FreightTo } from './route.ts';
import type { Lane } from './tariff.ts';

const place = (id: string, latitude: number | null, longitude: number | null) => ({
  id,
  latitude,
  longitude,
});
const mine = place('mine', 39.26, 110.23);
const station = place('station', 39.28, 110.21);
const north = place('north', 38.32, 117.88);
const south = place('south', 22.9, 113.55);
const plant = place('plant', 22.75, 113.68);
const places = new Map<string, FreightPlace>(
  [mine, station, north, south, plant].map((each) => [each.id, each]),
);

const lane = (id: string, from: string, to: string, mode: Lane['mode'], more: Partial<Lane> = {}): Lane => ({
  id,
  version: 1,
  from,
  to,
  mode,
  carrierId: null,
  currency: 'CNY',
  terms: { kind: 'per_tonne', perTonne: 1_000n },
  loading: 100n,
  unloading: 200n,
  lossPermille: 0,
  distanceKm: 100,
  hours: 10,
  ...more,
});
const chain = [
  lane('1', 'mine', 'station', 'road', { lossPermille: 5 }),
  lane('2', 'station', 'north', 'rail', { lossPermille: 12 }),
  lane('3', 'north', 'south', 'sea'),
  lane('4', 'south', 'plant', 'river'),
];

function freight(lanes: readonly Lane[], to: FreightPlace, currency: 'CNY' | 'USD' = 'CNY'): FreightTo {
  const { rates } = referenceMarket(currency);
  return new FreightTo(new FreightMap({ lanes, places, currency, rates, consignmentKg: 5_000_000n }), to);
}

describe('a route', () => {
  it('goes from mine to plant over every mode, and its legs add up to what it costs', () => {
    const figure = freight(chain, plant).from(mine, 'road');
    expect(figure).toMatchObject({ basis: 'lane', minorPerTonne: 5_200n, hours: 40, distanceKm: 400 });
    expect(figure?.legs.map((leg) => [leg.from, leg.to])).toEqual([
      ['mine', 'station'],
      ['station', 'north'],
      ['north', 'south'],
      ['south', 'plant'],
    ]);
    const charged = figure?.legs.map((leg) =>
      leg.basis === 'lane' ? leg.charges.haulage + leg.charges.loading + leg.charges.unloading : 0n,
    );
    expect(charged?.reduce((sum, each) => sum + each, 0n)).toBe(5_200n);
    // 0.995 × 0.988 of what is loaded arrives.
    expect(figure && toDecimal(figure.arrives, 5)).toBe('0.98306');
  });

  it('is not unloaded between two lanes of one mode in one hand', () => {
    const through = [lane('1', 'mine', 'station', 'rail'), lane('2', 'station', 'north', 'rail')];
    expect(freight(through, north).from(mine, 'rail')?.minorPerTonne).toBe(2_300n);
    const two = [through[0]!, { ...through[1]!, carrierId: 'other' }];
    expect(freight(two, north).from(mine, 'rail')?.minorPerTonne).toBe(2_600n);
  });

  it('prefers fewer legs at one cost, and then less time', () => {
    const free = { loading: 0n, unloading: 0n };
    const slow = lane('slow', 'mine', 'north', 'rail', {
      ...free,
      terms: { kind: 'per_tonne', perTonne: 2_000n },
      hours: 90,
    });
    const two = [lane('1', 'mine', 'station', 'rail', free), lane('2', 'station', 'north', 'rail', free)];
    const ids = (lanes: readonly Lane[]) =>
      freight(lanes, north)
        .from(mine, 'rail')
        ?.legs.map((leg) => leg.basis === 'lane' && leg.lane.id);
    expect(ids([...two, slow])).toEqual(['slow']);
    expect(ids([...two, slow, { ...slow, id: 'swift', hours: 80 }])).toEqual(['swift']);
  });

  it('ends where cycles do not lead, and costs nothing from the place itself', () => {
    const round = [lane('1', 'mine', 'station', 'rail'), lane('2', 'station', 'mine', 'rail')];
    expect(freight([...round, ...chain], plant).from(mine, 'rail')?.legs).toHaveLength(4);
    expect(freight(round, mine).from(mine, 'rail')).toMatchObject({ minorPerTonne: 0n, legs: [] });
  });
});

describe('an estimate', () => {
  it('stands only where no lane leads all the way by the wanted mode', () => {
    const dear = chain.map((each) => ({
      ...each,
      terms: { kind: 'per_tonne' as const, perTonne: 900_000n },
    }));
    expect(freight(dear, plant).from(mine, 'road')?.basis).toBe('lane');
    // By rail no lane leaves the mine: near a station it is brought there, and then over the lanes.
    const byRail = freight(chain, plant).from(mine, 'rail');
    expect(byRail).toMatchObject({ basis: 'estimate' });
    expect(byRail?.legs.map((leg) => leg.basis)).toEqual(['estimate', 'lane', 'lane', 'lane']);
  });

  it('is the distance, the detour and the default tariff of the mode, in whole minor units', () => {
    const alone = freight([], plant).from(mine, 'rail');
    const own = estimate(mine, plant, { mode: 'rail', currency: 'CNY' });
    expect(alone).toMatchObject({
      basis: 'estimate',
      minorPerTonne: own?.perTonne,
      distanceKm: own?.distanceKm,
    });
    expect(alone?.legs).toHaveLength(1);
  });

  it('goes on by road from where the lanes end, when the place is near', () => {
    const near = place('new-plant', 22.6, 113.9);
    const figure = freight(chain, near).from(mine, 'road');
    expect(figure?.legs.map((leg) => leg.basis)).toEqual(['lane', 'lane', 'lane', 'lane', 'estimate']);
    expect(figure?.legs.at(-1)).toMatchObject({ to: 'new-plant', estimate: { mode: 'road' } });
  });

  it('is none without coordinates, nor beyond the reach of the mode', () => {
    const nowhere = place('nowhere', null, null);
    expect(freight(chain, plant).from(nowhere, 'rail')).toBeUndefined();
    expect(freight([], nowhere).from(mine, 'rail')).toBeUndefined();
    expect(freight([], plant).from(mine, 'conveyor')).toBeUndefined();
    expect(freight([], plant).from(place('far', 52, 4), 'road')).toBeUndefined();
  });
});
