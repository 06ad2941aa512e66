-- bank/0002_misfortunes_and_keys · What may go wrong with an event on order, the keys of both houses, and statements
-- as MT940 beside camt.053.

-- Pushed so many times more after it was taken.
alter table event add column repeats smallint not null default 0;
-- Waits until another event has overtaken it.
alter table event add column held boolean not null default false;
-- Made up by somebody else: signed with keys that are not ours, and never repeated.
alter table event add column forged boolean not null default false;

create table signing_key (
  id         text primary key,
  seed       bytea not null check (length(seed) = 32),
  made_at    timestamptz not null,
  retires_at timestamptz
);

create table exchange_key (
  id         text primary key,
  public_key text not null,
  taken_at   timestamptz not null
);

alter table statement add column mt940 text not null default '';
