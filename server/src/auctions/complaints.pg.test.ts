import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkLedger } from '../settlement/public.ts';
import { type Answer, AuctionMarket } from './testing.ts';

let market: AuctionMarket;
beforeAll(async () => {
  market = await AuctionMarket.open();
});
afterAll(async () => {
  expect(await checkLedger(market.db.sql)).toEqual([]);
  await market.close();
});

const HOUR = 3_600;
const DAY = 24 * HOUR;
const REASON = 'The winner and I were shown different closing times.';

/** `first` has won provisionally, `second` has not, `outsider` took no part. */
async function provisional(more: object = {}) {
  const opened = await market.open({ standstillSeconds: DAY, ...more });
  const [first, second] = [await market.company('first', 20_000), await market.company('second', 20_000)];
  for (const who of [first, second]) await market.secure(who, opened.id, '10000.00');
  await market.bid(second, opened.id, { price: '610.00', quantity: '500' });
  await market.bid(first, opened.id, { price: '620.00', quantity: '1000' });
  await market.pass(opened.id, 2 * HOUR);
  await market.inState(opened.id, 'standstill');
  await market.work();
  return { ...opened, first, second, outsider: market.fresh('outsider') };
}

const complain = async (who: string, id: string, reason = REASON): Promise<Answer> =>
  market.call(who, 'POST', `/v1/auctions/${id}/complaints`, { reason });
const read = async (who: string | null, id: string): Promise<Answer['body']> =>
  (await market.call(who, 'GET', `/v1/auctions/${id}/complaints`)).body;
const awards = async (who: string | null, id: string): Promise<Answer['body']> =>
  (await market.call(who, 'GET', `/v1/auctions/${id}/awards`)).body;

async function decide(who: string, id: string, decision: string, reason = 'Two bidders, one hand') {
  const answer = await market.call(who, 'POST', `/v1/staff/auctions/${id}/complaints/1/decision`, {
    decision,
    reason,
  });
  await market.work();
  return answer;
}

describe('a complaint', () => {
  it('comes from whoever took part, once, and says what only its author and the centre read', async () => {
    const { id, seller, first, second, outsider } = await provisional();
    expect((await complain(outsider, id)).body.code).toBe('complaint.not_a_party');
    expect(await read(second, id)).toEqual({ items: [], mayFile: true });
    expect((await complain(second, id)).status).toBe(201);
    expect((await complain(second, id)).body.code).toBe('complaint.filed_already');
    expect(await read(second, id)).toMatchObject({
      items: [{ number: 1, by: 'bidder', mine: true, reason: REASON, state: 'open', organisation: null }],
      mayFile: false,
    });
    for (const who of [null, first, seller, outsider])
      expect((await read(who, id)).items).toMatchObject([{ mine: false, reason: null, organisation: null }]);
    expect((await read('staff', id)).items).toMatchObject([{ reason: REASON, organisation: { id: second } }]);
    expect((await complain(seller, id)).body.items[1]).toMatchObject({ number: 2, by: 'owner', mine: true });
    const open = (await market.call('staff', 'GET', '/v1/staff/complaints')).body.items;
    expect(open.filter((one: { auctionId: string }) => one.auctionId === id)).toMatchObject([
      { number: 1, proposed: false },
      { number: 2, proposed: false },
    ]);
  });

  it('keeps the award provisional for three days, and says so', async () => {
    const { id, second } = await provisional();
    const before = Date.parse((await awards(null, id)).standstillEndsAt);
    await complain(second, id);
    const { standstillEndsAt, standstillReason, serverTime } = await awards(null, id);
    expect(standstillReason).toBe('complaint');
    expect(Date.parse(standstillEndsAt)).toBeGreaterThan(before);
    const left = Date.parse(standstillEndsAt) - Date.parse(serverTime);
    expect(left).toBeLessThanOrEqual(72 * HOUR * 1000);
    expect(left).toBeGreaterThan(71 * HOUR * 1000);
    await market.pass(id, 1.5 * DAY);
    expect((await awards(null, id)).state).toBe('standstill');
  });

  it('shortens no standstill that is longer', async () => {
    const { id, second } = await provisional({ standstillSeconds: 10 * DAY });
    const { standstillEndsAt } = await awards(null, id);
    expect((await complain(second, id)).status).toBe(201);
    expect(await awards(null, id)).toMatchObject({ standstillEndsAt, standstillReason: null });
  });

  it('is not taken once the award is final, also while the views do not know yet', async () => {
    const { id, second } = await provisional();
    market.turnClock(2 * DAY);
    expect((await complain(second, id)).body.code).toMatch(/^(standstill\.over|auction\.state_conflict)$/);
    await market.pass(id, 1);
    await market.inState(id, 'awarded');
    expect((await complain(second, id)).body.code).toBe('auction.state_conflict');
    expect((await read(second, id)).items).toEqual([]);
  });
});

