import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { doWork } from '../platform/outbox.ts';
import { type Caller, type Desk, NOW, openDesk, tariff } from './testing/desk.ts';
import { freightWork } from './work.ts';

let desk: Desk;
/** The railway's from the yard to the north port: 10,000 t a week. */
let laneId: string;
let publicLane: string;
beforeAll(async () => {
  desk = await openDesk();
  const open = async (as: Caller, capacity?: unknown) =>
    desk.call(as, 'POST', '/v1/freight/lanes', {
      fromPlaceId: 'place-yard',
      toPlaceId: 'place-north',
      mode: 'rail',
      tariff: tariff(),
      ...(capacity !== undefined && { capacity }),
    });
  laneId = (await open('railway', { quantity: '10000', per: 'week' })).body.id;
  publicLane = (await open('staff')).body.id;
});
beforeEach(() => {
  desk.clock.at = NOW;
});
afterAll(async () => {
  await desk.close();
});

let contracts = 0;
async function contract(deliveryTerm: 'fca' | 'cif' = 'fca'): Promise<string> {
  const listingId = await desk.lot({ deliveryTerm });
  contracts += 1;
  const id = `contract-${contracts}`;
  const facts = { sellerId: 'seller', buyerId: 'buyer', listingId, quantityKg: 20_000_000n };
  desk.contracts.set(id, { id, state: 'binding', ...facts });
  return id;
}
const ask = async (patch: Record<string, unknown> = {}, as: Caller = 'buyer') =>
  desk.call(as, 'POST', '/v1/freight/requests', {
    fromPlaceId: 'place-yard',
    toPlaceId: 'place-north',
    quantity: '6000',
    windowFrom: '2026-12-01',
    windowTo: '2026-12-20',
    currency: 'CNY',
    ...patch,
  });
const quote = async (id: string, patch: Record<string, unknown> = {}, as: Caller = 'railway') =>
  desk.call(as, 'POST', `/v1/freight/requests/${id}/quotes`, {
    pricePerTonne: '118.50',
    hours: '40',
    lossPermille: '8',
    validUntil: '2026-12-01T00:00:00Z',
    ...patch,
  });
const accept = async (id: string, of: { id: string; hash: string }, as: Caller = 'buyer') =>
  desk.call(as, 'POST', `/v1/freight/requests/${id}/quotes/${of.id}/accept`, { hash: of.hash });
const see = async (id: string, as: Caller) => desk.call(as, 'GET', `/v1/freight/requests/${id}`);
const free = async (begins: string) =>
  (await desk.call(null, 'GET', `/v1/freight/lanes/${laneId}`)).body.slots.find(
    (slot: { begins: string }) => slot.begins === begins,
  )?.free;
/** Another week for each test, so that none takes another's room. */
const reserve = async (contractId: string, day: string, quantity: string, as: Caller = 'buyer') =>
  desk.call(as, 'POST', '/v1/freight/reservations', { laneId, day, quantity, contractId });

