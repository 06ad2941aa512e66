/** What one would write first: a transaction a transfer, both account rows locked in order while it is made. */
import postgres from 'postgres';
import { CLIENTS, type Transfer } from './workload.ts';

export type NaiveLedger = {
  /** @returns whether there was money for it. */
  transfer(one: Transfer): Promise<boolean>;
  stop(): Promise<void>;
};

/** The same transfers, the same durability, a connection for each client; no holds, no entries, no proof. */
export async function openNaiveLedger(url: string, accounts: readonly string[]): Promise<NaiveLedger> {
  const sql = postgres(url, { max: CLIENTS, onnotice: () => {} });
  await sql.unsafe(`
    create table if not exists naive_account (code text primary key, balance bigint not null) with (fillfactor = 50);
    create table if not exists naive_transfer
      (key text primary key, debit text not null references naive_account, credit text not null references naive_account,
       amount bigint not null, at timestamptz not null default now())`);
  await sql`insert into naive_account select code, 1000000000000 from unnest(${[...accounts]}::text[]) code
    on conflict do nothing`;
  return {
    async transfer({ key, debit, credit, amount }) {
      return sql.begin(async (tx) => {
        const rows = await tx<{ code: string; balance: string }[]>`
          select code, balance from naive_account where code in (${debit}, ${credit}) order by code for update`;
        const payer = rows.find((row) => row.code === debit);
        if (BigInt(payer!.balance) < amount) return false;
        await tx`insert into naive_transfer (key, debit, credit, amount) values (${key}, ${debit}, ${credit}, ${String(amount)})`;
        await tx`update naive_account set balance = balance - ${String(amount)} where code = ${debit}`;
        await tx`update naive_account set balance = balance + ${String(amount)} where code = ${credit}`;
        return true;
      });
    },
    stop: () => sql.end({ timeout: 5 }),
  };
}
