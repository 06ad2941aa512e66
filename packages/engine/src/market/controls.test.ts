import { describe, expect, it } from 'vitest';
import { Venue, at, refusalOf, tradesOf, typesOf } from '../oracle/market-book/venue.ts';
import type { Approvals, BlockScope } from './types.ts';

const open = (): Venue => {
  const venue = Venue.open().admit('a', 'b', 'c');
  venue.to(0);
  venue.place('a', 'buy 5@990');
  venue.place('b', 'sell 5@1010');
  return venue;
};
const staff = { instrumentId: 'm', staffId: 'ann', reason: 'a fault' };
const resume = (venue: Venue, ...approvals: Approvals) =>
  venue.send({ type: 'resume_market', instrumentId: 'm', approvals });

describe('a halt', () => {
  it('is made by one, takes nothing more, and is ended by two different people through a call', () => {
    const venue = open();
    expect(venue.send({ type: 'halt_market', ...staff })).toEqual([
      { type: 'market_halted', reason: 'a fault' },
    ]);
    for (const told of [
      venue.place('a', 'buy 1@1000'),
      venue.cancel('a', 1),
      venue.amend('a', 1, 'buy 1@990'),
    ]) {
      expect(refusalOf(told)).toEqual({ code: 'market_halted' });
    }
    expect(refusalOf(venue.send({ type: 'halt_market', ...staff }))).toMatchObject({
      code: 'market_state_conflict',
    });
    expect(refusalOf(resume(venue, 'ann', 'ann'))).toEqual({ code: 'market_approvals_invalid' });
    expect(refusalOf(resume(venue, 'ann', ''))).toEqual({ code: 'market_approvals_invalid' });
    expect(resume(venue, 'ann', 'bob')).toEqual([
      { type: 'market_resumed' },
      { type: 'phase_changed', phase: 'call', until: at(3_000), cause: 'reopening' },
    ]);
    venue.place('c', 'buy 5@1010');
    expect(tradesOf(venue.to(3_000))).toEqual(['3 2 5']);
    expect(venue.phase).toBe('continuous');
    expect(refusalOf(resume(venue, 'ann', 'bob'))).toMatchObject({
      code: 'market_state_conflict',
      mode: 'online',
    });
  });

  it('lets time pass without matching: a call that ended meanwhile is not held', () => {
    const venue = Venue.open({
      session: [
        { phase: 'call', startsAt: at(0), noCancelMs: 0, randomEnd: null },
        { phase: 'continuous', startsAt: at(10) },
        { phase: 'closed', startsAt: at(100) },
      ],
    }).admit('a', 'b');
    venue.to(0);
    venue.place('a', 'buy 5@1000');
    venue.place('b', 'sell 5@1000');
    venue.send({ type: 'halt_market', ...staff });
    expect(typesOf(venue.to(20))).toEqual(['phase_changed']);
    resume(venue, 'ann', 'bob');
    expect(tradesOf(venue.to(100))).toEqual(['1 2 5']);
  });

  it('of a market that is re-opening gives the call up; the next resume begins another', () => {
    const venue = open();
    venue.send({ type: 'halt_market', ...staff });
    resume(venue, 'ann', 'bob');
    venue.to(1_000);
    expect(venue.send({ type: 'halt_market', ...staff })).toEqual([
      { type: 'market_halted', reason: 'a fault' },
      { type: 'phase_changed', phase: 'continuous', until: at(100_000), cause: 'call_over' },
    ]);
    expect(venue.to(5_000)).toEqual([]);
    expect(resume(venue, 'ann', 'bob')[1]).toMatchObject({ until: at(8_000) });
  });

  it('can be softened to taking cancels only', () => {
    const venue = open();
    venue.send({ type: 'halt_market', ...staff });
    expect(typesOf(venue.send({ type: 'set_cancel_only', ...staff }))).toEqual(['market_cancel_only']);
    expect(refusalOf(venue.place('a', 'buy 1@1000'))).toEqual({ code: 'market_cancel_only' });
    expect(refusalOf(venue.amend('a', 1, 'buy 1@990'))).toEqual({ code: 'market_cancel_only' });
    expect(typesOf(venue.cancel('a', 1))).toEqual(['order_cancelled']);
    expect(refusalOf(venue.send({ type: 'set_cancel_only', ...staff, staffId: '' }))).toEqual({
      code: 'market_approvals_invalid',
    });
  });
});