describe('room on a lane', () => {
  it('is taken for the coal of a contract, shown as less, and free again when it is given back', async () => {
    const id = await contract();
    const { status, body } = await reserve(id, '2026-11-25', '4000');
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'held',
      contractId: id,
      quantity: '4000.000',
      slot: { begins: '2026-11-23', ends: '2026-11-29', free: '6000.000', total: '10000.000' },
    });
    expect(await free('2026-11-23')).toBe('6000.000');
    const release = async (as: Caller) =>
      desk.call(as, 'POST', `/v1/freight/reservations/${body.id}/release`);
    expect((await release('seller')).status).toBe(404);
    expect((await release('buyer')).body.state).toBe('released');
    expect(await free('2026-11-23')).toBe('10000.000');
    expect((await release('buyer')).body.code).toBe('freight.released');
    expect(await free('2026-11-23')).toBe('10000.000');
    const list = async (as: Caller) => (await desk.call(as, 'GET', '/v1/freight/reservations')).body.items;
    expect(await list('buyer')).toHaveLength(1);
    expect(await list('other')).toEqual([]);
  });

  it('never exceeds what there is: of many at once just as many as fit, the others told what is left', async () => {
    const id = await contract();
    const answers = await Promise.all(
      Array.from({ length: 8 }, async () => reserve(id, '2026-12-02', '3000')),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const { body } of answers.filter(({ status }) => status !== 201))
      expect(body).toMatchObject({
        code: 'freight.capacity_exceeded',
        accepted: { quantity: '≤ 1000.000' },
      });
    expect(await free('2026-11-30')).toBe('1000.000');
    expect((await reserve(id, '2026-12-06', '1000')).status).toBe(201);
    await expect(
      desk.db
        .sql`update freight_slot set taken_kg = taken_kg + 1 where lane_id = ${laneId} and begins = '2026-11-30'`,
    ).rejects.toMatchObject({ constraint_name: 'freight_slot_not_overbooked' });
  });

  it('is for the side that ships by the delivery term, and foreign contracts are unknown', async () => {
    const cif = await contract('cif');
    expect((await reserve(cif, '2026-12-08', '10')).body.code).toBe('freight.other_side_ships');
    expect((await reserve(cif, '2026-12-08', '10', 'seller')).status).toBe(201);
    const fca = await contract();
    expect((await reserve(fca, '2026-12-08', '10', 'seller')).body.code).toBe('freight.other_side_ships');
    expect((await reserve(fca, '2026-12-08', '10', 'other')).body.code).toBe('freight.contract_unknown');
    desk.contracts.set(fca, { ...desk.contracts.get(fca)!, state: 'voided' });
    expect((await reserve(fca, '2026-12-08', '10')).body.code).toBe('freight.contract_unknown');
  });

  it('422, 409 for a day, a quantity or a lane that has none', async () => {
    const id = await contract();
    const codes = [
      ['2026-11-22', '10', 'freight.slot_past'],
      ['2028-12-08', '10', 'freight.slot_past'],
      ['2026-02-30', '10', 'freight.day_invalid'],
      ['2026-12-08', '0', 'freight.quantity_invalid'],
      ['2026-12-08', '10000.001', 'freight.capacity_exceeded'],
    ] as const;
    for (const [day, quantity, code] of codes)
      expect((await reserve(id, day, quantity)).body.code).toBe(code);
    const none = await desk.call('buyer', 'POST', '/v1/freight/reservations', {
      laneId: publicLane,
      day: '2026-12-08',
      quantity: '10',
      contractId: id,
    });
    expect(none.body.code).toBe('freight.no_capacity');
  });

  it('cannot be lowered under what is taken, and free slots take the new capacity', async () => {
    const id = await contract();
    await reserve(id, '2026-12-16', '7000');
    const set = async (quantity: string, per = 'week') =>
      desk.call('railway', 'POST', `/v1/freight/lanes/${laneId}/capacity`, { quantity, per });
    // The week of 30 November is full.
    expect((await set('9999')).body).toMatchObject({
      code: 'freight.capacity_below_reserved',
      accepted: { quantity: '≥ 10000.000' },
    });
    expect((await set('50000', 'month')).body.code).toBe('freight.capacity_below_reserved');
    expect((await set('12000')).body.slots[3]).toMatchObject({ begins: '2026-12-14', free: '5000.000' });
    expect((await set('10000')).status).toBe(200);
  });

  it('is given back when the contract falls, in the same transaction', async () => {
    const sale = '01940000-0000-7000-8000-000000000001';
    const id = '01940000-0000-7000-8000-000000000002';
    const listingId = await desk.lot();
    await desk.db
      .sql`insert into sale (id, origin_key, origin_kind, origin_id, listing_id, seller_id, buyer_id,
      quantity_kg, price_per_tonne, currency)
      values (${sale}, 'k', 'listing', ${listingId}, ${listingId}, 'seller', 'buyer', 1000, 1, 'CNY')`;
    await desk.db.sql`insert into contract (id, sale_id, number, seller_id, buyer_id, state)
      values (${id}, ${sale}, 'N-1', 'seller', 'buyer', 'drafted')`;
    desk.contracts.set(id, {
      id,
      state: 'drafted',
      sellerId: 'seller',
      buyerId: 'buyer',
      listingId,
      quantityKg: 1000n,
    });
    expect((await reserve(id, '2026-12-21', '2500')).status).toBe(201);
    expect(await free('2026-12-21')).toBe('7500.000');
    await desk.db.sql`update contract set state = 'voided', voided_reason = 'test', void_cause = 'withdrawn'
      where id = ${id}`;
    expect(await free('2026-12-21')).toBe('10000.000');
  });
});

