import { partyAccount, platformAccount } from '@seam/ledger';
import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { post } from '../ledger/ledger.ts';
import { checkLedger } from '../ledger/read.ts';
import { withdrawable } from './accounts.ts';
import { closeCase, identifyDeposit, unmatchedDeposits } from './cases.ts';
import { MESSAGE_ATTEMPTS_MAX, processInbox } from './inbox.ts';
import { type Payment, paymentById } from './payments.ts';
import { bankProof } from './proof.ts';
import { ExchangeSide, OWN_ACCOUNTS } from './testing/exchange-side.ts';

let side: ExchangeSide;
beforeAll(async () => {
  side = await ExchangeSide.open();
});
afterAll(async () => side.db.close());

/** What is earned: money on `payable`, as after a final settlement. */
async function producer(amount: bigint): Promise<string> {
  const { orgId } = await side.richMember(amount);
  const legs = [
    {
      phase: 'posted',
      debit: partyAccount(orgId, 'CNY', 'free'),
      credit: partyAccount(orgId, 'CNY', 'payable'),
      amount: minor(amount),
    },
  ] as const;
  expect(
    await post(side.db.sql, { effectKey: side.fresh('earn'), reason: 'correction', subject: 'test', legs }),
  ).toMatchObject({ ok: true });
  return orgId;
}
const debitOf = (payment: Payment, amount = payment.amount) =>
  side.entry({ amount, direction: 'debit', endToEndId: payment.endToEndId });
const statusOf = async (payment: Payment) => (await paymentById(side.db.sql, payment.paymentId))?.status;

