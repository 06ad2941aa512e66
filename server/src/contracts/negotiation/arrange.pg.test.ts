import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isCalledOff } from '../deliveries.ts';
import { bindingContract } from '../effective.ts';
import { Table } from './testing.ts';

let table: Table;
beforeAll(async () => {
  table = await Table.open();
});
afterAll(async () => table.close());

const shares = Array.from({ length: 12 }, (_none, at) => ({
  month: `2027-${String(at + 1).padStart(2, '0')}`,
  basisPoints: at < 4 ? 850 : 825,
}));
const arrangement = {
  callOff: { shares, carryOver: 'none' },
  priceLater: {
    expression: 'base + 0.5 * (X - 700)',
    series: [{ name: 'X', seriesId: 'x-index', title: 'X', unit: 'CNY/t' }],
    lagMonths: 1,
  },
};

describe('a sale that is to become a long-term contract', () => {
  it('becomes one when the other side agrees: another version, read in clauses, called off once it binds', async () => {
    const id = await table.issued();
    const made = await table.propose('buyer', id, { arrangement });
    expect(made.status).toBe(201);
    const [proposal] = made.body.proposals;
    expect(proposal!.redline.map(({ change, id: clause }) => `${change} ${clause}`)).toEqual(
      expect.arrayContaining(['added price_later', 'added call_off', 'removed price_fixed']),
    );
    expect((await table.answer('seller', proposal!, 'acceptance')).status).toBe(200);
    const view = await table.view(id);
    expect(view).toMatchObject({
      version: 2,
      state: 'issued',
      template: { id: 'long_term_sale', version: 5 },
    });
    expect(view.clauses.find(({ id: clause }) => clause === 'call_off')).toMatchObject({
      version: 2,
      executedBy: 'exchange',
    });
    await table.bind(id);
    const contract = (await bindingContract(table.db.sql, id))!;
    expect(isCalledOff(contract.terms)).toBe(true);
    expect(contract).toMatchObject({ id, contractId: id });
  });

  it('stays what it was where the split does not add up, and where it binds already', async () => {
    const id = await table.issued();
    const wrong = { ...arrangement, callOff: { shares: shares.slice(1) } };
    expect(await table.propose('buyer', id, { arrangement: wrong })).toMatchObject({
      status: 422,
      body: { code: 'contract.terms_refused', fields: { 'callOff.shares': 'shares_do_not_add_up' } },
    });
    await table.bind(id);
    expect(await table.propose('buyer', id, { arrangement })).toMatchObject({
      status: 409,
      body: { code: 'contract.terms_too_late' },
    });
  });
});
