-- 0037_ledger_audit.sql · The ledger proved every minute, and payouts halted when it is not.
--
-- Promises:
--   * a look proves the entries since the last one against what was proved before (ledger_checkpoint), and goes on
--     through the older ones, so that history is looked at again and again in laps
--   * every finding is kept; while one has not been accepted by two persons there is an open halt
--   * a halt is ended by two different persons, who accept the findings they have seen; others halt again

create table ledger_checkpoint (
  account text primary key,
  entry_no bigint not null,
  debits_posted bigint not null,
  credits_posted bigint not null,
  debits_pending bigint not null,
  credits_pending bigint not null
);

create table ledger_audit (
  one boolean primary key default true check (one),
  looked_at timestamptz,
  took_ms int,
  entries bigint,                              -- proved in the last look
  lap_began_at timestamptz,
  lap_ended_at timestamptz,                    -- when all history was last gone through
  account_cursor text not null default '',
  entry_cursor bigint not null default 0,
  effect_cursor text not null default '',
  transfer_cursor text not null default '',
  -- which of the three have reached their end in this lap
  ended text[] not null default '{}'
);
insert into ledger_audit default values;

create table ledger_halt (
  id bigint generated always as identity primary key,
  halted_at timestamptz not null default clock_timestamp(),
  proposed_by text,
  proposed_at timestamptz,
  reason text,
  resumed_by text,
  resumed_at timestamptz,
  check ((proposed_by is null) = (proposed_at is null) and (proposed_by is null) = (reason is null)),
  check ((resumed_by is null) = (resumed_at is null)),
  constraint ledger_halt_two_persons check (resumed_by is null or (proposed_by is not null and resumed_by <> proposed_by))
);
create unique index ledger_halt_open on ledger_halt ((true)) where resumed_at is null;

create table ledger_finding (
  id bigint generated always as identity primary key,
  broken text not null,
  detail text not null,
  first_seen_at timestamptz not null default clock_timestamp(),
  last_seen_at timestamptz not null default clock_timestamp(),
  -- The halt whose end accepted it: known, explained, and no reason to halt again.
  accepted_in bigint references ledger_halt,
  unique (broken, detail)
);

-- What the account rows say by themselves, and beside what was proved of them before.
create function ledger_audit_accounts() returns table (broken text, detail text) language sql stable as $$
  select 'debits_equal_credits', format('%s: posted %s/%s, pending %s/%s', currency, sum(debits_posted),
         sum(credits_posted), sum(debits_pending), sum(credits_pending))
    from ledger_account group by currency
  having sum(debits_posted) <> sum(credits_posted) or sum(debits_pending) <> sum(credits_pending)
  union all
  select 'funded', a.code from ledger_account a join ledger_account_kind k using (kind)
   where k.must_be_funded and a.debits_posted + a.debits_pending > a.credits_posted
  union all
  select 'account_rule', a.code from ledger_account a join ledger_account_kind k using (kind)
   where a.must_be_funded <> k.must_be_funded or a.code <> concat_ws('/', a.owner, a.currency, a.kind, a.contract_id)
  union all
  select 'account_lost', c.account from ledger_checkpoint c left join ledger_account a on a.code = c.account
   where a.entries is null or a.entries < c.entry_no
  union all
  select 'balance_equals_entries', a.code from ledger_account a join ledger_checkpoint c on c.account = a.code
   where a.entries = c.entry_no
     and (a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending)
         <> (c.debits_posted, c.credits_posted, c.debits_pending, c.credits_pending)
$$;

