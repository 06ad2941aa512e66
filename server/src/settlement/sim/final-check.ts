/**
 * What must be true when everything has come to rest. Amounts are recomputed from the signed terms and what was
 * found; the bank's side is read in the bank's own database.
 */
import type { Sql } from 'postgres';
import { finalInvoice } from '../trade/rules.ts';
import type { Checker } from './checker.ts';
import type { BoundTrade } from './contracts.ts';

export type Figures = {
  readonly closed: number;
  /** Not closed, by the name of the queue of people they wait in. */
  readonly humanQueue: Record<string, number>;
  readonly jobs: number;
  readonly effects: number;
  readonly transfers: number;
  readonly paymentsSettled: number;
  readonly paymentsReplaced: number;
  readonly attempts: number;
  readonly messages: number;
  readonly statements: number;
};

type Row = {
  readonly id: string;
  readonly state: string;
  readonly final: string | null;
  readonly payout: string | null;
  readonly cost: string | null;
};

export async function checkAtEnd(
  checker: Checker,
  of: { sql: Sql; bankSql: Sql; trades: ReadonlyMap<string, BoundTrade> },
): Promise<Figures> {
  const { sql, bankSql, trades } = of;
  const rows = await sql<Row[]>`
    select contract_id as id, state, final_amount::text as final, payout_amount::text as payout,
           (coalesce(fee_amount, 0) + coalesce(tax_amount, 0))::text as cost from settlement`;
  if (rows.length !== trades.size)
    checker.breach('every trade is settled', `${rows.length} of ${trades.size}`);
  for (const row of rows) checkAmounts(checker, row, trades);
  await checkEffects(checker, sql);
  await checkPayments(checker, sql, bankSql);
  await checkBalances(checker, sql, bankSql);
  const humanQueue = await checkStuck(checker, sql);
  await checkWork(checker, sql);
  return {
    closed: rows.filter(({ state }) => state === 'closed').length,
    humanQueue,
    ...(await counted(sql)),
  };
}

/** The price by the contract for what was lifted and found; the payout is what fee and tax leave of it. */
function checkAmounts(checker: Checker, row: Row, trades: ReadonlyMap<string, BoundTrade>): void {
  if (row.final === null) return;
  const { terms, liftedKg, calorificValue } = trades.get(row.id)!;
  const found = {
    calorificValue: String(calorificValue),
    ash: '15.00',
    sulphur: '0.60',
    totalMoisture: '12.00',
  };
  const values = Object.entries(found).map(([parameter, value]) => ({
    parameter,
    basis: 'ar',
    ...(parameter === 'calorificValue' ? { unit: 'J/g', kind: 'net' } : { unit: '%' }),
    value,
  }));
  const quality = { values } as Parameters<typeof finalInvoice>[1]['quality'];
  const due = finalInvoice(terms, { liftedKg, quality });
  if (due.outcome !== 'priced' || String(due.amount) !== row.final)
    checker.breach('the price is that of the contract', `${row.id}: ${row.final}`);
  if (row.payout !== null && BigInt(row.payout) + BigInt(row.cost!) !== BigInt(row.final))
    checker.breach('payout, fee and tax are the price', row.id);
}

/** Each effect of each closed trade is there once; nothing of it is left in the accounts of its contract. */
async function checkEffects(checker: Checker, sql: Sql): Promise<void> {
  const wrong = await sql<{ id: string; reason: string; n: number }[]>`
    select s.contract_id as id, r.reason, (select count(*)::int from ledger_effect e
             where e.subject = 'contract:' || s.contract_id and e.reason = r.reason) as n
      from settlement s cross join (values ('provisional_payment'), ('final_settlement'), ('security_released')) r(reason)
     where s.state = 'closed' and (select count(*) from ledger_effect e
             where e.subject = 'contract:' || s.contract_id and e.reason = r.reason) <> 1 limit 20`;
  for (const { id, reason, n } of wrong)
    checker.breach('each effect happens once', `${reason} of ${id}: ${n}`);
  const released = await sql<{ id: string }[]>`
    select s.contract_id as id from settlement s where s.released_amount <> coalesce((select sum(t.amount)
      from ledger_effect e join ledger_transfer t on t.effect_key = e.effect_key
     where e.subject = 'contract:' || s.contract_id and e.reason = 'release'), 0) limit 20`;
  for (const { id } of released) checker.breach('each truck releases once', id);
  const left = await sql<{ code: string }[]>`
    select a.code from ledger_account a join settlement s on s.contract_id = split_part(a.code, '/', 4)
     where s.state in ('closed', 'cancelled') and a.debits_posted <> a.credits_posted limit 20`;
  for (const { code } of left) checker.breach('a closed contract holds nothing', code);
  const unpaid = await sql<{ id: string }[]>`
    select s.contract_id as id from settlement s where s.state = 'closed' and s.payout_amount <> coalesce((
      select sum(p.amount) from payment p where p.status = 'settled'
         and (p.obligation_key = 'payout:' || s.contract_id or p.obligation_key like 'payout:' || s.contract_id || ':%')), 0)
     limit 20`;
  for (const { id } of unpaid) checker.breach('a closed contract is paid out whole', id);
}

