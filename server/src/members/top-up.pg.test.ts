/** A company whose deposit was taken back beyond what was free: what it may still do, and when it may do all again. */
import { depositReceived, depositReturned } from '@seam/ledger';
import { ROUTES, type Route } from '@seam/protocol';
import { minor } from '@seam/units';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { forbids } from '../platform/http.ts';
import { post } from '../settlement/public.ts';
import { authenticate } from './public.ts';
import { World } from './test/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.open();
});
afterAll(async () => world.close());

it('new bids and orders are refused while it owes, taking back and paying in are not', async () => {
  const { input } = await world.register();
  const token = await world.token(input.admin.email);
  const who = authenticate(world.db.sql, world.clock);
  const { organisationId: orgId, ...rest } = (await who(token))!;
  expect(rest.mustTopUp).toBe(false);
  const entry = (ref: string, amount: bigint) =>
    ({ ref, currency: 'CNY', amount: minor(amount), orgId }) as const;
  await post(world.db.sql, depositReceived({ ...entry('in', 100n), owed: minor(0n) }));
  await post(world.db.sql, depositReturned({ ...entry('back', 130n), available: minor(100n) }));
  const owing = (await who(token))!;
  expect(owing.mustTopUp).toBe(true);

  const trader = { ...owing, roles: ['trader', 'finance'], organisationStatus: 'active' } as const;
  const refused = Object.entries<Route>(ROUTES)
    .filter(([, route]) => forbids(route, trader)?.refused === 'organisation.top_up_required')
    .map(([name]) => name)
    .toSorted();
  expect(refused).toEqual(['holdBidSecurity', 'holdExposure', 'placeBid', 'placeOrder', 'placeOrders']);

  await post(world.db.sql, depositReceived({ ...entry('topped-up', 30n), owed: minor(30n) }));
  expect((await who(token))!.mustTopUp).toBe(false);
});
