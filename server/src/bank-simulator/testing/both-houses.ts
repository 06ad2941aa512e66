/**
 * The exchange and the demo bank in one process, for tests: two databases and signed HTTP between them as in the real
 * thing, but nothing moves by itself. `talk` carries what the bank has to tell and lets the exchange work it off.
 */
import path from 'node:path';
import { partyAccount } from '@seam/ledger';
import { type TestDatabase, testDatabase } from '@seam/testkit';
import { formatMoney, minor } from '@seam/units';
import Fastify, { type FastifyInstance } from 'fastify';
import { migrate } from '../../platform/migrate.ts';
import { depositInstruction, syncOwnAccounts } from '../../settlement/bank/accounts.ts';
import { httpBankPort } from '../../settlement/bank/http-port.ts';
import { processInbox } from '../../settlement/bank/inbox.ts';
import { signingKey } from '../../settlement/bank/keys.ts';
import type { Payment } from '../../settlement/bank/payments.ts';
import { bankRoutes } from '../../settlement/bank/routes.ts';
import { inquireDuePayments } from '../../settlement/bank/sending.ts';
import { ExchangeSide, SECRET } from '../../settlement/bank/testing/exchange-side.ts';
import { post } from '../../settlement/ledger/ledger.ts';
import { buildBank } from '../app.ts';
import { openHouseAccounts } from '../books.ts';
import { type OutsideWorld, outsideWorld } from '../client.ts';
import type { BankSimulatorDeps, StatementForm } from '../deps.ts';
import { pushDue } from '../events.ts';
import { Misfortunes } from '../faults.ts';

const BANK_MIGRATIONS = path.resolve(import.meta.dirname, '../../../../migrations/bank');
const HOUR_MS = 3_600_000;
/** The bank is in this process: whoever hears nothing for so long never will. */
const TIMEOUT_MS = 2000;
const EXCHANGE_KEY = signingKey(new Uint8Array(32).fill(7));

export class BothHouses {
  readonly side: ExchangeSide;
  readonly bank: BankSimulatorDeps;
  readonly world: OutsideWorld;
  readonly url: string;
  /** Both clocks, which stand still but for this. */
  readonly time: { now: Date };
  readonly #close: () => Promise<void>;

  private constructor(parts: {
    side: ExchangeSide;
    bank: BankSimulatorDeps;
    url: string;
    time: { now: Date };
    close: () => Promise<void>;
  }) {
    this.side = parts.side;
    this.bank = parts.bank;
    this.url = parts.url;
    this.time = parts.time;
    this.#close = parts.close;
    this.world = outsideWorld({ url: parts.url, secret: SECRET, clock: { now: () => this.time.now } });
  }

  static async open(statements: StatementForm = 'camt.053'): Promise<BothHouses> {
    const books: TestDatabase = await testDatabase({ migrations: 'bank' });
    await migrate(books.sql, BANK_MIGRATIONS);
    const side = new ExchangeSide(await testDatabase());
    // A Wednesday, so that a business day is a day.
    const start = new Date('2026-11-18T02:00:00Z');
    const time = { now: start };
    const clock = { now: () => time.now };
    const exchange = Fastify();
    Object.assign(side.deps, { clock });
    await bankRoutes(exchange, side.deps);
    const callbacks = await exchange.listen({ host: '127.0.0.1', port: 0 });
    const bank: BankSimulatorDeps = {
      sql: books.sql,
      clock,
      secret: SECRET,
      callbackUrl: `${callbacks}/v1/bank/callbacks`,
      wake: () => {},
      misfortunes: new Misfortunes(true),
      statements,
      log: { warn() {} },
    };
    await openHouseAccounts(bank);
    const app: FastifyInstance = buildBank(bank);
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const keys = [EXCHANGE_KEY];
    const port = httpBankPort({ url, secret: SECRET, keys, clock, timeoutMs: TIMEOUT_MS });
    Object.assign(side.deps, { keys, port });
    await syncOwnAccounts(side.deps);
    const close = async (): Promise<void> => {
      app.server.closeAllConnections();
      await Promise.all([app.close(), exchange.close()]);
      await Promise.all([side.db.close(), books.close()]);
    };
    return new BothHouses({ side, bank, url, time, close });
  }

  async close(): Promise<void> {
    await this.#close();
  }

  /** Everything that is due is told, and everything told is worked off. */
  async talk(): Promise<void> {
    await pushDue(this.bank);
    const { failed } = await processInbox(this.side.deps, 10_000);
    if (failed > 0) throw new Error('a message failed');
  }

  /** Hours go by: late events go, the exchange asks what it does not know, the bank closes its day. */
  async dayEnds(): Promise<void> {
    this.time.now = new Date(this.time.now.getTime() + 2 * HOUR_MS);
    await inquireDuePayments(this.side.deps, 1000);
    await this.talk();
    this.time.now = new Date(this.time.now.getTime() + 2 * HOUR_MS);
    await inquireDuePayments(this.side.deps, 1000);
    await this.world.release();
    await this.talk();
    await this.world.endOfDay();
    await this.world.release();
    await this.talk();
    this.time.now = new Date(this.time.now.getTime() + 20 * HOUR_MS);
  }

  async customer(balance: string): Promise<{ number: string; holderName: string }> {
    const holderName = `${this.side.fresh('公司')}（集团）`;
    const legalId = this.side.fresh('LEGAL');
    return this.world.openAccount({ holderName, legalId, currency: 'CNY', openingBalance: balance });
  }

  async member(obligationKey?: string): Promise<{ orgId: string; reference: string }> {
    const orgId = this.side.fresh('org');
    const found = await depositInstruction(this.side.db.sql, orgId, 'CNY', obligationKey);
    return { orgId, reference: found!.reference };
  }

  /** The transfer alone: nothing is told yet. */
  async deposit(reference: string, amount: bigint): Promise<{ ref: string }> {
    const { number } = await this.customer(formatMoney(amount));
    const transferId = this.side.fresh('t');
    return this.world.transfer({ transferId, fromAccount: number, amount: formatMoney(amount), reference });
  }

  /** What the member has free becomes earned, and is instructed to be paid to a customer of the bank. */
  async payout(orgId: string, amount: bigint): Promise<{ payment: Payment; payee: string }> {
    const free = partyAccount(orgId, 'CNY', 'free');
    const credit = partyAccount(orgId, 'CNY', 'payable');
    await post(this.side.db.sql, {
      effectKey: this.side.fresh('earn'),
      reason: 'correction',
      subject: 'test',
      legs: [{ phase: 'posted', debit: free, credit, amount: minor(amount) }],
    });
    const { number, holderName } = await this.customer('0.00');
    const bank = { kind: 'bic', code: 'SEAMCNB1XXX' } as const;
    const payment = await this.side.payment(orgId, amount, {
      creditor: { name: holderName, account: number, bank },
    });
    return { payment, payee: number };
  }

  async balanceOf(number: string): Promise<string> {
    return (await this.world.account(number)).balance;
  }
}
