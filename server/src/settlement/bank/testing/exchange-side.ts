/** The exchange side of the bank with a database of its own, for tests: a clock to turn, facts to read. */
import { partyAccount } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { type Currency, type Minor, minor } from '@seam/units';
import { post } from '../../ledger/ledger.ts';
import { balances } from '../../ledger/read.ts';
import { depositInstruction } from '../accounts.ts';
import { type BankDeps, type BankFact, type BankStep, stepOf } from '../deps.ts';
import { type Received, processInbox, receiveBankMessage } from '../inbox.ts';
import { type WrittenEntry, writeCamt053, writeCamt054 } from '../iso20022/camt-write.ts';
import { type TransactionStatus, writePain002 } from '../iso20022/pain002.ts';
import { type NewPayment, type Payment, createPayment } from '../payments.ts';
import type { BankPort } from '../port.ts';

export const SECRET = 'a-shared-secret-of-enough-bytes';
export const OWN_ACCOUNTS = { CNY: '95588000000000001', USD: '95588000000000002' } as const;
type Own = keyof typeof OWN_ACCOUNTS;

/** A bank that nobody can reach. */
const silentBank: BankPort = {
  sendPayment: async () => Promise.reject(new Error('unreachable')),
  paymentStatus: async () => Promise.reject(new Error('unreachable')),
  submitCertification: async () => Promise.reject(new Error('unreachable')),
  fetchStatement: async () => Promise.reject(new Error('unreachable')),
  ownAccounts: async () => Promise.reject(new Error('unreachable')),
  exchangeKeys: async () => Promise.reject(new Error('unreachable')),
};

export class ExchangeSide {
  readonly db: TestDatabase;
  readonly facts: BankFact[] = [];
  readonly deps: BankDeps;
  /** Moves the exchange's clock; the bank's stays. */
  shiftMs = 0;
  /** Told before each fact; may throw, as a receiver with a broken database would. */
  onFact: (fact: BankFact) => void = () => {};
  #unique = 0;

  constructor(db: TestDatabase, port: BankPort = silentBank) {
    this.db = db;
    this.deps = {
      sql: db.sql,
      clock: { now: () => new Date(Date.now() + this.shiftMs) },
      log: { info() {}, warn() {}, error() {} },
      secrets: [SECRET],
      port,
      onFact: async (_tx, fact) => {
        this.onFact(fact);
        this.facts.push(fact);
      },
    };
  }

  static async open(): Promise<ExchangeSide> {
    const side = new ExchangeSide(await testDatabase());
    for (const [currency, number] of Object.entries(OWN_ACCOUNTS)) {
      await side.db
        .sql`insert into bank_own_account (currency, number, holder_name, bank_code_kind, bank_code)
        values (${currency}, ${number}, 'Seam', 'bic', 'SEAMCNB1XXX')`;
    }
    return side;
  }

  fresh(name: string): string {
    this.#unique += 1;
    return `${name}-${this.#unique}`;
  }

  async member(currency: Own = 'CNY'): Promise<{ orgId: string; reference: string }> {
    const orgId = this.fresh('org');
    const instruction = await depositInstruction(this.db.sql, orgId, currency);
    return { orgId, reference: instruction!.reference };
  }

  entry(more: Partial<WrittenEntry> & { amount: Minor }): WrittenEntry {
    return {
      ref: this.fresh('REF'),
      direction: 'credit',
      currency: 'CNY',
      bookingDay: '2026-11-20',
      valueDay: '2026-11-20',
      endToEndId: null,
      reference: null,
      remittance: null,
      counterpartyName: 'Somebody',
      counterpartyAccount: '6222000000001',
      returnReason: null,
      ...more,
    };
  }

  notification(entries: WrittenEntry[], account: Own = 'CNY'): string {
    return writeCamt054({
      messageId: this.fresh('N'),
      createdAt: new Date('2026-11-20T10:00:00Z'),
      account: { number: OWN_ACCOUNTS[account], currency: account },
      entries,
    });
  }

