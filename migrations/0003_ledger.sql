-- 0003_ledger.sql · Double entry: accounts, effects, transfers, holds. The money of the exchange.
--
-- Promises, each enforced here and not in the application:
--   * every transfer debits one account and credits another of the same currency by the same amount
--   * an effect (one or more linked transfers) happens once per effect_key, wholly or not at all;
--     the same key with other content is refused
--   * a funded account is never overdrawn, amounts on hold included
--   * a hold is resolved once: posted (in part, the rest returns) or voided
--   * nothing that was recorded is ever changed or removed; a mistake is mended by a new effect
--   * account rows are locked in the order of their codes, so two effects cannot deadlock
--
-- Balances are kept in the account row and proved by ledger_entry: one row per account and transfer
-- with the four totals after it. ledger_check() recomputes everything and returns what is wrong.
--
-- SQLSTATEs:  SL001 insufficient funds        SL002 effect key reused with other content
--             SL003 accounts of two currencies SL004 hold already resolved
--             SL005 hold unknown or not matching SL006 malformed posting or account code
--             SL007 recorded history is immutable

create table ledger_account_kind (
  kind text primary key,
  owner_class text not null check (owner_class in ('party', 'platform')),
  normal_side text not null check (normal_side in ('credit', 'debit')),
  must_be_funded boolean not null,
  per_contract boolean not null
);
insert into ledger_account_kind (kind, owner_class, normal_side, must_be_funded, per_contract) values
  ('free', 'party', 'credit', true, false),
  ('bid_security', 'party', 'credit', true, false),
  ('performance_security', 'party', 'credit', true, true),
  ('escrow', 'party', 'credit', true, true),
  ('payable', 'party', 'credit', true, false),
  ('receivable', 'party', 'debit', false, false),
  ('bank_clearing', 'platform', 'debit', false, false),
  ('fees', 'platform', 'credit', true, false),
  ('tax', 'platform', 'credit', true, false),
  ('suspense', 'platform', 'credit', false, false);

create table ledger_account (
  code text primary key,                       -- <owner>/<currency>/<kind>[/<contract>]
  owner text not null,                         -- organisation id, or 'platform'
  currency char(3) not null check (currency in ('CNY', 'USD', 'INR', 'EUR', 'AUD', 'ZAR', 'IDR')),
  kind text not null references ledger_account_kind,
  contract_id text,
  must_be_funded boolean not null,
  debits_posted bigint not null default 0 check (debits_posted >= 0),
  credits_posted bigint not null default 0 check (credits_posted >= 0),
  debits_pending bigint not null default 0 check (debits_pending >= 0),
  credits_pending bigint not null default 0 check (credits_pending >= 0),
  entries bigint not null default 0 check (entries >= 0),
  last_at timestamptz not null default '-infinity',
  constraint ledger_account_funded
    check (not must_be_funded or debits_posted + debits_pending <= credits_posted)
) with (fillfactor = 50);                      -- bank_clearing is a hot row: room for HOT updates
create index ledger_account_owner on ledger_account (owner, currency);
create index ledger_account_contract on ledger_account (contract_id) where contract_id is not null;

create table ledger_effect (
  effect_key text primary key check (length(effect_key) between 1 and 200),
  reason text not null,
  subject text not null,
  legs smallint not null check (legs between 1 and 64),
  content_sha256 bytea not null,
  at timestamptz not null
);
create index ledger_effect_subject on ledger_effect (subject, at);

create table ledger_transfer (
  key text primary key,                        -- effect_key, with '#n' for the second leg and on
  effect_key text not null references ledger_effect,
  leg smallint not null,
  phase text not null check (phase in ('posted', 'pending', 'post_pending', 'void_pending')),
  debit_account text not null references ledger_account,
  credit_account text not null references ledger_account,
  currency char(3) not null,
  amount bigint not null check (amount between 1 and 1000000000000000),
  -- the hold this leg resolves: unique, so a hold is resolved once whatever races for it
  pending_key text constraint ledger_transfer_resolves_once unique references ledger_transfer (key),
  at timestamptz not null,
  check (debit_account <> credit_account),
  check ((pending_key is not null) = (phase in ('post_pending', 'void_pending'))),
  unique (effect_key, leg)
);

