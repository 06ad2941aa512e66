import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, Desk, type Trade } from '../trade/testing.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => desk.close());

const refusal = (answer: Answer) => ({ status: answer.status, code: answer.body.code });
const NOT_FOUND = { status: 404, code: 'resource.not_found' };

async function closed(): Promise<Trade> {
  const trade = await desk.trade(61_000);
  await desk.deliver(trade, '100');
  expect((await desk.accept(trade)).status).toBe(200);
  await desk.bankSays(trade, 'booked');
  return trade;
}
const rate = async (trade: Trade, as: string, body: object = {}) =>
  desk.call(as, 'POST', `/v1/settlements/${trade.id}/rating`, {
    score: 4,
    comment: 'as promised',
    ...body,
  });
const reply = async (trade: Trade, as: string, text = 'thank you') =>
  desk.call(as, 'POST', `/v1/settlements/${trade.id}/rating-reply`, { text });
const moderate = async (trade: Trade, by: string, body: object) =>
  desk.call('staff', 'POST', `/v1/staff/settlements/${trade.id}/ratings/${by}/moderation`, {
    part: 'comment',
    hidden: true,
    reason: 'insults a person',
    ...body,
  });
const read = async (trade: Trade, as: string) =>
  (await desk.call(as, 'GET', `/v1/settlements/${trade.id}`)).body.ratings;
/** The contract was closed so many days ago. */
const closedBefore = async (trade: Trade, days: number) =>
  desk.db
    .sql`update settlement set closed_at = now() - make_interval(days => ${days}) where contract_id = ${trade.id}`;

describe('a rating', () => {
  it('is read by the other side when both have rated, and by nobody before', async () => {
    const trade = await closed();
    const given = await rate(trade, trade.buyer, { score: 1, criteria: { asAgreed: 2, punctual: 5 } });
    expect(given).toMatchObject({
      status: 201,
      body: { by: 'buyer', score: 1, shown: false, criteria: { asAgreed: 2, punctual: 5 } },
    });
    expect(await read(trade, trade.seller)).toEqual([]);
    expect(await read(trade, trade.buyer)).toHaveLength(1);
    expect(await read(trade, 'staff')).toHaveLength(1);
    expect(refusal(await reply(trade, trade.seller))).toEqual({ status: 409, code: 'rating.not_shown' });
    expect((await rate(trade, trade.seller)).status).toBe(201);
    expect(await read(trade, trade.seller)).toMatchObject([
      { by: 'buyer', score: 1, shown: true, mayReply: true },
      { by: 'seller', score: 4, shown: true, mayReply: false },
    ]);
  });

  it('is shown when the time is over, and nobody answers it with stars', async () => {
    const trade = await closed();
    await rate(trade, trade.buyer, { score: 1 });
    await desk.db.sql`alter table rating disable trigger rating_append_only`;
    await desk.db
      .sql`update rating set shown_at = now() - interval '1 minute' where contract_id = ${trade.id}`;
    await desk.db.sql`alter table rating enable trigger rating_append_only`;
    expect(await read(trade, trade.seller)).toMatchObject([{ by: 'buyer', score: 1, shown: true }]);
    expect(refusal(await rate(trade, trade.seller, { score: 1 }))).toEqual({
      status: 409,
      code: 'rating.window_over',
    });
  });

  it('is not given later than two weeks after the close', async () => {
    const trade = await closed();
    await closedBefore(trade, 15);
    expect(refusal(await rate(trade, trade.buyer))).toEqual({ status: 409, code: 'rating.window_over' });
    await closedBefore(trade, 13);
    expect((await rate(trade, trade.buyer)).status).toBe(201);
  });

  it('waits while the quality is contested', async () => {
    const trade = await closed();
    await desk.db.sql`update settlement set quality_open = true where contract_id = ${trade.id}`;
    expect(refusal(await rate(trade, trade.buyer))).toEqual({ status: 409, code: 'rating.not_yet' });
  });

  it('with a telephone number is refused at its field, and nothing is kept', async () => {
    const trade = await closed();
    expect(await rate(trade, trade.buyer, { comment: 'call 138 0013 8000' })).toMatchObject({
      status: 422,
      body: { code: 'rating.contact_data', fields: { comment: 'rating.contact_data' } },
    });
    expect((await rate(trade, trade.buyer, { comment: '' })).status).toBe(201);
  });
});

describe('a reply', () => {
  it('is given once, by the rated side', async () => {
    const trade = await closed();
    await rate(trade, trade.buyer, { score: 2 });
    await rate(trade, trade.seller);
    expect(refusal(await reply(trade, 'stranger'))).toEqual(NOT_FOUND);
    const both = await Promise.all([reply(trade, trade.seller), reply(trade, trade.seller)]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409]);
    const [ofSeller] = await read(trade, trade.buyer);
    expect(ofSeller).toMatchObject({ by: 'buyer', reply: { text: 'thank you', hiddenFor: null } });
    await expect(desk.db.sql`update rating_reply set text = 'x'`).rejects.toThrow();
  });
});

describe('words that do not belong there', () => {
  it('are taken away by staff with a reason, and the stars stay', async () => {
    const trade = await closed();
    await rate(trade, trade.buyer, { score: 1, comment: 'thieves' });
    await rate(trade, trade.seller);
    expect((await moderate(trade, 'buyer', {})).status).toBe(200);
    expect(refusal(await moderate(trade, 'buyer', {}))).toEqual({ status: 409, code: 'rating.moderated' });
    expect(refusal(await moderate(trade, 'buyer', { part: 'reply' }))).toEqual(NOT_FOUND);
    expect((await read(trade, trade.seller))[0]).toMatchObject({
      score: 1,
      comment: null,
      commentHiddenFor: 'insults a person',
    });
    // Whoever wrote them knows them; staff can judge them again.
    expect((await read(trade, trade.buyer))[0]).toMatchObject({ comment: 'thieves' });
    expect((await moderate(trade, 'buyer', { hidden: false, reason: 'a quotation' })).status).toBe(200);
    expect((await read(trade, trade.seller))[0]).toMatchObject({
      comment: 'thieves',
      commentHiddenFor: null,
    });
    const list = await desk.call('staff', 'GET', '/v1/staff/ratings');
    expect(list.body.items.length).toBeGreaterThan(2);
    expect((await desk.call(trade.seller, 'GET', '/v1/staff/ratings')).status).toBe(403);
  });
});
