-- bank/0001_bank · The demo bank's own books, in its own database: accounts, movements, what it was asked to pay,
-- what it must still tell. Nothing here is shared with the exchange.
--
-- Promises: double entry, no customer overdrawn, movements immutable, each EndToEndId executed once, each
-- notification written in the transaction of the movement it tells about.

create table account (
  number      text primary key,
  holder_name text not null,
  legal_id    text not null,
  currency    char(3) not null,
  bank_code_kind text not null check (bank_code_kind in ('bic', 'cnaps', 'ifsc')),
  bank_code   text not null,
  -- 'outside': where money comes from and goes to, beyond this bank; the only kind that may be overdrawn
  kind        text not null check (kind in ('customer', 'exchange', 'outside')),
  debits      bigint not null default 0 check (debits >= 0),
  credits     bigint not null default 0 check (credits >= 0),
  statement_sequence bigint not null default 0,
  opened_at   timestamptz not null,
  check (kind = 'outside' or debits <= credits)
);
create unique index one_exchange_account on account (currency) where kind = 'exchange';
create unique index one_outside_account on account (currency) where kind = 'outside';

create table movement (
  ref         text primary key,                 -- the bank's reference on every message
  key         text not null unique,             -- what asked for it; the same key moves once
  debit       text not null references account,
  credit      text not null references account,
  amount      bigint not null check (amount between 1 and 1000000000000000),
  currency    char(3) not null,
  end_to_end_id text,
  reference   text,
  remittance  text,
  return_reason text,
  booked_at   timestamptz not null,
  statement_sequence bigint,                    -- set once, when the day is closed
  check (debit <> credit)
);
create index movement_open on movement (booked_at) where statement_sequence is null;

create function movement_is_kept() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or to_jsonb(old) - 'statement_sequence' <> to_jsonb(new) - 'statement_sequence'
     or old.statement_sequence is not null then
    raise exception 'movement % is kept', old.ref using errcode = 'BK002';
  end if;
  return new;
end $$;
create trigger is_kept before update or delete on movement for each row execute function movement_is_kept();

-- Moves money once per key. Returns the reference, also of an earlier identical call.
-- BK001: not enough money; BK003: currencies differ or an account is unknown; BK004: key used for something else.
create function book(p_ref text, p_key text, p_debit text, p_credit text, p_amount bigint, p_end_to_end_id text,
                     p_reference text, p_remittance text, p_return_reason text, p_at timestamptz)
returns text language plpgsql as $$
declare
  v_known movement;
  v_currency text;
begin
  perform 1 from account where number in (p_debit, p_credit) order by number for no key update;
  select * into v_known from movement m where m.key = p_key;
  if found then
    if (v_known.debit, v_known.credit, v_known.amount) <> (p_debit, p_credit, p_amount) then
      raise exception 'key % was used for something else', p_key using errcode = 'BK004';
    end if;
    return v_known.ref;
  end if;
  select min(a.currency) into v_currency from account a where a.number in (p_debit, p_credit)
   having count(*) = 2 and min(a.currency) = max(a.currency);
  if v_currency is null then
    raise exception 'no two accounts of one currency' using errcode = 'BK003';
  end if;
  begin
    update account set debits = debits + p_amount where number = p_debit;
  exception when check_violation then
    raise exception 'account % cannot pay %', p_debit, p_amount using errcode = 'BK001';
  end;
  update account set credits = credits + p_amount where number = p_credit;
  insert into movement (ref, key, debit, credit, amount, currency, end_to_end_id, reference, remittance,
                        return_reason, booked_at)
  values (p_ref, p_key, p_debit, p_credit, p_amount, v_currency, p_end_to_end_id, p_reference, p_remittance,
          p_return_reason, p_at);
  return p_ref;
end $$;

-- Each EndToEndId for ever, with the answer it got.
create table payment_order (
  end_to_end_id  text primary key,
  content_sha256 bytea not null,
  message_id     text not null,
  payment_information_id text not null,
  status         text not null check (status in ('ACSC', 'RJCT')),
  reason         text,
  detail         text,
  movement_ref   text references movement,
  at             timestamptz not null
);

create table certification (
  request_id text primary key,
  account_number text not null,
  differences text[] not null,
  at timestamptz not null
);

-- What must still be told. One identity per event, also when it is told again.
create table event (
  id           text primary key,
  content_type text not null,
  body         text not null,
  created_at   timestamptz not null,
  attempts     integer not null default 0,
  next_attempt_at timestamptz not null,
  delivered_at timestamptz,
  last_error   text
);
create index event_due on event (next_attempt_at) where delivered_at is null;

create table statement (
  account  text not null references account,
  sequence bigint not null,
  day      date not null,
  opening  bigint not null,
  closing  bigint not null,
  xml      text not null,
  primary key (account, sequence)
);
