/** The exchange and the demo bank as they run: two processes, two databases, signed HTTP between them. */
import { partyAccount } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { formatMoney, minor } from '@seam/units';
import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bankProof } from '../settlement/bank/proof.ts';
import { depositInstruction, syncOwnAccounts } from '../settlement/bank/accounts.ts';
import type { BankFact } from '../settlement/bank/deps.ts';
import { httpBankPort } from '../settlement/bank/http-port.ts';
import { processInbox } from '../settlement/bank/inbox.ts';
import { readCamt } from '../settlement/bank/iso20022/camt.ts';
import { type NewPayment, type Payment, paymentById } from '../settlement/bank/payments.ts';
import { bankRoutes } from '../settlement/bank/routes.ts';
import { inquireDuePayments, sendDuePayments } from '../settlement/bank/sending.ts';
import { ExchangeSide, SECRET } from '../settlement/bank/testing/exchange-side.ts';
import { post } from '../settlement/ledger/ledger.ts';
import { checkLedger } from '../settlement/ledger/read.ts';
import { outsideWorld } from './client.ts';
import { type RunningBank, launchBank } from './launch.ts';

let books: TestDatabase;
let bank: RunningBank;
let side: ExchangeSide;
let app: FastifyInstance;
let rounds = Promise.resolve();
let waiters: (() => Promise<void>)[] = [];

const world = () => outsideWorld({ url: bank.url, secret: SECRET, clock: { now: () => new Date() } });
const launch = async (port = 0): Promise<RunningBank> =>
  launchBank({
    databaseUrl: books.url,
    port,
    secret: SECRET,
    callbackUrl: `http://127.0.0.1:${(app.server.address() as { port: number }).port}/v1/bank/callbacks`,
    faults: true,
  });

beforeAll(async () => {
  books = await testDatabase({ migrations: 'bank' });
  const database = await testDatabase();
  side = new ExchangeSide(
    database,
    httpBankPort({
      url: 'http://127.0.0.1:1',
      secret: SECRET,
      clock: { now: () => new Date() },
      timeoutMs: 3000,
    }),
  );
  app = Fastify();
  const wake = (): void => {
    rounds = rounds.then(async () => {
      await processInbox(side.deps);
      for (const check of waiters) await check();
    });
  };
  await bankRoutes(app, { ...side.deps, clock: { now: () => new Date() }, wake });
  await app.listen({ host: '127.0.0.1', port: 0 });
  bank = await launch();
  Object.assign(side.deps, {
    port: httpBankPort({ url: bank.url, secret: SECRET, clock: { now: () => new Date() }, timeoutMs: 3000 }),
  });
  await syncOwnAccounts(side.deps);
});
afterAll(async () => {
  await bank.stop();
  await app.close();
  await rounds;
  await side.db.close();
  await books.close();
});
afterEach(async () => {
  expect(await checkLedger(side.db.sql)).toEqual([]);
  // The bank's own books: every movement has two sides, so all accounts sum to zero.
  const sums =
    await books.sql`select currency, sum(debits - credits)::text as off from account group by currency having sum(debits) <> sum(credits)`;
  expect([...sums]).toEqual([]);
});

type FactOf<T extends BankFact['type']> = BankFact & { readonly type: T };

/** Resolves when a fact has been told and processed; looks again after each message of the bank. */
async function fact<T extends BankFact['type']>(type: T, which: (fact: FactOf<T>) => boolean = () => true) {
  return new Promise<FactOf<T>>((resolve) => {
    const check = async (): Promise<void> => {
      const found = side.facts.find((one): one is FactOf<T> => one.type === type && which(one as never));
      if (!found) return;
      waiters = waiters.filter((one) => one !== check);
      resolve(found);
    };
    waiters.push(check);
    void check();
  });
}

async function customer(balance: string, currency = 'CNY') {
  const holderName = `${side.fresh('公司')}（集团）`;
  const legalId = side.fresh('LEGAL');
  const account = await world().openAccount({ holderName, legalId, currency, openingBalance: balance });
  return { ...account, legalId };
}

async function memberWithDeposit(amount: string) {
  const payer = await customer(amount);
  const orgId = side.fresh('org');
  const { reference } = (await depositInstruction(side.db.sql, orgId, 'CNY'))!;
  const { ref } = await world().transfer({
    transferId: side.fresh('t'),
    fromAccount: payer.number,
    amount,
    reference,
  });
  await fact('deposit_credited', (one) => one.orgId === orgId);
  return { orgId, reference, payer, ref };
}