create table ledger_entry (
  account text not null references ledger_account,
  entry_no bigint not null,                    -- 1, 2, 3, … per account, no gaps
  transfer_key text not null references ledger_transfer,
  side text not null check (side in ('debit', 'credit')),
  posted bigint not null check (posted >= 0),
  pending bigint not null,                     -- negative where a hold is resolved
  debits_posted bigint not null,
  credits_posted bigint not null,
  debits_pending bigint not null,
  credits_pending bigint not null,
  at timestamptz not null,
  primary key (account, entry_no),
  unique (transfer_key, side)
);
create index ledger_entry_at on ledger_entry (account, at, entry_no);

-- Opens an account on first use. Returns nothing new when it exists.
create function ledger_open_account(p_code text) returns void language plpgsql as $$
declare
  v_part text[] := string_to_array(p_code, '/');
  v_kind ledger_account_kind;
begin
  select * into v_kind from ledger_account_kind k where k.kind = v_part[3];
  if v_kind.kind is null
     or array_length(v_part, 1) <> (case when v_kind.per_contract then 4 else 3 end)
     or (v_part[1] = 'platform') <> (v_kind.owner_class = 'platform')
     or v_part[1] !~ '^[A-Za-z0-9_.:-]{1,64}$'
     or coalesce(v_part[4], 'x') !~ '^[A-Za-z0-9_.:-]{1,64}$' then
    raise exception 'no account code: %', p_code using errcode = 'SL006';
  end if;
  insert into ledger_account (code, owner, currency, kind, contract_id, must_be_funded)
  values (p_code, v_part[1], v_part[2], v_part[3], v_part[4], v_kind.must_be_funded)
  on conflict (code) do nothing;
end $$;

-- Opens and locks accounts in the order of their codes. Whoever decides from a balance and then
-- posts calls this first with every account that the posting will touch.
create function ledger_lock(p_codes text[]) returns void language plpgsql as $$
declare
  v_code text;
begin
  for v_code in select distinct c collate "C" as code from unnest(p_codes) c order by 1 loop
    perform 1 from ledger_account a where a.code = v_code for no key update;
    if not found then
      perform ledger_open_account(v_code);
      perform 1 from ledger_account a where a.code = v_code for no key update;
    end if;
  end loop;
end $$;

-- Every account that the postings touch.
create function ledger_accounts(p_postings jsonb) returns text[] language sql immutable as $$
  select array_agg(distinct a.code)
    from jsonb_array_elements(p_postings) p, jsonb_array_elements(p -> 'legs') l,
         lateral (values (l ->> 'debit'), (l ->> 'credit')) a(code)
$$;

-- The exact text that makes two postings the same.
create function ledger_content(p_reason text, p_subject text, p_legs jsonb) returns bytea
language sql immutable as $$
  select sha256(convert_to(p_reason || E'\n' || p_subject || E'\n' || string_agg(
    concat_ws('|', l.leg ->> 'phase', l.leg ->> 'debit', l.leg ->> 'credit', (l.leg ->> 'amount')::bigint,
              coalesce(l.leg ->> 'holdKey', '-')), E'\n' order by l.n), 'UTF8'))
  from jsonb_array_elements(p_legs) with ordinality as l(leg, n)
$$;

-- One half of a transfer: the entry with the totals after it, then the account row.
create function ledger_move(p_account text, p_key text, p_side text, p_posted bigint, p_pending bigint,
                            p_at timestamptz) returns void language plpgsql as $$
declare
  v_is_debit boolean := p_side = 'debit';