  statement(
    sequence: number,
    opening: bigint,
    entries: WrittenEntry[],
    more: { account?: Own; day?: string } = {},
  ): string {
    const account = more.account ?? 'CNY';
    return writeCamt053({
      messageId: `S-${account}-${sequence}`,
      createdAt: new Date('2026-11-20T20:00:00Z'),
      account: { number: OWN_ACCOUNTS[account], currency: account },
      sequence,
      day: more.day ?? '2026-11-20',
      opening: minor(opening),
      entries,
    });
  }

  status(payment: Payment, status: TransactionStatus, reason: string | null = null): string {
    return writePain002({
      messageId: this.fresh('R'),
      originalMessageId: 'M',
      originalPaymentInformationId: 'M',
      createdAt: new Date('2026-11-20T10:00:00Z'),
      statuses: [{ endToEndId: payment.endToEndId, status, reason, detail: null }],
    });
  }

  async receive(xml: string, eventId = this.fresh('evt')): Promise<Received> {
    const message = { source: 'bank', eventId, raw: Buffer.from(xml), gotAt: this.deps.clock.now() };
    return receiveBankMessage(this.db.sql, message);
  }

  /** Receives and processes; every message must take effect. */
  async take(...messages: string[]): Promise<void> {
    for (const xml of messages) {
      const received = await this.receive(xml);
      if (!received.ok) throw new Error(received.detail);
    }
    const { failed } = await processInbox(this.deps, 1000);
    if (failed > 0) throw new Error('a message failed');
  }

  async step<T>(work: (step: BankStep) => Promise<T>): Promise<T> {
    return (await this.db.sql.begin(async (tx) => work(stepOf(this.deps, tx)))) as T;
  }

  /** A member with money of which everything is confirmed and may leave. */
  async richMember(amount: bigint): Promise<{ orgId: string; reference: string }> {
    const member = await this.member();
    await this.take(this.notification([this.entry({ amount: minor(amount), reference: member.reference })]));
    return member;
  }

  /** A member that has earned so much: money on `payable`, as after a final settlement. */
  async producer(amount: bigint): Promise<string> {
    const { orgId } = await this.richMember(amount);
    const debit = partyAccount(orgId, 'CNY', 'free');
    const credit = partyAccount(orgId, 'CNY', 'payable');
    const earned = await post(this.db.sql, {
      effectKey: this.fresh('earn'),
      reason: 'correction',
      subject: 'test',
      legs: [{ phase: 'posted', debit, credit, amount: minor(amount) }],
    });
    if (!earned.ok) throw new Error(earned.code);
    return orgId;
  }

  async payment(orgId: string, amount: bigint, more: Partial<NewPayment> = {}): Promise<Payment> {
    const made = await this.step(async (step) =>
      createPayment(step, {
        obligationKey: this.fresh('obligation'),
        orgId,
        source: 'payable',
        amount: minor(amount),
        currency: 'CNY',
        creditor: { name: 'Producer', account: '6222000000002', bank: { kind: 'bic', code: 'SEAMCNB1XXX' } },
        remittance: 'payout',
        createdBy: 'system',
        approvalsRequired: 0,
        ...more,
      }),
    );
    if (!made.ok) throw new Error(made.code);
    return made.payment;
  }

  /** Balance by account kind. */
  async money(orgId: string, currency: Currency = 'CNY'): Promise<Record<string, bigint>> {
    const all = await balances(this.db.sql, orgId);
    return Object.fromEntries(
      all.filter((one) => one.currency === currency).map((one) => [one.kind, one.balance]),
    );
  }

  async cases(): Promise<string[]> {
    const rows = await this.db.sql<
      { kind: string }[]
    >`select kind from bank_case where closed_at is null order by opened_at, id`;
    return rows.map((row) => row.kind);
  }
}
