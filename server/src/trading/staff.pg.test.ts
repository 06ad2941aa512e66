/** What the centre does to a market: every action with its trail, and none started again by one person alone. */
import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TradingMarket } from './testing.ts';

let market: TradingMarket;
beforeAll(async () => {
  market = await TradingMarket.open();
});
afterAll(async () => market.close());

const act = async (who: string, id: string, what: string, body: object) =>
  market.call(who, 'POST', `/v1/staff/instruments/${id}/${what}`, body);
const supervise = async (who: string, id: string, action: string) =>
  act(who, id, 'supervise', action === 'resume' ? { action } : { action, reason: 'A price nobody believes' });
const kill = async (who: string, id: string, action: string, scope: object) =>
  act(who, id, 'kill-switch', action === 'lift' ? { action, scope } : { action, scope, reason: 'Gone wild' });
const statusOf = async (id: string) => (await market.call(null, 'GET', `/v1/instruments/${id}`)).body.status;

async function trail(id: string): Promise<string[]> {
  const rows = await market.db.sql<{ action: string; person: string }[]>`
    select action, person_id as person from audit_entry where subject = ${`market:${id}`} order by at, id`;
  return rows.map(({ action, person }) => `${person.slice('person-of-'.length)} ${action}`);
}

describe('an instrument', () => {
  it('is listed with the trail of intent and result; again it is 409, with wrong terms 422 and by field', async () => {
    const id = await market.instrument();
    const rows = await market.db
      .sql`select action, detail from audit_entry where subject = ${`market:${id}`} order by at`;
    expect(rows).toMatchObject([
      { action: 'list_instrument.intended', detail: { commandId: expect.stringMatching(/^staff\./) } },
      { action: 'list_instrument', detail: { seq: expect.any(Number) } },
    ]);
    expect(rows[1]?.['detail'].commandId).toBe(rows[0]?.['detail'].commandId);
    const list = async (more: object) => {
      const session = [
        { phase: 'continuous' as const, startsAt: market.at(60) },
        { phase: 'closed' as const, startsAt: market.at(120) },
      ];
      const body = { ...market.terms(id, session), ...more };
      const { status, body: answer } = await market.call('staff1', 'POST', '/v1/staff/instruments', body);
      return [status, answer.code, answer.fields];
    };
    expect(await list({})).toEqual([409, 'market.duplicate', undefined]);
    const other = { id: market.fresh('Q') };
    const code = 'market.terms_invalid';
    expect(await list({ ...other, tickSize: '0', lotSize: '0' })).toEqual([
      422,
      code,
      { tickSize: 'not_positive', lotSize: 'not_positive' },
    ]);
    expect(await list({ ...other, referencePrice: '600.50' })).toEqual([
      422,
      code,
      { referencePrice: 'off_grid' },
    ]);
    expect(await list({ ...other, softCollarPercent: '11' })).toEqual([
      422,
      code,
      { 'collar.softBasisPoints': 'out_of_range' },
    ]);
    const wrong = [
      { phase: 'continuous', startsAt: market.at(60), randomEndSeconds: 5 },
      { phase: 'closed', startsAt: '2026-13-01T00:00:00Z' },
    ];
    expect(await list({ ...other, session: wrong })).toEqual([
      422,
      code,
      { 'session.0.randomEndSeconds': 'calls_only', 'session.1.startsAt': 'invalid' },
    ]);
    expect((await market.call(null, 'GET', `/v1/instruments/${other.id}`)).status).toBe(404);
  });

  it('gets its next session after the last one known, and no other', async () => {
    const id = await market.instrument();
    const year = 365 * 24 * 3600;
    const days = async (from: number) =>
      act('staff1', id, 'session', {
        session: [
          { phase: 'pre_open', startsAt: market.at(from) },
          { phase: 'continuous', startsAt: market.at(from + 60) },
          { phase: 'closed', startsAt: market.at(from + 120) },
        ],
      });
    expect(await days(60)).toMatchObject({
      status: 422,
      body: { code: 'market.terms_invalid', fields: { 'session.0.startsAt': 'out_of_range' } },
    });
    const scheduled = await days(year + 60);
    expect(scheduled.status).toBe(200);
    expect(scheduled.body.session.map(({ phase }: { phase: string }) => phase)).toEqual([
      'continuous',
      'closed',
      'pre_open',
      'continuous',
      'closed',
    ]);
    expect(await act('staff1', 'none', 'session', { session: [] })).toMatchObject({ status: 400 });
  });
});

