-- bank/0003_plants · Mistakes that the demo bank makes on order in what it tells and in its statements, each written
-- down, so that whoever reconciles can be measured against what was planted. Its own books stay right.

create table planted (
  id          bigint generated always as identity primary key,
  kind        text not null,
  account     text not null references account,
  amount      bigint not null check (amount between 1 and 1000000000000000),
  -- the exchange's name for it: <account>.<line>, <account>.<statement>, or an EndToEndId; null until it strikes
  subject     text,
  -- the line that it is about, and the statement that carries it or that is kept back
  ref         text,
  reference   text,
  sequence    bigint,
  struck_at   timestamptz,
  mended_at   timestamptz
);
create index planted_waiting on planted (account, kind) where struck_at is null;

-- Kept back on order: nobody is given it until it is handed over.
alter table statement add column withheld boolean not null default false;

-- An order that was called settled and not carried out: whom it was to pay.
alter table payment_order add column unpaid_creditor text references account;
alter table payment_order add column unpaid_amount bigint;
