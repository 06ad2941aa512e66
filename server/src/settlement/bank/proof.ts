/**
 * The daily proof: our bank account in the ledger is the bank's statement and what was notified since. It is written
 * down when a statement is reconciled, and stays; a difference opens a case, and while that is open nothing is paid.
 */
import { type Currency, formatMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { openCase } from './cases.ts';
import type { BankStep } from './deps.ts';

export type DayProof = {
  readonly account: string;
  readonly currency: string;
  readonly sequence: number;
  /** The bank's day, YYYY-MM-DD. */
  readonly day: string | null;
  readonly ledger: bigint;
  readonly statement: bigint;
  readonly inTransit: bigint;
  readonly difference: bigint;
  /** What the exchange owes its members. */
  readonly members: bigint;
  readonly suspense: bigint;
  readonly madeAt: Date;
};

/** Under the account's lock, after its statement was accepted: no line of it can come between. */
export async function writeProof(
  step: BankStep,
  statement: { account: string; sequence: number; day: string | null },
): Promise<void> {
  const { account, sequence, day } = statement;
  const [row] = await step.tx<{ difference: string; currency: string }[]>`
    with own as (
      select p.currency, p.ledger, p.statement, p.in_transit, p.difference,
             coalesce((select sum(credits_posted - debits_posted) from ledger_account a
                where a.code = 'platform/' || p.currency || '/suspense'), 0) as suspense,
             coalesce((select sum(credits_posted - debits_posted) from ledger_account a
                where a.currency = p.currency and a.code not like 'platform/%'), 0) as members
        from bank_proof p where p.account = ${account})
    insert into bank_day_proof (account, sequence, day, ledger, statement, in_transit, difference, members, suspense, made_at)
    select ${account}, ${sequence}, ${day}::text::date, ledger, statement, in_transit, difference, members, suspense,
           ${step.now.toISOString()}::text::timestamptz from own
    returning difference::text, (select currency from own) as currency`;
  const difference = BigInt(row!.difference);
  if (difference === 0n) return;
  await openCase(step, 'proof_difference', `${account}.${sequence}`, {
    code: 'proof_difference',
    currency: row!.currency,
    difference: formatMoney(difference),
  });
}

/** Newest first. */
export async function dayProofs(connection: Connection, limit = 100): Promise<DayProof[]> {
  const rows = await connection<Record<string, string>[]>`
    select p.account, o.currency, p.sequence::text, p.day::text, p.ledger::text, p.statement::text, p.in_transit::text,
           p.difference::text, p.members::text, p.suspense::text, p.made_at::text as "madeAt"
      from bank_day_proof p join bank_own_account o on o.number = p.account
     order by p.made_at desc, o.currency limit ${limit}`;
  return rows.map((row) => ({
    account: row['account']!,
    currency: row['currency']!,
    sequence: Number(row['sequence']),
    day: row['day'] ?? null,
    ledger: BigInt(row['ledger']!),
    statement: BigInt(row['statement']!),
    inTransit: BigInt(row['in_transit']!),
    difference: BigInt(row['difference']!),
    members: BigInt(row['members']!),
    suspense: BigInt(row['suspense']!),
    madeAt: new Date(row['madeAt']!),
  }));
}

export type BankProof = {
  readonly currency: Currency;
  readonly account: string;
  readonly ledger: bigint;
  readonly statement: bigint;
  readonly inTransit: bigint;
  /** 0, or an alarm that stops payouts. */
  readonly difference: bigint;
};

/** Our bank accounts in the ledger against statements and what was notified since. */
export async function bankProof(connection: Connection): Promise<BankProof[]> {
  const rows = await connection<
    {
      currency: Currency;
      account: string;
      ledger: string;
      statement: string;
      transit: string;
      difference: string;
    }[]
  >`
    select currency, account, ledger::text, statement::text, in_transit::text as transit, difference::text from bank_proof order by currency`;
  return rows.map((row) => ({
    currency: row.currency,
    account: row.account,
    ledger: BigInt(row.ledger),
    statement: BigInt(row.statement),
    inTransit: BigInt(row.transit),
    difference: BigInt(row.difference),
  }));
}

export type Mismatch = {
  readonly kind:
    | 'settled_without_line'
    | 'line_without_owner'
    | 'line_without_effect'
    | 'statement_without_lines'
    | 'statement_chain'
    | 'suspense_without_line'
    | 'proof_difference';
  readonly subject: string;
  /** The numbers, in major units of `currency`. */
  readonly params: Readonly<Record<string, string>>;
};

/**
 * Everything in which payments, lines, statements and the ledger contradict each other (S8). Reads all lines that are
 * in transit or on one of the last statements; older ones were proved with theirs and cannot change.
 * @param statements how many of the newest statements of each account are gone through.
 */
export async function findMismatches(connection: Connection, statements = 40): Promise<Mismatch[]> {
  const rows = await connection<(Omit<Mismatch, 'params'> & { params: Record<string, string> })[]>`
    with recent as (
      select s.account, s.sequence, min(s.opening) as opening, max(s.closing) as closing, sum(s.lines_sum) as lines_sum
        from bank_statement s join bank_own_account o on o.number = s.account
       where s.status = 'reconciled' and s.sequence > o.statement_sequence - ${statements}
       group by s.account, s.sequence),
    line as (
      select l.*, l.account || '.' || l.ref as key,
             case l.direction when 'credit' then l.amount else -l.amount end as signed
        from bank_line_now l
       where l.statement_sequence is null
          or exists (select from recent r where r.account = l.account and r.sequence = l.statement_sequence))
    select 'settled_without_line' as kind, p.end_to_end_id as subject,
           jsonb_build_object('status', p.status, 'currency', p.currency, 'amount', p.amount::text) as params
      from payment p
     where p.status in ('settled', 'returned')
       and not exists (select from bank_line l where l.payment_id = p.id and l.outcome = 'payout'
                          and l.amount = p.amount and l.currency = p.currency)
    union all
    select 'line_without_owner', key, jsonb_build_object('currency', currency, 'amount', amount::text)
      from line l
     where outcome in ('payout', 'payout_returned')
       and not exists (select from payment p where p.id = l.payment_id and p.amount = l.amount and p.org_id = l.org_id)
    union all
    select 'line_without_effect', l.key,
           jsonb_build_object('currency', l.currency, 'moved', coalesce(x.moved, 0)::text, 'amount', l.signed::text)
      from line l left join lateral (
        select sum(case when t.debit_account = own.code then t.amount else -t.amount end) as moved
          from ledger_transfer t, (select 'platform/' || l.currency || '/bank_clearing' as code) own
         where t.effect_key = any (array[l.effect_key] || array(
                 select c.effect_key from bank_correction c where c.account = l.account and c.ref = l.ref))
           and t.phase in ('posted', 'post_pending') and own.code in (t.debit_account, t.credit_account)) x on true
     where coalesce(x.moved, 0) <> l.signed
    union all
    select 'statement_without_lines', r.account || '.' || r.sequence,
           jsonb_build_object('currency', o.currency, 'difference', (r.closing - r.opening)::text,
             'lines', coalesce(x.sum, 0)::text)
      from recent r join bank_own_account o on o.number = r.account
      left join lateral (select sum(signed) as sum from line l
         where l.account = r.account and l.statement_sequence = r.sequence) x on true
     where coalesce(x.sum, 0) <> r.closing - r.opening or coalesce(x.sum, 0) <> r.lines_sum
    union all
    select 'statement_chain', x.account || '.' || x.sequence,
           jsonb_build_object('currency', o.currency, 'opening', opening::text, 'previous', before::text)
      from (select account, sequence, opening, lag(closing) over w as before, lag(sequence) over w as previous from recent
            window w as (partition by account order by sequence)) x
      join bank_own_account o on o.number = x.account
     where before is not null and (opening <> before or previous <> sequence - 1)
    union all
    select 'suspense_without_line', o.currency,
           jsonb_build_object('currency', o.currency, 'ledger', x.ledger::text, 'lines', x.lines::text)
      from bank_own_account o, lateral (
        select coalesce((select credits_posted - debits_posted from ledger_account
                          where code = 'platform/' || o.currency || '/suspense'), 0) as ledger,
               coalesce((select sum(case l.direction when 'credit' then l.amount else -l.amount end) from bank_line_now l
                          left join suspense_decision d on d.account = l.account and d.ref = l.ref
                          left join payment p on p.id = l.payment_id
                          where l.account = o.number
                            and (l.outcome = 'suspense' and d.ref is null or p.source = 'suspense')), 0) as lines) x
     where x.ledger <> x.lines
    union all
    select 'proof_difference', account, jsonb_build_object('currency', currency, 'ledger', ledger::text,
             'statement', statement::text, 'transit', in_transit::text)
      from bank_proof where difference <> 0
    order by 1, 2 limit 500`;
  return rows.map(({ params, ...row }) => ({ ...row, params: inMajorUnits(params) }));
}

const WORDS = new Set(['status', 'currency']);

function inMajorUnits(params: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      WORDS.has(name) ? value : formatMoney(BigInt(value)),
    ]),
  );
}
