import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MESSAGE_ATTEMPTS_MAX, processInbox } from './inbox.ts';
import { ExchangeSide } from './testing/exchange-side.ts';

let side: ExchangeSide;
beforeAll(async () => {
  side = await ExchangeSide.open();
});
afterAll(async () => side.db.close());

describe('processing', () => {
  it('takes effect wholly or not at all, and is tried again later', async () => {
    const { orgId, reference } = await side.member();
    side.onFact = () => {
      throw new Error('receiver is broken');
    };
    await side.receive(side.notification([side.entry({ amount: minor(5n), reference })]));
    expect(await processInbox(side.deps)).toEqual({ done: 0, failed: 1 });
    side.onFact = () => {};
    expect(await side.money(orgId)).toEqual({});
    expect(await processInbox(side.deps)).toEqual({ done: 0, failed: 0 });
    side.shiftMs += 10_000;
    expect(await processInbox(side.deps)).toEqual({ done: 1, failed: 0 });
    expect(await side.money(orgId)).toMatchObject({ free: 5n });
  });

  it('parks a message that fails for ever, with a case, and goes on with others', async () => {
    const { orgId, reference } = await side.member();
    await side.receive(side.notification([side.entry({ amount: minor(5n), reference })]), 'poison');
    side.onFact = (fact) => {
      if (fact.type === 'deposit_credited' && fact.orgId === orgId) throw new Error('poison');
    };
    for (let n = 0; n < MESSAGE_ATTEMPTS_MAX; n += 1) {
      await processInbox(side.deps);
      side.shiftMs += 3_600_000;
    }
    const other = await side.richMember(6n);
    expect(await side.money(other.orgId)).toMatchObject({ free: 6n });
    expect(await side.cases()).toContain('message_parked');
    side.onFact = () => {};
    expect(await processInbox(side.deps)).toEqual({ done: 0, failed: 0 });
  });

  it('by several workers at once handles each message once', async () => {
    const { orgId, reference } = await side.member();
    const entries = Array.from({ length: 30 }, () => side.entry({ amount: minor(7n), reference }));
    for (const entry of entries) {
      await side.receive(side.notification([entry]));
      await side.receive(side.notification([entry]));
    }
    const counts = await Promise.all(Array.from({ length: 4 }, async () => processInbox(side.deps)));
    expect(counts.reduce((sum, count) => sum + count.done, 0)).toBe(60);
    expect(await side.money(orgId)).toMatchObject({ free: 210n });
  });

  it('keeps messages and lines as they came', async () => {
    await side.payment(await side.producer(10n), 5n);
    for (const text of [
      `update bank_message set raw = '' `,
      'delete from bank_message',
      `update bank_line set amount = 1 where amount > 1`,
      'delete from bank_line',
      'update payment set amount = amount + 1',
      `update payment set creditor_account = 'X'`,
      'delete from payment',
    ]) {
      await expect(side.db.sql.unsafe(text)).rejects.toMatchObject({ code: 'SL007' });
    }
    await expect(
      side.db.sql`update payment set status = 'created', rank = 0 where rank > 0`,
    ).rejects.toMatchObject({ code: 'SL008' });
  });
});
