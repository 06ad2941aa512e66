import { TRANSPORT_MODES, distanceKm, rational, roundHalfUp } from '@seam/coal';
import type { SavedQuery } from '@seam/protocol';
import { CURRENCIES, formatMoney } from '@seam/units';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../platform/refusal.ts';
import { type Conditions, readConditions } from './conditions.ts';
import type { Patience } from './find.ts';
import type { LotRow } from './lot-row.ts';
import { FACETS } from './lots.ts';
import { type World, naiveFacets, naiveSearch } from './oracle/naive.ts';
import { type Mark, type Question, SearchIndex } from './search-index.ts';
import { SELLERS, SITES, rows } from './testing/rows.ts';

const WINDOW = ['windowFrom', 'windowTo'];
const NEAR = { latitude: 39.9, longitude: 116.4 };
type Located = typeof NEAR;
const HERE = { latitude: 32.4, longitude: 119.4 };
const conditions = fc.record({
  ranges: fc.constantFrom(
    'ash:d:~15',
    'ash:ar:10~20,sulphur:d:~1.2',
    // Bits say all of it: both ends are edges.
    'ash:d:15.01~20',
    'net:ar:5000~:kcal/kg',
    'volatileMatter:daf:25~,hardgrove::~45',
    'gross:ad:~24000',
    'fixedCarbon:d:40~60',
  ),
  country: fc.constantFrom('CN', 'CN,US', 'DE'),
  rank: fc.constantFrom('anthracite', 'coking,bituminous'),
  transport: fc.constantFrom('rail', 'sea,road'),
  saleMethod: fc.constantFrom('fixed_price', 'auction'),
  currency: fc.constantFrom('CNY', 'USD'),
  source: fc.constantFrom('all' as const, 'records' as const),
  seller: fc.constantFrom('s1', 'unknown'),
  quantityMin: fc.constantFrom('0.001', '5000', '5000.001'),
  windowFrom: fc.constantFrom('2026-12-14', '2026-12-15'),
  windowTo: fc.constant('2026-12-20'),
  text: fc.constantFrom('tash', '同煤', 'qinh powder', 'shanxi datong', '岛', 'zzz'),
  // The second is exactly as far as Qinhuangdao.
  radius: fc.constantFrom('0', String(distanceKm(SITES[3] as Located, NEAR)), '900', '4000'),
  landedMax: fc.constantFrom('30', '33.5', '40'),
  landedTonneMax: fc.constantFrom('700.5', '9000'),
  sort: fc.constantFrom('newest' as const, 'price' as const, 'distance' as const, 'landed_cost' as const),
});
/** A few conditions at a time: with all of them at once nothing would ever fit. */
const queries: fc.Arbitrary<SavedQuery> = fc
  .tuple(
    conditions,
    fc.subarray(
      [
        'ranges',
        'country',
        'rank',
        'transport',
        'saleMethod',
        'currency',
        'source',
        'seller',
        'quantityMin',
        'windowFrom',
        'windowTo',
        'text',
        'radius',
        'landedMax',
        'landedTonneMax',
      ] as const,
      { maxLength: 3 },
    ),
  )
  .map(([all, names]) => {
    const { radius, ...query } = Object.fromEntries(
      Object.entries(all).filter(([name]) => name === 'sort' || names.some((chosen) => chosen === name)),
    ) as Partial<typeof all> & Pick<typeof all, 'sort'>;
    return {
      ...query,
      ...(query.sort === 'price' && { currency: query.currency ?? 'CNY' }),
      ...(radius !== undefined && { near: '39.9,116.4', radiusKm: radius }),
      to: '32.4,119.4',
    };
  });

function questionOf(query: SavedQuery, now: number): Question {
  const conditions = readConditions(query);
  if (isRefusal(conditions)) throw new Error(JSON.stringify(conditions));
  return {
    conditions,
    near: query.near === undefined ? undefined : NEAR,
    to: { point: HERE, currency: 'CNY' },
    now,
  };
}

const sites = new Map(SITES.map((site) => [site.id, site]));
const sellers = new Map(SELLERS.map((seller) => [seller.id, seller]));
/** Lots are listed, or an order is walked past those that bits let through, or past all, or given up on the way. */
const PATIENCES: readonly Patience[] = [
  { ofAWord: 0, ofALook: 0, ofAMiss: 0 },
  { ofAWord: 0, ofALook: 1_000, ofAMiss: 0 },
  { ofAWord: 1_000, ofALook: 0, ofAMiss: 0 },
  { ofAWord: 4, ofALook: 2, ofAMiss: 0 },
  { ofAWord: 0, ofALook: 0, ofAMiss: 1_000 },
  { ofAWord: 4, ofALook: 2, ofAMiss: 2 },
];
function filled(patience = PATIENCES[2]!): SearchIndex {
  const index = new SearchIndex(undefined, patience);
  // Words have their numbers before lots come, so that the first lot's are not the first ones.
  for (const mode of TRANSPORT_MODES) index.lots.words.transport.code(mode);
  for (const currency of CURRENCIES) index.lots.words.currency.code(currency);
  for (const site of SITES) index.lots.sites.put(site);
  for (const seller of SELLERS) index.lots.sellers.put(seller);
  return index;
}