begin
  insert into ledger_entry (account, entry_no, transfer_key, side, posted, pending, debits_posted,
                            credits_posted, debits_pending, credits_pending, at)
  select a.code, a.entries + 1, p_key, p_side, p_posted, p_pending,
         a.debits_posted + case when v_is_debit then p_posted else 0 end,
         a.credits_posted + case when v_is_debit then 0 else p_posted end,
         a.debits_pending + case when v_is_debit then p_pending else 0 end,
         a.credits_pending + case when v_is_debit then 0 else p_pending end, p_at
    from ledger_account a where a.code = p_account;
  update ledger_account a
     set entries = e.entry_no, debits_posted = e.debits_posted, credits_posted = e.credits_posted,
         debits_pending = e.debits_pending, credits_pending = e.credits_pending, last_at = p_at
    from ledger_entry e
   where a.code = p_account and e.account = a.code and e.entry_no = a.entries + 1;
end $$;

-- One leg. The caller holds the account locks.
create function ledger_leg(p_effect_key text, p_no int, p_leg jsonb, p_at timestamptz) returns void
language plpgsql as $$
declare
  v_key text := p_effect_key || case when p_no = 1 then '' else '#' || p_no end;
  v_phase text := p_leg ->> 'phase';
  v_debit text := p_leg ->> 'debit';
  v_credit text := p_leg ->> 'credit';
  v_amount bigint := (p_leg ->> 'amount')::bigint;
  v_hold_key text := p_leg ->> 'holdKey';
  v_hold ledger_transfer;
  v_posted bigint := 0;
  v_pending bigint := 0;
  v_available bigint;
begin
  if split_part(v_debit, '/', 2) <> split_part(v_credit, '/', 2) then
    raise exception '% to % crosses currencies', v_debit, v_credit using errcode = 'SL003';
  end if;
  if v_hold_key is not null then
    -- The account locks are held, so a rival resolution is either visible here or not yet begun.
    select * into v_hold from ledger_transfer t where t.key = v_hold_key and t.phase = 'pending';
    if v_hold.key is null or v_hold.debit_account <> v_debit or v_hold.credit_account <> v_credit
       or v_amount > v_hold.amount or (v_phase = 'void_pending' and v_amount <> v_hold.amount) then
      raise exception 'hold % is unknown or other than this resolution says', v_hold_key
        using errcode = 'SL005';
    end if;
    if exists (select from ledger_transfer t where t.pending_key = v_hold_key) then
      raise exception 'hold % is resolved already', v_hold_key using errcode = 'SL004';
    end if;
  end if;
  if v_phase in ('posted', 'pending') then
    -- The table's CHECK is the guarantee; asking first gives the refusal its numbers.
    select a.credits_posted - a.debits_posted - a.debits_pending into v_available
      from ledger_account a where a.code = v_debit and a.must_be_funded;
    if v_available < v_amount then
      raise exception '% cannot pay %', v_debit, v_amount
        using errcode = 'SL001', detail = json_build_object(
          'account', v_debit, 'required', v_amount::text, 'available', v_available::text)::text;
    end if;
  end if;
  insert into ledger_transfer (key, effect_key, leg, phase, debit_account, credit_account, currency,
                               amount, pending_key, at)
  values (v_key, p_effect_key, p_no, v_phase, v_debit, v_credit, split_part(v_debit, '/', 2), v_amount,
          v_hold_key, p_at);
  case v_phase
    when 'posted' then v_posted := v_amount;
    when 'pending' then v_pending := v_amount;
    when 'post_pending' then v_posted := v_amount; v_pending := -v_hold.amount;
    else v_pending := -v_hold.amount;
  end case;
  perform ledger_move(v_debit, v_key, 'debit', v_posted, v_pending, p_at);
  perform ledger_move(v_credit, v_key, 'credit', v_posted, v_pending, p_at);
end $$;

-- Applies one posting {effectKey, reason, subject, legs: [{phase, debit, credit, amount, holdKey?}]}.
-- 'applied' now, or 'exists' when exactly this was applied before. Otherwise raises, having changed nothing.
create function ledger_apply(p_posting jsonb) returns text language plpgsql as $$
declare
  v_key text := p_posting ->> 'effectKey';
  v_legs jsonb := p_posting -> 'legs';
  v_sha bytea;
  v_known bytea;
  v_at timestamptz;
  v_leg jsonb;
  v_no int;