-- Entries p_first..p_last of each account: no gap, each goes on from the one before it, each fits its transfer; and
-- the account's row repeats the newest one.
create function ledger_audit_entries(p_account text[], p_first bigint[], p_last bigint[])
returns table (broken text, detail text) language sql stable
set enable_hashjoin = off set enable_mergejoin = off as $$
  with slice as (select * from unnest(p_account, p_first, p_last) with ordinality as s(account, first, last, n)),
  entry as (
    select s.first, e.*, lag(e.at) over w as prev_at, lag(e.entry_no) over w as prev_no,
           lag(e.debits_posted) over w as dp, lag(e.credits_posted) over w as cp,
           lag(e.debits_pending) over w as dn, lag(e.credits_pending) over w as cn
      from slice s
      cross join lateral (select * from ledger_entry e
                           where e.account = s.account and e.entry_no between s.first - 1 and s.last) e
    window w as (partition by s.n order by e.entry_no))
  select 'entries_missing', s.account || ' ' || s.first || '-' || s.last
    from slice s
   where s.last - s.first + 1 <> (select count(*) from ledger_entry e
                                   where e.account = s.account and e.entry_no between s.first and s.last)
  union all
  select 'entries', e.account || ' ' || e.entry_no from entry e
   where e.entry_no >= e.first
     and (e.at < e.prev_at or coalesce(e.prev_no, 0) <> e.entry_no - 1
       or (e.debits_posted - coalesce(e.dp, 0), e.debits_pending - coalesce(e.dn, 0))
          <> (case e.side when 'debit' then (e.posted, e.pending) else (0::bigint, 0::bigint) end)
       or (e.credits_posted - coalesce(e.cp, 0), e.credits_pending - coalesce(e.cn, 0))
          <> (case e.side when 'credit' then (e.posted, e.pending) else (0::bigint, 0::bigint) end))
  union all
  select 'entry_of_transfer', e.account || ' ' || e.entry_no from entry e
   where e.entry_no >= e.first and not exists (
     select from ledger_transfer t
      where t.key = e.transfer_key and t.at = e.at
        and e.account = case e.side when 'debit' then t.debit_account else t.credit_account end
        and e.posted = case when t.phase in ('posted', 'post_pending') then t.amount else 0 end
        and e.pending = case when t.phase = 'pending' then t.amount when t.pending_key is null then 0
                             else -(select h.amount from ledger_transfer h where h.key = t.pending_key) end)
  union all
  select 'balance_equals_entries', a.code
    from slice s join ledger_account a on a.code = s.account
   where s.last = a.entries and not exists (
     select from ledger_entry e
      where e.account = a.code and e.entry_no = a.entries
        and (e.debits_posted, e.credits_posted, e.debits_pending, e.credits_pending, e.at)
          = (a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending, a.last_at))
$$;

-- Effects: known, whole and unchanged; each of their transfers in one currency, with two entries, and resolving what
-- was held as it was held, once.
create function ledger_audit_effects(p_keys text[]) returns table (broken text, detail text) language sql stable
set enable_hashjoin = off set enable_mergejoin = off as $$
  with asked as (select distinct key from unnest(p_keys) key),
  effect as (select asked.key, f.* from asked left join ledger_effect f on f.effect_key = asked.key),
  transfer as (
    select t.*
      from effect
      cross join lateral generate_series(1, coalesce(effect.legs, 1) + 1) n
      cross join lateral (select * from ledger_transfer t
                           where t.key = effect.key || case when n = 1 then '' else '#' || n end) t)
  select 'effect_lost', key from effect where effect_key is null
  union all
  select 'effect_content', f.key from effect f
   where f.effect_key is not null and f.content_sha256 is distinct from (
     select case when count(*) = f.legs then ledger_content(f.reason, f.subject, jsonb_agg(jsonb_build_object(
              'phase', t.phase, 'debit', t.debit_account, 'credit', t.credit_account, 'amount', t.amount::text,
              'holdKey', t.pending_key) order by t.leg)) end
       from transfer t where t.effect_key = f.key)
  union all
  select 'currency', t.key from transfer t
   where not exists (select from ledger_account d where d.code = t.debit_account and d.currency = t.currency)
      or not exists (select from ledger_account c where c.code = t.credit_account and c.currency = t.currency)
  union all
  select 'two_entries', t.key from transfer t
   where (select count(*) from ledger_entry e where e.transfer_key = t.key) <> 2
  union all
  select 'hold', r.key from transfer r
   where r.pending_key is not null and not exists (
     select from ledger_transfer h
      where h.key = r.pending_key and h.phase = 'pending' and r.amount <= h.amount
        and (r.phase = 'post_pending' or r.amount = h.amount)
        and h.debit_account = r.debit_account and h.credit_account = r.credit_account)
  union all
  select 'hold_resolved_once', r.key from transfer r
   where r.pending_key is not null
     and (select count(*) from ledger_transfer o where o.pending_key = r.pending_key) <> 1
$$;