/** A payment to a customer of the bank, of money that was earned. */
async function payoutTo(amount: bigint, more: Partial<NewPayment> = {}) {
  const { orgId } = await memberWithDeposit(formatMoney(amount));
  const leg = {
    phase: 'posted',
    debit: partyAccount(orgId, 'CNY', 'free'),
    credit: partyAccount(orgId, 'CNY', 'payable'),
    amount: minor(amount),
  } as const;
  await post(side.db.sql, {
    effectKey: side.fresh('earn'),
    reason: 'correction',
    subject: 'test',
    legs: [leg],
  });
  const creditor = await customer('0.00');
  const payment = await side.payment(orgId, amount, {
    creditor: { name: creditor.holderName, account: creditor.number, bank: creditor.bank },
    ...more,
  });
  return { orgId, creditor, payment };
}
const statusOf = async (payment: Payment) => (await paymentById(side.db.sql, payment.paymentId))?.status;
const balanceOf = async (number: string) => (await world().account(number)).balance;

describe('certification', () => {
  const ask = async (requestId: string, about: Awaited<ReturnType<typeof customer>>, wrong: object = {}) => {
    const { number: accountNumber, bank: bankCode, holderName, legalId, currency } = about;
    await side.deps.port.submitCertification({
      requestId,
      accountNumber,
      bank: bankCode,
      holderName,
      legalId,
      currency,
      ...wrong,
    });
    return fact('account_certified', (one) => one.requestId === requestId);
  };
  it('is confirmed when number, holder and legal identity are one, whatever the width of the brackets', async () => {
    const about = await customer('0.00');
    expect(
      await ask('cert-1', { ...about, holderName: about.holderName.replace('（', '(').replace('）', ') ') }),
    ).toMatchObject({ matched: true, differences: [] });
  });
  it('names what differs', async () => {
    const about = await customer('0.00');
    expect(await ask('cert-2', about, { legalId: 'OTHER', holderName: 'Other' })).toMatchObject({
      matched: false,
      differences: ['holder_name', 'legal_id'],
    });
    expect(await ask('cert-3', about, { accountNumber: '99999' })).toMatchObject({
      matched: false,
      differences: ['account_number'],
    });
  });
  it('asked twice is answered once', async () => {
    const about = await customer('0.00');
    await ask('cert-4', about);
    await ask('cert-4', about);
    expect((await books.sql`select from event where body like '%"cert-4"%'`).length).toBe(1);
  });
});

describe('deposits', () => {
  it('arrive by notification, once although the bank tells everything again', async () => {
    const { orgId } = await memberWithDeposit('1000.50');
    expect(await side.money(orgId)).toMatchObject({ free: 100_050n });
    const before = (await side.db.sql`select from bank_message`).length;
    await world().redeliver();
    // A message after them all: the bank pushes in order.
    await memberWithDeposit('1.00');
    expect(await side.money(orgId)).toMatchObject({ free: 100_050n });
    expect((await side.db.sql`select from bank_message`).length).toBe(before + 1);
  });
  it('sent twice by the customer’s client move once; beyond the balance not at all', async () => {
    const payer = await customer('10.00');
    const transfer = {
      transferId: side.fresh('t'),
      fromAccount: payer.number,
      amount: '6.00',
      reference: 'x',
    };
    expect(await world().transfer(transfer)).toEqual(await world().transfer(transfer));
    await expect(world().transfer({ ...transfer, transferId: side.fresh('t') })).rejects.toThrow();
    await expect(world().transfer({ ...transfer, amount: '5.00' })).rejects.toThrow();
    expect(await balanceOf(payer.number)).toBe('4.00');
  });
  it('taken back by the customer’s bank leave a debt where the money is gone', async () => {
    const { orgId, ref } = await memberWithDeposit('50.00');
    const leg = {
      phase: 'posted',
      debit: partyAccount(orgId, 'CNY', 'free'),
      credit: 'platform/CNY/fees',
      amount: minor(2_000n),
    } as const;
    await post(side.db.sql, {
      effectKey: side.fresh('spend'),
      reason: 'correction',
      subject: 'test',
      legs: [leg],
    });
    await world().returnDeposit(ref, 'AC04');
    expect(await fact('deposit_returned', (one) => one.orgId === orgId)).toMatchObject({ owed: 2_000n });
    expect(await side.money(orgId)).toMatchObject({ free: 0n, receivable: 2_000n });
  });
});

