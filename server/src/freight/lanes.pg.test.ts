import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Caller, type Desk, openDesk, tariff } from './testing/desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(async () => {
  await desk.close();
});

const lane = (from: string, to: string, mode: string, patch: Record<string, unknown> = {}) => ({
  fromPlaceId: desk.places[from] ?? from,
  toPlaceId: desk.places[to] ?? to,
  mode,
  tariff: tariff(),
  ...patch,
});
const open = async (body: unknown, as: Caller = 'staff') => desk.call(as, 'POST', '/v1/freight/lanes', body);
const counts = async () =>
  (
    await desk.db.sql`select (select count(*) from freight_lane) as lanes,
      (select count(*) from freight_tariff) as tariffs`
  )[0];

describe('a lane', () => {
  it('201 of the centre is a public tariff, of a carrier its own, and of nobody else', async () => {
    const made = await open(lane('mine', 'yard', 'road', { capacity: { quantity: '20000', per: 'week' } }));
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      carrier: null,
      own: true,
      perTonne: '35.50',
      tariff: { version: 1, perTonne: '30.00', distanceGiven: false, validTo: null },
      capacity: { quantity: '20000.000', per: 'week' },
    });
    expect(made.body.slots[0]).toEqual({
      begins: '2026-11-23',
      ends: '2026-11-29',
      total: '20000.000',
      free: '20000.000',
    });
    const own = await open(lane('mine', 'yard', 'road'), 'railway');
    expect(own.body).toMatchObject({ carrier: { id: 'railway', name: 'Daqin Railway' }, own: true });
    for (const as of ['buyer', 'seller', 'viewer', 'waiting'] as const)
      expect((await open(lane('mine', 'yard', 'rail'), as)).body.code).toBe('freight.carriers_only');
    expect((await open(lane('mine', 'yard', 'rail'), null)).status).toBe(401);
    // Seen by everybody, changed by nobody but its keeper.
    expect((await desk.call(null, 'GET', `/v1/freight/lanes/${own.body.id}`)).body.own).toBe(false);
    for (const as of ['shipping', 'staff'] as const) {
      const url = `/v1/freight/lanes/${own.body.id}/capacity`;
      expect((await desk.call(as, 'POST', url, { quantity: '1', per: 'week' })).status).toBe(404);
    }
    const [row] = (await desk.call('railway', 'GET', '/v1/freight/lanes?carrierId=railway')).body.items;
    expect(row.id).toBe(own.body.id);
  });

  it('422 for what no lane can be, each fault by its field, and nothing stored', async () => {
    const before = await counts();
    const bad: [Record<string, unknown>, string, string][] = [
      [lane('mine', 'mine', 'rail'), 'toPlaceId', 'freight.same_place'],
      [lane('mine', 'atlantis', 'rail'), 'toPlaceId', 'freight.place_unknown'],
      [lane('mine', 'north', 'carpet'), 'mode', 'freight.mode_unknown'],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ perTonne: '-1' }) }),
        'tariff.perTonne',
        'freight.amount_negative',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ loading: '-0.01' }) }),
        'tariff.loading',
        'freight.amount_negative',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ perTonne: '3600.08' }) }),
        'tariff.perTonne',
        'freight.amount_absurd',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ perTonne: '1e9' }) }),
        'tariff.perTonne',
        'freight.amount_malformed',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ currency: 'GBP' }) }),
        'tariff.currency',
        'freight.currency_unknown',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ kind: 'per_tonne_km' }) }),
        'tariff.perTonneKm',
        'freight.tariff_incomplete',
      ],
      // 700 km at 9.00 is more than any coal is carried for, though the rate alone is not.
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ kind: 'per_tonne_km', perTonneKm: '9' }) }),
        'tariff.perTonneKm',
        'freight.amount_absurd',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ lossPermille: '101' }) }),
        'tariff.lossPermille',
        'freight.loss_out_of_range',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ distanceKm: '100' }) }),
        'tariff.distanceKm',
        'freight.distance_impossible',
      ],
      [lane('mine', 'nowhere', 'rail'), 'tariff.distanceKm', 'freight.place_without_coordinates'],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ validFrom: '2026-02-30' }) }),
        'tariff.validFrom',
        'freight.day_invalid',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ validTo: '2025-12-31' }) }),
        'tariff.validTo',
        'freight.validity_reversed',
      ],
      [
        lane('mine', 'north', 'rail', { tariff: tariff({ source: ' ' }) }),
        'tariff.source',
        'freight.source_missing',
      ],
      [
        lane('mine', 'north', 'rail', { capacity: { quantity: '0', per: 'week' } }),
        'capacity.quantity',
        'freight.quantity_invalid',
      ],
      [
        lane('mine', 'north', 'rail', {
          tariff: tariff({
            kind: 'weight_steps',
            steps: [
              { fromTonnes: '1000', perTonne: '9' },
              { fromTonnes: '1000', perTonne: '8' },
            ],
          }),
        }),
        'tariff.steps.1.fromTonnes',
        'freight.steps_unordered',
      ],
    ];
    for (const [body, field, code] of bad) {
      const { status, body: problem } = await open(body);
      expect([field, problem.fields?.[field], status]).toEqual([field, code, 422]);
    }
    const several = await open(
      lane('mine', 'north', 'carpet', { tariff: tariff({ perTonne: '-1', hours: 'x' }) }),
    );
    expect(several.body).toMatchObject({
      code: 'freight.invalid',
      fields: {
        mode: 'freight.mode_unknown',
        'tariff.perTonne': 'freight.amount_negative',
        'tariff.hours': 'freight.hours_out_of_range',
      },
    });
    expect(await counts()).toEqual(before);
  });

  it('409 when there is one already, and once for ten presses with one key', async () => {
    const key = { 'idempotency-key': 'press-1' };
    const body = lane('yard', 'north', 'rail');
    const answers = await Promise.all(
      Array.from({ length: 10 }, async () => desk.call('staff', 'POST', '/v1/freight/lanes', body, key)),
    );
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1);
    expect((await open(body)).body.code).toBe('freight.lane_exists');
  });
});

