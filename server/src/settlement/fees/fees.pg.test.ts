/** How fees change, who reads them, and what a signed contract pays whatever changes later. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCore } from '../../core.ts';
import type { Principal } from '../../platform/principal.ts';
import { Desk } from '../trade/testing.ts';
import { contractFees } from './of-terms.ts';
import { feeHttp } from './routes.ts';

const DAY_MS = 24 * 3600_000;
const SELLER = '0198a000-0000-7000-8000-00000000fe01';
const OTHER = '0198a000-0000-7000-8000-00000000fe02';

let desk: Desk;
let app: FastifyInstance;
let now = new Date();
const later = (days: number): string => new Date(now.getTime() + days * DAY_MS).toISOString();

const principal = (who: string): Principal => ({
  personId: who,
  personName: who,
  organisationId: who.startsWith('staff') ? '' : who === 'seller' ? SELLER : OTHER,
  organisationStatus: 'active',
  roles: ['finance'],
  staff: who.startsWith('staff'),
  centreRoles: who.startsWith('staff') ? ['risk_officer'] : [],
  robot: false,
  loginSessionId: who,
});

beforeAll(async () => {
  desk = await Desk.open();
  app = await buildCore({
    sql: desk.db.sql,
    authenticate: async (token) => principal(token.replaceAll('_', '')),
    publicUrl: 'http://127.0.0.1:1',
  });
  feeHttp(app, {
    sql: desk.db.sql,
    wake: () => {},
    clock: { now: () => now },
    namesOf: async (_connection, ids) =>
      new Map(ids.map((id) => [id, { name: `Company ${id}`, nameZh: null }])),
  });
  for (const id of [SELLER, OTHER]) {
    await desk.db
      .sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
        contact_name, contact_email, contact_phone, status, status_since, created_at)
      values (${id}, ${`Company ${id}`}, 'producer', true, true, 'uscc', ${id.replaceAll('-', '').slice(-18)}, 'CN', 'x',
        'x', 'x@x.example', '1', 'registered', now(), now())`;
  }
});
afterAll(async () => {
  await app.close();
  await desk.close();
});

async function call(who: string | null, method: 'GET' | 'POST', url: string, payload?: object) {
  const answer = await app.inject({
    method,
    url,
    headers: who === null ? {} : { authorization: `Bearer ${who.padEnd(43, '_')}` },
    ...(payload && { payload }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

const BODY = {
  percent: '0.3',
  perTonne: '0',
  minimum: '0',
  maximum: '0',
  paidBy: 'seller',
  taxPercent: '6',
  reason: 'The cost of sampling is part of it now',
};
const propose = async (more: object, who = 'staffann') =>
  call(who, 'POST', '/v1/staff/fees', { ...BODY, from: later(14), ...more });
const decide = async (id: string, who = 'staffbob', confirm = true) =>
  call(who, 'POST', `/v1/staff/fees/${id}/decision`, { confirm });
const rules = async (who: string | null): Promise<Record<string, unknown>[]> =>
  (await call(who, 'GET', '/v1/fees')).body.items;
const rule = async (id: string, who: string | null = 'staffann') =>
  (await rules(who)).find((one) => one['id'] === id);

const sale = {
  sellerId: SELLER,
  buyerId: OTHER,
  market: 'auction',
  originId: 'a1',
  coalRank: 'bituminous',
  deliveryTerm: 'fob',
  currency: 'CNY',
};
const feeAt = async (days: number, more: object = {}) =>
  contractFees(desk.db.sql, { ...sale, ...more }, new Date(now.getTime() + days * DAY_MS));

describe('a fee', () => {
  it('is what it was until somebody changes it, and public', async () => {
    expect(await rules(null)).toMatchObject([
      { state: 'in_force', percent: '0.20', taxPercent: '6.00', version: 1 },
    ]);
    expect(await feeAt(0)).toMatchObject({ exchangeFeeBasisPoints: 20, paidBy: 'seller', rule: 'all v1' });
  });

  it('is proposed in public two weeks ahead, commented on, and confirmed by another person after a week', async () => {
    expect((await propose({ from: later(13) })).body).toMatchObject({
      code: 'fee.notice_too_short',
      accepted: { from: later(14) },
    });
    const { id } = (await propose({})).body;
    expect((await propose({}, 'staffbob')).body.code).toBe('two_person.open_already');
    expect(await rule(id, null)).toMatchObject({ state: 'proposed', comments: [], version: null });
    const say = async (who: string, text = 'Too much for small lots') =>
      call(who, 'POST', `/v1/fees/${id}/comments`, { text });
    expect((await say('seller')).status).toBe(200);
    expect((await say('staffann')).status).toBe(403);
    expect((await rule(id, 'seller'))!['comments']).toHaveLength(1);
    expect((await rule(id, 'other'))!['comments']).toEqual([]);
    expect((await rule(id))!['comments']).toMatchObject([{ company: { id: SELLER } }]);
    expect((await decide(id, 'staffann')).body.code).toBe('two_person.own');
    expect((await decide(id)).body.code).toBe('fee.comment_period');
    expect((await decide(id, 'seller')).status).toBe(403);
    now = new Date(now.getTime() + 8 * DAY_MS);
    expect((await say('seller')).body.code).toBe('fee.comments_closed');
    const both = await Promise.all([decide(id), decide(id, 'staffcy')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await rule(id)).toMatchObject({ state: 'announced', version: 2 });
    expect(await feeAt(5.9)).toMatchObject({ exchangeFeeBasisPoints: 20, rule: 'all v1' });
    expect(await feeAt(6.1)).toMatchObject({ exchangeFeeBasisPoints: 30, rule: 'all v2' });
    // What is announced is not announced over: it would not be sure which of them holds.
    expect((await propose({ from: await fromOf(id) })).body).toMatchObject({
      code: 'fee.invalid',
      fields: { from: 'not_after_last' },
    });
    await expect(desk.db.sql`update fee_rule set basis_points = 1 where id = ${id}`).rejects.toThrow();
    await expect(desk.db.sql`delete from fee_rule where id = ${id}`).rejects.toThrow();
  });

  const fromOf = async (id: string): Promise<string> => String((await rule(id))!['from']);

  it('of the most specific rule is paid; one for a company is read by it and the centre alone', async () => {
    const wide = (await propose({ market: 'auction', coalRank: 'bituminous' })).body.id;
    const own = (await propose({ sellerId: SELLER, currency: 'CNY', percent: '0', minimum: '50' })).body.id;
    now = new Date(now.getTime() + 8 * DAY_MS);
    for (const id of [wide, own]) expect((await decide(id)).status).toBe(200);
    expect(await rule(own, 'other')).toBeUndefined();
    expect(await rule(own, null)).toBeUndefined();
    expect(await rule(own, 'seller')).toMatchObject({ scope: { seller: { id: SELLER } } });
    expect(await feeAt(7)).toMatchObject({ rule: `sellerId=${SELLER};currency=CNY v1`, minimum: '5000' });
    expect(await feeAt(7, { currency: 'USD' })).toMatchObject({
      rule: 'market=auction;coalRank=bituminous v1',
    });
    expect(await feeAt(7, { currency: 'USD', market: 'listing' })).toMatchObject({ rule: 'all v2' });
  });

  it('is refused where it cannot hold: money without a currency, a stranger, an end of what must stand', async () => {
    const fields = async (more: object) => (await propose(more)).body.fields;
    expect(await fields({ perTonne: '0.2' })).toEqual({ currency: 'currency_required' });
    expect(await fields({ sellerId: 'nobody' })).toEqual({ sellerId: 'fee.company_unknown' });
    expect(await fields({ to: later(40) })).toEqual({ to: 'base_must_stand' });
    expect(await fields({ percent: '10.01' })).toEqual({ basisPoints: 'out_of_range' });
  });

  it('nobody confirmed before its day is not confirmed any more, and stands in nobody’s way', async () => {
    const { id } = (await propose({ market: 'request' })).body;
    now = new Date(now.getTime() + 15 * DAY_MS);
    expect((await decide(id)).body.code).toBe('fee.too_late');
    expect((await propose({ market: 'request' })).status).toBe(201);
    expect(await rule(id)).toMatchObject({ state: 'withdrawn' });
  });
});

describe('a signed contract', () => {
  it('pays by the version it was signed under: by the tonne, at least, at most, and from whom it says', async () => {
    const settled = async (fees: object) => {
      const trade = await desk.trade(61_000, 'seller', (terms) => ({
        ...terms,
        fees: { ...terms.fees, ...fees },
      }));
      await desk.deliver(trade, '100');
      const accepted = await desk.accept(trade);
      expect(accepted.status).toBe(200);
      const [row] = await desk.db.sql<{ fee: string; tax: string; payout: string }[]>`
        select fee_amount::text as fee, tax_amount::text as tax, payout_amount::text as payout
          from settlement where contract_id = ${trade.id}`;
      const [paper] = await desk.db.sql<{ to: string; gross: string }[]>`
        select recipient_id as to, gross::text from invoice_document where key = ${`fee:${trade.id}`}`;
      return { ...row!, to: paper!.to === trade.buyer ? 'buyer' : 'seller', gross: paper!.gross, trade };
    };
    // 100 t for 60,000.00.
    expect(await settled({})).toMatchObject({ fee: '12000', tax: '720', payout: '5987280', to: 'seller' });
    expect(await settled({ exchangeFeeBasisPoints: 0, perTonne: '150' })).toMatchObject({ fee: '15000' });
    expect(await settled({ minimum: '20000' })).toMatchObject({ fee: '20000' });
    expect(await settled({ maximum: '9900' })).toMatchObject({ fee: '9900' });
    expect(await settled({ minimum: '999999999' })).toMatchObject({ fee: '600000' });
    const byBuyer = await settled({ paidBy: 'buyer' });
    expect(byBuyer).toMatchObject({ fee: '12000', payout: '6000000', to: 'buyer', gross: '12720' });
    expect(await desk.money(byBuyer.trade.buyer)).toEqual({ free: 61_000 - 60_000 - 127.2 + 1000 });
  });
});
