import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOW, type RequestMarket, assay, lot, need, openRequestMarket, PLANT } from './testing/market.ts';

let market: RequestMarket;
beforeAll(async () => {
  market = await openRequestMarket();
});
afterAll(async () => market.close());

const ask = async (patch: Record<string, unknown> = {}) => {
  const { status, body } = await market.call('buyer', 'POST', '/v1/requests', need(patch));
  expect(body).toMatchObject({ own: true });
  expect(status).toBe(201);
  return body;
};
const publish = async (patch: Record<string, unknown> = {}, as: 'seller' | 'rival' = 'seller') =>
  (await market.call(as, 'POST', '/v1/listings', lot(patch))).body;
const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);
const counts = async () =>
  (
    await market.db.sql`select (select count(*)::int from request) as requests,
      (select count(*)::int from place) as places, (select count(*)::int from outbox) as work,
      (select count(*)::int from request_invitation) as invitations`
  )[0];

describe('publishing a request', () => {
  it('201 with the limits as they were written and the account it is paid from, open for everyone to read', async () => {
    const body = await ask();
    expect(body).toMatchObject({
      state: 'open',
      buyer: { name: 'Jiangsu Power' },
      plant: { kind: 'plant', name: 'Yangzhou' },
      outstanding: '5000.000',
      priceCeiling: '700.00',
      ceilingAt: 'listed',
      account: { bankName: 'Bank of Testing', bankCode: 'TESTCNBJ', ending: '0042', currency: 'CNY' },
      responseCount: 0,
    });
    expect(body.limits[0]).toEqual({
      parameter: 'calorificValue',
      kind: 'net',
      basis: 'ar',
      unit: 'kcal/kg',
      minimum: '5000',
    });
    const seen = await market.call(null, 'GET', `/v1/requests/${body.id}`);
    expect(seen.body).toEqual({ ...body, own: false, account: null });
    expect(ids((await market.call(null, 'GET', '/v1/requests')).body)).toContain(body.id);
    expect((await market.call(null, 'GET', '/v1/requests?scope=own')).body.code).toBe('auth.required');
  });

  const limit = (patch: Record<string, unknown>) => ({
    limits: [{ parameter: 'ash', basis: 'ar', ...patch }],
  });
  it.each<[string, Record<string, unknown>, string, string]>([
    ['a limit of 140 % ash', limit({ maximum: '140' }), 'purchase_request.limit_invalid', 'limits.ash'],
    ['a negative limit', limit({ minimum: '-1' }), 'purchase_request.limit_invalid', 'limits.ash'],
    ['a limit without a value', limit({}), 'purchase_request.limit_invalid', 'limits.ash'],
    ['a limit to three digits', limit({ maximum: '10.005' }), 'purchase_request.limit_invalid', 'limits.ash'],
    [
      'limits the wrong way round',
      limit({ minimum: '20', maximum: '10' }),
      'purchase_request.limit_reversed',
      'limits.ash',
    ],
    [
      'ash without ash',
      limit({ basis: 'daf', maximum: '10' }),
      'purchase_request.basis_not_allowed',
      'limits.ash',
    ],
    [
      'moisture on the dry basis',
      { limits: [{ parameter: 'totalMoisture', basis: 'd', maximum: '10' }] },
      'purchase_request.basis_not_allowed',
      'limits.totalMoisture',
    ],
    [
      'net heat without ash',
      {
        limits: [
          { parameter: 'calorificValue', kind: 'net', basis: 'daf', unit: 'kcal/kg', minimum: '7000' },
        ],
      },
      'purchase_request.basis_not_allowed',
      'limits.calorificValue',
    ],
    [
      'heat without a unit',
      { limits: [{ parameter: 'calorificValue', minimum: '5000' }] },
      'purchase_request.limit_invalid',
      'limits.calorificValue',
    ],
    [
      'one parameter twice',
      { limits: [1, 2].map(() => ({ parameter: 'sizeMax', maximum: '50' })) },
      'purchase_request.limit_twice',
      'limits.sizeMax',
    ],
    ['negative tonnes', { quantity: '-5' }, 'listing.quantity_not_positive', 'quantity'],
    [
      'a part larger than the whole',
      { minimumQuantity: '5001' },
      'purchase_request.minimum_above_quantity',
      'minimumQuantity',
    ],
    ['a ceiling of zero', { priceCeiling: '0' }, 'listing.price_not_positive', 'priceCeiling'],
    [
      'a window that is over',
      { windowFrom: '2026-01-01', windowTo: '2026-02-01' },
      'listing.window_past',
      'windowTo',
    ],
    ['no plant', { newPlant: undefined }, 'purchase_request.plant_required', 'plantPlaceId'],
    [
      'an unknown plant',
      { newPlant: undefined, plantPlaceId: 'nowhere' },
      'listing.place_unknown',
      'plantPlaceId',
    ],
    [
      'a plant beyond the pole',
      { newPlant: { ...PLANT, latitude: '-91' } },
      'listing.coordinates_out_of_range',
      'newPlant.latitude',
    ],
  ])('422 for %s, and nothing changed', async (_name, patch, code, field) => {
    const before = await counts();
    const { body } = await market.call('buyer', 'POST', '/v1/requests', need(patch));
    expect(body).toMatchObject({ status: 422, code });
    expect(Object.keys(body.fields)).toContain(field);
    expect(await counts()).toEqual(before);
  });

  it('401, 403, 409 for visitors, viewers, companies that are not active or have no account', async () => {
    expect((await market.call(null, 'POST', '/v1/requests', need())).status).toBe(401);
    expect((await market.call('viewer', 'POST', '/v1/requests', need())).body.code).toBe('auth.forbidden');
    expect((await market.call('waiting', 'POST', '/v1/requests', need())).body.code).toBe(
      'organisation.not_active',
    );
    market.unbanked.add('other');
    expect((await market.call('other', 'POST', '/v1/requests', need())).body.code).toBe(
      'purchase_request.account_missing',
    );
    market.unbanked.clear();
  });
});