describe('payouts', () => {
  it('go out as pain.001, and are settled by the bank’s notification', async () => {
    const { orgId, creditor, payment } = await payoutTo(12_345n);
    expect(await sendDuePayments(side.deps)).toEqual({ answered: 1, unknown: 0 });
    await fact('payment_settled', (one) => one.paymentId === payment.paymentId);
    expect([await statusOf(payment), await balanceOf(creditor.number)]).toEqual(['settled', '123.45']);
    expect(await side.money(orgId)).toMatchObject({ payable: 0n });
  });

  it('to a wrong name or account are rejected, and the money is owed again', async () => {
    const { orgId, creditor, payment } = await payoutTo(500n, {
      creditor: { name: 'Nobody', account: '12345', bank: { kind: 'cnaps', code: '102100099996' } },
    });
    await sendDuePayments(side.deps);
    expect(await paymentById(side.db.sql, payment.paymentId)).toMatchObject({
      status: 'rejected',
      reason: 'AC03 no such creditor account',
    });
    const again = await side.payment(orgId, 500n, {
      obligationKey: payment.obligationKey,
      replaces: payment.paymentId,
      creditor: { name: 'Nobody', account: creditor.number, bank: creditor.bank },
    });
    await sendDuePayments(side.deps);
    expect(await paymentById(side.db.sql, again.paymentId)).toMatchObject({
      status: 'rejected',
      reason: expect.stringMatching(/^BE01/) as string,
    });
    expect(await side.money(orgId)).toMatchObject({ payable: 500n });
  });

  it('F37 killed between debit and answer are found by asking, and paid once', async () => {
    const { creditor, payment } = await payoutTo(700n);
    await world().arm('crash_after_debit');
    expect(await sendDuePayments(side.deps)).toEqual({ answered: 0, unknown: 1 });
    expect(await bank.exited).toBe(null);
    expect(await statusOf(payment)).toBe('unknown');
    // The bank comes back under the same address; its notification was committed with the debit.
    bank = await launch(Number(new URL(bank.url).port));
    await fact('payment_settled', (one) => one.paymentId === payment.paymentId);
    side.shiftMs += 61_000;
    await inquireDuePayments(side.deps);
    expect([await statusOf(payment), await balanceOf(creditor.number)]).toEqual(['settled', '7.00']);
    expect(
      (await side.db.sql`select outcome from payment_attempt where payment_id = ${payment.paymentId}`).map(
        (row) => row['outcome'],
      ),
    ).toEqual(['unknown']);
  });

  it('whose answer is lost are asked for and not sent again', async () => {
    const { creditor, payment } = await payoutTo(800n);
    await world().arm('answer_lost');
    expect(await sendDuePayments(side.deps)).toEqual({ answered: 0, unknown: 1 });
    side.shiftMs += 61_000;
    await inquireDuePayments(side.deps);
    await fact('payment_settled', (one) => one.paymentId === payment.paymentId);
    expect(
      (await side.db.sql`select from payment_attempt where payment_id = ${payment.paymentId}`).length,
    ).toBe(1);
    expect(await balanceOf(creditor.number)).toBe('8.00');
  });

  it('that never reached the bank go again under the same EndToEndId', async () => {
    const { creditor, payment } = await payoutTo(900n);
    await world().arm('not_reached');
    await sendDuePayments(side.deps);
    expect(await statusOf(payment)).toBe('unknown');
    side.shiftMs += 61_000;
    await inquireDuePayments(side.deps);
    await fact('payment_settled', (one) => one.paymentId === payment.paymentId);
    expect(
      (await books.sql`select from payment_order where end_to_end_id = ${payment.endToEndId}`).length,
    ).toBe(1);
    expect(
      (await side.db.sql`select from payment_attempt where payment_id = ${payment.paymentId}`).length,
    ).toBe(2);
    expect(await balanceOf(creditor.number)).toBe('9.00');
  });

  it('F42 of a process that died while sending are asked for by the next one', async () => {
    const { creditor, payment } = await payoutTo(300n);
    // What is left behind: the attempt committed, the call perhaps made, nothing written after.
    const port = {
      ...side.deps.port,
      sendPayment: async (xml: string) => {
        await side.deps.port.sendPayment(xml);
        return new Promise<never>(() => {});
      },
    };
    void sendDuePayments({ ...side.deps, port }, 1);
    await fact('payment_settled', (one) => one.paymentId === payment.paymentId);
    side.shiftMs += 3_600_000;
    await inquireDuePayments(side.deps);
    expect([await statusOf(payment), await balanceOf(creditor.number)]).toEqual(['settled', '3.00']);
  });

  it('F38 sent back by the receiving bank days later are owed again', async () => {
    const { orgId, creditor, payment } = await payoutTo(400n);
    await sendDuePayments(side.deps);
    await fact('payment_settled', (one) => one.paymentId === payment.paymentId);
    await world().returnPayout(payment.endToEndId, 'AC04');
    await fact('payment_returned', (one) => one.paymentId === payment.paymentId);
    expect([await side.money(orgId), await balanceOf(creditor.number)]).toEqual([
      expect.objectContaining({ payable: 400n }),
      '0.00',
    ]);
  });

  it('under an EndToEndId that was used for another payment are rejected by the bank', async () => {
    const { payment } = await payoutTo(100n);
    let sent = '';
    const port = {
      ...side.deps.port,
      sendPayment: async (xml: string) => {
        sent = xml;
        return side.deps.port.sendPayment(xml);
      },
    };
    await sendDuePayments({ ...side.deps, port });
    await fact('payment_settled', (one) => one.paymentId === payment.paymentId);
    const again = await side.deps.port.sendPayment(sent);
    expect(Buffer.from(again).toString()).toContain('<TxSts>ACSC</TxSts>');
    const other = await side.deps.port.sendPayment(sent.replaceAll('>1.00<', '>2.00<'));
    expect(Buffer.from(other).toString()).toContain('<Cd>AM05</Cd>');
  });
});

