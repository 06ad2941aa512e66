/** Lots of any kind go out as a file and come in again as the same offers, term for term. */
import type { ListingInput } from '@seam/protocol';
import { formatScaled } from '@seam/units';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isRefusal } from '../../platform/refusal.ts';
import { termsFor } from '../offer.ts';
import { checkListing } from '../rules.ts';
import type { SessionRow } from '../tables-more.ts';
import type { MineRow } from '../tables.ts';
import { checkLots } from './check.ts';
import { lotsText } from './export.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const SESSION: SessionRow = {
  id: 'session-1',
  name: 'Year end',
  nameZh: null,
  opensAt: new Date('2026-12-01T01:00:00Z'),
  closesAt: new Date('2026-12-02T09:00:00Z'),
  createdBy: 'staff',
};
const sessions = new Map([[SESSION.id, SESSION]]);

const scaled = (least: number, most: number, digits: number) =>
  fc.integer({ min: least, max: most }).map((value) => formatScaled(BigInt(value), digits));
const share = (least: number, most: number, ...bases: string[]) =>
  fc.record({ value: scaled(least, most, 2), basis: fc.constantFrom(...bases) });
const heat = fc.oneof(
  fc.record({
    value: scaled(4_000, 7_000, 0),
    unit: fc.constantFrom('kcal/kg', 'kcal20/kg'),
    kind: fc.constantFrom('gross', 'net'),
    basis: fc.constantFrom('ar', 'ad', 'd'),
  }),
  fc.record({
    value: scaled(16_000, 29_000, 3),
    unit: fc.constant('MJ/kg'),
    kind: fc.constant('gross'),
    basis: fc.constantFrom('ar', 'ad', 'd', 'daf'),
  }),
);
const upTo3 = <T>(one: fc.Arbitrary<T>) => fc.array(one, { maxLength: 3 });
const assay = fc.record(
  {
    totalMoisture: scaled(500, 3_000, 2),
    inherentMoisture: scaled(100, 900, 2),
    ash: share(300, 3_000, 'ar', 'ad', 'd'),
    volatileMatter: share(500, 3_500, 'ar', 'ad', 'd', 'daf'),
    sulphur: share(0, 500, 'ar', 'ad', 'd', 'daf'),
    fixedCarbon: share(3_000, 8_000, 'ar', 'ad', 'd', 'daf'),
    hydrogen: share(200, 600, 'ar', 'ad', 'd', 'daf'),
    calorificValue: heat,
    hardgroveIndex: scaled(20, 130, 0),
    ashFusion: fc.record(
      {
        deformationCelsius: scaled(900, 1_600, 0),
        softeningCelsius: scaled(900, 1_600, 0),
        atmosphere: fc.constantFrom('reducing', 'oxidising'),
      },
      { requiredKeys: ['atmosphere'] },
    ),
    size: fc
      .tuple(fc.integer({ min: 0, max: 99 }), fc.integer({ min: 100, max: 300 }))
      .map(([least, most]) => ({
        minMm: String(least),
        maxMm: String(most),
      })),
    also: fc.record(
      {
        ash: upTo3(share(300, 3_000, 'ar', 'ad', 'd')),
        volatileMatter: upTo3(share(500, 3_500, 'ar', 'ad', 'd', 'daf')),
        sulphur: upTo3(share(0, 500, 'ar', 'ad', 'd', 'daf')),
        calorificValue: upTo3(heat),
      },
      { requiredKeys: [] },
    ),
  },
  {
    requiredKeys: [
      'totalMoisture',
      'inherentMoisture',
      'ash',
      'volatileMatter',
      'sulphur',
      'calorificValue',
      'size',
    ],
  },
);
const sale = fc.oneof(
  fc.record({ saleMethod: fc.constant('fixed_price'), price: scaled(1, 10_000_000_000, 2) }),
  fc.record({ saleMethod: fc.constant('auction'), startPrice: scaled(1, 10_000_000_000, 2) }),
  fc.constant({ saleMethod: 'auction' }),
);
/** Kilograms of each of three months. */
const months = fc.tuple(...[12, 1, 2].map(() => fc.integer({ min: 1, max: 300_000_000 })));
const channel = fc.oneof(
  fc.record({ quantity: scaled(1, 1_000_000_000, 3) }),
  fc.record({ quantity: scaled(1, 1_000_000_000, 3), channel: fc.constant('spot') }),
  fc.record({
    quantity: scaled(1, 1_000_000_000, 3),
    tradingDay: fc.constantFrom('2026-11-24', '2026-12-31'),
  }),
  fc.record({
    quantity: scaled(1, 1_000_000_000, 3),
    channel: fc.constant('special'),
    sessionId: fc.constant(SESSION.id),
  }),
  months.map((kg) => ({
    channel: 'long_term',
    quantity: formatScaled(BigInt(kg.reduce((sum, one) => sum + one, 0)), 3),
    monthSplit: ['2026-12', '2027-01', '2027-02'].map((month, at) => ({
      month,
      quantity: formatScaled(BigInt(kg[at] ?? 0), 3),
    })),
  })),
);
const note = fc.array(
  fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('=1+1', "'=x", '"', ',', '\n', '\r\n', ' - ', '@', '二号仓', ';'),
  ),
  { maxLength: 12 },
);
const input = fc
  .record(
    {
      mineId: fc.uuid(),
      coalRank: fc.constantFrom('anthracite', 'coking', 'bituminous', 'sub_bituminous', 'lignite', 'waste'),
      assay,
      currency: fc.constantFrom('CNY', 'USD', 'IDR'),
      deliveryTerm: fc.constantFrom('ex_mine', 'fob', 'fca', 'cif', 'cfr', 'for_rail'),
      loadPlaceId: fc.uuid(),
      deliveryPlaceId: fc.uuid(),
      transport: fc.constantFrom('road', 'rail', 'river', 'sea', 'conveyor'),
      windowFrom: fc.constant('2026-12-01'),
      windowTo: fc.constant('2027-02-28'),
      note: note.map((parts) => parts.join('').replaceAll('\u0000', '')),
      validUntil: fc.constantFrom('2026-11-23T12:00:01Z', '2026-12-05T03:04:05.678Z', '2027-11-20T00:00:00Z'),
    },
    { noNullPrototype: true },
  )
  .chain((fixed) =>
    fc.tuple(sale, channel).map(([sold, by]) => ({ ...fixed, ...sold, ...by }) as unknown as ListingInput),
  );