describe('a market', () => {
  it('is halted by one at once, and resumed only by a second person, through a call', async () => {
    const id = await market.instrument();
    const who = await market.trader('maker', id);
    expect(await supervise('staff1', id, 'halt')).toMatchObject({
      status: 200,
      body: {
        awaitsSecondPerson: false,
        instrument: { status: { mode: 'halted', reason: 'A price nobody believes' } },
      },
    });
    expect(await market.order(who, id, {})).toMatchObject({ status: 409, body: { code: 'market.halted' } });
    expect((await supervise('staff2', id, 'halt')).body.code).toBe('market.state_conflict');
    expect(await supervise('staff1', id, 'resume')).toMatchObject({
      status: 200,
      body: { awaitsSecondPerson: true, instrument: { status: { mode: 'halted' } } },
    });
    expect(await supervise('staff1', id, 'resume')).toMatchObject({
      status: 422,
      body: { code: 'market.approvals_invalid' },
    });
    expect(await market.call('staff3', 'GET', `/v1/staff/instruments/${id}/supervision`)).toMatchObject({
      body: {
        mode: 'halted',
        stoppedSeq: expect.any(Number),
        resumeApprovedBy: 'Name of person-of-staff1',
        killSwitches: [],
      },
    });
    expect(await supervise('staff2', id, 'resume')).toMatchObject({
      body: { awaitsSecondPerson: false, instrument: { status: { mode: 'online', phase: 'call' } } },
    });
    expect((await supervise('staff2', id, 'resume')).body.code).toBe('market.state_conflict');
    expect(await trail(id)).toEqual([
      'staff1 list_instrument.intended',
      'staff1 list_instrument',
      'staff1 halt_market.intended',
      'staff1 halt_market',
      'staff2 halt_market.intended',
      'staff2 halt_market',
      'staff1 market.approved',
      'staff2 market.approved',
      'staff2 resume_market.intended',
      'staff2 resume_market',
    ]);
  });

  it('needs two fresh approvals for a later stop: none is left over from an earlier one', async () => {
    const id = await market.instrument();
    await supervise('staff1', id, 'halt');
    await supervise('staff1', id, 'resume');
    expect((await supervise('staff2', id, 'cancel_only')).body.instrument.status.mode).toBe('cancel_only');
    expect((await supervise('staff2', id, 'resume')).body.awaitsSecondPerson).toBe(true);
    expect((await statusOf(id)).mode).toBe('cancel_only');
    expect((await supervise('staff1', id, 'resume')).body.awaitsSecondPerson).toBe(false);
    expect((await statusOf(id)).mode).toBe('online');
  });

  it('is resumed once when two agree at the same moment', async () => {
    const id = await market.instrument();
    await supervise('staff1', id, 'halt');
    const answers = await Promise.all([supervise('staff1', id, 'resume'), supervise('staff2', id, 'resume')]);
    expect(answers.map(({ body }) => body.awaitsSecondPerson).sort()).toEqual([false, true]);
    expect((await statusOf(id)).mode).toBe('online');
  });

  it('keeps who agreed: the approvals cannot be changed or taken back', async () => {
    const { sql } = market.db;
    for (const text of [
      `update market_approval set person_id = 'x'`,
      'delete from market_approval',
      'truncate market_approval',
    ])
      await expect(sql.unsafe(text)).rejects.toMatchObject({ code: 'CX002' });
  });
});

describe('a kill switch', () => {
  it('stops one company and nobody else, until two people lift it', async () => {
    const id = await market.instrument();
    const [wild, calm] = [await market.trader('wild', id), await market.trader('calm', id)];
    await market.order(wild, id, {});
    const scope = { of: 'account', organisationId: wild };
    expect(await kill('staff1', id, 'set', scope)).toMatchObject({
      status: 200,
      body: { awaitsSecondPerson: false },
    });
    expect(await market.mine(wild, id)).toMatchObject({
      open: [],
      stopped: { of: 'account', reason: 'Gone wild' },
    });
    expect(await market.mine(calm, id)).toMatchObject({ stopped: null });
    expect(await market.mine(wild, await market.instrument())).toMatchObject({ stopped: null });
    expect(await market.order(wild, id, {})).toMatchObject({
      status: 409,
      body: { code: 'trading.blocked', accepted: { scope: 'account' } },
    });
    expect((await market.order(calm, id, {})).status).toBe(201);
    expect((await kill('staff2', id, 'set', scope)).body.code).toBe('trading.blocked');
    expect((await kill('staff1', id, 'lift', scope)).body.awaitsSecondPerson).toBe(true);
    expect((await kill('staff1', id, 'lift', scope)).body.code).toBe('market.approvals_invalid');
    const seen = await market.call('staff2', 'GET', `/v1/staff/instruments/${id}/supervision`);
    expect(seen.body.killSwitches).toMatchObject([
      { scope, reason: 'Gone wild', liftApprovedBy: 'Name of person-of-staff1', seq: expect.any(Number) },
    ]);
    const [agreed, again, set] = seen.body.actions;
    const about = `account:${wild}`;
    expect(agreed).toMatchObject({ action: 'market.approved', about: `lift:${about}`, seq: null });
    expect(again).toMatchObject({ action: 'set_kill_switch', about, refused: 'trading.blocked' });
    expect(set).toMatchObject({
      action: 'set_kill_switch',
      person: 'Name of person-of-staff1',
      about,
      reason: 'Gone wild',
      seq: seen.body.killSwitches[0].seq,
      refused: null,
    });
    expect((await kill('staff2', id, 'lift', scope)).body.awaitsSecondPerson).toBe(false);
    expect((await market.order(wild, id, {})).status).toBe(201);
    expect((await kill('staff2', id, 'lift', scope)).body.code).toBe('trading.not_blocked');
  });

  it('for a company that nobody knows is refused, rather than to stop nobody', async () => {
    const id = await market.instrument();
    for (const scope of [
      { of: 'account', organisationId: 'nobody' },
      { of: 'owner_group', ownerGroup: 'nobody' },
    ])
      expect(await kill('staff1', id, 'set', scope)).toMatchObject({
        status: 422,
        body: { code: 'account.invalid', fields: { scope: 'unknown' } },
      });
  });

  it('of the exchange stops every market, also one listed later, and two people start them all again', async () => {
    const [one, two] = [await market.instrument(), await market.instrument()];
    const stopOf = async (id: string) =>
      (await market.call(null, 'GET', `/v1/instruments/${id}`)).body.stopped;
    const who = await market.trader('maker', two);
    await market.fund(who, 1);
    await market.order(who, two, {});
    const everything = { of: 'exchange' };
    expect((await kill('staff1', one, 'set', everything)).status).toBe(200);
    expect((await market.mine(who, two)).open).toEqual([]);
    const later = await market.instrument();
    await market.hold(who, later, '0.01');
    for (const id of [two, later]) {
      expect((await market.order(who, id, {})).body.accepted).toEqual({ scope: 'exchange' });
      expect(await stopOf(id)).toMatchObject({ of: 'exchange', reason: 'Gone wild' });
    }
    // Said again, it reaches what it did not reach before, and says so when there is nothing left.
    expect((await kill('staff2', one, 'set', everything)).body.code).toBe('trading.blocked');
    await kill('staff1', one, 'lift', everything);
    expect((await kill('staff2', one, 'lift', everything)).body.awaitsSecondPerson).toBe(false);
    expect(await stopOf(two)).toBeNull();
    expect((await market.order(who, two, {})).status).toBe(201);
    expect((await market.order(who, later, {})).body.code).toBe('order.exposure_exceeded');
  });
});

