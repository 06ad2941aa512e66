import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '@seam/units';
import { AuctionMarket } from '../testing.ts';

let market: AuctionMarket;
beforeAll(async () => {
  market = await AuctionMarket.open();
});
afterAll(async () => market.close());

type Line = { seq: number; command: Record<string, unknown> | null; events: Record<string, unknown>[] };

/** As a stranger would do it, from the document alone. */
function chain(lines: readonly Line[]): string[] {
  let hash = Buffer.alloc(32);
  return lines.map((line) => {
    hash = createHash('sha256').update(hash).update(canonicalJson(line)).digest();
    return hash.toString('hex');
  });
}

async function bidOn(id: string) {
  const first = await market.company('first', 10_000);
  const second = await market.company('second', 10_000);
  for (const who of [first, second]) await market.secure(who, id, '8000.00');
  expect((await market.bid(second, id, { price: '610.00', quantity: '500' })).status).toBe(201);
  expect((await market.bid(first, id, { price: '620.00', quantity: '600' })).status).toBe(201);
  expect((await market.bid(first, id, { price: '620.00', quantity: '500' })).status).toBe(422);
  return { first, second };
}

const heads = async (id: string) => (await market.call(null, 'GET', `/v1/auctions/${id}/heads`)).body.items;
const record = async (who: string | null, id: string) => market.call(who, 'GET', `/v1/auctions/${id}/record`);

describe('the record of an auction', () => {
  it('is chained, ends in what was published, and names nobody', async () => {
    const { id, seller } = await market.open({ reservePrice: '605.00' });
    const { first, second } = await bidOn(id);
    const early = await heads(id);
    expect(early).toMatchObject([{ cause: 'auction_opened', lines: 2 }]);
    await market.closeByClock(id, 'awarded');
    await expect.poll(async () => (await heads(id)).length).toBe(2);

    const { status, body } = await record(null, id);
    expect(status).toBe(200);
    const hashes = chain(body.lines);
    expect(hashes.at(-1)).toBe(body.head);
    expect(body.heads.map((head: { hash: string }) => head.hash)).toEqual([hashes[1], hashes.at(-1)]);
    expect(body.heads[0]).toEqual(early[0]);
    expect(body.lines.flatMap((line: Line) => line.events.map((event) => event['type']))).toEqual([
      'auction_scheduled',
      'auction_opened',
      'bid_accepted',
      'bid_accepted',
      'command_rejected',
      'auction_awarded',
    ]);
    const text = JSON.stringify(body);
    for (const name of [first, second, seller, '8000', 'person']) expect(text).not.toContain(name);
  });

  it('tells each bidder its own alias, the same in every line, and a stranger none', async () => {
    const { id } = await market.open();
    const { first, second } = await bidOn(id);
    await market.closeByClock(id, 'awarded');
    await expect.poll(async () => (await heads(id)).length).toBe(2);
    const mine = (await record(first, id)).body;
    const own = mine.lines.filter((line: Line) => line.command?.['accountId'] === mine.me);
    expect(own.map((line: Line) => line.events[0]?.['type'])).toEqual(['bid_accepted', 'command_rejected']);
    expect((await record(second, id)).body.me).not.toBe(mine.me);
    expect((await record(null, id)).body.me).toBeNull();
  });

  it('is not told while anything in it is hidden', async () => {
    const { id } = await market.open();
    expect(await record(null, id)).toMatchObject({
      status: 409,
      body: { code: 'auction.record_not_yet', accepted: { state: 'open' } },
    });
    expect((await record(null, 'nothing')).status).toBe(404);
    expect((await market.call(null, 'GET', '/v1/auctions/nothing/heads')).status).toBe(404);
  });

  it('cannot be guessed from its heads: lines that are equal but for a salt hash differently', async () => {
    const { id } = await market.open();
    await bidOn(id);
    await market.closeByClock(id, 'awarded');
    await expect.poll(async () => (await heads(id)).length).toBe(2);
    const { body } = await record(null, id);
    const salts = body.lines.map((line: { salt: string }) => line.salt);
    expect(new Set(salts).size).toBe(salts.length);
    for (const salt of salts) expect(salt).toMatch(/^[0-9a-f]{32}$/);
    const unsalted = body.lines.map(({ salt: _salt, ...line }: { salt: string }) => line);
    expect(chain(unsalted).at(-1)).not.toBe(body.head);
  });

  it('says nothing of a lot that was refused its auction', async () => {
    const before = await market.db.sql`select count(*)::int as n from auction_record`;
    await market.exchange.gateway.submit({
      actor: 'staff',
      cmdId: market.fresh('void-nothing-'),
      body: { type: 'void_auction', auctionId: 'never-was', reason: 'x' },
    });
    expect(await market.db.sql`select count(*)::int as n from auction_record`).toEqual(before);
  });
});