describe('the decision', () => {
  it('to dismiss is one person’s, public, and the award becomes final', async () => {
    const { id, first, second } = await provisional();
    await complain(second, id);
    expect((await decide(second, id, 'dismiss')).status).toBe(403);
    expect((await decide('staff', id, 'dismiss', 'Both were told 18:00')).status).toBe(200);
    expect((await read(null, id)).items).toMatchObject([
      { state: 'dismissed', decision: 'dismiss', decisionReason: 'Both were told 18:00', reason: null },
    ]);
    expect((await decide('staff2', id, 'void')).body.code).toBe('complaint.decided_already');
    await market.pass(id, 4 * DAY);
    await market.inState(id, 'awarded');
    await market.work();
    expect(await market.sales(id)).toMatchObject([{ buyer: first, tonnes: 1000 }]);
  });

  it('to uphold takes two people, who agree on the same remedy', async () => {
    const { id, first, second } = await provisional();
    await complain(second, id);
    expect((await decide('staff', id, 'void', 'the first word')).status).toBe(200);
    expect((await awards(null, id)).state).toBe('standstill');
    expect((await read('staff', id)).items[0].proposal).toMatchObject({ decision: 'void', mine: true });
    expect((await read('staff2', id)).items[0].proposal).toMatchObject({ mine: false });
    expect((await read(second, id)).items[0].proposal).toBeNull();
    expect((await decide('staff', id, 'void')).body.code).toBe('complaint.second_person_needed');
    // The second would rather have it held again: now the first has to agree with that.
    expect((await decide('staff2', id, 'hold_again', 'the second word')).status).toBe(200);
    expect((await decide('staff2', id, 'hold_again')).body.code).toBe('complaint.second_person_needed');
    expect((await awards(null, id)).state).toBe('standstill');
    expect((await decide('staff', id, 'hold_again')).status).toBe(200);
    expect((await market.inState(id, 'voided')).reason).toBe('the second word');
    await market.work();
    expect((await read(null, id)).items).toMatchObject([
      { state: 'upheld', decision: 'hold_again', decisionReason: 'the second word' },
    ]);
    for (const who of [first, second]) expect(await market.money(who)).toEqual({ free: 20_000 });
    expect(await market.sales(id)).toEqual([]);
  });

  it('leaves what else was complained of without object', async () => {
    const { id, seller, second } = await provisional();
    for (const who of [second, seller]) await complain(who, id);
    for (const who of ['staff', 'staff2']) await decide(who, id, 'void');
    await market.inState(id, 'voided');
    expect((await read(null, id)).items.map((one: { state: string }) => one.state)).toEqual([
      'upheld',
      'moot',
    ]);
    expect((await market.call('staff', 'GET', '/v1/staff/complaints')).body.items).not.toContainEqual(
      expect.objectContaining({ auctionId: id }),
    );
  });

  it('that the database alone is asked for is upheld by nobody alone', async () => {
    const { id, second } = await provisional();
    await complain(second, id);
    const alone = market.db.sql`update auction_complaint set decision = 'void', decision_reason = 'x',
      decided_by = 'one', decided_at = now(), proposed = 'void', proposed_reason = 'x', proposed_by = 'one'
      where auction_id = ${id}`;
    await expect(alone).rejects.toThrow('upheld_by_two');
  });
});

describe('awards as their readers see them', () => {
  it('name the company to the centre, and to the owner from the confirmation on; others read a number', async () => {
    const WAITING = { biddersMaximum: 1, confirmSeconds: 9 * DAY, signSeconds: DAY };
    const { id, seller, first, second } = await provisional({ waiting: WAITING });
    await market.pass(id, 2 * DAY);
    await market.inState(id, 'awarded');
    await market.work();
    const nameIn = async (who: string | null) => (await awards(who, id)).awards[0].organisation;
    expect([await nameIn(seller), await nameIn('staff'), await nameIn(second)]).toMatchObject([
      null,
      { id: first },
      null,
    ]);
    expect((await awards(first, id)).awards[0]).toMatchObject({ securityAtRisk: '10000.00', mine: true });
    expect((await awards(seller, id)).awards[0].securityAtRisk).toBeNull();
    await market.call(first, 'POST', `/v1/auctions/${id}/awards/1/confirm`);
    await market.work();
    const { contractId } = (await awards(first, id)).awards[0];
    expect(contractId).not.toBeNull();
    expect((await awards(seller, id)).awards[0]).toMatchObject({ organisation: { id: first }, contractId });
    expect((await awards('staff', id)).awards[0]).toMatchObject({ contractId });
    for (const who of [second, null])
      expect((await awards(who, id)).awards[0]).toMatchObject({ organisation: null, contractId: null });
    const parts = [seller, first, second, 'staff', null].map(async (who) => (await awards(who, id)).myPart);
    expect(await Promise.all(parts)).toEqual(['owner', 'winner', 'waiting', 'none', 'none']);
  });

  it('without a time to confirm are contracts at once, with their price in the list', async () => {
    const { id, first } = await provisional();
    await market.pass(id, 2 * DAY);
    await market.inState(id, 'awarded');
    await market.work();
    const { awards: lines } = await awards(first, id);
    expect(lines).toMatchObject([{ state: 'confirmed', dueAt: null, mine: true, securityAtRisk: null }]);
    expect(lines[0].contractId).not.toBeNull();
    const view = (await market.call(null, 'GET', `/v1/auctions/${id}`)).body;
    expect(view.awardedPrices).toEqual({ lowest: '620.00', highest: '620.00' });
    expect(view.afterClose).toEqual({ standstillSeconds: DAY, waiting: null, catalogue: null });
  });

  it('of an auction with nothing after its close are there too', async () => {
    const { id } = await market.open();
    const [low, high] = [await market.company('low', 20_000), await market.company('high', 20_000)];
    for (const who of [low, high]) await market.secure(who, id, '10000.00');
    await market.bid(low, id, { price: '610.00', quantity: '500' });
    await market.bid(high, id, { price: '620.00', quantity: '500' });
    await market.closeByClock(id, 'awarded');
    expect((await awards(low, id)).awards).toMatchObject([
      { state: 'confirmed', price: '620.00', mine: false, contractId: null },
      { state: 'confirmed', price: '610.00', mine: true },
    ]);
    const { items } = (await market.call(null, 'GET', '/v1/auctions?state=ended')).body;
    expect(items.find((one: { id: string }) => one.id === id).awardedPrices).toEqual({
      lowest: '610.00',
      highest: '620.00',
    });
  });
});
