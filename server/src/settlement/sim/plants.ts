/** Mistakes of the bank that reconciliation must find: planted one after another, looked for, and mended. */
import { type Random, seededRandom } from '@seam/testkit/sim';
import type { Currency } from '@seam/units';
import type { Sql } from 'postgres';
import { PLANT_CASES, type PlantKind } from '../../bank-simulator/plants-kept.ts';
import { depositInstruction } from '../bank/accounts.ts';
import { type Bank, persistently } from './bank.ts';
import { TRADED } from './plan.ts';

/** The two about payments are drawn by what the payments themselves meet. */
const KINDS: readonly PlantKind[] = [
  'missing_line',
  'extra_line',
  'wrong_amount',
  'wrong_reference',
  'duplicate_line',
  'sequence_gap',
  'wrong_opening',
  'wrong_closing',
  'wrong_sum',
  'returned_credit',
  'debit_unordered',
  'other_currency',
  'line_after_failure',
];

/** So many closed days, nights skipped between them, find whatever a statement can show. */
const DAYS_MAX = 5;

export type Found = Record<string, { planted: number; found: number }>;

type Struck = {
  readonly kind: PlantKind;
  readonly subject: string;
  readonly statement: string | null;
  readonly isMended: boolean;
};

export class Plants {
  readonly #sql: Sql;
  readonly #bankSql: Sql;
  readonly #bank: Bank;
  readonly #random: Random;
  #made = 0;
  #daysWaited = 0;

  constructor(of: { sql: Sql; bankSql: Sql; bank: Bank; seed: number }) {
    this.#sql = of.sql;
    this.#bankSql = of.bankSql;
    this.#bank = of.bank;
    this.#random = seededRandom(of.seed, 'plants');
  }

  /** The next kind, in one of the currencies that are traded. */
  async plant(): Promise<void> {
    const kind = KINDS[this.#made % KINDS.length]!;
    this.#made += 1;
    const currency: Currency = this.#random.pick(TRADED);
    const reference = (await depositInstruction(this.#sql, 'planted', currency))!.reference;
    const amount = `${1_000 + this.#random.below(9_000)}.00`;
    const wish = { kind, currency, amount, reference };
    await this.#bank.tellingAll(async () => this.#bank.world.plant(wish));
  }

  /**
   * What has struck, and whether a case names it. Where the true statement was fetched before the wrong one came, the
   * wrong one is found as a statement that contradicts it.
   */
  async #struck(): Promise<{ kind: PlantKind; isFound: boolean; isMended: boolean }[]> {
    const bankSql = this.#bankSql;
    const all = await bankSql<Struck[]>`
      select kind, subject, account || '.' || sequence || '.' as statement, mended_at is not null as "isMended"
        from planted where struck_at is not null and subject is not null`;
    const named = await this.#sql<{ kind: string; subject: string }[]>`
      select kind, subject from bank_case
      union all select outcome, account || '.' || ref from bank_line where outcome = 'deposit_returned'`;
    return all.map(({ kind, subject, statement, isMended }) => {
      const kinds: readonly string[] = PLANT_CASES[kind];
      const isFound = named.some(
        (one) =>
          (kinds.includes(one.kind) && one.subject.includes(subject)) ||
          (one.kind === 'statement_conflict' && statement !== null && one.subject.startsWith(statement)),
      );
      return { kind, isFound, isMended };
    });
  }

  /** When everything that struck was found, or some days have not been enough, the bank says it right. */
  async mend(isLast = false): Promise<void> {
    const struck = await this.#struck();
    const waiting = struck.filter(({ isFound, isMended }) => !isFound && !isMended);
    this.#daysWaited = waiting.length === 0 ? 0 : this.#daysWaited + 1;
    if (this.#daysWaited > DAYS_MAX || waiting.length === 0 || isLast) {
      this.#daysWaited = 0;
      await persistently(async () => this.#bank.world.mend());
    }
  }

  async found(): Promise<Found> {
    const counts: Found = {};
    for (const { kind, isFound } of await this.#struck()) {
      const count = (counts[kind] ??= { planted: 0, found: 0 });
      count.planted += 1;
      if (isFound) count.found += 1;
    }
    return counts;
  }
}
