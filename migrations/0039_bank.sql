-- 0039_bank · The bank, second part: the bank's public keys, statements as MT940, references of single obligations,
-- approvals above a limit, decisions of two persons, and the proof of each day as it was.
--
-- Promises:
--   * a payment is approved and sent only with as many approvals as it needs, none of them its maker's
--   * a limit of approvals, a case, a credit in suspense and a payment in doubt are decided by two different persons
--   * the proof of a day is written once, when its statement is reconciled, and never changed

create table bank_key (
  id          text primary key,                    -- of the key's own bytes
  public_key  text not null,                       -- SPKI, base64
  valid_until timestamptz,
  seen_at     timestamptz not null
);

alter table bank_message drop constraint bank_message_kind_check;
alter table bank_message add constraint bank_message_kind_check
  check (kind in ('camt', 'mt', 'pain002', 'certification'));

-- '' is the company's own reference; anything else names the one obligation that the money is for.
alter table virtual_account add column obligation_key text not null default '';
alter table virtual_account drop constraint virtual_account_org_id_currency_key;
alter table virtual_account add constraint virtual_account_of unique (org_id, currency, obligation_key);

-- The reference that named the owner of a credit.
alter table bank_line add column virtual_reference text references virtual_account;
create index bank_line_of_reference on bank_line (virtual_reference) where virtual_reference is not null;

-- From this amount on a payment needs so many approvals.
create table payment_limit (
  currency   char(3) primary key,
  above      bigint not null check (above between 0 and 1000000000000000),
  approvals  smallint not null check (approvals between 1 and 3)
);
insert into payment_limit (currency, above, approvals) values
  ('CNY', 5000000000, 2), ('USD', 700000000, 2), ('EUR', 700000000, 2), ('AUD', 1000000000, 2),
  ('INR', 60000000000, 2), ('ZAR', 13000000000, 2), ('IDR', 11000000000000, 2);

create function payment_is_approved() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    if new.status in ('approved', 'sending') and new.approvals_required > 0 then
      raise exception 'payment % needs % approvals', new.id, new.approvals_required using errcode = 'SL010';
    end if;
  elsif new.status in ('approved', 'sending') and old.rank < 10
    and (select count(*) from payment_approval a where a.payment_id = new.id and a.person_id <> new.created_by)
        < new.approvals_required then
    raise exception 'payment % needs % approvals', new.id, new.approvals_required using errcode = 'SL010';
  end if;
  return new;
end $$;
create trigger is_approved before insert or update on payment for each row execute function payment_is_approved();
create trigger payment_approval_append_only before update or delete on payment_approval
  for each row execute function refuse_change();

-- What one person proposes and another confirms or rejects.
create table bank_proposal (
  id          uuid primary key,
  kind        text not null check (kind in ('identify_deposit', 'close_case', 'fail_payment', 'change_limit')),
  subject     text not null,
  detail      jsonb not null,
  reason      text not null,
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz,
  outcome     text check (outcome in ('confirmed', 'rejected')),
  check ((outcome is null) = (decided_by is null) and (outcome is null) = (decided_at is null)),
  check (outcome is distinct from 'confirmed' or decided_by <> proposed_by)
);
create unique index bank_proposal_open on bank_proposal (kind, subject) where outcome is null;

-- Ledger, statement and what is in transit, when a statement was reconciled. Difference 0.
create table bank_day_proof (
  account    text not null references bank_own_account (number),
  sequence   bigint not null,
  day        date,
  ledger     bigint not null,
  statement  bigint not null,
  in_transit bigint not null,
  difference bigint not null,
  -- owed to members and others, and unexplained; together with fees and tax they are the ledger's bank account
  members    bigint not null,
  suspense   bigint not null,
  made_at    timestamptz not null,
  primary key (account, sequence),
  check (difference = ledger - statement - in_transit)
);
create trigger bank_day_proof_append_only before update or delete on bank_day_proof
  for each row execute function refuse_change();

create index bank_line_suspense on bank_line (booked_at) where outcome = 'suspense';