begin
  if jsonb_typeof(v_legs) is distinct from 'array' or jsonb_array_length(v_legs) = 0
     or v_key is null or p_posting ->> 'reason' is null or p_posting ->> 'subject' is null then
    raise exception 'malformed posting' using errcode = 'SL006';
  end if;
  v_sha := ledger_content(p_posting ->> 'reason', p_posting ->> 'subject', v_legs);

  perform ledger_lock(ledger_accounts(jsonb_build_array(p_posting)));
  -- Taken under the locks and never before the last entry: time grows along every account.
  select greatest(clock_timestamp(), max(a.last_at)) into v_at
    from ledger_account a where a.code = any (ledger_accounts(jsonb_build_array(p_posting)));

  -- A rival with the same key makes this wait for its end; then its row is visible below.
  insert into ledger_effect (effect_key, reason, subject, legs, content_sha256, at)
  values (v_key, p_posting ->> 'reason', p_posting ->> 'subject', jsonb_array_length(v_legs), v_sha, v_at)
  on conflict (effect_key) do nothing;
  if not found then
    select e.content_sha256 into v_known from ledger_effect e where e.effect_key = v_key;
    if v_known <> v_sha then
      raise exception 'effect key % was used for something else', v_key using errcode = 'SL002';
    end if;
    return 'exists';
  end if;
  for v_leg, v_no in select l.leg, l.n from jsonb_array_elements(v_legs) with ordinality as l(leg, n) order by l.n loop
    perform ledger_leg(v_key, v_no, v_leg, v_at);
  end loop;
  return 'applied';
end $$;

-- Applies several postings together. Business refusals come back as a value and leave no trace, so
-- the caller's transaction goes on; everything else raises.
create function ledger_post(p_postings jsonb) returns jsonb language plpgsql as $$
declare
  v_outcomes jsonb := '[]';
  v_posting jsonb;
  v_state text;
  v_detail text;
begin
  perform ledger_lock(ledger_accounts(p_postings));
  for v_posting in select p from jsonb_array_elements(p_postings) with ordinality as x(p, n) order by n loop
    v_outcomes := v_outcomes || to_jsonb(ledger_apply(v_posting));
  end loop;
  return jsonb_build_object('ok', true, 'outcomes', v_outcomes);
exception
  when sqlstate 'SL001' then
    get stacked diagnostics v_detail = pg_exception_detail;
    return jsonb_build_object('ok', false, 'code', 'ledger.insufficient_funds') || v_detail::jsonb;
  when sqlstate 'SL004' then
    return jsonb_build_object('ok', false, 'code', 'ledger.hold_resolved');
end $$;

-- History is immutable, whoever asks.
create function ledger_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is history: % refused', tg_table_name, lower(tg_op) using errcode = 'SL007';
end $$;
create trigger immutable before update or delete or truncate on ledger_effect
  for each statement execute function ledger_refuse_change();
create trigger immutable before update or delete or truncate on ledger_transfer
  for each statement execute function ledger_refuse_change();
create trigger immutable before update or delete or truncate on ledger_entry
  for each statement execute function ledger_refuse_change();
create trigger immutable before delete or truncate on ledger_account
  for each statement execute function ledger_refuse_change();

-- An account row only ever repeats its newest entry, and keeps its identity.
create function ledger_account_follows_entries() returns trigger language plpgsql as $$
begin
  if (old.code, old.owner, old.currency, old.kind, old.contract_id, old.must_be_funded)
     is distinct from (new.code, new.owner, new.currency, new.kind, new.contract_id, new.must_be_funded)
     or new.entries <> old.entries + 1
     or not exists (
       select from ledger_entry e
        where e.account = new.code and e.entry_no = new.entries
          and (e.debits_posted, e.credits_posted, e.debits_pending, e.credits_pending)
            = (new.debits_posted, new.credits_posted, new.debits_pending, new.credits_pending)
          and (e.debits_posted - old.debits_posted, e.debits_pending - old.debits_pending)
            = (case e.side when 'debit' then (e.posted, e.pending) else (0::bigint, 0::bigint) end)
          and (e.credits_posted - old.credits_posted, e.credits_pending - old.credits_pending)
            = (case e.side when 'credit' then (e.posted, e.pending) else (0::bigint, 0::bigint) end)) then
    raise exception 'account % may only follow its entries', old.code using errcode = 'SL007';
  end if;
  return null;
