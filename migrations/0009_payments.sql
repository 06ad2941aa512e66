-- 0009_payments.sql · Money towards and from the bank: deposit references, payment instructions, what the
-- bank said, and what is still unexplained.
--
-- Promises:
--   * a payment has one EndToEndId for ever; amount, currency and creditor never change; its rank only rises
--   * an obligation has at most one live payment
--   * every message of the bank is kept for ever; the same event twice has one effect
--   * every line of the bank has one row and one ledger effect; what nobody can be named for is in suspense
--   * a statement counts only when its pages are complete, follow the last one, and opening + lines = closing

-- Our own account at the bank, one per currency.
create table bank_own_account (
  currency    char(3) primary key,
  number      text not null unique,
  holder_name text not null,
  bank_code_kind text not null check (bank_code_kind in ('bic', 'cnaps', 'ifsc')),
  bank_code   text not null,
  -- newest reconciled statement: what the next one must follow
  statement_sequence bigint,
  statement_closing  bigint,
  statement_day      date
);

-- What a member writes into its transfer, so that the money finds it: ISO 11649, with check digits.
create table virtual_account (
  reference  text primary key check (reference ~ '^RF[0-9]{2}[A-Z0-9]{1,21}$'),
  org_id     text not null,
  currency   char(3) not null,
  created_at timestamptz not null default now(),
  unique (org_id, currency)
);

create table payment_status (
  status text primary key,
  rank   smallint not null,
  unique (status, rank)
);
insert into payment_status (status, rank) values
  ('created', 0), ('approved', 10), ('sending', 20), ('unknown', 30), ('accepted', 40),
  ('rejected', 45), ('failed', 50), ('settled', 60), ('returned', 70);

create table payment (
  id               uuid primary key,
  obligation_key   text not null,
  end_to_end_id    text not null unique check (end_to_end_id ~ '^[0-9A-Z]{26}$'),
  org_id           text not null,
  source           text not null check (source in ('payable', 'free')),
  amount           bigint not null check (amount between 1 and 1000000000000000),
  currency         char(3) not null,
  creditor_name    text not null,
  creditor_account text not null,
  creditor_bank_code_kind text not null check (creditor_bank_code_kind in ('bic', 'cnaps', 'ifsc')),
  creditor_bank_code      text not null,
  remittance       text not null,
  created_by       text not null,                   -- person, or 'system'
  approvals_required smallint not null check (approvals_required between 0 and 3),
  replaces         uuid unique references payment,  -- a new instruction for one that definitely failed
  created_at       timestamptz not null,
  status           text not null,
  rank             smallint not null,
  reason           text,                            -- why the bank said no
  changed_at       timestamptz not null,
  next_inquiry_at  timestamptz,                     -- while the outcome is not known
  foreign key (status, rank) references payment_status (status, rank)
);
create unique index one_live_payment on payment (obligation_key)
  where status not in ('rejected', 'failed', 'returned');
create index payment_to_send on payment (changed_at) where status = 'approved';
create index payment_to_inquire on payment (next_inquiry_at) where next_inquiry_at is not null;
create index payment_of_organisation on payment (org_id, created_at);

create function payment_keeps_its_word() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'a payment is never deleted' using errcode = 'SL007';
  end if;
  if (old.id, old.obligation_key, old.end_to_end_id, old.org_id, old.source, old.amount, old.currency, old.creditor_name,
      old.creditor_account, old.creditor_bank_code_kind, old.creditor_bank_code, old.remittance, old.created_by,
      old.approvals_required, old.replaces, old.created_at)
     is distinct from
     (new.id, new.obligation_key, new.end_to_end_id, new.org_id, new.source, new.amount, new.currency, new.creditor_name,
      new.creditor_account, new.creditor_bank_code_kind, new.creditor_bank_code, new.remittance, new.created_by,
      new.approvals_required, new.replaces, new.created_at) then
    raise exception 'payment % cannot be changed', old.id using errcode = 'SL007';
  end if;
  if new.rank < old.rank or (new.rank = old.rank and new.status <> old.status) then
    raise exception 'payment % cannot go from % to %', old.id, old.status, new.status using errcode = 'SL008';
  end if;
  return new;
end $$;
create trigger keeps_its_word before update or delete on payment
  for each row execute function payment_keeps_its_word();

create table payment_approval (
  payment_id uuid not null references payment,
  person_id  text not null,
  at         timestamptz not null,
  primary key (payment_id, person_id)
);

-- Committed before the network call: after a crash it says "perhaps sent", never "not sent".
create table payment_attempt (
  payment_id uuid not null references payment,
  attempt_no smallint not null,
  message_id text not null unique,
  started_at timestamptz not null,
  ended_at   timestamptz,
  outcome    text check (outcome in ('answered', 'unknown')),
  detail     text,
  primary key (payment_id, attempt_no),
  check ((ended_at is null) = (outcome is null))
);