describe('a request for transport', () => {
  it('201, seen by its shipper and by carriers, and by nobody else', async () => {
    const { status, body } = await ask({ note: 'covered wagons' });
    expect(status).toBe(201);
    expect(body).toMatchObject({ state: 'open', own: true, quotes: [], quantity: '6000.000' });
    expect((await see(body.id, 'railway')).body).toMatchObject({ own: false, shipper: { id: 'buyer' } });
    for (const as of ['other', 'seller'] as const) expect((await see(body.id, as)).status).toBe(404);
    const ids = async (as: Caller) =>
      (await desk.call(as, 'GET', '/v1/freight/requests')).body.items.map((item: { id: string }) => item.id);
    expect(await ids('shipping')).toContain(body.id);
    expect(await ids('other')).toEqual([]);
  });

  it('422 for what nobody can carry, each fault by its field', async () => {
    const bad: [Record<string, unknown>, string, string][] = [
      [{ toPlaceId: 'place-yard' }, 'toPlaceId', 'freight.same_place'],
      [{ toPlaceId: 'atlantis' }, 'toPlaceId', 'freight.place_unknown'],
      [{ quantity: '-5' }, 'quantity', 'freight.quantity_invalid'],
      [{ currency: 'GBP' }, 'currency', 'freight.currency_unknown'],
      [{ windowTo: '2026-11-30' }, 'windowTo', 'freight.validity_reversed'],
      [{ windowFrom: '2026-11-01', windowTo: '2026-11-22' }, 'windowTo', 'freight.window_past'],
      [{ validUntil: '2026-12-21T00:00:00Z' }, 'validUntil', 'freight.deadline_invalid'],
      [{ validUntil: '2026-11-23T12:00:00Z' }, 'validUntil', 'freight.deadline_invalid'],
      [{ contractId: 'nowhere' }, 'contractId', 'freight.contract_unknown'],
      [{ contractId: await contract('cif') }, 'contractId', 'freight.other_side_ships'],
    ];
    for (const [patch, field, code] of bad)
      expect([field, (await ask(patch)).body.fields?.[field]]).toEqual([field, code]);
    expect((await ask({}, 'railway')).body.code).toBe('freight.shippers_only');
    expect((await ask({}, 'waiting')).status).toBe(403);
  });

  it('ends by itself, not before its time, and takes no answer after it', async () => {
    const { body } = await ask({ validUntil: '2026-11-30T00:00:00Z' });
    await quote(body.id, { validUntil: '2026-12-15T00:00:00Z' });
    const work = async () => {
      const key = `transport:${body.id}:expire`;
      await desk.db.sql`insert into outbox (effect_key, topic, payload)
        select effect_key || random(), topic, payload from outbox where effect_key = ${key}`;
      const [due] = await desk.db
        .sql`select id from outbox where effect_key like ${`${key}0%`} order by id desc`;
      const handlers = freightWork({ clock: { now: () => desk.clock.at } });
      const byTopic = new Map(handlers.map((handler) => [handler.topic, handler]));
      expect(await doWork(desk.db.sql, byTopic, String(due?.['id']))).toBe('done');
    };
    await work();
    expect((await see(body.id, 'buyer')).body.state).toBe('open');
    desk.clock.at = new Date('2026-11-30T00:00:00Z');
    // The hour counts, not the sweeper.
    const [offered] = (await see(body.id, 'buyer')).body.quotes;
    expect((await accept(body.id, offered)).body.code).toBe('freight.not_open');
    expect((await quote(body.id)).body.code).toBe('freight.not_open');
    expect((await quote(body.id, {}, 'shipping')).status).toBe(404);
    await work();
    expect((await see(body.id, 'buyer')).body).toMatchObject({
      state: 'expired',
      quotes: [{ state: 'expired' }],
    });
  });
});

