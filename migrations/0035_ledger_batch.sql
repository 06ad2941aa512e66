-- 0035_ledger_batch.sql · Many postings in one statement, conversion between currencies, the trial balance
-- of a past instant.
--
-- Promises, besides those of 0003:
--   * ledger_post_each takes groups of postings: each group is applied wholly or not at all and has an answer
--     of its own; a refused group changes nothing, neither in the ledger nor for its neighbours
--   * the outcome is that of the groups one after another in their order
--   * ledger_post (one group, inside the caller's transaction) is the same function
--   * an account that another transaction holds makes its own groups wait, or answer `busy`, never others
--   * a posting in several currencies passes each of them through the exchange's conversion account
--
-- Locks are taken in one order everywhere: accounts that exist by code, then new accounts by code, then
-- effect keys by text. Nobody who waits for a later kind is waited for by a holder of an earlier one.
--
-- SQLSTATEs: as 0003; SL006 now also for amounts out of range and an account that pays itself.
--            SL008 a rival opened an account or used a key meanwhile: looked at again, seen by nobody
--            SL009 a row written around the functions does not fit what it refers to

insert into ledger_account_kind (kind, owner_class, normal_side, must_be_funded, per_contract) values
  ('conversion', 'platform', 'credit', false, false);

-- What is wrong with a code, or null.
create function ledger_code_wrong(p_code text) returns text language sql stable as $$
  select case when exists (
    select from ledger_account_kind k
     where k.kind = split_part(p_code, '/', 3)
       and p_code ~ '^[A-Za-z0-9_.:-]{1,64}/(CNY|USD|INR|EUR|AUD|ZAR|IDR)/[a-z_]+(/[A-Za-z0-9_.:-]{1,64})?$'
       and (split_part(p_code, '/', 4) <> '') = k.per_contract
       and (split_part(p_code, '/', 1) = 'platform') = (k.owner_class = 'platform'))
  then null else format('no account code: %s', p_code) end
$$;

-- Decides every group in memory under the account locks, then writes what was accepted in five statements.
-- The settings keep a plan made while the tables were small from reading them whole when they have grown.
create function ledger_decide(p_groups jsonb, p_wait boolean) returns jsonb language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off set plan_cache_mode = force_generic_plan as $$
#variable_conflict use_column
declare
  -- postings, in order over all groups
  p_group int[]; p_key text[]; p_reason text[]; p_subject text[]; p_legs int[]; p_first int[]; p_sha bytea[]; p_wrong jsonb[];
  p_slot int[]; p_applied boolean[];
  -- legs, in order over all postings, those of malformed ones too
  l_posting int[]; l_no int[]; l_phase text[]; l_debit int[]; l_credit int[]; l_amount bigint[]; l_hold int[]; l_makes int[];
  l_posted bigint[]; l_pending bigint[];
  -- accounts, holds and effect keys, each named by its place
  a_code text[]; a_wrong text[]; a_known boolean[]; a_busy boolean[]; a_touched boolean[]; a_funded boolean[]; a_left bigint[]; a_entries bigint[];
  a_dp bigint[]; a_cp bigint[]; a_dn bigint[]; a_cn bigint[];
  h_key text[]; h_state smallint[]; h_debit int[]; h_credit int[]; h_amount bigint[];
  s_key text[]; s_sha bytea[];
  -- entries: two for each leg, its debit before its credit
  e_account int[]; e_no bigint[]; e_dp bigint[]; e_cp bigint[]; e_dn bigint[]; e_cn bigint[];
  v_answers jsonb[] := '{}'; v_answer jsonb; v_outcomes text[]; v_at timestamptz;
  p int := 1; l int; v_from int; v_till int; d int; c int; h int; v_amount bigint; v_held bigint;
  v_new int := 0; v_e int; v_written int; v_locked refcursor; v_account ledger_account;
begin
  with leg as materialized (
    select i, g, coalesce(p ->> 'effectKey', '') as key, p ->> 'reason' as reason, p ->> 'subject' as subject, n::int as n,
           l ->> 'phase' as phase, l ->> 'debit' as debit, l ->> 'credit' as credit, l ->> 'amount' as amount, l ->> 'holdKey' as hold
      from (select gs.g::int as g, ps.p, row_number() over (order by gs.g, ps.n)::int as i
              from jsonb_array_elements(p_groups) with ordinality as gs(postings, g),
                   jsonb_array_elements(gs.postings) with ordinality as ps(p, n)) posting
      left join lateral jsonb_array_elements(case when jsonb_typeof(p -> 'legs') = 'array' then p -> 'legs' else '[]' end)
                          with ordinality as x(l, n) on true),
  looked as (
    select i, g, key, reason, subject, count(n)::int as legs,
           bool_or((phase in ('posted', 'pending', 'post_pending', 'void_pending') and debit <> credit
                    and debit ~ '^[^/]+/[A-Z]{3}/[a-z_]+(/[^/]+)?$' and credit ~ '^[^/]+/[A-Z]{3}/[a-z_]+(/[^/]+)?$'
                    and amount ~ '^[1-9][0-9]{0,15}$' and (length(amount) < 16 or amount = '1000000000000000')) is not true
                   or (hold is not null) <> (phase in ('post_pending', 'void_pending'))) as malformed,
           bool_or(split_part(debit, '/', 2) <> split_part(credit, '/', 2)) as crosses,
           min(split_part(debit, '/', 2)) <> max(split_part(debit, '/', 2)) as several,
           -- The text of ledger_content.
           string_agg(concat_ws('|', phase, debit, credit, amount, coalesce(hold, '-')), E'\n' order by n) as content
      from leg group by i, g, key, reason, subject),
  judged as (
    select looked.*, dense_rank() over (order by key collate "C")::int as slot,
           1 + coalesce(sum(legs) over (order by i rows between unbounded preceding and 1 preceding), 0)::int as first,
           case when legs not between 1 and 64 or reason is null or subject is null or length(key) not between 1 and 200
                  then jsonb_build_object('state', 'SL006', 'message', 'malformed posting')
                when malformed then jsonb_build_object('state', 'SL006', 'message', 'malformed leg of ' || key)
                when crosses then jsonb_build_object('state', 'SL003', 'message', 'a leg crosses currencies in ' || key)
                when several then (
                  select jsonb_build_object('state', 'SL003', 'message', 'a currency without its conversion account in ' || looked.key)
                    from leg where leg.i = looked.i group by split_part(debit, '/', 2)
                  having not bool_or('conversion' in (split_part(debit, '/', 3), split_part(credit, '/', 3))) limit 1)
           end as wrong
      from looked),
  place as (
    select i, n, side, code, dense_rank() over (order by code collate "C")::int as a
      from leg, lateral (values (1, debit), (2, credit)) u(side, code) where n is not null),
  held as (
    select i, n, use, slot, case when slot is not null then dense_rank() over (order by slot collate "C" nulls last)::int end as h
      from leg, lateral (values (1, hold),
                                (2, case when phase = 'pending' then key || case when n = 1 then '' else '#' || n end end)) u(use, slot)
     where n is not null and (select bool_or(hold is not null) from leg))
  select postings.*, legs.*, places.*, holds.*
    into p_group, p_key, p_reason, p_subject, p_legs, p_first, p_wrong, p_sha, p_slot, s_key,
         l_posting, l_no, l_phase, l_amount, a_code, l_debit, l_credit, h_key, l_hold, l_makes
    from (select array_agg(g order by i), array_agg(key order by i), array_agg(reason order by i), array_agg(subject order by i),
                 array_agg(legs order by i), array_agg(first order by i), array_agg(coalesce(wrong, '{}') order by i),
                 array_agg(case when wrong is null then
                   sha256(convert_to(reason || E'\n' || subject || E'\n' || content, 'UTF8')) end order by i),
                 array_agg(slot order by i), array_agg(distinct key collate "C") from judged) postings,
         (select array_agg(i order by i, n), array_agg(n order by i, n), array_agg(phase order by i, n),
                 array_agg(case when amount ~ '^[0-9]{1,18}$' then amount::bigint end order by i, n) from leg where n is not null) legs,
         (select array_agg(distinct code collate "C"), array_agg(a order by i, n) filter (where side = 1),
                 array_agg(a order by i, n) filter (where side = 2) from place) places,
         (select array_agg(distinct slot collate "C") filter (where slot is not null), array_agg(h order by i, n) filter (where use = 1),
                 array_agg(h order by i, n) filter (where use = 2) from held) holds;
  if p_group is null then
    return (select coalesce(jsonb_agg('{"ok": true, "outcomes": []}'::jsonb), '[]') from jsonb_array_elements(p_groups));
  end if;
  p_applied := array_fill(false, array[cardinality(p_group)]);
  l_posting := coalesce(l_posting, '{}'); a_code := coalesce(a_code, '{}'); h_key := coalesce(h_key, '{}');
  l_posted := array_fill(0::bigint, array[greatest(cardinality(l_posting), 1)]);
  l_pending := l_posted;

  -- In the order of the codes. A row that a rival changed meanwhile is read as the rival left it.
  a_known := array_fill(false, array[greatest(cardinality(a_code), 1)]); a_busy := a_known; a_touched := a_known;
  a_dp := array_fill(0::bigint, array[greatest(cardinality(a_code), 1)]);
  a_cp := a_dp; a_dn := a_dp; a_cn := a_dp; a_entries := a_dp; a_left := a_dp;
  if p_wait then
    open v_locked for select * from ledger_account x where x.code = any (a_code) order by x.code collate "C" for no key update;
  else
    open v_locked for select * from ledger_account x where x.code = any (a_code) order by x.code collate "C" for no key update skip locked;
  end if;
  c := 1;
  loop
    fetch v_locked into v_account;
    exit when not found;
    while a_code[c] is distinct from v_account.code loop c := c + 1; end loop;
    a_known[c] := true; a_funded[c] := v_account.must_be_funded; a_entries[c] := v_account.entries;
    a_dp[c] := v_account.debits_posted; a_cp[c] := v_account.credits_posted;
    a_dn[c] := v_account.debits_pending; a_cn[c] := v_account.credits_pending;
    a_left[c] := v_account.credits_posted - v_account.debits_posted - v_account.debits_pending;
    v_at := greatest(v_at, v_account.last_at);
  end loop;
  close v_locked;
  -- Taken under the locks and never before the last entry: time grows along every account.
  v_at := greatest(v_at, clock_timestamp());
  if false = any (a_known) then
    for c in 1 .. cardinality(a_code) loop
      continue when a_known[c];
      a_wrong[c] := ledger_code_wrong(a_code[c]);
      a_busy[c] := not p_wait and exists (select from ledger_account x where x.code = a_code[c]);
      a_funded[c] := (select k.must_be_funded from ledger_account_kind k where k.kind = split_part(a_code[c], '/', 3));
    end loop;
  end if;

  -- Read under the locks: a rival with the same hold or key is either visible here or has not begun.
  if h_key <> '{}' then
    select array_agg(case when t.key is null then 0 when r.pending_key is null then 1 else 2 end::smallint order by i),
           array_agg(array_position(a_code, t.debit_account) order by i), array_agg(array_position(a_code, t.credit_account) order by i),
           array_agg(t.amount order by i)
      into h_state, h_debit, h_credit, h_amount
      from unnest(h_key) with ordinality as u(key, i)
      left join ledger_transfer t on t.key = u.key and t.phase = 'pending'
      left join ledger_transfer r on r.pending_key = u.key;
  end if;
  select array_agg((select f.content_sha256 from ledger_effect f where f.effect_key = u.key) order by i)
    into s_sha from unnest(s_key) with ordinality as u(key, i);

  for g in 1 .. jsonb_array_length(p_groups) loop
    v_answer := null; v_outcomes := '{}'; v_from := p;
    while p <= cardinality(p_group) and p_group[p] = g loop
      if v_answer is not null then p := p + 1; continue; end if;
      if p_wrong[p] <> '{}' then
        v_answer := p_wrong[p];
      elsif s_sha[p_slot[p]] is not null then
        if s_sha[p_slot[p]] = p_sha[p] then
          v_outcomes := v_outcomes || 'exists'::text;
        else
          v_answer := jsonb_build_object('state', 'SL002', 'message', format('effect key %s was used for something else', p_key[p]));
        end if;
      else
        for l in p_first[p] .. p_first[p] + p_legs[p] - 1 loop
          d := l_debit[l]; c := l_credit[l]; h := l_hold[l]; v_amount := l_amount[l]; v_held := 0;
          if coalesce(a_wrong[d], a_wrong[c]) is not null then
            v_answer := jsonb_build_object('state', 'SL006', 'message', coalesce(a_wrong[d], a_wrong[c]));
          elsif a_busy[d] or a_busy[c] then
            v_answer := '{"busy": true}';
          elsif h is not null then
            if h_state[h] = 2 then
              v_answer := '{"code": "ledger.hold_resolved"}';
            elsif h_state[h] = 0 or h_debit[h] is distinct from d or h_credit[h] is distinct from c
                  or v_amount > h_amount[h] or (l_phase[l] = 'void_pending' and v_amount <> h_amount[h]) then
              v_answer := jsonb_build_object('state', 'SL005', 'message',
                format('hold %s is unknown or other than this resolution says', h_key[h]));
            else
              v_held := h_amount[h];
            end if;
          elsif a_funded[d] and a_left[d] < v_amount then
            v_answer := jsonb_build_object('code', 'ledger.insufficient_funds', 'account', a_code[d],
              'required', v_amount::text, 'available', a_left[d]::text);
          end if;
          if v_answer is not null then
            v_till := l - 1;
            exit;
          end if;
          case l_phase[l]
            when 'posted' then l_posted[l] := v_amount;
            when 'pending' then l_pending[l] := v_amount;
            when 'post_pending' then l_posted[l] := v_amount; l_pending[l] := -v_held;
            else l_pending[l] := -v_held;
          end case;
          a_left[d] := a_left[d] - l_posted[l] - l_pending[l];
          a_left[c] := a_left[c] + l_posted[l];
          if h is not null then h_state[h] := 2; end if;
          if l_makes[l] is not null then
            h := l_makes[l]; h_state[h] := 1; h_debit[h] := d; h_credit[h] := c; h_amount[h] := v_amount;
          end if;
        end loop;
        if v_answer is null then
          s_sha[p_slot[p]] := p_sha[p];
          p_applied[p] := true;
          v_outcomes := v_outcomes || 'applied'::text;
        else
          -- The legs of this posting that were counted before the one that failed.
          for l in reverse v_till .. p_first[p] loop
            a_left[l_debit[l]] := a_left[l_debit[l]] + l_posted[l] + l_pending[l];
            a_left[l_credit[l]] := a_left[l_credit[l]] - l_posted[l];
            if l_hold[l] is not null then h_state[l_hold[l]] := 1; end if;
            if l_makes[l] is not null then h_state[l_makes[l]] := 0; end if;
          end loop;
        end if;
      end if;
      if v_answer is not null then
        -- And every posting of the group before it, the newest first.
        for q in reverse p - 1 .. v_from loop
          continue when not p_applied[q];
          p_applied[q] := false;
          s_sha[p_slot[q]] := null;
          for l in reverse p_first[q] + p_legs[q] - 1 .. p_first[q] loop
            a_left[l_debit[l]] := a_left[l_debit[l]] + l_posted[l] + l_pending[l];
            a_left[l_credit[l]] := a_left[l_credit[l]] - l_posted[l];
            if l_hold[l] is not null then h_state[l_hold[l]] := 1; end if;
            if l_makes[l] is not null then h_state[l_makes[l]] := 0; end if;
          end loop;
        end loop;
      end if;
      p := p + 1;
    end loop;
    v_answers[g] := case when v_answer is null then jsonb_build_object('ok', true, 'outcomes', to_jsonb(v_outcomes))
                         else '{"ok": false}' || v_answer end;
  end loop;
  if not (true = any (p_applied)) then return to_jsonb(v_answers); end if;

  for l in 1 .. cardinality(l_posting) loop
    continue when not p_applied[l_posting[l]];
    d := l_debit[l]; c := l_credit[l]; v_e := 2 * l - 1;
    a_dp[d] := a_dp[d] + l_posted[l]; a_dn[d] := a_dn[d] + l_pending[l]; a_entries[d] := a_entries[d] + 1; a_touched[d] := true;
    a_cp[c] := a_cp[c] + l_posted[l]; a_cn[c] := a_cn[c] + l_pending[l]; a_entries[c] := a_entries[c] + 1; a_touched[c] := true;
    e_account[v_e] := d; e_no[v_e] := a_entries[d];
    e_dp[v_e] := a_dp[d]; e_cp[v_e] := a_cp[d]; e_dn[v_e] := a_dn[d]; e_cn[v_e] := a_cn[d];
    v_e := v_e + 1;
    e_account[v_e] := c; e_no[v_e] := a_entries[c];
    e_dp[v_e] := a_dp[c]; e_cp[v_e] := a_cp[c]; e_dn[v_e] := a_dn[c]; e_cn[v_e] := a_cn[c];
  end loop;

  if false = any (a_known) then
    insert into ledger_account (code, owner, currency, kind, contract_id, must_be_funded)
    select a_code[i], split_part(a_code[i], '/', 1), split_part(a_code[i], '/', 2), split_part(a_code[i], '/', 3),
           nullif(split_part(a_code[i], '/', 4), ''), a_funded[i]
      from generate_subscripts(a_code, 1) i where a_touched[i] and not a_known[i] order by i
    on conflict (code) do nothing;
    get diagnostics v_written = row_count;
    for i in 1 .. cardinality(a_code) loop
      if a_touched[i] and not a_known[i] then v_new := v_new + 1; end if;
    end loop;
    if v_written <> v_new then raise exception 'an account was opened meanwhile' using errcode = 'SL008'; end if;
  end if;

  insert into ledger_effect (effect_key, reason, subject, legs, content_sha256, at)
  select p_key[n], p_reason[n], p_subject[n], p_legs[n], p_sha[n], v_at
    from generate_subscripts(p_key, 1) n where p_applied[n] order by p_key[n] collate "C"
  on conflict (effect_key) do nothing;
  get diagnostics v_written = row_count;
  if v_written <> cardinality(array_positions(p_applied, true)) then
    raise exception 'an effect key was used meanwhile' using errcode = 'SL008';
  end if;

  insert into ledger_transfer (key, effect_key, leg, phase, debit_account, credit_account, currency, amount, pending_key, at)
  select p_key[l_posting[n]] || case when l_no[n] = 1 then '' else '#' || l_no[n] end, p_key[l_posting[n]], l_no[n], l_phase[n],
         a_code[l_debit[n]], a_code[l_credit[n]], split_part(a_code[l_debit[n]], '/', 2), l_amount[n], h_key[l_hold[n]], v_at
    from generate_subscripts(l_posting, 1) n where p_applied[l_posting[n]] order by n;

  insert into ledger_entry (account, entry_no, transfer_key, side, posted, pending, debits_posted, credits_posted,
                            debits_pending, credits_pending, at)
  select a_code[e_account[e]], e_no[e], p_key[l_posting[n]] || case when l_no[n] = 1 then '' else '#' || l_no[n] end,
         case when e % 2 = 1 then 'debit' else 'credit' end, l_posted[n], l_pending[n], e_dp[e], e_cp[e], e_dn[e], e_cn[e], v_at
    from generate_subscripts(e_account, 1) e, lateral (select (e + 1) / 2 as n) u where e_account[e] is not null order by e;
  update ledger_account x
     set entries = a_entries[i], debits_posted = a_dp[i], credits_posted = a_cp[i], debits_pending = a_dn[i],
         credits_pending = a_cn[i], last_at = v_at
    from generate_subscripts(a_code, 1) i where a_touched[i] and x.code = a_code[i];
  return to_jsonb(v_answers);
end $$;

-- Applies groups of postings. For each group, in order: {ok: true, outcomes: ['applied' | 'exists', …]}, or
-- {ok: false, …} with `code` (a business refusal), `state` and `message` (a mistake of the caller) or
-- `busy` (only where p_wait is false: another transaction holds an account of it).
create function ledger_post_each(p_groups jsonb, p_wait boolean default true) returns jsonb language plpgsql as $$
begin
  -- Each time round somebody else has opened an account or used a key: it ends when they run out of those.
  for v_try in 1 .. 200 loop
    begin
      return ledger_decide(p_groups, p_wait);
    exception when sqlstate 'SL008' then null;
    end;
  end loop;
  raise exception 'accounts and keys are taken faster than they are read' using errcode = '40001';
end $$;

-- One group inside the caller's transaction. A mistake raises, a business refusal is a value.
create or replace function ledger_post(p_postings jsonb) returns jsonb language plpgsql as $$
declare
  v_answer jsonb := ledger_post_each(jsonb_build_array(p_postings)) -> 0;
begin
  if v_answer ? 'state' then
    raise exception '%', v_answer ->> 'message' using errcode = v_answer ->> 'state';
  end if;
  return v_answer;
end $$;

drop function ledger_apply(jsonb);
drop function ledger_leg(text, int, jsonb, timestamptz);
drop function ledger_move(text, text, text, bigint, bigint, timestamptz);
drop function ledger_accounts(jsonb);

-- What rows refer to is never removed, so that it is enough to look when they are written: once a statement, and
-- at more than a foreign key looks at.
alter table ledger_transfer
  drop constraint ledger_transfer_effect_key_fkey, drop constraint ledger_transfer_debit_account_fkey,
  drop constraint ledger_transfer_credit_account_fkey, drop constraint ledger_transfer_pending_key_fkey;
-- The key of a transfer says effect and leg, so that one index does for both.
alter table ledger_transfer
  drop constraint ledger_transfer_effect_key_leg_key, drop constraint ledger_transfer_resolves_once,
  add constraint ledger_transfer_key_is_of_leg check (key = effect_key || case when leg = 1 then '' else '#' || leg end);
create unique index ledger_transfer_resolves_once on ledger_transfer (pending_key) where pending_key is not null;
alter table ledger_entry drop constraint ledger_entry_account_fkey, drop constraint ledger_entry_transfer_key_fkey;

create function ledger_transfers_fit() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_key text;
begin
  select n.key into v_key from new_row n
   where not exists (select from ledger_effect f where f.effect_key = n.effect_key and n.leg between 1 and f.legs)
      or not exists (select from ledger_account a where a.code = n.debit_account and a.currency = n.currency)
      or not exists (select from ledger_account a where a.code = n.credit_account and a.currency = n.currency)
      or (n.pending_key is not null and not exists (
            select from ledger_transfer t
             where t.key = n.pending_key and t.phase = 'pending' and t.debit_account = n.debit_account
               and t.credit_account = n.credit_account and n.amount <= t.amount))
   limit 1;
  if v_key is not null then
    raise exception 'transfer % does not fit what it refers to', v_key using errcode = 'SL009';
  end if;
  return null;
end $$;
create trigger fits after insert on ledger_transfer referencing new table as new_row
  for each statement execute function ledger_transfers_fit();

create function ledger_entries_fit() returns trigger language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_key text;
begin
  select n.transfer_key into v_key from new_row n
   where not exists (
     select from ledger_transfer t
      where t.key = n.transfer_key
        and n.account = case n.side when 'debit' then t.debit_account else t.credit_account end
        and n.posted = case when t.phase in ('posted', 'post_pending') then t.amount else 0 end
        and n.pending = case when t.phase = 'pending' then t.amount when t.pending_key is null then 0
                             else -(select h.amount from ledger_transfer h where h.key = t.pending_key) end)
   limit 1;
  if v_key is not null then
    raise exception 'an entry of % does not fit its transfer', v_key using errcode = 'SL009';
  end if;
  return null;
end $$;
create trigger fits after insert on ledger_entry referencing new table as new_row
  for each statement execute function ledger_entries_fit();

-- An account row only ever follows its entries, any number at once, and keeps its identity.
drop trigger follows_entries on ledger_account;
drop function ledger_account_follows_entries();
create function ledger_account_follows_entries() returns trigger language plpgsql
set enable_seqscan = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_code text;
begin
  select coalesce(o.code, n.code) into v_code
    from old_row o full join new_row n on n.code = o.code
    left join lateral (
      select count(*) as entries, sum(case when e.side = 'debit' then e.posted else 0 end) as dp,
             sum(case when e.side = 'credit' then e.posted else 0 end) as cp,
             sum(case when e.side = 'debit' then e.pending else 0 end) as dn,
             sum(case when e.side = 'credit' then e.pending else 0 end) as cn
        from ledger_entry e where e.account = o.code and e.entry_no > o.entries and e.entry_no <= n.entries) s on true
    left join lateral (
      select * from ledger_entry e where e.account = o.code and e.entry_no = n.entries limit 1) last on true
   where (o.code, o.owner, o.currency, o.kind, o.contract_id, o.must_be_funded)
         is distinct from (n.code, n.owner, n.currency, n.kind, n.contract_id, n.must_be_funded)
      or n.entries <= o.entries
      or (n.entries - o.entries, n.debits_posted - o.debits_posted, n.credits_posted - o.credits_posted,
          n.debits_pending - o.debits_pending, n.credits_pending - o.credits_pending)
         is distinct from (s.entries, s.dp, s.cp, s.dn, s.cn)
      or (n.debits_posted, n.credits_posted, n.debits_pending, n.credits_pending)
         is distinct from (last.debits_posted, last.credits_posted, last.debits_pending, last.credits_pending)
      or n.last_at is distinct from last.at
   limit 1;
  if v_code is not null then
    raise exception 'account % may only follow its entries', v_code using errcode = 'SL007';
  end if;
  return null;
end $$;
create trigger follows_entries after update on ledger_account
  referencing old table as old_row new table as new_row
  for each statement execute function ledger_account_follows_entries();

-- The number of an account's newest entry at an instant, 0 before its first. Time grows along an account, so that
-- halving finds it: no index by time has to be kept by every transfer.
drop index ledger_entry_at;
create function ledger_entry_at(p_account text, p_at timestamptz) returns bigint language plpgsql stable
set enable_seqscan = off as $$
declare
  v_low bigint := 0; v_high bigint; v_middle bigint; v_last timestamptz;
begin
  select entries, last_at into v_high, v_last from ledger_account where code = p_account;
  if v_last <= p_at then return v_high; end if;
  while v_low < v_high loop
    v_middle := (v_low + v_high + 1) / 2;
    if (select e.at <= p_at from ledger_entry e where e.account = p_account and e.entry_no = v_middle) then
      v_low := v_middle;
    else
      v_high := v_middle - 1;
    end if;
  end loop;
  return v_low;
end $$;

create or replace function ledger_balance_at(p_owner text, p_at timestamptz)
returns table (code text, currency char(3), kind text, contract_id text, debits_posted bigint,
               credits_posted bigint, debits_pending bigint, credits_pending bigint)
language sql stable as $$
  select a.code, a.currency, a.kind, a.contract_id, e.debits_posted, e.credits_posted, e.debits_pending, e.credits_pending
    from ledger_account a
    join ledger_entry e on e.account = a.code and e.entry_no = ledger_entry_at(a.code, p_at)
   where a.owner = p_owner
$$;

-- All accounts by currency and kind as they were at an instant.
create function ledger_trial_balance_at(p_at timestamptz)
returns table (currency char(3), kind text, accounts bigint, debits_posted numeric, credits_posted numeric,
               debits_pending numeric, credits_pending numeric)
language sql stable as $$
  select a.currency, a.kind, count(*), sum(e.debits_posted)::numeric, sum(e.credits_posted)::numeric,
         sum(e.debits_pending)::numeric, sum(e.credits_pending)::numeric
    from ledger_account a
    cross join lateral (select * from ledger_entry e
                         where e.account = a.code and e.entry_no = ledger_entry_at(a.code, p_at) limit 1) e
   group by a.currency, a.kind
$$;