describe('a draft', () => {
  it('is its company’s alone, can be rewritten, and once published no more', async () => {
    const { id } = await ask({ draft: true });
    expect(ids((await market.call(null, 'GET', '/v1/requests')).body)).not.toContain(id);
    for (const as of ['seller', 'other', null] as const)
      expect((await market.call(as, 'GET', `/v1/requests/${id}`)).body.code).toBe('resource.not_found');
    const edited = await market.call(
      'buyer',
      'POST',
      `/v1/requests/${id}/edit`,
      need({ draft: true, quantity: '7000' }),
    );
    expect(edited.body).toMatchObject({ id, state: 'draft', quantity: '7000.000' });
    const wrong = await market.call('buyer', 'POST', `/v1/requests/${id}/edit`, need({ quantity: '0' }));
    expect(wrong.body.code).toBe('listing.quantity_not_positive');
    expect((await market.call('other', 'POST', `/v1/requests/${id}/publish`)).body.code).toBe(
      'resource.not_found',
    );
    expect((await market.call('buyer', 'POST', `/v1/requests/${id}/publish`)).body).toMatchObject({
      state: 'open',
      quantity: '7000.000',
    });
    const kept = await market.call(
      'buyer',
      'POST',
      `/v1/requests/${id}/edit`,
      need({ draft: true, quantity: '1' }),
    );
    expect(kept.body.code).toBe('purchase_request.not_draft');
    for (const move of ['publish', 'edit'])
      expect((await market.call('buyer', 'POST', `/v1/requests/${id}/${move}`, need())).body.code).toBe(
        'purchase_request.not_draft',
      );
  });

  it('is not published after its time', async () => {
    const { id } = await ask({ draft: true, validUntil: '2026-11-24T00:00:00Z' });
    market.clock.at = new Date('2026-11-24T00:00:00Z');
    const late = await market.call('buyer', 'POST', `/v1/requests/${id}/publish`);
    expect(late.body.code).toBe('listing.valid_until_past');
    market.clock.at = NOW;
  });
});

