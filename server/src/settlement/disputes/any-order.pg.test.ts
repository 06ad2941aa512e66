/** Whoever does whatever in whichever order: money stays what it is, each fee ends once, and somebody can always act. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { auditLedger } from '../ledger/audit.ts';
import { Desk } from '../trade/testing.ts';
import { isOver } from './lifecycle.ts';
import { Case, REASONS } from './testing.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => {
  expect((await auditLedger(desk.db.sql))?.findings).toEqual([]);
  await desk.close();
});

type Act = (one: Case) => Promise<unknown>;
const party = fc.constantFrom('buyer' as const, 'seller' as const);
const staff = fc.constantFrom('staff1', 'staff2', 'staff3', 'staff4');
const amount = fc.constantFrom('50000.00', '55555.55', '60000.00');
const number = fc.integer({ min: 1, max: 3 });

/** As many as there are commands, and time. */
const acts: fc.Arbitrary<Act> = fc.oneof(
  fc.tuple(staff, fc.constantFrom('admission', 'rejection')).map(
    ([as, path]): Act =>
      async (one) =>
        one.call(as, path, { ...(path === 'rejection' && { reason: 'late', text: 'too late' }) }),
  ),
  party.map(
    (side): Act =>
      async (one) =>
        one.call(one.trade[side], 'evidence-end'),
  ),
  fc.tuple(party, amount).map(
    ([side, sum]): Act =>
      async (one) =>
        one.call(one.trade[side], 'offers', { amount: sum }),
  ),
  fc.tuple(party, number).map(
    ([side, offer]): Act =>
      async (one) =>
        one.call(one.trade[side], 'agreement', { offer }),
  ),
  party.map(
    (side): Act =>
      async (one) =>
        one.call(one.trade[side], 'withdrawal'),
  ),
  fc.tuple(staff, amount).map(
    ([as, sum]): Act =>
      async (one) =>
        one.call(as, 'proposals', { amount: sum, reasons: REASONS }),
  ),
  fc.tuple(staff, number).map(
    ([as, proposal]): Act =>
      async (one) =>
        one.call(as, 'confirmation', { proposal }),
  ),
  party.map(
    (side): Act =>
      async (one) =>
        one.call(one.trade[side], 'decision-acceptance'),
  ),
  party.map(
    (side): Act =>
      async (one) =>
        one.call(one.trade[side], 'appeal', { reason: 'it is wrong' }),
  ),
  fc.constant<Act>(async (one) => one.deadline()),
);

async function total(): Promise<string> {
  const [row] = await desk.db.sql<{ total: string }[]>`
    select coalesce(sum(debits_posted - credits_posted), 0)::text as total from ledger_account
     where code = 'platform/CNY/bank_clearing'`;
  return row!.total;
}

/** From wherever it is to its end, by those it waits for, or by time. */
async function bringToEnd(one: Case): Promise<string> {
  for (let turn = 0; turn < 8; turn += 1) {
    const view = await one.view();
    if (isOver(view.state)) return view.state;
    expect(view.waitsFor.length, view.state).toBeGreaterThan(0);
    if (view.state === 'decision') await one.decided('55000.00');
    else if (view.state === 'appealed') await decideAppeal(one);
    else await one.deadline();
  }
  return 'never';
}

/** The two who had no part in the first decision. */
async function decideAppeal(one: Case): Promise<void> {
  const others: string[] = [];
  for (const as of ['staff1', 'staff2', 'staff3', 'staff4'])
    if (!(await one.view(as)).excluded) others.push(as);
  await one.decided('56000.00', [others[0]!, others[1]!]);
}

it('any sequence of commands conserves money, ends each fee once, and leads to an end', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(acts, { minLength: 4, maxLength: 14 }), async (sequence) => {
      const trade = await desk.trade(64_000);
      await desk.fund(trade.seller, 2000);
      await desk.deliver(trade, '100');
      const before = await total();
      const one = await Case.filed(desk, trade);
      // Each call proves the ledger.
      for (const act of sequence) await act(one);
      const state = await bringToEnd(one);
      expect(isOver(state as never), state).toBe(true);
      const fees = await one.fees();
      expect(fees.length).toBeGreaterThan(0);
      expect(fees).not.toContain('held');
      expect(await total()).toBe(before);
      const { escrow, state: settled } = await desk.view(trade);
      if (settled !== 'result_due') expect(escrow).toBe('0.00');
    }),
    { numRuns: 4, endOnFailure: true },
  );
});
