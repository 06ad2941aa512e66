/** What the centre decides about a member, in real order books: stopped, free again, in one owner group. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeOwnerGroup } from '../members/test/owner-groups.ts';
import { regroupMember, resumeMember, stopMember } from './member-stops.ts';
import { TradingMarket } from './testing.ts';

let market: TradingMarket;
let deps: Parameters<typeof stopMember>[0];
beforeAll(async () => {
  market = await TradingMarket.open();
  deps = { sql: market.db.sql, market: market.exchange };
});
afterAll(async () => market.close());

const approvals = ['one', 'two'] as const;
const suspend = async (organisationId: string) =>
  stopMember(deps, { organisationId, staffId: 'two', reason: 'Open complaint' });
const byHand = async (who: string, id: string, action: string, organisationId: string) =>
  market.call(who, 'POST', `/v1/staff/instruments/${id}/kill-switch`, {
    action,
    scope: { of: 'account', organisationId },
    ...(action === 'set' ? { reason: 'Gone wild' } : {}),
  });

describe('a suspended member', () => {
  it('is out of every order book at once, resting orders and all, and is back when two have agreed', async () => {
    const [one, two] = [await market.instrument(), await market.instrument()];
    const who = await market.trader('wild', one);
    await market.order(who, one, {});
    expect((await market.mine(who, one)).open).toHaveLength(1);
    await suspend(who);
    await suspend(who);
    await market.caughtUp(one);
    expect(await market.mine(who, one)).toMatchObject({
      open: [],
      stopped: { of: 'account', reason: 'Membership: Open complaint' },
    });
    expect(await market.order(who, one, {})).toMatchObject({
      status: 409,
      body: { code: 'trading.blocked' },
    });
    // Where it was never admitted there is nothing to stop.
    expect(await market.mine(who, two)).toMatchObject({ stopped: null });
    await resumeMember(deps, { organisationId: who, approvals });
    await market.caughtUp(one);
    expect((await market.order(who, one, {})).status).toBe(201);
  });

  it('stays stopped where a supervisor had stopped it for another reason', async () => {
    const id = await market.instrument();
    const who = await market.trader('wild', id);
    await byHand('staff1', id, 'set', who);
    await suspend(who);
    await resumeMember(deps, { organisationId: who, approvals });
    await market.caughtUp(id);
    expect(await market.mine(who, id)).toMatchObject({ stopped: { reason: 'Gone wild' } });
  });
});

describe('an owner group', () => {
  it('never trades with itself: admitted later, or already with resting orders, which are taken back', async () => {
    const id = await market.instrument();
    const [a, b, c] = [
      await market.trader('a', id),
      await market.trader('b', id),
      await market.trader('c', id),
    ];
    await market.order(a, id, { side: 'sell' });
    const ownerGroup = await makeOwnerGroup(deps.sql, [a, b]);
    for (const organisationId of [a, b])
      await regroupMember(deps, { organisationId, ownerGroup, approvals, mayTrade: true });
    await market.caughtUp(id);
    expect((await market.mine(a, id)).open).toEqual([]);
    await market.order(a, id, { side: 'sell' });
    await market.order(b, id, { side: 'buy' });
    await market.caughtUp(id);
    const trades = async () => deps.sql`select 1 from market_trade where instrument_id = ${id}`;
    expect(await trades()).toHaveLength(0);
    await market.order(c, id, { side: 'buy' });
    await market.caughtUp(id);
    expect(await trades()).toHaveLength(1);
  });

  it('holds for whoever is admitted after it was confirmed', async () => {
    const id = await market.instrument();
    const [a, b] = [await market.company('a', 10_000_000), await market.company('b', 10_000_000)];
    await makeOwnerGroup(deps.sql, [a, b]);
    for (const who of [a, b]) expect((await market.hold(who, id, '10000000.00')).status).toBe(201);
    await market.order(a, id, { side: 'sell' });
    await market.order(b, id, { side: 'buy' });
    await market.caughtUp(id);
    expect(await deps.sql`select 1 from market_trade where instrument_id = ${id}`).toHaveLength(0);
  });
});
