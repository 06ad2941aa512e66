import { partyAccount, platformAccount } from '@seam/ledger';
import { minor } from '@seam/units';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { post } from '../ledger/ledger.ts';
import { withdrawable } from './accounts.ts';
import { identifyDeposit, unmatchedDeposits } from './cases.ts';
import { processInbox } from './inbox.ts';
import { ExchangeSide, OWN_ACCOUNTS } from './testing/exchange-side.ts';

let side: ExchangeSide;
beforeAll(async () => {
  side = await ExchangeSide.open();
});
afterAll(async () => side.db.close());

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