/** All pages, one after the other. */
function paged(index: SearchIndex, question: Question, limit: number): string[] {
  const ids: string[] = [];
  let after: Mark | undefined;
  do {
    const page = index.page(question, after, limit);
    if (!page) throw new Error('the mark of the page before was not taken');
    ids.push(...page.slots.map((slot) => index.lots.ids[slot]!));
    if (ids.length > index.lots.size) throw new Error('pages without end');
    after = page.next;
  } while (after);
  return ids;
}

/** Around the moments at which lots end. */
const MOMENT = fc.constantFrom(0, 999, 1_000, 1_001, 2_000);
/** Ids in no order, as they come when a slot is used again. */
const ID = fc.integer({ min: 0, max: 60 }).map((n) => `0192f3a0-${String(n).padStart(4, '0')}`);
const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: ID.chain((id) => rows(id)) },
    { weight: 2, arbitrary: ID.map((id) => ({ remove: id })) },
  ),
  { maxLength: 80 },
);

function play(
  index: SearchIndex,
  world: Map<string, LotRow>,
  played: readonly (LotRow | { remove: string })[],
): void {
  for (const step of played) {
    if ('remove' in step) {
      index.lots.remove(step.remove);
      world.delete(step.remove);
    } else {
      index.lots.put(step);
      world.set(step.id, step);
    }
  }
}