describe('a deposit', () => {
  it('K3 is credited once, however often and on whatever channel the bank tells it', async () => {
    const { orgId, reference } = await side.member();
    const entry = side.entry({ amount: minor(1234n), reference });
    const told = side.notification([entry]);
    expect(await side.receive(told, 'once')).toEqual({ ok: true, outcome: 'stored' });
    expect(await side.receive(told, 'once')).toEqual({ ok: true, outcome: 'duplicate' });
    await side.take(told, side.notification([entry]), side.notification([entry, entry]));
    expect(await side.money(orgId)).toMatchObject({ free: 1234n });
    expect(
      side.facts.filter((fact) => fact.type === 'deposit_credited' && fact.orgId === orgId),
    ).toHaveLength(1);
  });

  it('K4 of the same event with another body is refused and changes nothing', async () => {
    const { orgId, reference } = await side.member();
    const told = side.notification([side.entry({ amount: minor(5n), reference })]);
    await side.receive(told, 'conflict');
    await processInbox(side.deps);
    expect(await side.receive(told.replaceAll('0.05', '0.06'), 'conflict')).toMatchObject({
      ok: false,
      code: 'bank.event_conflict',
    });
    await processInbox(side.deps);
    expect(await side.money(orgId)).toMatchObject({ free: 5n });
  });

  it('under a bank reference that was booked with another amount opens a case and changes nothing', async () => {
    const { orgId, reference } = await side.member();
    const entry = side.entry({ amount: minor(5n), reference });
    await side.take(side.notification([entry]), side.notification([{ ...entry, amount: minor(6n) }]));
    expect(await side.money(orgId)).toMatchObject({ free: 5n });
    expect(await side.cases()).toContain('line_conflict');
  });

  it('finds its owner however the payer writes the reference', async () => {
    const { orgId, reference } = await side.member();
    const ways = [
      reference.toLowerCase(),
      reference.replaceAll(/(.{4})/g, '$1 '),
      `payment ${reference} thanks`,
      `deposit-${reference}`,
    ];
    for (const remittance of ways)
      await side.take(side.notification([side.entry({ amount: minor(1n), remittance })]));
    expect(await side.money(orgId)).toMatchObject({ free: BigInt(ways.length) });
  });

  it('K6 with no, a mistyped, two members’ or another currency’s reference goes to suspense', async () => {
    const [a, b] = [await side.member(), await side.member()];
    const typo = a.reference.slice(0, -1) + (a.reference.endsWith('7') ? '8' : '7');
    const before = (await side.money('platform'))['suspense'] ?? 0n;
    const entries = [null, typo, `${a.reference} ${b.reference}`].map((remittance) =>
      side.entry({ amount: minor(10n), remittance }),
    );
    await side.take(side.notification(entries));
    await side.take(
      side.notification([side.entry({ amount: minor(10n), reference: a.reference, currency: 'USD' })], 'USD'),
    );
    expect((await side.money('platform'))['suspense']).toBe(before + 30n);
    expect(await side.money('platform', 'USD')).toMatchObject({ suspense: 10n, bank_clearing: 10n });
    expect([await side.money(a.orgId), await side.money(b.orgId)]).toEqual([{}, {}]);
    expect(await side.cases()).toContain('deposit_unmatched');
  });

  it('in suspense becomes somebody’s by two different people, once', async () => {
    const { orgId } = await side.member();
    const entry = side.entry({ amount: minor(77n) });
    await side.take(side.notification([entry]));
    const decide = async (people: [string, string]) =>
      side.step(async (step) =>
        identifyDeposit(step, { account: OWN_ACCOUNTS.CNY, ref: entry.ref, orgId, people }),
      );
    expect(await decide(['p1', 'p1'])).toEqual({ ok: false, code: 'suspense.needs_two_people' });
    expect(await decide(['p1', 'p2'])).toMatchObject({ ok: true });
    expect(await decide(['p1', 'p2'])).toEqual({ ok: false, code: 'suspense.not_open' });
    expect(await side.money(orgId)).toMatchObject({ free: 77n });
    expect((await side.step(async ({ tx }) => unmatchedDeposits(tx))).map((line) => line.ref)).not.toContain(
      entry.ref,
    );
  });

  it('in a currency that the account does not have, or without the bank’s reference, is not booked', async () => {
    const { orgId, reference } = await side.member();
    await side.take(
      side.notification([side.entry({ amount: minor(5n), reference, currency: 'USD' })], 'CNY'),
    );
    const nameless = side
      .notification([side.entry({ amount: minor(5n), reference })])
      .replaceAll(/<AcctSvcrRef>[^<]*<\/AcctSvcrRef>/g, '');
    await side.take(nameless);
    expect(await side.money(orgId)).toEqual({});
    expect(await side.cases()).toEqual(expect.arrayContaining(['line_currency', 'line_without_reference']));
  });

  it('that is only announced is not booked', async () => {
    const { orgId, reference } = await side.member();
    await side.take(
      side.notification([side.entry({ amount: minor(5n), reference })]).replace('BOOK', 'PDNG'),
    );
    expect(await side.money(orgId)).toEqual({});
  });

  it('K7 taken back by its bank leaves a debt that the next deposit pays first', async () => {
    const { orgId, reference } = await side.richMember(100n);
    await post(side.db.sql, {
      effectKey: side.fresh('spend'),
      reason: 'correction',
      subject: 'test',
      legs: [
        {
          phase: 'posted',
          debit: partyAccount(orgId, 'CNY', 'free'),
          credit: platformAccount('CNY', 'fees'),
          amount: minor(70n),
        },
      ],
    });
    const back = side.entry({ amount: minor(100n), direction: 'debit', reference, returnReason: 'AC04' });
    await side.take(side.notification([back]), side.notification([back]));
    expect(await side.money(orgId)).toMatchObject({ free: 0n, receivable: 70n });
    expect(side.facts).toContainEqual({
      type: 'deposit_returned',
      orgId,
      currency: 'CNY',
      amount: 100n,
      owed: 70n,
      lineRef: `${OWN_ACCOUNTS.CNY}.${back.ref}`,
    });
    expect(await side.cases()).toContain('top_up_required');
    await side.take(side.notification([side.entry({ amount: minor(60n), reference })]));
    expect(await side.cases()).toContain('top_up_required');
    await side.take(side.notification([side.entry({ amount: minor(30n), reference })]));
    expect(await side.money(orgId)).toMatchObject({ free: 20n, receivable: 0n });
    expect(await side.cases()).not.toContain('top_up_required');
  });

  it('that only a notification knows may secure a bid and may not be withdrawn', async () => {
    const { orgId } = await side.richMember(100n);
    expect(await side.step(async ({ tx }) => withdrawable(tx, orgId, 'CNY'))).toBe(0n);
    await expect(side.payment(orgId, 1n, { source: 'free' })).rejects.toThrow('payment.not_withdrawable');
  });
});