describe('matching', () => {
  type Item = { listing: { id: string }; rank: number; verdict: string };
  const matches = async (id: string, as: 'buyer' | 'rival' | 'seller' = 'buyer') =>
    (await market.call(as, 'GET', `/v1/requests/${id}/suggestions`)).body;
  const find = (body: { items: Item[] }, of: { id: string }) =>
    body.items.find(({ listing }) => listing.id === of.id);

  it('names the lots that fit, best first, then near misses with how far they miss and what they would save', async () => {
    const cheap = await publish({ price: '600' });
    const dear = await publish({ price: '690' }, 'rival');
    const wet = await publish({ assay: assay({ totalMoisture: '20' }), price: '500' });
    const late = await publish({ windowFrom: '2027-05-01', windowTo: '2027-06-01' });
    const far = await publish({ transport: 'conveyor' });
    const own = (await market.call('buyer', 'POST', '/v1/listings', lot())).body;
    const { id } = await ask();
    const body = await matches(id);
    expect(find(body, cheap)).toMatchObject({
      verdict: 'fits',
      againstBest: null,
      listing: { landed: { currency: 'CNY' } },
    });
    expect(find(body, cheap)!.rank).toBeLessThan(find(body, dear)!.rank);
    expect(find(body, dear)!.rank).toBeLessThan(find(body, wet)!.rank);
    expect(find(body, wet)).toMatchObject({ verdict: 'fits_but', againstBest: expect.stringMatching(/^-/) });
    expect(find(body, wet)).toHaveProperty(
      'reasons',
      expect.arrayContaining([
        {
          code: 'above_maximum',
          met: false,
          parameter: 'totalMoisture',
          basis: 'ar',
          values: { maximum: '14.00', offered: '20.00', by: '6.00' },
        },
      ]),
    );
    for (const lacking of [late, far, own]) expect(find(body, lacking)).toBeUndefined();
    expect(body.missing).toEqual(
      expect.arrayContaining([
        { code: 'window_disjoint', lots: 1 },
        { code: 'out_of_reach', lots: 1 },
        { code: 'above_maximum', parameter: 'totalMoisture', lots: 1 },
      ]),
    );
    expect([body.considered, body.fitting]).toEqual([5, 2]);

    const toSeller = await matches(id, 'seller');
    expect(find(toSeller, late)!.verdict).toBe('fits_not');
    expect(find(toSeller, far)).toMatchObject({ verdict: 'fits_not' });
    expect(find(toSeller, dear)).toBeUndefined();
    expect((await matches(id, 'rival')).items.map((item: Item) => item.listing.id)).toEqual([dear.id]);
    expect((await market.call(null, 'GET', `/v1/requests/${id}/suggestions`)).status).toBe(401);
  });

  it('decides by exact values where the rounded one is the limit itself', async () => {
    // 0.72 % dry is 0.64944 % as received at 9.8 % moisture, and 0.65376 % at 9.2 %: both are written 0.65.
    const at = async (limit: Record<string, string>) =>
      matches((await ask({ limits: [{ parameter: 'sulphur', basis: 'ar', ...limit }] })).id);
    const of = async (totalMoisture: string) =>
      publish({ assay: assay({ totalMoisture, sulphur: { value: '0.72', basis: 'd' } }) });
    const [below, above] = [await of('9.8'), await of('9.2')];
    const verdicts = async (limit: Record<string, string>) => {
      const body = await at(limit);
      // The count is of the columns, the verdicts of the fractions: they say the same.
      expect(body.fitting).toBe(body.items.filter((item: Item) => item.verdict === 'fits').length);
      return [find(body, below)?.verdict, find(body, above)?.verdict];
    };
    expect(await verdicts({ maximum: '0.65' })).toEqual(['fits', 'fits_but']);
    expect(await verdicts({ minimum: '0.65' })).toEqual(['fits_but', 'fits']);
    // What was looked up is remembered.
    expect(await verdicts({ maximum: '0.65' })).toEqual(['fits', 'fits_but']);
    expect(await verdicts({ maximum: '0.66' })).toEqual(['fits', 'fits']);
    expect(await verdicts({ maximum: '0.64' })).toEqual(['fits_but', 'fits_but']);
  });

  it('holds a ceiling at the plant against the price with freight', async () => {
    const { id } = await ask({ priceCeiling: '700', ceilingAt: 'delivered' });
    const coal = await publish({ price: '650' });
    const { items } = await matches(id);
    const reasons = items.find((item: Item) => item.listing.id === coal.id).reasons;
    expect(reasons.find((reason: { code: string }) => reason.code === 'price_above_ceiling')).toMatchObject({
      met: false,
      values: { at: 'delivered', ceiling: '700.00' },
    });
  });

  it('tells the buyer and nobody else how many lots fit', async () => {
    const { id } = await ask();
    await market.due(`request:${id}:match`);
    const own = (await market.call('buyer', 'GET', `/v1/requests/${id}`)).body;
    expect(own.state).toBe('matched');
    expect(own.matchedLots).toBe((await matches(id)).fitting);
    expect((await market.call('seller', 'GET', `/v1/requests/${id}`)).body).toMatchObject({
      state: 'open',
      matchedLots: null,
    });
  });
});