describe('a tariff', () => {
  it('never stands twice for one day, whoever writes, and keeps every version', async () => {
    const { body } = await open(lane('north', 'south', 'sea', { tariff: tariff({ validTo: '2026-12-31' }) }));
    const set = async (patch: Record<string, unknown>, replaces?: number) =>
      desk.call('staff', 'POST', `/v1/freight/lanes/${body.id}/tariffs`, {
        tariff: tariff(patch),
        ...(replaces !== undefined && { replaces }),
      });
    expect((await set({ validFrom: '2026-12-31' })).body).toMatchObject({
      code: 'freight.validity_overlaps',
      fields: { 'tariff.validFrom': 'freight.validity_overlaps' },
    });
    expect((await set({ validFrom: '2027-01-01' })).status).toBe(201);
    expect((await set({ validFrom: '2026-11-01' }, 9)).body.code).toBe('freight.tariff_unknown');
    // Dearer from December on: November stays as it was.
    const { status, body: after } = await set(
      { perTonne: '44.00', validFrom: '2026-12-01', validTo: '2026-12-31' },
      1,
    );
    expect(status).toBe(201);
    const view = ({ version, perTonne, validFrom, validTo, endedAt }: Record<string, unknown>) => [
      version,
      perTonne,
      validFrom,
      validTo,
      endedAt !== null,
    ];
    expect(after.versions.map(view)).toEqual([
      [4, '44.00', '2026-12-01', '2026-12-31', false],
      [3, '30.00', '2026-01-01', '2026-11-30', false],
      [2, '30.00', '2027-01-01', null, false],
      [1, '30.00', '2026-01-01', '2026-12-31', true],
    ]);
    const end = async (version: number) =>
      (await desk.call('staff', 'POST', `/v1/freight/lanes/${body.id}/end`, { version })).body;
    const ended = (await end(2)).versions.find((each: { version: number }) => each.version === 2);
    expect(ended.endedAt).not.toBeNull();
    // Ended stays ended, at the time it was.
    expect([(await end(2)).code, (await end(1)).code]).toEqual(
      Array.from({ length: 2 }, () => 'freight.tariff_unknown'),
    );
    const write = async () => desk.db.sql`insert into freight_tariff
      select lane_id, lane_number, 9, currency, terms, loading, unloading, loss_permille, distance_km,
        distance_given, hours, '2026-12-15', null, source, made_by, made_at, null
      from freight_tariff where lane_id = ${body.id} and version = 4`;
    await expect(write()).rejects.toMatchObject({ constraint_name: 'freight_tariff_no_overlap' });
    await expect(
      desk.db.sql`update freight_tariff set loading = 1 where lane_id = ${body.id}`,
    ).rejects.toThrow('kept as it was');
    const two = await Promise.all([
      set({ perTonne: '45', validFrom: '2026-12-01', validTo: '2026-12-31' }, 4),
      set({ perTonne: '46', validFrom: '2026-12-01', validTo: '2026-12-31' }, 4),
    ]);
    expect(two.map((answer) => answer.body.code ?? 'set').toSorted()).toEqual([
      'freight.tariff_unknown',
      'set',
    ]);
  });
});

