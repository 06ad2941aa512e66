/** A member that is suspended, or of the owner's group, in a running auction of the real market. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOwnerGroup } from '../members/test/owner-groups.ts';
import { barMember, barRelated } from './member-stops.ts';
import { AuctionMarket } from './testing.ts';

let market: AuctionMarket;
let deps: Parameters<typeof barMember>[0];
beforeAll(async () => {
  market = await AuctionMarket.open();
  deps = { sql: market.db.sql, market: market.exchange.gateway };
});
afterAll(async () => market.close());

const bidder = async (id: string) => {
  const who = await market.company('bidder', 100_000);
  await market.secure(who, id, '10000.00');
  return who;
};
const bid = async (who: string, id: string, price: string) =>
  market.bid(who, id, { price, quantity: '1000' });

describe('suspended in the middle of an auction', () => {
  it('bids no more, and what it has bid stays and wins', async () => {
    const { id } = await market.open();
    const [who, rival] = [await bidder(id), await bidder(id)];
    expect((await bid(rival, id, '600.00')).status).toBe(201);
    expect((await bid(who, id, '605.00')).status).toBe(201);
    await barMember(deps, { organisationId: who, reason: 'Open complaint' });
    await barMember(deps, { organisationId: who, reason: 'Open complaint' });
    expect((await bid(who, id, '610.00')).status).toBe(403);
    await market.closeByClock(id, 'awarded');
    const [award] = await deps.sql`select account_id from auction_award where auction_id = ${id}`;
    expect(award).toMatchObject({ account_id: who });
  });
});

describe('a company of the owner’s group', () => {
  it('sets no security aside, and neither does a second one beside the first', async () => {
    const { id, seller } = await market.open();
    const [kin, one, two] = [
      await market.company('kin', 100_000),
      await market.company('one', 100_000),
      await market.company('two', 100_000),
    ];
    await makeOwnerGroup(deps.sql, [seller, kin]);
    await makeOwnerGroup(deps.sql, [one, two]);
    expect(await market.secure(kin, id, '10000.00')).toMatchObject({
      status: 409,
      body: { code: 'bid.related_party' },
    });
    const answers = await Promise.all([one, two].map(async (who) => market.secure(who, id, '10000.00')));
    expect(answers.map(({ status, body }) => [status, body.code]).sort()).toEqual([
      [201, undefined],
      [409, 'bid.related_party'],
    ]);
  });

  it('is out of an auction that runs when the group is confirmed', async () => {
    const { id, seller } = await market.open();
    const kin = await bidder(id);
    expect((await bid(kin, id, '600.00')).status).toBe(201);
    await makeOwnerGroup(deps.sql, [seller, kin]);
    await barRelated(deps, [seller, kin]);
    expect((await bid(kin, id, '605.00')).status).toBe(403);
  });

  it('is out of auctions that are scheduled after it', async () => {
    const seller = market.fresh('seller');
    const kin = await market.company('kin', 100_000);
    await makeOwnerGroup(deps.sql, [seller, kin]);
    const id = await market.put(seller, market.terms(await market.lot(seller)));
    const [row] = await deps.sql`select terms from auction where id = ${id}`;
    expect(row!['terms'].excludedIds).toEqual([kin]);
  });
});