describe('an invitation', () => {
  const invite = async (id: string, body: Record<string, unknown>, as: 'buyer' | 'other' = 'buyer') =>
    market.call(as, 'POST', `/v1/requests/${id}/invitations`, body);
  const inbox = async (as: 'seller' | 'rival') =>
    ids((await market.call(as, 'GET', '/v1/requests?scope=invited')).body);

  it('goes to whose lots fit, to all on the market, or to named ones, and once to each', async () => {
    await publish({ price: '601' });
    await publish({ assay: assay({ totalMoisture: '25' }) }, 'rival');
    const { id } = await ask({
      limits: [
        { parameter: 'totalMoisture', maximum: '9.9' },
        { parameter: 'ash', basis: 'd', minimum: '18.40' },
      ],
      priceCeiling: '601',
    });
    expect((await invite(id, { to: 'matched' })).body.invited).toBeGreaterThanOrEqual(1);
    expect(await inbox('seller')).toContain(id);
    const all = await invite(id, { to: 'all' });
    expect(all.status).toBe(201);
    expect(await inbox('rival')).toContain(id);
    const again = await invite(id, { to: 'named', organisationIds: ['seller', 'rival'] });
    expect(again.body).toMatchObject({ invited: 0 });
    expect(
      again.body.items.map((one: { organisation: { id: string } }) => one.organisation.id).toSorted(),
    ).toEqual(['rival', 'seller']);
  });

  it('is told to the traders of the company until it has answered or declined', async () => {
    const { sql } = market.db;
    await sql`insert into organisation (id, name, kind, sells, buys, legal_id_kind, legal_id, country, address,
        contact_name, contact_email, contact_phone, status, status_since, created_at)
      select id, id, 'producer', true, false, 'lei', 'LEI0000000000000000' || n, 'CN', '-', '-', 'c@d.cn', '-',
        'registered', now(), now() from (values ('seller', 1), ('rival', 2)) as one (id, n)`;
    await sql`insert into person (id, organisation_id, name, email, roles, robot, password_hash, created_at)
      select 'told-' || n, case n when 3 then 'rival' else 'seller' end, 'P' || n, n || '@d.cn',
        case n when 2 then array['viewer'] else array['trader'] end, n = 4, '$argon2id$x', now()
        from generate_series(1, 4) n`;
    const told = async (id: string) =>
      (
        await sql<{ who: string }[]>`select person_id as who from person_notice
          where detail->>'link' = ${`/requests/${id}`} and seen_at is null and mail = 'waiting' order by 1`
      ).map(({ who }) => who);
    const { id } = await ask();
    const everybody = { to: 'named', organisationIds: ['seller', 'rival'] };
    await invite(id, everybody);
    await invite(id, everybody);
    expect(await told(id)).toEqual(['told-1', 'told-3']);
    const letters = await sql`select 1 from outbox where topic = 'members.notice_letter'`;
    expect(letters.length).toBe(2);
    await market.call('rival', 'POST', `/v1/requests/${id}/invitations/decline`, { reason: 'No wagons' });
    expect(await told(id)).toEqual(['told-1']);
    const answer = {
      lots: [{ listingId: (await publish()).id, quantity: '5000', price: '650' }],
      validUntil: '2026-11-30T00:00:00Z',
    };
    expect((await market.call('seller', 'POST', `/v1/requests/${id}/responses`, answer)).status).toBe(201);
    expect(await told(id)).toEqual([]);
  });

  it('is the buyer’s to give and to see, to companies that sell, while the request is open', async () => {
    const { id } = await ask();
    const before = await counts();
    expect((await invite(id, { to: 'named', organisationIds: ['other', 'nobody'] })).body).toMatchObject({
      code: 'purchase_request.producer_unknown',
      fields: { organisationIds: 'purchase_request.producer_unknown' },
    });
    expect((await invite(id, { to: 'named', organisationIds: ['buyer'] })).body.code).toBe(
      'purchase_request.nobody_to_invite',
    );
    expect((await invite(id, { to: 'all' }, 'other')).body.code).toBe('resource.not_found');
    expect(await counts()).toEqual(before);
    expect((await market.call('seller', 'GET', `/v1/requests/${id}/invitations`)).body.code).toBe(
      'resource.not_found',
    );
    await market.call('buyer', 'POST', `/v1/requests/${id}/close`);
    expect((await invite(id, { to: 'all' })).body.code).toBe('purchase_request.not_open');
  });

  it('opens a request for the invited only, who may say no and why', async () => {
    const { id } = await ask({ audience: 'invited' });
    const see = async (as: 'seller' | 'rival' | null) =>
      (await market.call(as, 'GET', `/v1/requests/${id}`)).status;
    expect([await see('seller'), await see(null)]).toEqual([404, 404]);
    const no = async (as: 'seller' | 'rival') =>
      market.call(as, 'POST', `/v1/requests/${id}/invitations/decline`, { reason: 'No wagons in December' });
    expect((await no('seller')).body.code).toBe('resource.not_found');
    await invite(id, { to: 'named', organisationIds: ['seller'] });
    expect([await see('seller'), await see('rival'), await see(null)]).toEqual([200, 404, 404]);
    expect(ids((await market.call('rival', 'GET', '/v1/requests')).body)).not.toContain(id);
    expect(ids((await market.call('seller', 'GET', '/v1/requests')).body)).toContain(id);
    const rivals = await publish({}, 'rival');
    const answer = {
      lots: [{ listingId: rivals.id, quantity: '5000', price: '650' }],
      validUntil: '2026-11-30T00:00:00Z',
    };
    expect((await market.call('rival', 'POST', `/v1/requests/${id}/responses`, answer)).body.code).toBe(
      'resource.not_found',
    );
    for (const what of ['responses', 'suggestions'])
      expect((await market.call('rival', 'GET', `/v1/requests/${id}/${what}`)).body.code).toBe(
        'resource.not_found',
      );
    expect((await no('seller')).body.invited).toBe(true);
    const asked = await market.call('buyer', 'GET', `/v1/requests/${id}/invitations`);
    expect(asked.body.items).toMatchObject([
      { organisation: { id: 'seller' }, declined: 'No wagons in December', answers: 0 },
    ]);
    const open = await ask();
    expect(
      (await market.call('seller', 'POST', `/v1/requests/${open.id}/invitations/decline`, { reason: 'x' }))
        .body.code,
    ).toBe('purchase_request.not_invited');
  });
});

