import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Order, Yard } from '../testing.ts';

let yard: Yard;
beforeAll(async () => {
  yard = await Yard.open();
  await yard.db.sql`insert into place (id, kind, name, country, latitude, longitude, source)
    values ('far-port', 'port', 'Far Port', 'CN', 39.93, 119.6, 'test')`;
});
afterAll(async () => yard.close());

const code = ({ status, body }: { status: number; body: { code?: string } }): string =>
  `${status} ${body.code ?? ''}`.trim();
const read = async (as: string, order: Order) =>
  yard.call(as, 'GET', `/v1/delivery-orders/${order.id}/journeys`);
type Tracker = Awaited<ReturnType<Yard['device']>>;
const start = async (order: Order, tracker: Tracker, as = order.seller, toPlaceId = 'far-port') =>
  yard.call(as, 'POST', `/v1/delivery-orders/${order.id}/journeys`, {
    deviceId: tracker.id,
    label: '晋B 12345',
    mode: 'road',
    toPlaceId,
  });
/** Minutes ago, and how far west of the port. */
const point = (minutesAgo: number, longitude: number) => ({
  at: new Date(yard.now.getTime() - minutesAgo * 60_000).toISOString(),
  latitude: 39.93,
  longitude,
});
const tell = async (tracker: Tracker, ...points: object[]) =>
  yard.send('/v1/tracker/positions', tracker.sign('position', { points }, yard.now));

async function underWay(): Promise<{ order: Order; tracker: Tracker }> {
  const order = await yard.order();
  const tracker = await yard.device(order.seller, 'tracker');
  expect(code(await start(order, tracker))).toBe('201');
  return { order, tracker };
}

describe('a tracker', () => {
  it('shows where the truck is and when it may arrive, and says when it is silent', async () => {
    const { order, tracker } = await underWay();
    const told = await tell(tracker, point(60, 118), point(30, 118.4), point(1, 118.8));
    expect(told.body).toMatchObject({ taken: 3, left: 0, flagged: 0 });
    const [journey] = (await read(order.buyer, order)).body.items;
    expect(journey).toMatchObject({ silentMinutes: 1, flagged: 0, last: { longitude: 118.8 } });
    expect(journey.track).toHaveLength(3);
    // 68 km by the great circle, and the detour of roads.
    expect(journey.remainingKm).toBeGreaterThan(68);
    const { from, to } = journey.arrival;
    expect(Date.parse(from)).toBeGreaterThan(yard.now.getTime());
    expect(Date.parse(to)).toBeGreaterThan(Date.parse(from));
    yard.turnClock(3);
    const [later] = (await read(order.buyer, order)).body.items;
    expect([later.silentMinutes, later.arrival]).toEqual([181, null]);
  });
  it('that jumps is kept and not believed', async () => {
    const { order, tracker } = await underWay();
    const told = await tell(tracker, point(60, 118), point(55, 10), point(30, 118.4));
    expect(told.body).toMatchObject({ taken: 3, flagged: 1 });
    const [journey] = (await read(order.seller, order)).body.items;
    expect([journey.flagged, journey.track.length, journey.last.longitude]).toEqual([1, 2, 118.4]);
  });
  it('counts each message and each moment once, and never goes back', async () => {
    const { tracker } = await underWay();
    const first = tracker.sign('position', { points: [point(30, 118)] }, yard.now);
    const send = async (message: object) => yard.send('/v1/tracker/positions', message as never);
    const answer = await send(first);
    expect((await send(first)).body).toEqual(answer.body);
    const other = tracker.sign('position', { points: [point(20, 118)] }, yard.now, first.sequence);
    expect(code(await send(other))).toBe('409 device.sequence_conflict');
    const lower = tracker.sign('position', { points: [point(10, 118)] }, yard.now, first.sequence + 5);
    expect(code(await send(lower))).toBe('200');
    const late = tracker.sign('position', { points: [point(5, 118)] }, yard.now, first.sequence + 2);
    expect(code(await send(late))).toBe('409 device.sequence_conflict');
    const old = tracker.sign(
      'position',
      { points: [point(10, 118), point(40, 118), point(-60, 118)] },
      yard.now,
      first.sequence + 6,
    );
    expect((await send(old)).body).toMatchObject({ taken: 0, left: 3 });
  });
  it('is believed by its own signature, fresh, on a journey of its own', async () => {
    const { order, tracker } = await underWay();
    const message = tracker.sign('position', { points: [point(1, 118)] }, yard.now);
    const forged = { ...message, payload: message.payload.replace('118', '117') };
    expect(code(await yard.send('/v1/tracker/positions', forged))).toBe('401 device.signature_invalid');
    const stale = tracker.sign(
      'position',
      { points: [point(1, 118)] },
      new Date(yard.now.getTime() - 6 * 60_000),
    );
    expect(code(await yard.send('/v1/tracker/positions', stale))).toBe('422 device.clock');
    const idle = await yard.device(order.seller, 'tracker');
    expect(code(await tell(idle, point(1, 118)))).toBe('409 journey.none');
    const gate = await yard.device(order.seller, 'gate');
    expect(code(await tell(gate, point(1, 118)))).toBe('401 device.unknown');
  });
});

describe('a journey', () => {
  it('is seen by both sides and staff, and by nobody else; a tracker of others starts none', async () => {
    const { order, tracker } = await underWay();
    expect([code(await read(order.buyer, order)), code(await read('staff', order))]).toEqual(['200', '200']);
    expect(code(await read('stranger', order))).toBe('404 resource.not_found');
    expect(code(await start(order, tracker, 'stranger'))).toBe('404 resource.not_found');
    expect(code(await start(order, tracker, order.buyer))).toBe('401 device.unknown');
  });
  it('is one at a time for a tracker, and ends by its company', async () => {
    const { order, tracker } = await underWay();
    expect(code(await start(order, tracker))).toBe('409 journey.tracker_busy');
    const [journey] = (await read(order.seller, order)).body.items;
    const end = async (as: string) =>
      code(await yard.call(as, 'POST', `/v1/delivery-orders/${order.id}/journeys/${journey.id}/end`));
    expect([await end(order.buyer), await end(order.seller), await end(order.seller)]).toEqual([
      '404 resource.not_found',
      '200',
      '409 journey.none',
    ]);
    expect(code(await tell(tracker, point(1, 118)))).toBe('409 journey.none');
    expect(code(await start(order, tracker, order.seller, 'nowhere'))).toBe('400 request.invalid');
    expect(code(await start(order, tracker))).toBe('201');
  });
});