end $$;
create trigger follows_entries after update on ledger_account
  for each row execute function ledger_account_follows_entries();

create function ledger_account_starts_empty() returns trigger language plpgsql as $$
begin
  if (new.debits_posted, new.credits_posted, new.debits_pending, new.credits_pending, new.entries) <> (0, 0, 0, 0, 0)
  then
    raise exception 'account % must start empty', new.code using errcode = 'SL007';
  end if;
  return new;
end $$;
create trigger starts_empty before insert on ledger_account
  for each row execute function ledger_account_starts_empty();

-- Reading. `balance` is positive on the account's normal side; `available` is what may still be debited.
create view ledger_balance as
  select a.code, a.owner, a.currency, a.kind, a.contract_id,
         case k.normal_side when 'credit' then a.credits_posted - a.debits_posted
                            else a.debits_posted - a.credits_posted end as balance,
         a.debits_pending as held, a.credits_pending as expected,
         case k.normal_side when 'credit' then a.credits_posted - a.debits_posted - a.debits_pending
                            else a.debits_posted - a.credits_posted end as available,
         a.entries, a.last_at
    from ledger_account a join ledger_account_kind k using (kind);

-- Every hold and what became of it.
create view ledger_hold as
  select h.key as hold_key, e.reason, e.subject, a.owner, h.currency, h.debit_account, h.credit_account,
         h.amount, h.at as held_at,
         case r.phase when 'post_pending' then 'posted' when 'void_pending' then 'voided' else 'held' end as state,
         case r.phase when 'post_pending' then r.amount else 0 end as posted_amount,
         r.at as resolved_at, r.effect_key as resolved_by
    from ledger_transfer h
    join ledger_effect e using (effect_key)
    join ledger_account a on a.code = h.debit_account
    left join ledger_transfer r on r.pending_key = h.key
   where h.phase = 'pending';

create view ledger_trial_balance as
  select a.currency, a.kind, count(*) as accounts,
         sum(a.debits_posted)::numeric as debits_posted, sum(a.credits_posted)::numeric as credits_posted,
         sum(a.debits_pending)::numeric as debits_pending, sum(a.credits_pending)::numeric as credits_pending
    from ledger_account a group by a.currency, a.kind;

-- The four totals of every account of `p_owner` as they were at an instant.
create function ledger_balance_at(p_owner text, p_at timestamptz)
returns table (code text, currency char(3), kind text, contract_id text, debits_posted bigint,
               credits_posted bigint, debits_pending bigint, credits_pending bigint)
language sql stable as $$
  select a.code, a.currency, a.kind, a.contract_id, e.debits_posted, e.credits_posted, e.debits_pending,
         e.credits_pending
    from ledger_account a
    cross join lateral (select * from ledger_entry e where e.account = a.code and e.at <= p_at
                         order by e.at desc, e.entry_no desc limit 1) e
   where a.owner = p_owner
$$;

