/** What is asked, the same of every side: a facet, ranges of quality, a radius, ordered by landed cost. */
import { PLANTS } from './lots.ts';

export type BenchQuestion = {
  /** Which of the plants. */
  readonly plant: number;
  readonly rank: string | undefined;
  readonly transport: string | undefined;
  /** J/g net as received. */
  readonly heatMin: number;
  /** Basis points. */
  readonly ashArMax: number;
  readonly sulphurArMax: number;
  readonly moistureMax: number;
  readonly radiusKm: number;
};

export const PAGE = 20;

/** Numbers from 0 up to 1, the same for a seed on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function questions(seed: number, count: number): BenchQuestion[] {
  const next = random(seed);
  const of = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  return Array.from({ length: count }, () => ({
    plant: Math.floor(next() * PLANTS.length),
    rank: of(['anthracite', 'coking', 'bituminous', 'sub_bituminous', undefined]),
    transport: of(['rail', 'sea', 'road', undefined, undefined]),
    heatMin: 16_000 + Math.floor(next() * 10_000),
    ashArMax: 600 + Math.floor(next() * 2_000),
    sulphurArMax: 30 + Math.floor(next() * 250),
    moistureMax: 800 + Math.floor(next() * 2_200),
    radiusKm: of([500, 1_500, 3_000, 8_000, 20_000]),
  }));
}

const percent = (basisPoints: number): string => (basisPoints / 100).toFixed(2);

/** As the exchange is asked. @param shape whether the number of lots and of each choice is wanted too. */
export function addressOf(question: BenchQuestion, shape: 'list' | 'facets' = 'list'): string {
  const [, latitude, longitude] = PLANTS[question.plant]!;
  const ranges = [
    `net:ar:${question.heatMin}~`,
    `ash:ar:~${percent(question.ashArMax)}`,
    `sulphur:ar:~${percent(question.sulphurArMax)}`,
    `totalMoisture:ar:~${percent(question.moistureMax)}`,
  ].join(',');
  const query = new URLSearchParams({
    ranges,
    to: `${latitude},${longitude}`,
    costCurrency: 'USD',
    near: `${latitude},${longitude}`,
    radiusKm: String(question.radiusKm),
    sort: 'landed_cost',
    limit: String(PAGE),
  });
  if (shape === 'facets') query.set('facets', 'yes');
  if (question.rank) query.set('rank', question.rank);
  if (question.transport) query.set('transport', question.transport);
  return `/v1/search/lots?${query}`;
}