it('a credit line is set between admitted companies', async () => {
  const id = await market.instrument();
  const [from, to] = [await market.trader('from', id), await market.trader('to', id)];
  for (const amount of ['1000.00', null])
    expect(await act('staff1', id, 'credit-lines', { from, to, amount })).toMatchObject({
      status: 200,
      body: {},
    });
  expect(await act('staff1', id, 'credit-lines', { from, to: from, amount: null })).toMatchObject({
    status: 422,
    body: { code: 'credit_line.invalid', accepted: { field: 'to' } },
  });
  expect(await trail(id)).toContain('staff1 set_credit_line');
});

it('a random end: nobody sees the seed before its window, everybody after, and it fits the commitment', async () => {
  const id = market.fresh('Q5500-');
  const session = [
    { phase: 'call' as const, startsAt: market.at(5), noCancelSeconds: 10, randomEndSeconds: 30 },
    { phase: 'continuous' as const, startsAt: market.at(65) },
    { phase: 'closed' as const, startsAt: market.at(100_000) },
  ];
  const listed = await market.call('staff1', 'POST', '/v1/staff/instruments', market.terms(id, session));
  const { commitment } = listed.body.session[0].randomEnd;
  expect(listed.body.session[0].randomEnd).toEqual({ seconds: 30, commitment, seed: null });
  const [kept] = await market.db.sql`select seed from random_end_seed where commitment = ${commitment}`;
  market.turnClock(6);
  await market.order('passerby', id, {});
  await market.inPhase(id, 'call');
  // Too early by the market's clock: tried again later.
  expect(await market.workLater('trading.draw_random_end')).toContain('failed');
  const everything = JSON.stringify([
    (await market.call('staff1', 'GET', `/v1/instruments/${id}`)).body,
    await market.db.sql`select bodies from journal_batch`,
    await market.db.sql`select * from audit_entry`,
  ]);
  expect(everything).not.toContain(kept?.['seed']);
  market.turnClock(30);
  expect(await market.workLater('trading.draw_random_end')).toEqual(['done']);
  await expect(market.db.sql`delete from random_end_seed`).rejects.toMatchObject({ code: 'CX002' });
  await market.caughtUp(id);
  const { body } = await market.call(null, 'GET', `/v1/instruments/${id}`);
  const { seed } = body.session[0].randomEnd;
  expect(hash('sha256', seed)).toBe(commitment);
  // The clock runs on: a call that was to end in its first moments may be over by now.
  if (body.status.phase === 'call') {
    const endsAt = Date.parse(body.status.until);
    expect(endsAt).toBeLessThanOrEqual(Date.parse(session[1]!.startsAt));
    expect(endsAt).toBeGreaterThanOrEqual(Date.parse(session[1]!.startsAt) - 30_000);
  } else expect(body.status.phase).toBe('continuous');
  market.turnClock(30);
  await market.order('passerby', id, {});
  await market.inPhase(id, 'continuous');
  // What comes after the call is over has nothing left to draw.
  await market.db.sql`update outbox set done_at = null, leased_until = '-infinity'
    where topic = 'trading.draw_random_end'`;
  expect(await market.workLater('trading.draw_random_end')).toEqual(['done']);
});