-- The inbox. Kept for ever: the identity of an event never expires.
create table bank_message (
  source      text not null,
  event_id    text not null,
  kind        text not null check (kind in ('camt', 'pain002', 'certification')),
  body_sha256 bytea not null,
  raw         bytea not null,
  got_at      timestamptz not null,
  attempts    smallint not null default 0,
  next_attempt_at timestamptz not null,
  last_error  text,
  done_at     timestamptz,
  parked_at   timestamptz,                          -- given up: waits for a person
  primary key (source, event_id)
);
create index bank_message_due on bank_message (next_attempt_at) where done_at is null and parked_at is null;

create function bank_message_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or (old.source, old.event_id, old.kind, old.body_sha256, old.raw, old.got_at)
       is distinct from (new.source, new.event_id, new.kind, new.body_sha256, new.raw, new.got_at)
     or (old.done_at is not null and new.done_at is distinct from old.done_at) then
    raise exception 'bank message % is kept as it came', old.event_id using errcode = 'SL007';
  end if;
  return new;
end $$;
create trigger is_kept before update or delete on bank_message
  for each row execute function bank_message_is_kept();

-- Every booked movement on our accounts, whichever channel told us first.
create table bank_line (
  account      text not null references bank_own_account (number),
  ref          text not null,                       -- the bank's own reference
  currency     char(3) not null,
  direction    text not null check (direction in ('credit', 'debit')),
  amount       bigint not null check (amount > 0),
  booking_day  date,
  value_day    date,
  end_to_end_id text,
  reference_text text not null,
  counterparty_name text,
  counterparty_account text,
  return_reason text,
  outcome      text not null check (outcome in ('deposit', 'deposit_returned', 'payout', 'payout_returned', 'suspense')),
  org_id       text,
  payment_id   uuid references payment,
  effect_key   text not null unique references ledger_effect,
  source       text not null,
  event_id     text not null,
  booked_at    timestamptz not null,
  -- set once, when a reconciled statement carries the line: from then on it is final
  statement_sequence bigint,
  primary key (account, ref),
  foreign key (source, event_id) references bank_message,
  check ((outcome = 'suspense') = (org_id is null))
);
create unique index bank_line_payout on bank_line (payment_id, outcome) where payment_id is not null;
create index bank_line_unconfirmed on bank_line (org_id, currency) where statement_sequence is null;

create function bank_line_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or to_jsonb(old) - 'statement_sequence' <> to_jsonb(new) - 'statement_sequence'
     or old.statement_sequence is not null then
    raise exception 'bank line % is kept as it came', old.ref using errcode = 'SL007';
  end if;
  return new;
end $$;
create trigger is_kept before update or delete on bank_line for each row execute function bank_line_is_kept();

-- One row per page of a statement.
create table bank_statement (
  account     text not null references bank_own_account (number),
  sequence    bigint not null,
  page        smallint not null,
  last_page   boolean not null,
  opening     bigint,
  closing     bigint,
  closing_day date,
  lines_sum   bigint not null,
  content_sha256 bytea not null,
  source      text not null,
  event_id    text not null,
  status      text not null check (status in ('held', 'reconciled')),
  held_reason text,
  primary key (account, sequence, page),
  foreign key (source, event_id) references bank_message,
  check ((status = 'held') or held_reason is null)
);

-- What a person must look at. Opened once per kind and subject.
create table bank_case (
  id        uuid primary key default uuidv7(),
  kind      text not null,
  subject   text not null,
  detail    text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text[],
  unique (kind, subject)
);
create index bank_case_open on bank_case (opened_at) where closed_at is null;

-- Who was found to own a credit in suspense. Two people decide.
create table suspense_decision (
  account    text not null,
  ref        text not null,
  org_id     text not null,
  decided_by text not null,
  confirmed_by text not null,
  at         timestamptz not null,
  effect_key text not null unique references ledger_effect,
  primary key (account, ref),
  foreign key (account, ref) references bank_line,
  check (decided_by <> confirmed_by)
);

-- Daily proof: our bank account in the ledger = last statement + what was notified since. Difference 0.
create view bank_proof as
  select o.currency, o.number as account,
         coalesce(a.debits_posted - a.credits_posted, 0) as ledger,
         coalesce(o.statement_closing, 0) as statement,
         coalesce(l.in_transit, 0)::bigint as in_transit,
         (coalesce(a.debits_posted - a.credits_posted, 0) - coalesce(o.statement_closing, 0)
           - coalesce(l.in_transit, 0))::bigint as difference
    from bank_own_account o
    left join ledger_account a on a.code = 'platform/' || o.currency || '/bank_clearing'
    left join (select account, sum(case direction when 'credit' then amount else -amount end) as in_transit
                 from bank_line where statement_sequence is null group by account) l on l.account = o.number;
