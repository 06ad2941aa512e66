import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditLedger } from '../ledger/audit.ts';
import { type Answer, Desk, type Trade } from '../trade/testing.ts';
import { Case, REASONS } from './testing.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(async () => {
  expect((await auditLedger(desk.db.sql))?.findings).toEqual([]);
  await desk.close();
});

const refusal = (answer: Answer) => [answer.status, answer.body.code];

/** 100 t that came to 60,000.00; both sides have 2,000.00 to spare. */
async function delivered(spare = 2000): Promise<Trade> {
  const trade = await desk.trade(60_000 + spare);
  if (spare > 0) await desk.fund(trade.seller, spare);
  await desk.deliver(trade, '100');
  return trade;
}

const filed = async () => Case.filed(desk, await delivered());

describe('filing', () => {
  it('holds the fee, pays the seller what nobody disputes, and keeps only the rest in escrow', async () => {
    const one = await filed();
    // 50,000.00 less 0.20 % and 6 % on that is 49,894.00; what stays covers 60,000.00 at the most.
    expect(await desk.view(one.trade)).toMatchObject({
      state: 'disputed',
      escrow: '10106.00',
      released: '49894.00',
    });
    expect(await desk.money(one.trade.buyer)).toMatchObject({ free: 1900, held: 100, escrow: 10_106 });
    const [payment] = await desk.db.sql`select amount::int, status from payment
      where obligation_key = ${`payout:${one.trade.id}:dispute-${one.id}`}`;
    expect(payment).toEqual({ amount: 4_989_400, status: 'approved' });
    expect(await one.view()).toMatchObject({
      state: 'filed',
      waitsFor: ['centre'],
      disputed: '10000.00',
      undisputedPaid: '49894.00',
      fee: { amount: '100.00', state: 'held' },
    });
  });

  it('gives the buyer back at once what even the seller does not claim', async () => {
    const trade = await desk.trade(62_000);
    await desk.fund(trade.seller, 500);
    await desk.deliver(trade, '95');
    const { body } = await desk.dispute(trade, trade.seller, '58000.00');
    expect(await desk.view(trade)).toMatchObject({ finalAmount: '57000.00', escrow: '1120.84' });
    // 60,000.00 − 58,000.00 are the buyer's whoever is right.
    expect(await desk.money(trade.buyer)).toMatchObject({ free: 2000 + 2000 });
    expect(body).toMatchObject({ filedBy: 'seller', low: '57000.00', high: '58000.00' });
  });

  it('is refused without a claim, without the fee, by strangers, too early, too late, and twice', async () => {
    const poor = await delivered(0);
    expect(await desk.dispute(poor)).toMatchObject({
      status: 422,
      body: { code: 'dispute.fee_unpaid', accepted: { available: '0.00' } },
    });
    expect((await desk.view(poor)).state).toBe('result_due');
    const trade = await delivered();
    expect(await desk.dispute(trade, trade.buyer, '60000.00')).toMatchObject({
      status: 422,
      body: { code: 'dispute.claims_nothing', accepted: { below: '60000.00' } },
    });
    expect(refusal(await desk.dispute(trade, trade.seller, '59000'))).toEqual([
      422,
      'dispute.claims_nothing',
    ]);
    expect(refusal(await desk.dispute(trade, trade.seller, '999999999'))).toEqual([400, 'request.invalid']);
    expect(refusal(await desk.dispute(trade, poor.buyer))).toEqual([404, 'resource.not_found']);
    const url = `/v1/settlements/${trade.id}/disputes`;
    const said = { cause: 'weight', statement: 'wet coal' };
    expect(refusal(await desk.call(trade.buyer, 'POST', url, said))).toEqual([422, 'dispute.amount']);
    await desk.db
      .sql`update settlement set result_due_at = now() - interval '1 second' where contract_id = ${trade.id}`;
    expect(await desk.dispute(trade)).toMatchObject({
      status: 409,
      body: { code: 'dispute.late', accepted: { until: expect.any(String) } },
    });
  });

  it('of both sides at once is taken once, and the other is told of it', async () => {
    const trade = await delivered();
    const both = await Promise.all([
      desk.dispute(trade),
      desk.dispute(trade, trade.seller, '61000.00'),
      desk.dispute(trade),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([201, 409, 409]);
    const won = both.find(({ status }) => status === 201)!.body.id;
    const lost = both.filter(({ status }) => status === 409);
    expect(lost.map(({ body }) => [body.code, body.accepted])).toEqual([
      ['dispute.duplicate', { dispute: won }],
      ['dispute.duplicate', { dispute: won }],
    ]);
  });

  it('stops acceptance, rating, another laboratory, and the word of one person', async () => {
    const one = await filed();
    const url = `/v1/settlements/${one.trade.id}`;
    const order = (await desk.view(one.trade)).deliveryOrderId;
    expect(refusal(await desk.accept(one.trade))).toEqual([409, 'settlement.not_due']);
    const rated = await desk.call(one.trade.buyer, 'POST', `${url}/rating`, { score: 1, comment: '' });
    expect(refusal(rated)).toEqual([409, 'rating.not_yet']);
    const challenged = await desk.call(
      one.trade.buyer,
      'POST',
      `/v1/delivery-orders/${order}/inspection/challenge`,
      { reason: 'another laboratory' },
    );
    expect(refusal(challenged)).toEqual([409, 'inspection.challenge_over']);
    const alone = { reason: 'one person alone' };
    const decided = await desk.call('staff', 'POST', `/v1/staff/settlements/${one.trade.id}/decision`, alone);
    expect(refusal(decided)).toEqual([409, 'dispute.open']);
    expect(await desk.money(one.trade.buyer)).toMatchObject({ performance_security: 1000 });
  });
});

describe('the hearing', () => {
  it('takes words and files of both sides, writes down who read them, and ends when both are done', async () => {
    const one = await filed();
    const { buyer, seller } = one.trade;
    expect(refusal(await one.call(buyer, 'statements', { text: 'early' }))).toEqual([
      409,
      'dispute.evidence_closed',
    ]);
    expect((await one.call('staff1', 'admission')).body).toMatchObject({
      state: 'evidence',
      byTime: 'close_evidence',
    });
    expect((await one.call(buyer, 'statements', { text: 'It rained.' })).status).toBe(201);
    const file = {
      name: 'ticket.txt',
      mediaType: 'text/plain',
      content: Buffer.from('95 t').toString('base64'),
    };
    const { body } = await one.call(seller, 'files', file);
    expect(refusal(await one.call(seller, 'files', file))).toEqual([409, 'dispute.evidence_known']);
    expect(refusal(await one.call(seller, 'files', { ...file, mediaType: 'image/png' }))).toEqual([
      422,
      'negotiation.file_type_differs',
    ]);
    const handed = body.evidence[1];
    expect(handed).toMatchObject({ side: 'seller', file: { name: 'ticket.txt', bytes: 4, readBy: [] } });
    const url = `/v1/disputes/${one.id}/files/${handed.id}`;
    const stranger = desk.fresh('stranger');
    expect((await desk.call(stranger, 'GET', url)).status).toBe(404);
    for (const reader of [seller, buyer, buyer, 'staff2'])
      expect(Buffer.from((await desk.call(reader, 'GET', url)).body).toString()).toBe('95 t');
    const read = (await one.view()).evidence[1].file.readBy;
    expect(read.map(({ side }: { side: string }) => side)).toEqual(['buyer', 'centre']);
    await one.call(buyer, 'evidence-end');
    expect(await one.view()).toMatchObject({ state: 'evidence', waitsFor: ['seller'] });
    expect((await one.call(seller, 'evidence-end')).body).toMatchObject({ state: 'decision', mayAdd: false });
    expect(refusal(await one.call(seller, 'statements', { text: 'late' }))).toEqual([
      409,
      'dispute.evidence_closed',
    ]);
    await expect(desk.db.sql`update dispute_evidence set text = 'other'`).rejects.toThrow(/./);
  });

  it('begins and ends by time when nobody does anything, also after a restart', async () => {
    const one = await filed();
    expect(await desk.work()).toEqual([]);
    expect(await one.deadline()).toEqual(['done']);
    expect(await one.view()).toMatchObject({ state: 'evidence', steps: [{ by: 'buyer' }, { by: null }] });
    expect(await one.deadline()).toEqual(['done']);
    expect(await one.view()).toMatchObject({ state: 'decision', waitsFor: ['centre'], byTime: null });
    expect(await one.deadline()).toEqual([]);
  });

  it('is refused by the centre with a reason; the fee comes back and the result stands', async () => {
    const one = await filed();
    const word = { reason: 'corrected', text: 'The ticket has been corrected.' };
    expect((await one.call('staff1', 'rejection', word)).body).toMatchObject({
      state: 'rejected',
      waitsFor: [],
    });
    expect(await one.fees()).toEqual(['voided']);
    expect((await desk.view(one.trade)).state).toBe('result_due');
    expect(refusal(await one.call('staff1', 'rejection', word))).toEqual([409, 'dispute.not_awaited']);
    expect((await desk.accept(one.trade)).body).toMatchObject({ state: 'paying_out', payout: '59872.80' });
  });

  it('is ended by whoever filed; what is left of the time runs on, and the next dispute has its own number', async () => {
    const one = await filed();
    const { buyer, seller } = one.trade;
    expect(refusal(await one.call(seller, 'withdrawal'))).toEqual([404, 'resource.not_found']);
    expect((await one.call(buyer, 'withdrawal')).body).toMatchObject({ state: 'withdrawn' });
    expect(refusal(await one.call(buyer, 'withdrawal'))).toEqual([409, 'dispute.decided']);
    expect(await one.fees()).toEqual(['voided']);
    const next = await Case.filed(desk, one.trade, '55000.00');
    expect(await next.view()).toMatchObject({ number: 2, undisputedPaid: '4989.40' });
    await next.call(buyer, 'withdrawal');
    await desk.db.sql`update outbox set not_before = now() where payload ->> 'contractId' = ${one.trade.id}
      and topic = 'settlement.accept' and done_at is null`;
    await desk.work();
    expect(await desk.view(one.trade)).toMatchObject({
      state: 'paying_out',
      escrow: '0.00',
      payout: '59872.80',
    });
  });
});

describe('an agreement', () => {
  it('ends it at the last offer of the other side, at any time, with the fee back and a note', async () => {
    const one = await filed();
    const { buyer, seller } = one.trade;
    await one.call(buyer, 'offers', { amount: '52000.00' });
    await one.call(seller, 'offers', { pricePerTonne: '560.00' });
    expect(refusal(await one.call(seller, 'agreement', { offer: 1 }))).toEqual([
      409,
      'dispute.offer_superseded',
    ]);
    expect(refusal(await one.call(seller, 'agreement', { offer: 2 }))).toEqual([
      409,
      'dispute.offer_superseded',
    ]);
    expect((await one.call(buyer, 'agreement', { offer: 2 })).body).toMatchObject({
      state: 'agreed',
      amount: '56000.00',
      fee: { state: 'returned' },
    });
    expect(await desk.view(one.trade)).toMatchObject({
      state: 'paying_out',
      finalAmount: '56000.00',
      escrow: '0.00',
      notes: [{ kind: 'credit_note', cause: 'dispute', amount: '4000.00' }],
    });
    expect(refusal(await one.call(buyer, 'agreement', { offer: 2 }))).toEqual([409, 'dispute.over']);
    expect(await desk.money(buyer)).toEqual({ free: 2000 + 4000 + 1000 });
  });

  it('on more than the buyer has now leaves the rest owed, and pays the seller what there is', async () => {
    const one = await filed();
    const { buyer, seller } = one.trade;
    await one.call(seller, 'offers', { amount: '70000.00' });
    expect((await one.call(buyer, 'agreement', { offer: 1 })).body.state).toBe('agreed');
    const owed = await desk.db.sql`select kind, amount::int, debtor_id as debtor, paid_at from obligation
      where creditor_id = ${seller}`;
    // 70,000.00 less what was paid in and the buyer's 2,000.00.
    expect(owed).toEqual([{ kind: 'final_balance', amount: 800_000, debtor: buyer, paid_at: null }]);
    expect(await desk.view(one.trade)).toMatchObject({ state: 'paying_out', payout: '61851.60' });
    await desk.fund(buyer, 9000);
    await desk.db
      .sql`update outbox set not_before = now() where topic = 'settlement.obligation_due' and done_at is null`;
    await desk.work();
    expect((await desk.money(seller))['free']).toBe(2000 + 8000);
  });
});

describe('a decision', () => {
  it('takes two persons, is theirs until then, and cannot lie beyond the two claims', async () => {
    const one = await (await filed()).heard();
    const propose = { amount: '55000.00', reasons: REASONS };
    expect(await one.call('staff1', 'proposals', { ...propose, amount: '49999.99' })).toMatchObject({
      status: 422,
      body: { code: 'dispute.out_of_range', accepted: { from: '50000.00', to: '60000.00' } },
    });
    expect((await one.call('staff1', 'proposals', propose)).body.proposal).toMatchObject({
      number: 1,
      own: true,
    });
    expect((await one.view()).proposal).toBeNull();
    expect(refusal(await one.call('staff1', 'confirmation', { proposal: 1 }))).toEqual([
      409,
      'two_person.own',
    ]);
    await one.call('staff2', 'proposals', { ...propose, amount: '56000.00' });
    expect(refusal(await one.call('staff3', 'confirmation', { proposal: 1 }))).toEqual([
      409,
      'dispute.proposal_changed',
    ]);
    const both = await Promise.all([
      one.call('staff1', 'confirmation', { proposal: 2 }),
      one.call('staff3', 'confirmation', { proposal: 2 }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(await one.view()).toMatchObject({
      state: 'partly',
      waitsFor: ['buyer', 'seller'],
      decisions: [{ instance: 1, amount: '56000.00', reasons: REASONS }],
    });
    // Nothing moves before it is final.
    expect((await desk.view(one.trade)).escrow).toBe('10106.00');
    expect(await one.fees()).toEqual(['held']);
  });

  it('that declines takes the fee and settles when its time to appeal is over', async () => {
    const one = await (await filed()).heard();
    expect((await one.decided('60000.00')).body).toMatchObject({ state: 'declined', byTime: 'finish' });
    expect(refusal(await one.call(one.trade.buyer, 'withdrawal'))).toEqual([409, 'dispute.decided']);
    await one.deadline();
    expect(await one.view()).toMatchObject({ state: 'final', outcome: 'declined', fee: { state: 'kept' } });
    expect(await desk.view(one.trade)).toMatchObject({ state: 'paying_out', notes: [], payout: '59872.80' });
    expect(await desk.money(one.trade.buyer)).toEqual({ free: 1900 + 1000 });
  });

  it('that satisfies gives the fee back, is final when the loser accepts it, and the delivery closes', async () => {
    const one = await (await filed()).heard();
    const { buyer, seller } = one.trade;
    const compensation = { owedBy: 'seller', amount: '300.00' };
    expect((await one.decided('50000.00', ['staff1', 'staff2'], { compensation })).body.state).toBe(
      'satisfied',
    );
    expect(refusal(await one.call(buyer, 'decision-acceptance'))).toEqual([409, 'dispute.not_losing']);
    expect(refusal(await one.call(buyer, 'appeal', { reason: 'more, please' }))).toEqual([
      409,
      'dispute.not_losing',
    ]);
    expect((await one.call(seller, 'decision-acceptance')).body.state).toBe('final');
    expect(await one.fees()).toEqual(['voided']);
    expect(await desk.view(one.trade)).toMatchObject({
      finalAmount: '50000.00',
      escrow: '0.00',
      payout: '49894.00',
    });
    expect(await desk.money(buyer)).toEqual({ free: 2000 + 10_000 + 1000 + 300 });
    expect((await desk.money(seller))['free']).toBe(2000 - 300);
    const [part] = await desk.db.sql<{ key: string }[]>`select obligation_key as key from payment
      where obligation_key like ${`payout:${one.trade.id}:%`}`;
    // All of it was undisputed: there is no other part to pay.
    await desk.bankSays(one.trade, 'booked', part!.key.split(':')[2]);
    expect((await desk.view(one.trade)).state).toBe('closed');
    const rated = await desk.call(buyer, 'POST', `/v1/settlements/${one.trade.id}/rating`, {
      score: 3,
      comment: '',
    });
    expect(rated.status).toBe(201);
  });
});

describe('an appeal', () => {
  it('costs twice the fee, is decided by two others, and comes back where it helped', async () => {
    const one = await (await filed()).heard();
    const { buyer } = one.trade;
    await one.decided('60000.00');
    expect((await one.call(buyer, 'appeal', { reason: 'The scale was wrong.' })).body).toMatchObject({
      state: 'appealed',
      appeal: { side: 'buyer', amount: '200.00', state: 'held' },
      mayAdd: true,
    });
    expect((await one.call(buyer, 'statements', { text: 'A new ticket.' })).status).toBe(201);
    const again = { amount: '58000.00', reasons: REASONS };
    for (const same of ['staff1', 'staff2'])
      expect(refusal(await one.call(same, 'proposals', again))).toEqual([403, 'dispute.same_persons']);
    const made = await one.call('staff3', 'proposals', again);
    const { number } = made.body.proposal;
    expect(refusal(await one.call('staff1', 'confirmation', { proposal: number }))).toEqual([
      403,
      'dispute.same_persons',
    ]);
    expect(refusal(await one.call('staff4', 'confirmation', { proposal: 1 }))).toEqual([
      409,
      'dispute.proposal_changed',
    ]);
    expect((await one.call('staff4', 'confirmation', { proposal: number })).body).toMatchObject({
      state: 'final',
      outcome: 'partly',
      amount: '58000.00',
    });
    expect(await one.fees()).toEqual(['voided', 'voided']);
    expect((await desk.view(one.trade)).notes).toMatchObject([{ kind: 'credit_note', amount: '2000.00' }]);
  });

  it('that changes nothing costs both fees', async () => {
    const one = await (await filed()).heard();
    await one.decided('60000.00');
    await one.call(one.trade.buyer, 'appeal', { reason: 'The scale was wrong.' });
    await one.decided('60000.00', ['staff3', 'staff4']);
    expect(await one.fees()).toEqual(['posted', 'posted']);
    expect(await desk.money(one.trade.buyer)).toEqual({ free: 2000 - 300 + 1000 });
  });

  it('at its deadline is refused, and at once with the deadline only one of them counts', async () => {
    const one = await (await filed()).heard();
    await one.decided('60000.00');
    const reason = { reason: 'The scale was wrong.' };
    const [, appealed] = await Promise.all([one.deadline(), one.call(one.trade.buyer, 'appeal', reason)]);
    const { state } = await one.view();
    expect([
      [200, 'appealed'],
      [409, 'final'],
    ]).toContainEqual([appealed.status, state]);
    const late = await (await filed()).heard();
    await late.decided('60000.00');
    await desk.db.sql`update settlement_dispute set due_at = now() where id = ${late.id}`;
    expect(await late.call(late.trade.buyer, 'appeal', reason)).toMatchObject({
      status: 409,
      body: { code: 'dispute.appeal_late', accepted: { until: expect.any(String) } },
    });
    await late.deadline();
    expect((await late.view()).state).toBe('final');
  });

  it('and withdrawal, confirmed at the same moment as the decision, leave one of them', async () => {
    const one = await (await filed()).heard();
    await one.call('staff1', 'proposals', { amount: '60000.00', reasons: REASONS });
    const answers = await Promise.all([
      one.call('staff2', 'confirmation', { proposal: 1 }),
      one.call(one.trade.buyer, 'withdrawal'),
    ]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    expect(['declined', 'withdrawn']).toContain((await one.view()).state);
  });
});

describe('a result that could not be computed', () => {
  it('is disputed by a price, and the decision writes the final invoice', async () => {
    const trade = await desk.trade(61_000);
    await desk.deliver(trade, '100', { ash: '20.01' });
    expect(refusal(await desk.dispute(trade))).toEqual([422, 'dispute.amount']);
    const url = `/v1/settlements/${trade.id}/disputes`;
    const claim = { cause: 'quality', statement: 'ash above the limit', pricePerTonne: '300.00' };
    const { body } = await desk.call(trade.buyer, 'POST', url, claim);
    expect(body).toMatchObject({ computed: null, low: '30000.00', high: '60000.00' });
    const one = await new Case(desk, trade, body.id).heard();
    expect(refusal(await one.decided('40000.00'))).toEqual([409, 'dispute.proposal_changed']);
    const priced = { pricePerTonne: '400.00', reasons: REASONS };
    const { proposal } = (await one.call('staff1', 'proposals', priced)).body;
    await one.call('staff2', 'confirmation', { proposal: proposal.number });
    await one.call(trade.buyer, 'decision-acceptance');
    await one.call(trade.seller, 'decision-acceptance');
    const view = await desk.view(trade);
    expect(view).toMatchObject({ state: 'paying_out', finalAmount: '40000.00', escrow: '0.00', notes: [] });
    expect(view.invoices[1]).toMatchObject({ kind: 'final', amount: '40000.00', unitPrice: '400.00' });
  });
});

describe('readers', () => {
  it('see the disputes of their own deliveries only; staff see all, the nearest deadline first', async () => {
    const one = await filed();
    const other = await filed();
    const seen = async (as: string, query = '') =>
      (await desk.call(as, 'GET', `/v1/disputes${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await seen(one.trade.buyer)).toEqual([one.id]);
    expect(await seen(one.trade.seller, `?contract=${one.trade.id}`)).toEqual([one.id]);
    expect(await seen(one.trade.seller, `?contract=${other.trade.id}`)).toEqual([]);
    const all = await seen('staff1', '?open=true');
    expect(all.indexOf(one.id)).toBeLessThan(all.indexOf(other.id));
    const stranger = other.trade.buyer;
    expect((await desk.call(stranger, 'GET', `/v1/disputes/${one.id}`)).status).toBe(404);
    for (const path of ['withdrawal', 'evidence-end', 'decision-acceptance'])
      expect((await one.call(stranger, path)).status, path).toBe(404);
    for (const path of ['admission', 'confirmation'])
      expect(
        (await desk.call(stranger, 'POST', `/v1/staff/disputes/${one.id}/${path}`, { proposal: 1 })).status,
      ).toBe(403);
  });
});

describe('a buyer that does not pay in time', () => {
  it('is in default, visibly, and cures it by paying', async () => {
    const trade = await desk.trade(60_000);
    const due = async () => {
      await desk.db.sql`update settlement set provisional_due_at = now() where contract_id = ${trade.id}`;
      await desk.db.sql`update outbox set not_before = now()
        where effect_key = ${`settlement:${trade.id}:payment_due`} and done_at is null`;
      return desk.work();
    };
    expect(await due()).toEqual(['done']);
    expect(await desk.view(trade)).toMatchObject({ state: 'defaulted', waitsFor: 'buyer' });
    expect(await desk.openWork(trade.id)).toMatchObject([{ kind: 'settlement.defaulted' }]);
    const notice = { side: 'buyer', reason: 'nothing has come' };
    const url = `/v1/staff/settlements/${trade.id}/default-notice`;
    expect((await desk.call('staff1', 'POST', url, notice)).status).toBe(201);
    expect(await desk.pay(trade)).toMatchObject({ status: 200, body: { state: 'funded' } });
    await due();
    expect((await desk.view(trade)).state).toBe('funded');
  });

  it('but paid in time is not', async () => {
    const trade = await desk.trade(60_000);
    await desk.pay(trade);
    await desk.db
      .sql`update outbox set not_before = now() where effect_key = ${`settlement:${trade.id}:payment_due`}`;
    await desk.work();
    expect((await desk.view(trade)).state).toBe('funded');
  });
});