describe('what a way costs', () => {
  const cost = async (query: string, as: Caller = null) => desk.call(as, 'GET', `/v1/freight/cost?${query}`);

  beforeAll(async () => {
    await open(lane('south', 'plant', 'river', { tariff: tariff({ lossPermille: '10', perTonne: '8' }) }));
  });

  it('goes leg by leg over every mode and adds up', async () => {
    const { body } = await cost('from=place-mine&to=place-plant&mode=road&quantity=1000');
    expect(body).toMatchObject({
      basis: 'lane',
      currency: 'CNY',
      total: `${Number(body.perTonne) * 1000}.00`,
    });
    expect(body.legs.map((leg: { mode: string; perTonne: string }) => [leg.mode, leg.perTonne])).toEqual([
      ['road', '35.50'],
      ['rail', '35.50'],
      ['sea', '35.50'],
      ['river', '13.50'],
    ]);
    expect(body.perTonne).toBe('120.00');
    expect(body.arrivesPer1000).toBe('990.00');
  });

  it('of a lot is landed with what is lost, per tonne and per gigajoule', async () => {
    const id = await desk.lot();
    const { body } = await cost(`listingId=${id}&to=place-plant`);
    expect(body).toMatchObject({ from: { id: 'place-yard' }, mode: 'rail', perTonne: '84.50' });
    // (600 + 84.50) / 0.99.
    expect(body.lot).toMatchObject({ pricePerTonne: '600.00', landedPerTonne: '691.41' });
    expect(Number(body.lot.perGigajoule)).toBeCloseTo(691.41 / ((5520 * 4.1868) / 1000), 1);
  });

  it('is worked out again as it was known, after the tariff has changed', async () => {
    const query = 'from=place-south&to=place-plant&mode=river';
    const before = (await cost(query)).body;
    desk.clock.at = new Date('2026-11-24T12:00:00Z');
    const [leg] = before.legs;
    await desk.call('staff', 'POST', `/v1/freight/lanes/${leg.laneId}/tariffs`, {
      tariff: tariff({ perTonne: '20', lossPermille: '10' }),
      replaces: leg.version,
    });
    expect((await cost(query)).body.perTonne).toBe('25.50');
    const again = (await cost(`${query}&day=2026-11-23&asOf=2026-11-23T13:00:00Z`)).body;
    expect(again).toEqual(before);
  });

  it('is in whichever currency is asked, an estimate where no lane leads, and coded where there is no way', async () => {
    expect((await cost('from=place-south&to=place-plant&mode=river&currency=USD')).body).toMatchObject({
      currency: 'USD',
      perTonne: '3.55',
    });
    expect((await cost('from=place-south&to=place-plant&currency=GBP')).body.code).toBe(
      'freight.currency_unknown',
    );
    const back = (await cost('from=place-plant&to=place-mine&mode=rail')).body;
    expect(back).toMatchObject({ basis: 'estimate', legs: [{ source: 'seam-reference-2025' }] });
    expect((await cost('from=place-plant&to=place-nowhere')).body.code).toBe('freight.no_way');
    expect((await cost('from=place-plant&to=place-plant')).body.code).toBe('freight.same_place');
    expect((await cost('from=place-plant&to=atlantis')).body.code).toBe('freight.place_unknown');
    expect((await cost('from=place-mine&to=place-plant&quantity=-1')).body.code).toBe(
      'freight.quantity_invalid',
    );
    expect((await cost('from=place-mine&to=place-plant&day=2026-02-30')).body.code).toBe(
      'freight.day_invalid',
    );
  });

  it('in memory is the same, and new as soon as the book is refreshed', async () => {
    await desk.book.refresh();
    const [mine, plant] = [
      { id: 'place-mine', latitude: 39.26, longitude: 110.23 },
      { id: 'place-plant', latitude: 22.75, longitude: 113.68 },
    ];
    const name = desk.book.name;
    const { body } = await cost('from=place-mine&to=place-plant&mode=road');
    expect(desk.book.to(plant, 'CNY').from(mine, 'road')).toMatchObject({
      minorPerTonne: BigInt(body.perTonne.replace('.', '')),
      basis: 'lane',
    });
    await open(lane('mine', 'plant', 'road', { tariff: tariff({ perTonne: '1' }) }));
    await desk.book.refresh();
    expect(desk.book.name).not.toBe(name);
    expect(desk.book.to(plant, 'CNY').from(mine, 'road')?.minorPerTonne).toBe(650n);
  });
});