type Terms = ReturnType<typeof termsFor>;

function termsOf(lot: ListingInput): Terms | undefined {
  const session = lot.sessionId === undefined ? undefined : sessions.get(lot.sessionId);
  const checked = checkListing(lot, NOW, session);
  if (isRefusal(checked)) return undefined;
  const load = { id: lot.loadPlaceId ?? '' };
  return termsFor(lot, checked, {
    mine: { id: lot.mineId ?? '' },
    load,
    delivery: { id: lot.deliveryPlaceId ?? load.id },
  });
}

const mine: Omit<MineRow, 'id'> = {
  name: 'Ta"shan, 2',
  nameZh: '塔山',
  country: 'CN',
  region: 'Shanxi',
  latitude: 39.92,
  longitude: 113.07,
  source: 'member',
  externalId: null,
  createdBy: null,
  operator: '',
  status: '',
};

test('what comes out of the exchange goes in again as the same offers', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(input, { selector: (lot) => lot.mineId, minLength: 1, maxLength: 4 }),
      async (lots) => {
        // Random values may contradict each other in sum; what no seller could state is not asked about.
        const stated = lots.flatMap((lot) => termsOf(lot) ?? []);
        fc.pre(stated.length > 0);
        const mines = new Map(stated.map(({ mineId }) => [mineId, { ...mine, id: mineId }]));
        const csv = lotsText(stated, { mines, places: new Map() });
        const back = await checkLots({
          file: Buffer.from(csv),
          now: NOW.getTime(),
          places: { get: (name) => name },
          mineIds: { has: () => true },
          sessions,
          refusedMax: 10,
          flaggedMax: 10,
          goodMax: 10,
        });
        expect(back).toMatchObject({ rows: stated.length, good: stated.length, firstRefused: [] });
        const again = 'firstGood' in back ? back.firstGood.map(({ lot }) => termsOf(lot)) : [];
        expect(again).toEqual(stated);
      },
    ),
    { numRuns: 60 },
  );
});