describe('a kill switch', () => {
  it.each([
    ['an account', { of: 'account', accountId: 'a' }, ['b 5@1010'], ['c']],
    ['a member', { of: 'owner_group', ownerGroup: 'of a' }, ['b 5@1010'], ['c']],
    ['the market', { of: 'market' }, [], []],
    ['the exchange', { of: 'exchange' }, [], []],
  ] as const)(
    'of %s cancels what rests and refuses what comes, until two lift it',
    (_, scope, left, free) => {
      const venue = open();
      const struck = left.length === 0 ? [1, 2] : [1];
      expect(venue.send({ type: 'set_kill_switch', ...staff, scope })).toEqual([
        { type: 'trading_blocked', scope, reason: 'a fault' },
        { type: 'orders_cancelled', orderIds: struck, reason: 'kill_switch' },
      ]);
      expect(venue.book()).toEqual(left);
      expect(refusalOf(venue.place('a', 'buy 1@1000'))).toEqual({ code: 'trading_blocked', scope: scope.of });
      for (const accountId of free) expect(refusalOf(venue.place(accountId, 'buy 1@1000'))).toBeUndefined();
      expect(refusalOf(venue.send({ type: 'set_kill_switch', ...staff, scope }))).toEqual({
        code: 'trading_blocked',
        scope: scope.of,
      });
      const lift = (approvals: Approvals, of: BlockScope = scope) =>
        venue.send({ type: 'lift_kill_switch', instrumentId: 'm', scope: of, approvals });
      expect(refusalOf(lift(['ann', 'ann']))).toEqual({ code: 'market_approvals_invalid' });
      expect(refusalOf(lift(['ann', 'bob'], { of: 'account', accountId: 'c' }))).toEqual({
        code: 'trading_not_blocked',
      });
      expect(typesOf(lift(['ann', 'bob']))).toEqual(['trading_unblocked']);
      expect(refusalOf(venue.place('a', 'buy 1@1000'))).toBeUndefined();
    },
  );

  it('of the exchange stays when that of the market is lifted', () => {
    const venue = open();
    for (const of of ['market', 'exchange'] as const)
      venue.send({ type: 'set_kill_switch', ...staff, scope: { of } });
    venue.send({
      type: 'lift_kill_switch',
      instrumentId: 'm',
      scope: { of: 'market' },
      approvals: ['ann', 'bob'],
    });
    expect(refusalOf(venue.place('a', 'buy 1@1000'))).toEqual({ code: 'trading_blocked', scope: 'exchange' });
  });
});

describe('a cancel on disconnect', () => {
  const arm = (venue: Venue, ms: number) =>
    venue.send({ type: 'arm_cancel_on_disconnect', instrumentId: 'm', accountId: 'a', cancelAt: at(ms) });

  it('takes all orders of the account once, at its deadline, and only of the account', () => {
    const venue = open();
    arm(venue, 50);
    expect(arm(venue, 100)).toEqual([
      { type: 'cancel_on_disconnect_armed', accountId: 'a', cancelAt: at(100) },
    ]);
    expect(venue.to(99)).toEqual([]);
    expect(venue.to(100)).toEqual([
      { type: 'cancel_on_disconnect_fired', accountId: 'a' },
      { type: 'orders_cancelled', orderIds: [1], reason: 'disconnected' },
    ]);
    venue.place('a', 'buy 5@990');
    expect(venue.to(500)).toEqual([]);
    expect(venue.book()).toEqual(['a 5@990', 'b 5@1010']);
  });

  it('is called off by whoever comes back in time', () => {
    const venue = open();
    const disarm = () =>
      venue.send({ type: 'disarm_cancel_on_disconnect', instrumentId: 'm', accountId: 'a' });
    expect(refusalOf(disarm())).toEqual({ code: 'disconnect_not_armed' });
    arm(venue, 100);
    venue.to(99);
    expect(typesOf(disarm())).toEqual(['cancel_on_disconnect_disarmed']);
    expect(venue.to(1_000)).toEqual([]);
    expect(venue.book()).toHaveLength(2);
  });

  it('lies in the future, an hour at most', () => {
    const venue = open();
    const limits = { code: 'disconnect_deadline_invalid', earliest: at(1), latest: at(3_600_000) };
    expect(refusalOf(arm(venue, 0))).toEqual(limits);
    expect(refusalOf(arm(venue, 3_600_001))).toEqual(limits);
    expect(refusalOf(arm(venue, 1))).toBeUndefined();
    expect(refusalOf(arm(venue, 3_600_000))).toBeUndefined();
  });

  it('also fires while the market is halted', () => {
    const venue = open();
    arm(venue, 100);
    venue.send({ type: 'halt_market', ...staff });
    expect(typesOf(venue.to(100))).toEqual(['cancel_on_disconnect_fired', 'orders_cancelled']);
  });
});
