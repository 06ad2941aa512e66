/**
 * Looks at the books all the time while everything goes wrong: a breach is written down once and stays. What it
 * compares with is its own: the bank's database, and triggers that count what the workers say they have done.
 */
import type { Sql } from 'postgres';
import { lookAtLedger } from '../ledger/audit.ts';

export type Breach = { readonly promise: string; readonly detail: string };

export class Checker {
  readonly breaches: Breach[] = [];
  looks = 0;
  entries = 0;
  /** In minor units, over all looks and currencies. */
  differenceMax = 0n;
  readonly #sql: Sql;
  readonly #known = new Set<string>();

  private constructor(sql: Sql) {
    this.#sql = sql;
  }

  static async open(sql: Sql): Promise<Checker> {
    await sql.unsafe(`
      create table sim_done (outbox_id bigint not null, at timestamptz not null default clock_timestamp());
      create function sim_count_done() returns trigger language plpgsql as $$
      begin
        insert into sim_done (outbox_id) values (new.id);
        return null;
      end $$;
      create trigger sim_counted after update of done_at on outbox for each row
        when (new.done_at is not null) execute function sim_count_done();
    `);
    return new Checker(sql);
  }

  breach(promise: string, detail: string): void {
    const key = `${promise} ${detail}`;
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.breaches.push({ promise, detail });
  }

  /** One instant of the ledger and the bank's side of it. */
  async look(): Promise<void> {
    this.looks += 1;
    const sums = await this.#sql<{ currency: string; posted: string; pending: string }[]>`
      select currency, sum(debits_posted - credits_posted)::text as posted,
             sum(debits_pending - credits_pending)::text as pending from ledger_account group by currency`;
    for (const { currency, posted, pending } of sums) {
      for (const value of [BigInt(posted), BigInt(pending)]) {
        const difference = value < 0n ? -value : value;
        if (difference > this.differenceMax) this.differenceMax = difference;
        if (difference > 0n) this.breach('the ledger sums to nothing', `${currency} ${value}`);
      }
    }
    const proofs = await this.#sql<{ currency: string; difference: string }[]>`
      select currency, difference::text from bank_proof where difference <> 0 and not exists (
        select from bank_case c where c.kind = 'proof_difference' and starts_with(c.subject, account || '.'))`;
    for (const { currency, difference } of proofs)
      this.breach('our bank account is its lines', `${currency} ${difference}`);
    const twice = await this.#sql<{ topic: string; key: string }[]>`
      select o.topic, o.effect_key as key from sim_done d join outbox o on o.id = d.outbox_id
       group by o.id having count(*) > 1 limit 5`;
    for (const { topic, key } of twice) this.breach('work is done once', `${topic} ${key}`);
    const forged = await this.#sql`select from bank_message where event_id like 'forged%' limit 1`;
    if (forged.length > 0) this.breach('a stranger is turned away', 'a forged message was kept');
  }

  /** Goes on through every entry that is new: each step of each account is recomputed. */
  async audit(): Promise<void> {
    const found = await this.#sql.begin('isolation level repeatable read', async (tx) =>
      lookAtLedger(tx, { fresh: 50_000, lap: 2_000 }),
    );
    this.entries += found?.entries ?? 0;
    for (const { broken, detail } of found?.findings ?? []) this.breach(`the audit: ${broken}`, detail);
  }
}