describe('a file of lanes', () => {
  const head = 'from,to,mode,kind,currency,per_tonne,valid_from,source,capacity_t,capacity_per';
  const load = async (csv: string, dryRun: boolean, as: Caller = 'staff') =>
    desk.call(as, 'POST', '/v1/staff/freight/lanes/import', { csv, dryRun });

  it('is previewed line by line, loads what is good and says why of the rest', async () => {
    const csv = [
      head,
      'catalogue:north,catalogue:plant,sea,per_tonne,CNY,52.00,2026-01-01,demo,90000,month',
      'catalogue:north,catalogue:atlantis,sea,per_tonne,CNY,52.00,2026-01-01,demo,,',
      'place-plant,place-south,river,per_tonne,GBP,-4,2026-01-01,demo,,',
      'place-north,place-north,rail,per_tonne,CNY,4,2026-01-01,demo,,',
      'place-yard,place-south,rail,per_tonne,CNY,"broken',
      '',
    ].join('\n');
    expect((await load(csv, true)).body.code).toBe('freight.import_header');
    const good = csv.split('\n').slice(0, 5).join('\n');
    const before = await counts();
    const { body: preview } = await load(good, true);
    expect(preview).toEqual({
      dryRun: true,
      lines: 4,
      loaded: 1,
      unchanged: 0,
      refusals: [
        { line: 3, code: 'freight.place_unknown', fields: { to: 'freight.place_unknown' } },
        {
          line: 4,
          code: 'freight.invalid',
          fields: { currency: 'freight.currency_unknown', per_tonne: 'freight.amount_negative' },
        },
        { line: 5, code: 'freight.same_place', fields: { to: 'freight.same_place' } },
      ],
    });
    expect(await counts()).toEqual(before);
    expect((await load(good, false)).body).toEqual({ ...preview, dryRun: false });
    expect((await load(good, false)).body).toMatchObject({ loaded: 0, unchanged: 1 });
    const overlapping = good.replace('52.00,2026-01-01', '53.00,2026-06-01');
    expect((await load(overlapping, true)).body.refusals[0]).toMatchObject({
      line: 2,
      code: 'freight.validity_overlaps',
    });
    expect((await load(good, true, 'railway')).status).toBe(403);
  });

  it('that was exported is loaded again and changes nothing', async () => {
    await open(
      lane('yard', 'south', 'rail', {
        tariff: tariff({
          kind: 'weight_steps',
          steps: [
            { fromTonnes: '1000', perTonne: '90' },
            { fromTonnes: '3000', perTonne: '75.5' },
          ],
          source: '=tariff, "new"',
        }),
      }),
    );
    await open(
      lane('yard', 'plant', 'rail', {
        tariff: tariff({ kind: 'per_tonne_km', perTonneKm: '0.175', terminal: '16.5', minimum: '40' }),
      }),
    );
    const csv = await desk.text('staff', '/v1/staff/freight/lanes/export');
    const lines = csv.trim().split('\r\n').length - 1;
    const { body } = await load(csv, false);
    expect(body.lines).toBe(lines);
    expect(body).toMatchObject({ loaded: 0, unchanged: lines, refusals: [] });
  });
});
