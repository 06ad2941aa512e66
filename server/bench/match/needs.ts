/** What buyers ask for in this bench: some need much, some little, at four plants; the same for a seed. */
import type { RequestRow } from '../../src/requests/bench.ts';
import { PLANTS } from '../search/lots.ts';
import { random } from '../search/questions.ts';

const NOW = new Date('2026-12-01T00:00:00Z');

export const plantId = (plant: number): string => `plant-${plant}`;

export function needs(seed: number, count: number): { plant: number; row: RequestRow }[] {
  const next = random(seed);
  const up = (from: number, to: number): number => from + Math.floor(next() * (to - from));
  return Array.from({ length: count }, (_, at) => {
    const plant = up(0, PLANTS.length);
    const quantityKg = BigInt(up(2_000, 60_000)) * 1_000n;
    return { plant, row: rowOf(`need-${seed}-${at}`, plant, quantityKg, up) };
  });
}

function rowOf(
  id: string,
  plant: number,
  quantityKg: bigint,
  up: (from: number, to: number) => number,
): RequestRow {
  const month = up(1, 4);
  return {
    id,
    buyerId: 'buyer',
    createdBy: 'person',
    state: 'open',
    audience: 'public',
    account: null,
    coalRanks: up(0, 3) === 0 ? [] : ['bituminous', 'sub_bituminous'],
    limits: [
      { parameter: 'calorificValue', kind: 'net', basis: 'ar', minimum: up(17_000, 23_000) },
      { parameter: 'ash', basis: 'd', maximum: up(1_200, 2_800) },
      { parameter: 'sulphur', basis: 'd', maximum: up(60, 250) },
      { parameter: 'totalMoisture', maximum: up(1_200, 2_800) },
    ],
    quantityKg,
    minimumKg: quantityKg / 4n,
    contractedKg: 0n,
    auctionedKg: 0n,
    negotiations: 0,
    plantPlaceId: plantId(plant),
    windowFrom: `2027-0${month}-01`,
    windowTo: `2027-0${month}-28`,
    currency: 'USD',
    priceCeiling: BigInt(up(8_000, 20_000)),
    ceilingAt: 'delivered',
    note: '',
    matchedLots: null,
    matchedAt: null,
    poolId: null,
    expiresAt: new Date('2027-06-01T00:00:00Z'),
    createdAt: NOW,
  };
}
