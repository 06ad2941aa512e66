/** What may stand in an offer: rules of quality, published indices, texts that can be printed, formulas that end. */
import { type PriceRule, parseClause } from '@seam/coal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Table, formulaPrice, openTable } from './testing/table.ts';

let table: Table;
beforeAll(async () => {
  table = await openTable();
});
afterAll(async () => table.close());

const preview = async (id: string, patch: Record<string, unknown>) => {
  const seen = (await table.call('seller', 'GET', `/v1/negotiations/${id}`)).body;
  const terms = { ...seen.startingTerms, ...patch };
  return table.call('seller', 'POST', `/v1/negotiations/${id}/offer-preview`, { terms });
};

describe('rules of quality', () => {
  const sulphur = {
    id: 'sulphur',
    parameter: 'sulphur',
    basis: 'ar',
    unit: '%',
    reference: '0.80',
    direction: 'above',
    per: '0.1',
    tierMode: 'marginal',
    stepMode: 'prorata',
    rateUnit: 'money_per_tonne',
    stage: 1,
    tiers: [{ from: '0', to: null, rate: '-5' }],
  };
  const second = (rule: object = {}, more: object = {}) => ({
    schema: 'seam.quality-clause.2',
    rounding: 'half_up',
    rules: [{ ...sulphur, ...rule }],
    ...more,
  });

  it('of the second edition are taken where the first says the same, and become the first', async () => {
    expect(parseClause(second())).toMatchObject({ ok: true });
    const { id } = await table.begin();
    const offered = await table.offer('seller', id, { quality: second() });
    expect(offered).toMatchObject({
      status: 201,
      body: { terms: { quality: { schema: 'seam.quality-clause.1', rules: [{ id: 'sulphur' }] } } },
    });
    expect((await table.accept('buyer', id, offered.body.sha256)).status).toBe(200);
  });

  it('that only the second edition knows are refused by their place, with the edition that is accepted', async () => {
    const { id } = await table.begin();
    const kilograms: Pick<PriceRule, 'rateUnit'> = { rateUnit: 'kg_per_tonne' };
    const moisture = { method: 'contract_moisture', reference: '10' };
    const clause = second(kilograms, { weight: moisture });
    expect(parseClause(clause)).toMatchObject({ ok: true });
    const { status, body } = await preview(id, { quality: clause });
    expect([status, body.code]).toEqual([422, 'negotiation.quality_refused']);
    expect(body.accepted).toEqual({ schema: 'seam.quality-clause.1' });
    expect(Object.keys(body.fields)).toEqual(
      expect.arrayContaining(['quality', 'quality.rules[0].rateUnit', 'quality.weight.method']),
    );
    for (const nonsense of [{}, { schema: 'x' }, { ...second(), extra: 1 }])
      expect((await preview(id, { quality: nonsense })).body.code).toBe('negotiation.quality_refused');
  });
});

describe('an index that the exchange publishes', () => {
  beforeAll(async () => {
    const { sql } = table.db;
    await sql`insert into index_series (id, title, unit, source, created_by, created_at)
      values ('q5500', 'Qinhuangdao', 'CNY/t', 'the exchange', 'staff', now()),
             ('port-coal', 'Ports', 'CNY/t', 'the exchange', 'staff', now())`;
    for (const [series, month, version, value, day] of [
      ['q5500', '2026-08', 1, '700.0', '2026-09-01'],
      ['q5500', '2026-09', 1, '720', '2026-10-01'],
      ['q5500', '2026-09', 2, '710', '2026-10-05'],
      ['q5500', '2026-10', 1, '790', '2026-11-01'],
      // Published tomorrow, as this clock sees it.
      ['q5500', '2026-11', 1, '9999', '2027-06-01'],
      ['port-coal', '2026-10', 1, '650', '2026-11-01'],
    ] as const)
      await sql`insert into index_value values (${series}, ${month}, ${version}, ${value}, ${day}, '', 'staff', now())`;
  });
  const price = (expression: string, quotations: object[] = []) => ({
    price: { kind: 'formula', expression, quotations },
  });
  const comesTo = async (expression: string, quotations: object[] = []) => {
    const { id } = await table.begin();
    return preview(id, price(expression, quotations));
  };

  it('is used by its name without typing its value: the newest that is published', async () => {
    expect(await comesTo('Q5500 - 10')).toMatchObject({ status: 200, body: { price: '780.00' } });
    expect(await comesTo('port_coal')).toMatchObject({ status: 200, body: { price: '650.00' } });
  });

  it('gives the quotations of the days that are asked for, corrected where they were corrected', async () => {
    const mean = await comesTo('avg(Q5500, 2026-09-01, 2026-10-31)');
    expect(mean).toMatchObject({ status: 200, body: { price: '705.00' } });
    expect(await comesTo('on(Q5500, 2026-10-05)')).toMatchObject({ body: { price: '710.00' } });
    expect((await comesTo('on(Q5500, 2026-10-01)')).body.code).toBe('negotiation.formula_refused');
  });

  it('is taken as typed only when it is what was published: there is one source', async () => {
    const typed = (value: string, date = '2026-11-01') => [
      { index: 'Q5500', date, value, source: 'somewhere' },
    ];
    const right = await comesTo('Q5500', typed('790.00'));
    expect(right).toMatchObject({ status: 200, body: { price: '790.00' } });
    for (const wrong of [typed('791'), typed('790', '2026-11-02')])
      expect((await comesTo('Q5500', wrong)).body).toMatchObject({
        code: 'negotiation.formula_refused',
        fields: { 'price.quotations': 'quotation_differs' },
        accepted: { index: 'Q5500', day: '2026-11-01', value: '790' },
      });
  });

  it('stands in the contract with the month and version it was read from', async () => {
    const { id } = await table.begin();
    const offered = await table.offer('seller', id, price('min(Q5500, 800)') as never);
    expect(offered.body.formula.quotations).toEqual([
      { index: 'Q5500', date: '2026-11-01', value: '790', source: 'q5500 2026-10 (1)' },
    ]);
    expect((await table.accept('buyer', id, offered.body.sha256)).status).toBe(200);
  });
});