-- Recomputes every promise from the transfers. No row means all is well.
create function ledger_check() returns table (broken text, detail text) language sql stable as $$
  select 'debits_equal_credits', format('%s: posted %s/%s, pending %s/%s', currency, sum(debits_posted),
         sum(credits_posted), sum(debits_pending), sum(credits_pending))
    from ledger_account group by currency
  having sum(debits_posted) <> sum(credits_posted) or sum(debits_pending) <> sum(credits_pending)
  union all
  select 'balance_equals_transfers', a.code
    from ledger_account a
    left join (
      select m.account, sum(m.dp) dp, sum(m.cp) cp, sum(m.dn) dn, sum(m.cn) cn, count(*) n
        from (select t.debit_account account,
                     case when t.phase in ('posted', 'post_pending') then t.amount else 0 end dp, 0 cp,
                     case when t.phase = 'pending' then t.amount when t.pending_key is not null then -h.amount else 0 end dn,
                     0 cn
                from ledger_transfer t left join ledger_transfer h on h.key = t.pending_key
              union all
              select t.credit_account, 0,
                     case when t.phase in ('posted', 'post_pending') then t.amount else 0 end, 0,
                     case when t.phase = 'pending' then t.amount when t.pending_key is not null then -h.amount else 0 end
                from ledger_transfer t left join ledger_transfer h on h.key = t.pending_key) m
       group by m.account) s on s.account = a.code
   where (a.debits_posted, a.credits_posted, a.debits_pending, a.credits_pending, a.entries)
         is distinct from (coalesce(s.dp, 0), coalesce(s.cp, 0), coalesce(s.dn, 0), coalesce(s.cn, 0), coalesce(s.n, 0))
  union all
  select 'funded', a.code from ledger_account a
   where a.must_be_funded and a.debits_posted + a.debits_pending > a.credits_posted
  union all
  select 'account_rule', a.code from ledger_account a join ledger_account_kind k using (kind)
   where a.must_be_funded <> k.must_be_funded
      or a.code <> concat_ws('/', a.owner, a.currency, a.kind, a.contract_id)
  union all
  select 'currency', t.key from ledger_transfer t
    join ledger_account d on d.code = t.debit_account join ledger_account c on c.code = t.credit_account
   where d.currency <> t.currency or c.currency <> t.currency
  union all
  select 'hold', r.key from ledger_transfer r left join ledger_transfer h on h.key = r.pending_key
   where r.pending_key is not null
     and (h.phase <> 'pending' or r.amount > h.amount or (r.phase = 'void_pending' and r.amount <> h.amount)
          or r.debit_account <> h.debit_account or r.credit_account <> h.credit_account)
  union all
  select 'entries', e.account || ' ' || e.entry_no
    from (select e.*, lag(e.entry_no, 1, 0::bigint) over w prev_no, lag(e.at, 1, '-infinity') over w prev_at,
                 lag(e.debits_posted, 1, 0::bigint) over w dp, lag(e.credits_posted, 1, 0::bigint) over w cp,
                 lag(e.debits_pending, 1, 0::bigint) over w dn, lag(e.credits_pending, 1, 0::bigint) over w cn
            from ledger_entry e window w as (partition by e.account order by e.entry_no)) e
    join ledger_transfer t on t.key = e.transfer_key
   where e.entry_no <> e.prev_no + 1 or e.at < e.prev_at
      or e.account <> case e.side when 'debit' then t.debit_account else t.credit_account end
      or (e.debits_posted - e.dp, e.debits_pending - e.dn) <> (case e.side when 'debit' then (e.posted, e.pending) else (0::bigint, 0::bigint) end)
      or (e.credits_posted - e.cp, e.credits_pending - e.cn) <> (case e.side when 'credit' then (e.posted, e.pending) else (0::bigint, 0::bigint) end)
  union all
  select 'two_entries', t.key from ledger_transfer t
   where (select count(*) from ledger_entry e where e.transfer_key = t.key) <> 2
  union all
  select 'effect_content', f.effect_key
    from ledger_effect f
    left join (select t.effect_key, count(*) n,
                      jsonb_agg(jsonb_build_object('phase', t.phase, 'debit', t.debit_account, 'credit', t.credit_account,
                                                   'amount', t.amount::text, 'holdKey', t.pending_key) order by t.leg) legs
                 from ledger_transfer t group by t.effect_key) t using (effect_key)
   where f.legs <> coalesce(t.n, 0) or f.content_sha256 <> ledger_content(f.reason, f.subject, t.legs)
$$;
