-- 0011_settlement · What one contract owes whom, until it is closed; its invoices; the ratings of both sides.

create table settlement (
  contract_id        text primary key,
  seller_id          text not null,
  buyer_id           text not null,
  currency           char(3) not null,
  state              text not null check (state in
    ('provisional_due', 'funded', 'result_due', 'disputed', 'paying_out', 'payout_failed', 'closed', 'cancelled')),
  provisional_amount bigint not null check (provisional_amount > 0),
  provisional_due_at timestamptz not null,
  result_due_at      timestamptz,
  final_amount       bigint,
  fee_amount         bigint,
  tax_amount         bigint,
  payout_amount      bigint,
  payout_payment_id  text,
  reason             text,
  opened_at          timestamptz not null default now(),
  closed_at          timestamptz,
  check ((state = 'closed') = (closed_at is not null))
);
create index settlement_seller on settlement (seller_id, opened_at desc);
create index settlement_buyer on settlement (buyer_id, opened_at desc);

-- An invoice is never edited; a later one names the one it replaces or settles.
create table invoice (
  id          uuid primary key,
  contract_id text not null references settlement,
  kind        text not null check (kind in ('provisional', 'final')),
  number      text not null unique,
  amount      bigint not null check (amount >= 0),
  detail      jsonb not null,
  issued_at   timestamptz not null default now(),
  unique (contract_id, kind)
);

create table rating (
  contract_id     text not null references settlement,
  by_organisation text not null,
  of_organisation text not null,
  score           smallint not null check (score between 1 and 5),
  comment         text not null,
  person_id       text not null,
  created_at      timestamptz not null default now(),
  primary key (contract_id, by_organisation),
  check (by_organisation <> of_organisation)
);
create index rating_of on rating (of_organisation);

create trigger invoice_append_only before update or delete on invoice for each row execute function refuse_change();
create trigger rating_append_only before update or delete on rating for each row execute function refuse_change();
