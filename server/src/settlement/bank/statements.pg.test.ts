import { minor } from '@seam/units';
import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { withdrawable } from './accounts.ts';
import { closeCase } from './cases.ts';
import { bankProof } from './proof.ts';
import { ExchangeSide, OWN_ACCOUNTS } from './testing/exchange-side.ts';

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

  it('that the bank said right before the wrong one could be judged count without being sent again', async () => {
    const [first, second] = [5n, 6n].map((amount) => own.entry({ amount: minor(amount) }));
    await own.take(
      own.statement(1, 0n, []),
      own.statement(3, 6n, [second!]),
      own.statement(3, 5n, [second!]),
    );
    expect([await held(), await own.cases()]).toEqual([['3.1'], ['statement_gap', 'statement_conflict']]);
    await own.take(own.statement(2, 0n, [first!]));
    expect(await held()).toEqual([]);
    expect(await own.cases()).toEqual(['deposit_unmatched', 'deposit_unmatched']);
    expect(await proof()).toMatchObject({ ledger: 11n, statement: 11n, difference: 0n });
  });

  it('of which neither version adds up wait, and those that do keep the first', async () => {
    const entry = own.entry({ amount: minor(5n) });
    const other = own.entry({ amount: minor(7n) });
    await own.take(own.statement(1, 0n, []), own.statement(3, 1n, [entry]), own.statement(3, 2n, [entry]));
    await own.take(own.statement(2, 0n, []));
    expect([await held(), await own.cases()]).toEqual([['3.1'], ['statement_gap', 'statement_sum']]);
    await own.take(own.statement(3, 0n, [entry]), own.statement(5, 12n, []));
    await own.take(own.statement(5, 13n, []), own.statement(4, 5n, [other]));
    expect(await held()).toEqual([]);
    expect(await own.cases()).toEqual(['deposit_unmatched', 'statement_conflict', 'deposit_unmatched']);
  });

  it('wrong once more after two have closed the case are a case again', async () => {
    const entry = own.entry({ amount: minor(5n) });
    await own.take(own.statement(1, 0n, []), own.statement(2, 1n, [entry]));
    const [found] = await own.db.sql`select id from bank_case where kind = 'statement_sum'`;
    const closing = { caseId: found!['id'] as string, people: ['a', 'b'] } as const;
    expect(await own.step(async (step) => closeCase(step, closing))).toEqual({ ok: true });
    await own.take(own.statement(2, 3n, [entry]));
    expect([await held(), await own.cases()]).toEqual([['2.1'], ['statement_sum']]);
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