describe('a formula nobody should compute', () => {
  it.each([
    ['a loop', 'x = x + 1', 'unknown_character'],
    ['itself', 'price(price)', 'unknown_function'],
    ['a digit too many', '9'.repeat(19), 'too_many_digits'],
    ['a text too long', '9'.repeat(99_999), 'too_long'],
    ['depth', `${'('.repeat(900)}1${')'.repeat(900)}`, 'too_deep'],
    ['signs', `${'-'.repeat(1_500)}1`, 'too_deep'],
    ['many parts', '1+'.repeat(400) + '1', 'too_many_nodes'],
    ['a product of giants', Array.from({ length: 120 }, () => '9'.repeat(15)).join('*'), 'too_many'],
  ])('%s is refused by a code and its place', async (_what, expression, code) => {
    const { id } = await table.begin();
    const { status, body } = await preview(id, { price: { kind: 'formula', expression, quotations: [] } });
    expect([status, body.code]).toEqual([422, 'negotiation.formula_refused']);
    expect(JSON.stringify(body.fields)).toContain(code === 'too_many' ? 'price.' : code);
  });

  it('400 for a body beyond what any formula may be', async () => {
    const { id } = await table.begin();
    const expression = '1'.repeat(100_001);
    expect((await preview(id, { price: { kind: 'formula', expression, quotations: [] } })).status).toBe(400);
  });
});

describe('a text that no contract can be printed with', () => {
  const source = (text: string) => ({
    price: {
      ...formulaPrice(),
      quotations: [{ ...(formulaPrice() as { quotations: object[] }).quotations[0], source: text }],
    },
  });
  it('422 contract.font_missing_glyph when it is offered', async () => {
    const { id } = await table.begin();
    const { status, body } = await preview(id, source('Łódź 2026'));
    expect([status, body.code]).toEqual([422, 'contract.font_missing_glyph']);
    expect(body.detail).toContain('Ł');
  });

  it('422 when it is accepted, for an offer from before: nothing is taken, and the offer still stands', async () => {
    const { id, listingId } = await table.begin();
    const offered = await table.offer('seller', id);
    const { sql } = table.db;
    await sql`alter table negotiation_offer disable trigger user`;
    await sql`update negotiation_offer set draft = replace(draft, 'Datong', 'Da\u{1F9CA}tong') where negotiation_id = ${id}`;
    await sql`alter table negotiation_offer enable trigger user`;
    const before = await table.left(listingId);
    const accepted = await table.accept('buyer', id, offered.body.sha256);
    expect([accepted.status, accepted.body.code]).toEqual([422, 'contract.font_missing_glyph']);
    expect(await table.left(listingId)).toBe(before);
    const seen = await table.call('buyer', 'GET', `/v1/negotiations/${id}`);
    expect(seen.body).toMatchObject({ state: 'open', offers: [{ state: 'proposed' }] });
  });
});