describe('a payout', () => {
  it('is settled by the bank’s line, not by its status', async () => {
    const orgId = await producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.status(payment, 'ACSC'));
    expect(await statusOf(payment)).toBe('accepted');
    expect(await side.money(orgId)).toMatchObject({ payable: 500n });
    await side.take(side.notification([debitOf(payment)]));
    expect(await statusOf(payment)).toBe('settled');
    expect(await side.money(orgId)).toMatchObject({ payable: 0n });
  });

  it('that the bank rejects gives the money back, and a new instruction may follow', async () => {
    const orgId = await producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.status(payment, 'RJCT', 'AC03'), side.status(payment, 'ACSC'));
    expect(await statusOf(payment)).toBe('rejected');
    const { obligationKey, paymentId } = payment;
    const again = await side.payment(orgId, 500n, { obligationKey, replaces: paymentId });
    expect(again.endToEndId).not.toBe(payment.endToEndId);
    await expect(side.payment(orgId, 500n, { obligationKey })).rejects.toThrow('payment.already_live');
  });

  it('K5 settled first and rejected later stays settled and opens a case', async () => {
    const orgId = await producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.notification([debitOf(payment)]), side.status(payment, 'RJCT', 'AC03'));
    expect(await statusOf(payment)).toBe('settled');
    expect(await side.money(orgId)).toMatchObject({ payable: 0n });
    expect(await side.cases()).toContain('status_contradiction');
  });

  it('rejected first and paid all the same is settled while the money is there, else it is suspense', async () => {
    const orgId = await producer(500n);
    const payment = await side.payment(orgId, 500n);
    await side.take(side.status(payment, 'RJCT', 'AC03'), side.notification([debitOf(payment)]));
    expect(await statusOf(payment)).toBe('settled');
    expect(await side.money(orgId)).toMatchObject({ payable: 0n });

    const other = await producer(500n);
    const first = await side.payment(other, 500n);
    await side.take(side.status(first, 'RJCT', 'AC03'));
    const second = await side.payment(other, 500n, {
      obligationKey: first.obligationKey,
      replaces: first.paymentId,
    });
    const before = (await side.money('platform'))['suspense'] ?? 0n;
    await side.take(side.notification([debitOf(first)]), side.notification([debitOf(second)]));
    expect([await statusOf(first), await statusOf(second)]).toEqual(['rejected', 'settled']);
    expect((await side.money('platform'))['suspense']).toBe(before - 500n);
    expect(await side.cases()).toContain('paid_after_failure');
  });

  it('of another amount, twice, or unknown to us is suspense with a case', async () => {
    const orgId = await producer(500n);
    const payment = await side.payment(orgId, 500n);
    const before = (await side.money('platform'))['suspense'] ?? 0n;
    await side.take(side.notification([debitOf(payment, minor(501n))]));
    expect(await statusOf(payment)).toBe('approved');
    await side.take(side.notification([debitOf(payment)]), side.notification([debitOf(payment)]));
    await side.take(
      side.notification([side.entry({ amount: minor(3n), direction: 'debit', endToEndId: 'STRANGE' })]),
    );
    await side.take(side.status({ ...payment, endToEndId: 'STRANGE2' }, 'ACSC'));
    expect((await side.money('platform'))['suspense']).toBe(before - 501n - 500n - 3n);
    expect(await side.cases()).toEqual(
      expect.arrayContaining([
        'payment_amount_differs',
        'payment_debited_twice',
        'debit_unmatched',
        'payment_unknown',
      ]),
    );
  });

  it('returned by the receiving bank is owed again, once, and frees the obligation', async () => {
    const orgId = await producer(500n);
    const payment = await side.payment(orgId, 500n);
    const back = side.entry({ amount: minor(500n), endToEndId: payment.endToEndId, returnReason: 'AC04' });
    await side.take(
      side.notification([debitOf(payment)]),
      side.notification([back]),
      side.notification([back]),
    );
    expect(await statusOf(payment)).toBe('returned');
    expect(await side.money(orgId)).toMatchObject({ payable: 500n });
    await side.payment(orgId, 500n, { obligationKey: payment.obligationKey, replaces: payment.paymentId });
  });

  it('S3 ends the same in whatever order and however often its messages come', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('settled', 'returned', 'rejected'),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 9 }),
        async (story, picks) => {
          const orgId = await producer(500n);
          const payment = await side.payment(orgId, 500n);
          const debit = side.notification([debitOf(payment)]);
          const back = side.notification([
            side.entry({ amount: minor(500n), endToEndId: payment.endToEndId, returnReason: 'AC04' }),
          ]);
          const messages = {
            settled: [side.status(payment, 'ACTC'), side.status(payment, 'ACSC'), debit, debit],
            returned: [side.status(payment, 'ACSC'), debit, back, back],
            rejected: [
              side.status(payment, 'ACTC'),
              side.status(payment, 'RJCT', 'AC03'),
              side.status(payment, 'RJCT', 'AC03'),
              side.status(payment, 'PDNG'),
            ],
          }[story];
          // Any order with repeats, and in the end each at least once.
          for (const index of [...picks, 0, 1, 2, 3]) await side.take(messages[index]!);
          expect(await statusOf(payment)).toBe(story);
          expect((await side.money(orgId))['payable']).toBe(story === 'settled' ? 0n : 500n);
          expect(
            side.facts.filter(
              (fact) =>
                fact.type === `payment_${story}` &&
                'paymentId' in fact &&
                fact.paymentId === payment.paymentId,
            ),
          ).toHaveLength(1);
        },
      ),
      { numRuns: 25 },
    );
    expect(await checkLedger(side.db.sql)).toEqual([]);
  });
});

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