/** The bank carried out every payment that we call settled, once and as ordered, and none that we call failed. */
async function checkPayments(checker: Checker, sql: Sql, bankSql: Sql): Promise<void> {
  const moved = await bankSql<{ id: string; out: string; n: number; back: string }[]>`
    select end_to_end_id as id, coalesce(sum(amount) filter (where return_reason is null), 0)::text as out,
           count(*) filter (where return_reason is null)::int as n,
           coalesce(sum(amount) filter (where return_reason is not null), 0)::text as back
      from movement where end_to_end_id is not null group by 1`;
  const byId = new Map(moved.map((one) => [one.id, one]));
  const payments = await sql<{ id: string; status: string; amount: string; isCase: boolean }[]>`
    select p.end_to_end_id as id, p.status, p.amount::text, exists (select from bank_case c
             where c.subject = p.end_to_end_id or c.subject in (
               select l.account || '.' || l.ref from bank_line l where l.end_to_end_id = p.end_to_end_id)) as "isCase"
      from payment p`;
  for (const { id, status, amount, isCase } of payments) {
    const at = byId.get(id);
    byId.delete(id);
    if (isCase) continue;
    const paid = at?.n === 1 && at.out === amount;
    const fits =
      status === 'settled'
        ? paid && at.back === '0'
        : status === 'returned'
          ? paid && at.back === amount
          : status === 'rejected' || status === 'failed'
            ? at === undefined
            : true;
    if (!fits) checker.breach('the bank has paid what we say it paid', `${id} ${status}`);
  }
  for (const id of byId.keys()) checker.breach('the bank pays what we ordered', id);
}

/** What the bank has of ours is what our ledger says, less what lies in cases that people have to decide. */
async function checkBalances(checker: Checker, sql: Sql, bankSql: Sql): Promise<void> {
  const theirs = await bankSql<{ currency: string; balance: string }[]>`
    select currency, (credits - debits)::text as balance from account where kind = 'exchange'`;
  const ours = await sql<{ currency: string; balance: string }[]>`
    select currency, (debits_posted - credits_posted)::text as balance from ledger_account
     where code = 'platform/' || currency || '/bank_clearing'`;
  const open = await sql<{ currency: string }[]>`
    select distinct o.currency from bank_case c join bank_own_account o on starts_with(c.subject, o.number || '.')
     where c.kind in ('statement_sum', 'statement_gap', 'line_conflict', 'not_on_statement')`;
  const doubtful = new Set(open.map(({ currency }) => currency));
  for (const { currency, balance } of theirs) {
    const mine = ours.find((one) => one.currency === currency)?.balance ?? '0';
    if (mine !== balance && !doubtful.has(currency))
      checker.breach("our bank account is the bank's", `${currency}: bank ${balance}, ledger ${mine}`);
  }
}

/** Whatever is not closed waits for a person, in a queue with a name. */
async function checkStuck(checker: Checker, sql: Sql): Promise<Record<string, number>> {
  const rows = await sql<{ id: string; state: string; queue: string | null }[]>`
    select s.contract_id as id, s.state, coalesce(
             case when s.state in ('disputed', 'payout_failed') then 'settlement.' || s.state end,
             (select 'bank.' || c.kind from bank_case c join payment p on c.subject = p.end_to_end_id
                  or c.subject in (select l.account || '.' || l.ref from bank_line l where l.end_to_end_id = p.end_to_end_id)
               where split_part(p.obligation_key, ':', 2) = s.contract_id and c.closed_at is null limit 1),
             (select 'payment.to_approve' from payment p
               where split_part(p.obligation_key, ':', 2) = s.contract_id and p.status = 'created' limit 1),
             (select 'work.' || o.topic from outbox o where o.payload ->> 'contractId' = s.contract_id
                 and o.parked_at is not null and o.done_at is null limit 1)) as queue
      from settlement s where s.state not in ('closed', 'cancelled')`;
  const queues: Record<string, number> = {};
  for (const { id, state, queue } of rows) {
    if (queue === null) checker.breach('nothing is stuck without a person', `${id} ${state}`);
    else queues[queue] = (queues[queue] ?? 0) + 1;
  }
  return queues;
}

/** Every row is done, or waits for its day, or for a person. */
async function checkWork(checker: Checker, sql: Sql): Promise<void> {
  const rows = await sql<{ topic: string; n: number; error: string | null }[]>`
    select topic, count(*)::int as n, max(last_error) as error from outbox
     where done_at is null and parked_at is null and (not_before <= now() or attempts > 0) group by topic`;
  for (const { topic, n, error } of rows)
    checker.breach('work is done in the end', `${n} × ${topic}: ${error}`);
  const messages =
    await sql`select event_id from bank_message where done_at is null and parked_at is null limit 5`;
  for (const row of messages) checker.breach("the bank's messages are worked off", String(row['event_id']));
}

async function counted(sql: Sql): Promise<Omit<Figures, 'closed' | 'humanQueue'>> {
  const [row] = await sql<Omit<Figures, 'closed' | 'humanQueue'>[]>`
    select (select count(*)::int from sim_done) as jobs,
           (select count(*)::int from ledger_effect) as effects,
           (select count(*)::int from ledger_transfer) as transfers,
           (select count(*)::int from payment where status = 'settled') as "paymentsSettled",
           (select count(*)::int from payment where replaces is not null) as "paymentsReplaced",
           (select count(*)::int from payment_attempt) as attempts,
           (select count(*)::int from bank_message) as messages,
           (select count(*)::int from bank_statement where status = 'reconciled') as statements`;
  return row!;
}