describe('the bank', () => {
  it('answers nobody without the shared secret, and keeps drills apart', async () => {
    const stranger = outsideWorld({
      url: bank.url,
      secret: 'another-secret-of-enough-bytes',
      clock: { now: () => new Date() },
    });
    await expect(
      stranger.openAccount({ holderName: 'a', legalId: 'b', currency: 'CNY', openingBalance: '1.00' }),
    ).rejects.toThrow();
    for (const path of ['/v1/accounts/95588000000000001', '/v1/exchange-accounts']) {
      expect((await fetch(bank.url + path)).status).toBe(401);
    }
    for (const path of ['/v1/pain.001', '/v1/customer-transfers', '/v1/drill/faults', '/v1/end-of-day']) {
      expect((await fetch(bank.url + path, { method: 'POST', body: '{}' })).status).toBe(401);
    }
    expect((await fetch(`${bank.url}/healthz`)).status).toBe(200);
  });

  it('closes its day with a statement that proves the ledger of the exchange', async () => {
    await world().endOfDay();
    await memberWithDeposit('2.00');
    const sequences = await world().endOfDay();
    const proofs = await bankProof(side.db.sql);
    const cny = proofs.find((one) => one.currency === 'CNY')!;
    const xml = await side.deps.port.fetchStatement({
      account: cny.account,
      sequence: sequences[cny.account]!,
    });
    expect(readCamt(xml!).reports[0]?.lines.map((line) => line.amount)).toEqual([200n]);
    expect(await side.deps.port.fetchStatement({ account: cny.account, sequence: 999 })).toBe(null);
    // Pushed in order, so the statements are processed before this deposit is.
    await memberWithDeposit('3.00');
    const after = (await bankProof(side.db.sql)).find((one) => one.currency === 'CNY')!;
    expect(after).toMatchObject({ inTransit: 300n, difference: 0n });
    expect(formatMoney(after.statement)).toBe(formatMoney(readCamt(xml!).reports[0]!.closing!));
    expect(after.ledger).toBe(BigInt((await balanceOf(cny.account)).replace('.', '')));
  });

  it('does not start on a wrong setting, with one line', async () => {
    const base = { databaseUrl: books.url, port: 0, secret: SECRET, callbackUrl: 'http://127.0.0.1:1/' };
    await expect(launchBank({ ...base, secret: 'short' })).rejects.toThrow(
      'BANK_SHARED_SECRET needs at least 24 bytes',
    );
    await expect(launchBank({ ...base, callbackUrl: 'nowhere' })).rejects.toThrow(
      'BANK_CALLBACK_URL is no URL',
    );
    await expect(launchBank({ ...base, port: Number(new URL(bank.url).port) })).rejects.toThrow(
      /port \d+ is taken/,
    );
  });
});
