import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { freezeFormula } from '@seam/coal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dryRunIndex, importIndex } from './import-index.ts';
import { type Deal, Years } from './testing/years.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const shared = process.env['SEAM_SHARED'] ?? path.join(root, '../shared');
const file = path.join(shared, 'data/prices/worldbank_coal_monthly.csv');
const exists = fs.existsSync(file);
if (!exists) process.stderr.write(`NOT TESTED: prices of the World Bank, for there is no ${file}\n`);

const series = { id: 'wb-australia', title: 'World Bank: coal, Australia', unit: 'USD/t', source: 'CMO' };
const coal = (csv: string) => ({ csv, column: 'coal_australia_usd_t', series, publishedDay: 5 });

let years: Years;
beforeAll(async () => {
  years = await Years.open();
});
afterAll(async () => years.close());
const load = async (csv: string) =>
  importIndex({ sql: years.sql, clock: { now: () => years.now } }, coal(csv));

describe('a table of prices', () => {
  const own = (csv: string) =>
    importIndex(
      { sql: years.sql, clock: { now: () => years.now } },
      { csv, column: 'coal', series: { ...series, id: 'own', title: 'Own' }, publishedDay: 5 },
    );

  it('becomes an index, adds what is new the next time, and leaves what differs to a correction', async () => {
    years.turnTo('2027-06-10');
    expect(await own('month,coal\n2027-01,90\n2027-02,91.5\n')).toEqual({
      rows: 2,
      loaded: 2,
      unchanged: 0,
      refused: [],
      first: '2027-01',
      last: '2027-02',
    });
    expect(await own('month,coal\n2027-01,90\n2027-02,99\n2027-03,92\n')).toMatchObject({
      rows: 3,
      loaded: 1,
      unchanged: 1,
      refused: [{ line: 3, code: 'index.differs', reason: '2027-02 is known with another value' }],
    });
    const { values } = (await years.call('staff', 'GET', '/v1/indices/own')).body;
    expect(values.map((one: { value: string }) => one.value)).toEqual(['92', '91.5', '90']);
  });

  it('with a month missing, twice or to come leaves nothing behind, not even the index', async () => {
    years.turnTo('2027-06-10');
    const refused = async (csv: string) => {
      const other = { ...series, id: 'none', title: 'None' };
      const clock = { now: () => years.now };
      const {
        rows,
        loaded,
        refused: why,
      } = await importIndex(
        { sql: years.sql, clock },
        { csv, column: 'coal', series: other, publishedDay: 5 },
      );
      expect([rows, loaded]).toEqual([0, 0]);
      expect((await years.call('staff', 'GET', '/v1/indices/none')).status).toBe(404);
      return why;
    };
    expect(await refused('month,coal\n2027-01,90\n2027-03,91\n')).toMatchObject([
      { line: 3, code: 'index.gap', reason: expect.stringContaining('accepted month: 2027-02') },
    ]);
    expect(await refused('month,coal\n2027-01,90\n2027-01,91\n')).toMatchObject([
      { line: 3, code: 'index.duplicate_month' },
    ]);
    expect(await refused('month,coal\n2027-06,90\n')).toMatchObject([{ code: 'index.not_published' }]);
    expect(await refused('month,gas\n2027-05,90\n')).toMatchObject([{ code: 'index.csv_invalid' }]);
  });

  it('of a name that another index has is refused, however it is written, and of two at once one is made', async () => {
    const begin = async (id: string, title: string) =>
      years.call('staff', 'POST', '/v1/staff/indices', { id, title, unit: 'USD/t', source: 'S' });
    expect((await begin('first', 'API 4, Richards Bay')).status).toBe(201);
    expect(await begin('second', ' api 4,  RICHARDS bay')).toMatchObject({
      status: 409,
      body: { code: 'index.exists', fields: { title: 'duplicate' } },
    });
    const both = await Promise.all([begin('third', 'API 2'), begin('fourth', 'API 2')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
  });
});

/** Base and half of what the index is above 140 dollars, at 7.1 yuan, between 550 and 850. */
function byWorldBank(lagMonths: number) {
  const frozen = freezeFormula('clamp(base + 0.5 * (WB - 140) * 7.1, 550, 850)', {
    indices: ['WB'],
    parameters: ['base'],
  });
  if (!frozen.ok) throw new Error(frozen.code);
  const of = { name: 'WB', seriesId: series.id, title: series.title, unit: series.unit };
  return { formula: frozen.formula, series: [of], lagMonths };
}

describe.skipIf(!exists)('the monthly prices of the World Bank', () => {
  const csv = exists ? fs.readFileSync(file, 'utf8') : '';

  it('would load 648 months of Australian and 480 of South African coal, by the command as by the code', () => {
    expect(dryRunIndex(coal(csv))).toMatchObject({
      rows: 648,
      loaded: 648,
      first: '1970-01',
      last: '2023-12',
    });
    const args = ['server/src/cli/main.ts', 'import', 'index', file, '--series', 'wb-south-africa'];
    const told = execFileSync(
      process.execPath,
      [...args, '--column', 'coal_south_africa_usd_t', '--dry-run', '--json'],
      { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    expect(JSON.parse(told)).toEqual({
      rows: 480,
      loaded: 480,
      unchanged: 0,
      refused: [],
      first: '1984-01',
      last: '2023-12',
      dryRun: true,
    });
  });

  it('drive a price that follows them, in numbers that can be checked by hand', async () => {
    years.turnTo('2024-01-08');
    expect(await load(csv)).toMatchObject({ rows: 648, loaded: 648, refused: [] });
    expect(await load(csv)).toMatchObject({ loaded: 0, unchanged: 648, refused: [] });
    const months = [{ month: '2024-01', kg: '100000' }];
    const priced = async (lagMonths: number) => {
      const deal: Deal = await years.deal(100, { callOff: { months }, priceLater: byWorldBank(lagMonths) });
      const { pricePerTonne, inputs } = await years.callOff(deal, '2024-01', 10, ['20', '25']);
      return [inputs[0]!.month, inputs[0]!.value, pricePerTonne];
    };
    // 600 + 0.5 * 1.82 * 7.1 = 606.461.
    expect(await priced(1)).toEqual(['2023-12', '141.82', '606.46']);
    // 600 - 0.5 * 13.18 * 7.1 = 553.211.
    expect(await priced(2)).toEqual(['2023-11', '126.82', '553.21']);
    // 600 + 0.5 * 2.12 * 7.1 = 607.526.
    expect(await priced(3)).toEqual(['2023-10', '142.12', '607.53']);
  });

  it('settle a delivery: what the index made of the price is what the seller is paid by', async () => {
    years.turnTo('2024-01-08');
    await load(csv);
    const months = [{ month: '2024-01', kg: '100000' }];
    const deal: Deal = await years.deal(100, { callOff: { months }, priceLater: byWorldBank(1) });
    const { id } = await years.callOff(deal, '2024-01', 10, ['20', '25']);
    await years.live('2024-01-21');
    const url = await years.lift(deal, id, 10);
    const { required } = (await years.call(deal.buyer, 'GET', url)).body;
    const values = required.map(({ reference, basis, kind, ...measure }: Record<string, string | null>) => ({
      ...measure,
      ...(basis && { basis }),
      ...(kind && { kind }),
      value: reference,
    }));
    const paper = { number: 'COA-WB', laboratory: 'Laboratory', sampledOn: '2024-01-20', values };
    const staff = `/v1/staff${url.slice(3)}/certificate-of-analysis`;
    expect((await years.call('staff', 'POST', staff, paper)).status).toBe(201);
    await years.work();
    const settlement = `/v1/settlements/${id}`;
    // 600 + 0.5 * (141.82 - 140) * 7.1 = 606.461 a tonne; less the fee of 12.13 and its tax of 0.73. The time to
    // contest it was over in 2024.
    expect((await years.call(deal.buyer, 'GET', settlement)).body).toMatchObject({
      state: 'paying_out',
      finalAmount: '6064.60',
      payout: '6051.74',
      // 85 % of it at the gate, as the contract says.
      releases: [{ net: '10.000', amount: '5154.91', paid: 'under_way' }],
    });
  });
});
