/**
 * Every command of the socket with every field at its limits, one beyond, and of wrong kinds, against the
 * real server: each gets one answer with a known code, nothing is journaled that the schema does not take,
 * and what is journaled is what was acknowledged.
 */
import { ClientFrame, type ErrFrame, type ServerFrame, isProblemCode } from '@seam/protocol';
import type { TSchema } from 'typebox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SocketClient } from '../../src/exchange/testing/socket-client.ts';
import { type Try, triesOf } from './values.ts';
import { BOOK, Venue } from './venue.ts';

type Name = ClientFrame['t'];
const money = { price: '800.00', quantity: '1000.000' };
const secret = 'ab'.repeat(16);
const order = { ...money, side: 'buy', timeInForce: 'day' };
const merit = { mode: 'energy', calorificValue: 5_500, freight: '10.00', expectedPenalties: '0.00' };

/** One good frame of each kind, with every optional field. A new kind does not compile until it is here. */
const GOOD: Record<Name, object> = {
  ping: { id: 'ping-1', clientTime: 'now' },
  subscribe: { topic: 'auction:english', resumeFrom: 0 },
  unsubscribe: { topic: 'auction:english' },
  place_bid: { auctionId: 'english', ...money, minimumAcceptable: '50.000' },
  set_auto_bid: {
    auctionId: 'stepped',
    limit: '900.00',
    step: '10.00',
    quantity: '1000',
    minimumAcceptable: '0',
  },
  state_quantity: { auctionId: 'clock', round: 1, quantity: '1000' },
  accept_price: { auctionId: 'dutch', step: 0, ...money, minimumAcceptable: '0' },
  offer_price: { auctionId: 'dutch_hybrid', price: '800.00' },
  commit_bid: { auctionId: 'commit', commitment: 'c'.repeat(64), quantityMaximum: '5000' },
  submit_sealed: { auctionId: 'split', ciphertext: 'shut', digest: 'd'.repeat(64), quantityMaximum: '5000' },
  reveal_bid: { auctionId: 'commit', ...money, minimumAcceptable: '0', merit, bidder: secret, nonce: secret },
  place_offer: { auctionId: 'reverse_open', ...money, minimumAcceptable: '0', merit },
  withdraw_turn_offer: { auctionId: 'reverse_rounds' },
  place_order: {
    instrumentId: BOOK,
    ...order,
    expiresAt: '2027-01-01T00:00:00Z',
    postOnly: false,
    minimumQuantity: '50',
    confirm: true,
  },
  place_orders: { instrumentId: BOOK, orders: [order] },
  cancel_order: { instrumentId: BOOK, orderId: 1 },
  amend_order: { instrumentId: BOOK, orderId: 1, ...money, confirm: true },
  cancel_orders: { instrumentId: BOOK, side: 'buy' },
  cancel_on_disconnect: { instrumentId: BOOK, afterMs: 60_000 },
};
const SCHEMAS = (ClientFrame as unknown as { anyOf: TSchema[] }).anyOf;
const kindOf = (schema: TSchema): Name =>
  (schema as unknown as { properties: { t: { const: Name } } }).properties.t.const;

const hasId = (schema: TSchema): boolean => 'id' in (schema as unknown as { properties: object }).properties;

let venue: Venue;
beforeAll(async () => {
  venue = await Venue.open();
});
afterAll(() => venue.close());

type Answer = { readonly of: Try; readonly answer: ServerFrame | undefined };

/** One frame after the other, each with its own id; a ping after each tells that its answer was all. */
async function answersTo(client: SocketClient, kind: Name, tries: readonly Try[]): Promise<Answer[]> {
  const answers: Answer[] = [];
  let made = 0;
  for (const one of tries) {
    made += 1;
    const named =
      'id' in one.frame && one.what.startsWith('id ') ? {} : { id: `${kind}-${made}`.padEnd(8, '-') };
    const before = client.frames.length;
    client.send({ ...('id' in one.frame ? { ...one.frame, ...named } : one.frame) });
    // Keeps the line from being closed for refusals in a row: those are another test's.
    client.send({ t: 'subscribe', topic: 'auction:english' });
    const mine = () =>
      client.frames.slice(before).filter(({ t }) => t === 'ack' || t === 'err' || t === 'pong');
    const subscribed = () => client.frames.slice(before).filter((frame) => frame.t === 'subscribed').length;
    const owed = one.fits && (kind === 'subscribe' || kind === 'unsubscribe') ? 0 : 1;
    await expect.poll(() => mine().length >= owed && subscribed() > 0, { interval: 1 }).toBe(true);
    answers.push({ of: one, answer: mine()[0] });
  }
  return answers;
}

describe('every field of every command at its limits', () => {
  for (const schema of SCHEMAS) {
    const kind = kindOf(schema);
    it(`${kind}: each try has its coded answer, and only what fits reaches the journal`, async () => {
      const company = `c${kind.replaceAll('_', '')}`;
      await venue.admit(`org-${company}`);
      const client = await venue.connect(company);
      const id = hasId(schema) ? { id: 'abuse-id-0' } : {};
      const tries = triesOf(schema, { t: kind, ...id, ...GOOD[kind] });
      // The good frame itself must fit, or all that follows says nothing.
      expect(tries.filter(({ fits }) => fits).length).toBeGreaterThan(0);
      expect(tries.filter(({ fits }) => !fits).length).toBeGreaterThan(10);
      const before = await venue.journaled();
      const answers = await answersTo(client, kind, tries);
      let acknowledged = 0;
      for (const { of, answer } of answers) {
        const told = `${of.what}: ${JSON.stringify(answer)}`;
        if (!of.fits) {
          expect(answer, told).toMatchObject({ t: 'err', code: 'request.invalid', retry: 'no' });
          continue;
        }
        if (answer?.t === 'ack') acknowledged += 1;
        if (answer?.t === 'err') expect(isGoodRefusal(answer), told).toBe(true);
        if (answer?.t === 'ack' && answer.outcome.status === 'rejected')
          expect(isProblemCode(answer.outcome.code), told).toBe(true);
      }
      expect(await venue.journaled()).toBe(before + acknowledged);
      client.socket.terminate();
    });
  }

  it('left a journal that the rules still agree with, entry by entry', async () => {
    expect(await venue.verified()).toBeGreaterThan(100);
  });
});

const isGoodRefusal = ({ code }: ErrFrame): boolean => isProblemCode(code) && code !== 'internal.error';