describe('a quote', () => {
  it('is seen by the shipper and its carrier only, cheapest first, each version with its hash', async () => {
    const { body } = await ask();
    const first = (await quote(body.id)).body.quotes[0];
    expect(first).toMatchObject({ version: 1, state: 'offered', total: '711000.00', own: true });
    const rival = (await quote(body.id, { pricePerTonne: '117' }, 'shipping')).body.quotes;
    expect(rival).toHaveLength(1);
    const second = (await quote(body.id, { pricePerTonne: '116' })).body.quotes[0];
    expect(second).toMatchObject({ id: first.id, version: 2, pricePerTonne: '116.00' });
    expect(second.hash).not.toBe(first.hash);
    const seen = (await see(body.id, 'buyer')).body.quotes;
    expect(seen.map((each: { pricePerTonne: string }) => each.pricePerTonne)).toEqual(['116.00', '117.00']);
    for (const as of ['buyer', 'seller', 'other'] as const)
      expect((await quote(body.id, {}, as)).body.code).toBe('freight.not_a_carrier');
    await expect(
      desk.db.sql`update transport_quote_version set price_per_tonne = 1 where quote_id = ${first.id}`,
    ).rejects.toThrow('kept as it was');
  });

  it('422 for a price, a time, or room that a carrier cannot give', async () => {
    const { body } = await ask();
    const bad: [Record<string, unknown>, string, string][] = [
      [{ pricePerTonne: '-1' }, 'pricePerTonne', 'freight.amount_negative'],
      [{ pricePerTonne: '0' }, 'pricePerTonne', 'freight.amount_negative'],
      [{ pricePerTonne: '99999' }, 'pricePerTonne', 'freight.amount_absurd'],
      [{ lossPermille: '500' }, 'lossPermille', 'freight.loss_out_of_range'],
      [{ validUntil: '2026-12-21T00:00:00Z' }, 'validUntil', 'freight.deadline_invalid'],
      [
        { slots: [{ laneId: publicLane, day: '2026-12-30', quantity: '6000' }] },
        'slots.0.laneId',
        'freight.slot_foreign',
      ],
      [{ slots: [{ laneId, day: '2026-12-30', quantity: '5999' }] }, 'slots', 'freight.slots_short'],
    ];
    for (const [patch, field, code] of bad)
      expect([field, (await quote(body.id, patch)).body.fields?.[field]]).toEqual([field, code]);
    const foreign = await quote(
      body.id,
      { slots: [{ laneId, day: '2026-12-30', quantity: '6000' }] },
      'shipping',
    );
    expect(foreign.body.fields).toEqual({ 'slots.0.laneId': 'freight.slot_foreign' });
  });

  it('is accepted exactly as it was read: by the hash of its last version, and once', async () => {
    const { body } = await ask();
    const old = (await quote(body.id)).body.quotes[0];
    const last = (await quote(body.id, { pricePerTonne: '120' })).body.quotes[0];
    await quote(body.id, { pricePerTonne: '119' }, 'shipping');
    expect((await accept(body.id, old)).body).toMatchObject({
      code: 'freight.quote_changed',
      accepted: { hash: last.hash },
    });
    for (const as of ['other', 'seller', 'railway'] as const)
      expect((await accept(body.id, last, as)).status).toBe(404);
    const answers = await Promise.all(Array.from({ length: 6 }, async () => accept(body.id, last)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(new Set(answers.flatMap((answer) => answer.body.code ?? []))).toEqual(
      new Set(['freight.not_open']),
    );
    expect((await see(body.id, 'buyer')).body).toMatchObject({
      state: 'accepted',
      quotes: [{ state: 'declined' }, { id: last.id, state: 'accepted' }],
    });
    expect((await quote(body.id)).body.code).toBe('freight.not_open');
    const withdraw = await desk.call(
      'railway',
      'POST',
      `/v1/freight/requests/${body.id}/quotes/${last.id}/withdraw`,
    );
    expect(withdraw.body.code).toBe('freight.quote_closed');
  });

  it('cannot be accepted after its time or when it was taken back', async () => {
    const { body } = await ask();
    const lapsing = (await quote(body.id)).body.quotes[0];
    desk.clock.at = new Date('2026-12-01T00:00:00Z');
    expect((await see(body.id, 'buyer')).body.quotes[0].state).toBe('expired');
    expect((await accept(body.id, lapsing)).body.code).toBe('freight.quote_closed');
    desk.clock.at = NOW;
    const url = `/v1/freight/requests/${body.id}/quotes/${lapsing.id}/withdraw`;
    expect((await desk.call('shipping', 'POST', url)).status).toBe(404);
    expect((await desk.call('railway', 'POST', url)).body.quotes[0].state).toBe('withdrawn');
    expect((await accept(body.id, lapsing)).body.code).toBe('freight.quote_closed');
    // A new version stands again.
    const anew = (await quote(body.id)).body.quotes[0];
    expect((await accept(body.id, anew)).status).toBe(200);
  });

  it('takes the room it promises when it is accepted, all or none, and gives it back on cancel', async () => {
    const slots = [
      { laneId, day: '2027-01-05', quantity: '4000' },
      { laneId, day: '2027-01-12', quantity: '4000' },
    ];
    const window = { windowFrom: '2026-12-20', windowTo: '2027-01-20' };
    const [one, two, three] = [await ask(window), await ask(window), await ask(window)];
    const offers = [];
    for (const asked of [one, two, three])
      offers.push((await quote(asked.body.id, { slots })).body.quotes[0]);
    const taken = async () =>
      (
        await desk.db.sql`select begins::text, taken_kg from freight_slot
        where lane_id = ${laneId} and begins >= '2027-01-01' order by begins`
      ).map((row) => [row['begins'], row['taken_kg']]);
    expect((await accept(one.body.id, offers[0])).status).toBe(200);
    expect((await accept(two.body.id, offers[1])).status).toBe(200);
    const refused = await accept(three.body.id, offers[2]);
    expect(refused.body).toMatchObject({
      code: 'freight.capacity_exceeded',
      accepted: { quantity: '≤ 2000.000' },
    });
    expect((await see(three.body.id, 'buyer')).body).toMatchObject({
      state: 'open',
      quotes: [{ state: 'offered' }],
    });
    expect(await taken()).toEqual([
      ['2027-01-04', '8000000'],
      ['2027-01-11', '8000000'],
    ]);
    const cancelled = await desk.call('buyer', 'POST', `/v1/freight/requests/${one.body.id}/cancel`);
    expect(cancelled.body.state).toBe('cancelled');
    expect(await taken()).toEqual([
      ['2027-01-04', '4000000'],
      ['2027-01-11', '4000000'],
    ]);
    expect((await accept(three.body.id, offers[2])).status).toBe(200);
  });

  it('accepted is the freight of its way for its shipper, and of its contract for both parties', async () => {
    const contractId = await contract();
    const { body } = await ask({ contractId, toPlaceId: 'place-south' });
    const [offer] = (await quote(body.id, { pricePerTonne: '99' })).body.quotes;
    const listingId = desk.contracts.get(contractId)!.listingId;
    const cost = async (as: Caller) =>
      desk.call(as, 'GET', `/v1/freight/cost?listingId=${listingId}&to=place-south`);
    expect((await cost('buyer')).body.basis).not.toBe('quote');
    expect((await accept(body.id, offer)).status).toBe(200);
    expect((await cost('buyer')).body).toMatchObject({
      basis: 'quote',
      perTonne: '99.00',
      quoteId: offer.id,
      // (600 + 99) / 0.992.
      lot: { landedPerTonne: '704.64' },
    });
    for (const as of ['other', 'seller', null] as const)
      expect((await cost(as)).body.basis).not.toBe('quote');
    const ofContract = async (as: Caller) => desk.call(as, 'GET', `/v1/freight/contracts/${contractId}`);
    for (const as of ['buyer', 'seller'] as const)
      expect((await ofContract(as)).body.items).toMatchObject([
        { basis: 'quote', perTonne: '99.00', total: '594000.00', legs: [{ carrier: { id: 'railway' } }] },
      ]);
    for (const as of ['other', 'railway'] as const) expect((await ofContract(as)).status).toBe(404);
    expect((await see(body.id, 'railway')).body.contractId).toBeNull();
  });
});
