-- 0049_bank_cases · Cases say what they are about by code and parameters; and what two persons may do about money that
-- the bank told wrongly: correct a notified credit, return one that is nobody's, contest a debit that nobody ordered.
--
-- Promises:
--   * a line is kept as it came; what it is taken for is its last correction, each by two persons, each with its effect
--   * a debit is contested once, and given back by one credit of the same amount
--   * a page of a statement is replaced only while it is held, and what it said is never taken again

-- Null: written before, the detail is the whole text.
alter table bank_case add column code text;
alter table bank_case add column params jsonb not null default '{}';
alter table bank_statement add column held_code text;
alter table bank_statement add column held_params jsonb not null default '{}';
alter table delivery_case add column code text;
alter table delivery_case add column params jsonb not null default '{}';

create table bank_statement_superseded (
  account     text not null,
  sequence    bigint not null,
  page        smallint not null,
  content_sha256 bytea not null,
  source      text not null,
  event_id    text not null,
  at          timestamptz not null,
  primary key (account, sequence, page, content_sha256),
  foreign key (source, event_id) references bank_message
);

create table bank_correction (
  account     text not null,
  ref         text not null,
  no          smallint not null check (no > 0),
  -- what the line is taken for from here on; void: it never was
  outcome     text not null check (outcome in ('deposit', 'suspense', 'void')),
  amount      bigint not null check (amount >= 0),
  org_id      text,
  virtual_reference text references virtual_account,
  case_id     uuid not null references bank_case,
  reason      text not null,
  decided_by  text not null,
  confirmed_by text not null,
  at          timestamptz not null,
  effect_key  text not null unique references ledger_effect,
  primary key (account, ref, no),
  foreign key (account, ref) references bank_line,
  check (decided_by <> confirmed_by),
  check ((outcome = 'deposit') = (org_id is not null)),
  check ((outcome = 'void') = (amount = 0))
);
create trigger bank_correction_append_only before update or delete on bank_correction
  for each row execute function refuse_change();

-- A line as it is taken now.
create view bank_line_now as
  select l.account, l.ref, l.currency, l.direction, coalesce(c.amount, l.amount) as amount,
         coalesce(c.outcome, l.outcome) as outcome,
         case when c.no is null then l.org_id else c.org_id end as org_id,
         case when c.no is null then l.virtual_reference else c.virtual_reference end as virtual_reference,
         l.booking_day, l.value_day, l.end_to_end_id, l.reference_text, l.counterparty_name, l.counterparty_account,
         l.return_reason, l.payment_id, l.effect_key, l.booked_at, l.statement_sequence,
         coalesce(c.no, 0) as corrections
    from bank_line l
    left join lateral (select * from bank_correction c where c.account = l.account and c.ref = l.ref
                        order by c.no desc limit 1) c on true;

create or replace view bank_proof as
  select o.currency, o.number as account,
         coalesce(a.debits_posted - a.credits_posted, 0) as ledger,
         coalesce(o.statement_closing, 0) as statement,
         coalesce(l.in_transit, 0)::bigint as in_transit,
         (coalesce(a.debits_posted - a.credits_posted, 0) - coalesce(o.statement_closing, 0)
           - coalesce(l.in_transit, 0))::bigint as difference
    from bank_own_account o
    left join ledger_account a on a.code = 'platform/' || o.currency || '/bank_clearing'
    left join (select account, sum(case direction when 'credit' then amount else -amount end) as in_transit
                 from bank_line_now where statement_sequence is null group by account) l on l.account = o.number;
create index bank_line_in_transit on bank_line (account) where statement_sequence is null;

-- The credit goes back to the account it came from: a payment out of suspense.
alter table payment drop constraint payment_source_check;
alter table payment add constraint payment_source_check check (source in ('payable', 'free', 'suspense'));
create table suspense_return (
  payment_id  uuid primary key references payment,
  account     text not null,
  ref         text not null,
  decided_by  text not null,
  confirmed_by text not null,
  reason      text not null,
  at          timestamptz not null,
  foreign key (account, ref) references bank_line,
  check (decided_by <> confirmed_by)
);
create index suspense_return_of_line on suspense_return (account, ref);
create trigger suspense_return_append_only before update or delete on suspense_return
  for each row execute function refuse_change();

create table bank_claim (
  account     text not null,
  ref         text not null,
  state       text not null check (state in ('contested', 'given_back')),
  contested_by text not null,
  confirmed_by text not null,
  reason      text not null,
  contested_at timestamptz not null,
  given_back_ref text,
  given_back_at timestamptz,
  primary key (account, ref),
  foreign key (account, ref) references bank_line,
  foreign key (account, given_back_ref) references bank_line,
  unique (account, given_back_ref),
  check (contested_by <> confirmed_by),
  check ((state = 'given_back') = (given_back_ref is not null) and (state = 'given_back') = (given_back_at is not null))
);

-- What is in suspense and nobody has ended.
create view suspense_open as
  select l.*,
         case when exists (select from suspense_return r join payment p on p.id = r.payment_id
                where r.account = l.account and r.ref = l.ref and p.status not in ('rejected', 'failed', 'returned'))
              then 'returning'
              when exists (select from bank_claim c where c.account = l.account and c.ref = l.ref) then 'contested'
              else 'open' end as state
    from bank_line_now l
   where l.outcome = 'suspense'
     and not exists (select from suspense_decision d where d.account = l.account and d.ref = l.ref)
     and not exists (select from suspense_return r join payment p on p.id = r.payment_id
                      where r.account = l.account and r.ref = l.ref and p.status = 'settled')
     and not exists (select from bank_claim c where c.account = l.account and c.state = 'given_back'
                        and l.ref in (c.ref, c.given_back_ref));

alter table bank_proposal drop constraint bank_proposal_kind_check;
alter table bank_proposal add constraint bank_proposal_kind_check check (kind in ('identify_deposit', 'close_case',
  'fail_payment', 'change_limit', 'correct_line', 'return_credit', 'contest_debit'));