describe('the end of a request', () => {
  const answer = async (id: string) =>
    (
      await market.call('seller', 'POST', `/v1/requests/${id}/responses`, {
        lots: [{ listingId: (await publish()).id, quantity: '5000', price: '650' }],
        validUntil: '2026-11-30T00:00:00Z',
      })
    ).body;

  it('closed by the buyer turns open answers down', async () => {
    const { id } = await ask();
    const given = await answer(id);
    expect((await market.call('seller', 'POST', `/v1/requests/${id}/close`)).body.code).toBe(
      'resource.not_found',
    );
    expect((await market.call('buyer', 'POST', `/v1/requests/${id}/close`)).body.state).toBe('cancelled');
    expect((await market.call('buyer', 'POST', `/v1/requests/${id}/close`)).body.code).toBe(
      'purchase_request.not_open',
    );
    const answers = await market.call('seller', 'GET', `/v1/requests/${id}/responses`);
    expect(answers.body.items).toMatchObject([{ id: given.id, state: 'declined' }]);
  });

  it('comes by itself, for answers and requests, and not before their time', async () => {
    const { id } = await ask({ validUntil: '2026-12-05T00:00:00Z' });
    const given = await answer(id);
    const states = async () =>
      (
        await market.db.sql`select request.state as request, response.state as response
        from request join response on request_id = request.id where request.id = ${id}`
      )[0];
    const [request, response] = [`request:${id}:expire`, `response:${given.id}:1:expire`];
    await market.due(request);
    await market.due(response);
    expect(await states()).toEqual({ request: 'responding', response: 'offered' });
    market.clock.at = new Date('2026-11-30T00:00:00Z');
    await market.due(response);
    expect(await states()).toEqual({ request: 'open', response: 'expired' });
    market.clock.at = new Date('2026-12-05T00:00:00Z');
    await market.due(request);
    expect(await states()).toEqual({ request: 'expired', response: 'expired' });
    expect(ids((await market.call(null, 'GET', '/v1/requests')).body)).not.toContain(id);
    market.clock.at = NOW;
  });
});