describe('the index', () => {
  it('finds what a naive scan finds, in the same order, page by page, while lots come, change and go', () => {
    fc.assert(
      fc.property(
        steps,
        steps,
        // The clock may be put back.
        fc.array(fc.tuple(queries, MOMENT), { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 7 }),
        fc.constantFrom(...PATIENCES),
        (first, more, asked, limit, patience) => {
          const index = filled(patience);
          const rowsById = new Map<string, LotRow>();
          for (const played of [first, more]) {
            play(index, rowsById, played);
            const world: World = { rows: [...rowsById.values()], sites, sellers };
            for (const [query, now] of asked) {
              const question = questionOf(query, now);
              const expected = naiveSearch(world, question);
              expect(paged(index, question, limit)).toEqual(expected);
              expect(
                index
                  .all(question)
                  .map((slot) => index.lots.ids[slot])
                  .sort(),
              ).toEqual([...expected].sort());
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('counts each facet as if it alone were not chosen from', () => {
    fc.assert(
      fc.property(steps, queries, (played, query) => {
        const index = filled();
        const rowsById = new Map<string, LotRow>();
        play(index, rowsById, played);
        const world: World = { rows: [...rowsById.values()], sites, sellers };
        const question = questionOf(query, 1_000);
        const counts = index.facets(question);
        expect(counts.lots).toBe(naiveSearch(world, question).length);
        for (const facet of FACETS) {
          const found = new Map(counts[facet].map(({ value, lots }) => [value, lots]));
          expect(found, facet).toEqual(naiveFacets(world, question, facet));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says of each condition how many lots meet it alone, and how many would fit without it', () => {
    fc.assert(
      fc.property(steps, queries, (played, query) => {
        const index = filled();
        const rowsById = new Map<string, LotRow>();
        play(index, rowsById, played);
        const world: World = { rows: [...rowsById.values()], sites, sellers };
        const count = (asked: SavedQuery): number => naiveSearch(world, questionOf(asked, 1_000)).length;
        const { sort: _sort, to, source, ...chosen } = query;
        const always = { to: to!, sort: 'newest' as const, ...(source && { source }) };
        const explained = index.explain(questionOf({ ...always, ...chosen }, 1_000));
        expect(explained.lots).toBe(count({ ...always, ...chosen }));
        expect(explained.onMarket).toBe(count(always));
        const names = Object.keys(chosen).filter((name) => name !== 'ranges' && name !== 'radiusKm');
        for (const name of names) {
          const group: readonly string[] =
            name === 'near' ? ['near', 'radiusKm'] : name.startsWith('window') ? WINDOW : [name];
          const part = (isIn: boolean): SavedQuery =>
            Object.fromEntries(Object.entries(chosen).filter(([key]) => group.includes(key) === isIn));
          const said = explained.conditions.find(
            (each) => each.name === (name.startsWith('window') ? 'window' : name),
          );
          expect(said, name).toMatchObject({
            alone: count({ ...always, ...part(true) }),
            without: count({ ...always, ...part(false) }),
          });
        }
      }),
      { numRuns: 200 },
    );
  });

  it('counts every lot that fits at one place, and knows the cheapest heat of each', () => {
    fc.assert(
      fc.property(steps, queries, (played, query) => {
        const index = filled();
        const rowsById = new Map<string, LotRow>();
        play(index, rowsById, played);
        const world: World = { rows: [...rowsById.values()], sites, sellers };
        const question = questionOf({ ...query, sort: 'landed_cost' }, 1_000);
        const expected = naiveSearch(world, question).map((id) => rowsById.get(id)!);
        const placeOf = (row: LotRow): string => row.deliveryPlaceId ?? row.mineId;
        const { items, unplaced } = index.sites(question);
        expect(items.reduce((sum, { lots }) => sum + lots, unplaced)).toBe(expected.length);
        for (const site of items) {
          const there = expected.filter((row) => placeOf(row) === site.id);
          expect(site.lots).toBe(there.length);
          // In the order of cost: the first is the cheapest, or none of them has a cost.
          const slot = index.lots.slotOf(there[0]!.id)!;
          const cost = index.destination({ point: HERE, currency: 'CNY' }).exact(slot)?.perGigajoule;
          expect(site.perGigajoule).toBe(cost ? formatMoney(roundHalfUp(cost)) : null);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('orders costs apart by less than a double can tell by the exact fractions, and equal ones by id', () => {
    const index = filled();
    const base = fc.sample(rows('0-a'), { numRuns: 1, seed: 7 })[0]!;
    const row = (id: string, price: number, searchHeat: number): LotRow => ({
      ...base,
      id,
      source: 'member',
      state: 'in_auction',
      transport: 'conveyor',
      deliveryPlaceId: 'p1',
      currency: 'CNY',
      price,
      searchHeat,
    });
    // At a place beside Qinhuangdao: (9_007_199_254_740_881 + 360) ÷ heat against one unit of price less.
    const lots = [
      row('0-c', 9_007_199_254_740_881, 20_000),
      row('0-b', 9_007_199_254_740_880, 20_000),
      row('0-a', 9_007_199_254_740_881, 20_000),
    ];
    for (const lot of lots) index.lots.put(lot);
    const question: Question = {
      ...questionOf({ sort: 'landed_cost', to: '39.93,119.6' }, 0),
      to: { point: { latitude: 39.93, longitude: 119.6 }, currency: 'CNY' },
    };
    expect(paged(index, question, 1)).toEqual(['0-b', '0-a', '0-c']);
    expect(paged(index, question, 3)).toEqual(['0-b', '0-a', '0-c']);
    const limits: Conditions = {
      ...question.conditions,
      landedTonneMax: rational(9_007_199_254_740_880n + 360n),
    };
    expect(index.all({ ...question, conditions: limits }).map((slot) => index.lots.ids[slot])).toEqual([
      '0-b',
    ]);
  });

  it('finds the same after so many lots changed that an order and its changes were made one', () => {
    const index = filled({ ofAWord: 0, ofALook: 0, ofAMiss: 1_000 });
    const rowsById = new Map<string, LotRow>();
    const idOf = (n: number) => `0192f3a0-${String(n).padStart(4, '0')}`;
    const some = fc.sample(rows('0-x'), { numRuns: 3_000, seed: 5 });
    const question = questionOf(
      { ranges: 'ash:d:15.01~20', rank: 'anthracite', sort: 'landed_cost', to: '32.4,119.4' },
      500,
    );
    const check = () => {
      const world: World = { rows: [...rowsById.values()], sites, sellers };
      const expected = naiveSearch(world, question);
      expect(expected.length).toBeGreaterThan(20);
      // Each time it is asked more of it is kept.
      for (let time = 0; time < 3; time += 1) expect(paged(index, question, 7)).toEqual(expected);
    };
    const put = (from: number, to: number, shift: number) =>
      play(
        index,
        rowsById,
        some.slice(from, to).map((row, at) => ({ ...row, id: idOf(from + at - shift) })),
      );
    put(0, 1_500, 0);
    check();
    // Most of those that stood in the order become others, then a few more.
    put(1_500, 2_900, 1_450);
    check();
    put(2_900, 3_000, 2_850);
    check();
  });

  it('takes no mark of another order, another place or of nobody', () => {
    const index = filled();
    for (const id of ['0-a', '0-b', '0-c'])
      index.lots.put({
        ...fc.sample(rows(id), { numRuns: 1, seed: 3 })[0]!,
        source: 'member',
        state: 'in_auction',
      });
    const newest = questionOf({ sort: 'newest', to: '32.4,119.4' }, 0);
    const landed = questionOf({ sort: 'landed_cost', to: '32.4,119.4' }, 0);
    const mark = index.page(newest, undefined, 1)!.next!;
    expect(index.page(newest, mark, 1)?.slots).toHaveLength(1);
    expect(index.page(landed, mark, 1)).toBeUndefined();
    expect(index.page(newest, { ...mark, mark: '1/0' }, 1)).toBeUndefined();
    const elsewhere = { ...landed, to: { point: { latitude: 1, longitude: 1 }, currency: 'CNY' as const } };
    const there = index.page(landed, undefined, 1)!.next!;
    expect(index.page(elsewhere, there, 1)).toBeUndefined();
    for (const bad of ['1/0', '-1/2', 'x', '1/2/3']) {
      expect(index.page(landed, { ...there, mark: bad }, 1)).toBeUndefined();
    }
  });
});