describe('statements', () => {
  let own: ExchangeSide;
  beforeEach(async () => {
    own = await ExchangeSide.open();
    return async () => own.db.close();
  });
  const proof = async () => (await bankProof(own.db.sql)).find((one) => one.currency === 'CNY')!;
  const held = async () =>
    (
      await own.db.sql`select sequence::int, page from bank_statement where status = 'held' order by 1, 2`
    ).map((row) => `${row['sequence']}.${row['page']}`);

  it('confirm what was notified, book what was not, and prove the ledger', async () => {
    const { orgId, reference } = await own.member();
    const [known, missed, strange] = [
      own.entry({ amount: minor(100n), reference }),
      own.entry({ amount: minor(20n), reference }),
      own.entry({ amount: minor(3n) }),
    ];
    await own.take(own.notification([known]));
    expect(await proof()).toMatchObject({ ledger: 100n, statement: 0n, inTransit: 100n, difference: 0n });
    await own.take(own.statement(1, 0n, [known, missed, strange]));
    expect(await proof()).toMatchObject({ ledger: 123n, statement: 123n, inTransit: 0n, difference: 0n });
    expect(await own.money(orgId)).toEqual({ free: 120n, receivable: 0n });
    expect(await own.step(async ({ tx }) => withdrawable(tx, orgId, 'CNY'))).toBe(120n);
    // S8: suspense + matched = statement.
    const [sums] = await own.db.sql`select sum(amount) filter (where outcome = 'suspense')::int as suspense,
      sum(amount) filter (where outcome <> 'suspense')::int as matched from bank_line where statement_sequence = 1`;
    expect(sums).toEqual({ suspense: 3, matched: 120 });
  });

  it('K9 with a gap are held without booking a line, and worked off when the gap closes', async () => {
    const { orgId, reference } = await own.member();
    const entries = [1n, 2n, 4n].map((amount) => own.entry({ amount: minor(amount), reference }));
    await own.take(own.statement(5, 0n, [entries[0]!]));
    await own.take(own.statement(7, 3n, [entries[2]!]));
    expect(await held()).toEqual(['7.1']);
    expect(await own.cases()).toEqual(['statement_gap']);
    expect(await own.money(orgId)).toMatchObject({ free: 1n });
    await own.take(own.statement(6, 1n, [entries[1]!]));
    expect([await held(), await own.cases()]).toEqual([[], []]);
    expect(await own.money(orgId)).toMatchObject({ free: 7n });
    expect(await proof()).toMatchObject({ statement: 7n, difference: 0n });
  });

  it('whose opening, lines and closing do not add up are held, until the bank says them right', async () => {
    const entry = own.entry({ amount: minor(5n) });
    await own.take(own.statement(1, 0n, []));
    await own.take(own.statement(2, 1n, [entry]));
    expect([await held(), await own.cases()]).toEqual([['2.1'], ['statement_sum']]);
    expect(await proof()).toMatchObject({ ledger: 0n, difference: 0n });
    const wrong = own.statement(2, 1n, [entry]);
    await own.take(own.statement(2, 0n, [entry]), own.statement(3, 5n, []));
    expect([await held(), await own.cases()]).toEqual([[], ['deposit_unmatched']]);
    expect(await proof()).toMatchObject({ ledger: 5n, statement: 5n, difference: 0n });
    // The wrong one told once more, late, is no news.
    await own.take(wrong);
    expect(await own.cases()).toEqual(['deposit_unmatched']);
  });

  it('whose lines do not explain the closing balance are held', async () => {
    const entry = own.entry({ amount: minor(5n) });
    await own.take(own.statement(1, 0n, [entry]).replace(/(CLBD.*?)0\.05/s, '$10.06'));
    expect([await held(), await own.cases()]).toEqual([['1.1'], ['statement_sum']]);
    expect(await proof()).toMatchObject({ ledger: 0n, statement: 0n, difference: 0n });
  });

  it('in pages count when the last page is there, in any order', async () => {
    const { orgId, reference } = await own.member();
    const whole = own.statement(1, 0n, [
      own.entry({ amount: minor(5n), reference }),
      own.entry({ amount: minor(6n), reference }),
    ]);
    const page = (number: number, last: boolean, drop: RegExp): string =>
      whole
        .replace(drop, '')
        .replace(
          '<ElctrncSeqNb>',
          `<StmtPgntn><PgNb>${number}</PgNb><LastPgInd>${last}</LastPgInd></StmtPgntn><ElctrncSeqNb>`,
        );
    const first = page(
      1,
      false,
      /<Bal><Tp><CdOrPrtry><Cd>CLBD.*?<\/Bal>|<Ntry><NtryRef>REF-\d+<\/NtryRef><Amt Ccy="CNY">0\.06.*?<\/Ntry>/gs,
    );
    const second = page(
      2,
      true,
      /<Bal><Tp><CdOrPrtry><Cd>OPBD.*?<\/Bal>|<Ntry><NtryRef>REF-\d+<\/NtryRef><Amt Ccy="CNY">0\.05.*?<\/Ntry>/gs,
    );
    await own.take(second);
    expect(await held()).toEqual(['1.2']);
    await own.take(first);
    expect([await held(), await own.money(orgId)]).toEqual([[], { free: 11n, receivable: 0n }]);
  });

  it('sent again change nothing, sent again with other content open a case', async () => {
    const entry = own.entry({ amount: minor(5n) });
    const one = own.statement(1, 0n, [entry]);
    await own.take(one, one, own.statement(2, 5n, []));
    expect(await own.cases()).toEqual(['deposit_unmatched']);
    await own.take(own.statement(1, 0n, [entry, own.entry({ amount: minor(6n) })]));
    expect(await own.cases()).toEqual(['deposit_unmatched', 'statement_conflict']);
    expect(await proof()).toMatchObject({ ledger: 5n, statement: 5n, difference: 0n });
  });

  it('K11 name what was notified for a day before and is on none', async () => {
    await own.take(own.notification([own.entry({ amount: minor(9n), bookingDay: '2026-11-19' })]));
    await own.take(own.statement(1, 0n, [], { day: '2026-11-20' }));
    expect(await own.cases()).toEqual(['deposit_unmatched', 'not_on_statement']);
    expect(await proof()).toMatchObject({ ledger: 9n, statement: 0n, inTransit: 9n, difference: 0n });
  });

  it('about an account that is not ours open a case', async () => {
    await own.take(own.statement(1, 0n, []).replaceAll(OWN_ACCOUNTS.CNY, '999'));
    expect(await own.cases()).toEqual(['account_unknown']);
    const [found] = await own.db.sql`select id from bank_case`;
    const close = async (people: [string, string]) =>
      own.step(async (step) => closeCase(step, { caseId: found!['id'] as string, people }));
    expect(await close(['a', 'a'])).toEqual({ ok: false, code: 'case.needs_two_people' });
    expect(await close(['a', 'b'])).toEqual({ ok: true });
    expect(await close(['a', 'b'])).toEqual({ ok: false, code: 'case.not_open' });
  });

  it('S3 of three days with their notifications end the same in any order', async () => {
    const { orgId, reference } = await own.member();
    let [sequence, opening] = [0, 0n];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6], { minLength: 7 }), async (order) => {
        const days = [1n, 2n, 4n].map((amount) => own.entry({ amount: minor(amount), reference }));
        const statements = days.map((entry, index) =>
          own.statement(
            sequence + index + 1,
            opening + days.slice(0, index).reduce((sum, one) => sum + one.amount, 0n),
            [entry],
          ),
        );
        const messages = [...statements, ...days.map((entry) => own.notification([entry])), statements[0]!];
        if (sequence === 0) await own.take(own.statement(0, 0n, []));
        for (const index of order) await own.take(messages[index]!);
        sequence += 3;
        opening += 7n;
        expect(await held()).toEqual([]);
        expect(await own.money(orgId)).toMatchObject({ free: opening });
        expect(await proof()).toMatchObject({
          ledger: opening,
          statement: opening,
          inTransit: 0n,
          difference: 0n,
        });
      }),
      { numRuns: 8 },
    );
    expect(await own.cases()).toEqual([]);
  });
});
