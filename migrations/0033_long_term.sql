-- 0033_long_term · One binding contract, many deliveries: call-offs by month, the price of each, what was fulfilled and
-- what a shortfall owes. Index values, deliveries and assessments are evidence: append only.

-- One delivery under a contract that is called off. Logistics and settlement work by its id exactly as they work by
-- the id of a contract that is delivered at once: delivery_order.contract_id, settlement.contract_id and the
-- escrow account hold one or the other.
create table contract_delivery (
  id              uuid primary key,
  contract_id     uuid not null references contract,
  n               integer not null check (n > 0),
  quantity_kg     bigint not null check (quantity_kg > 0),
  price_per_tonne bigint not null check (price_per_tonne > 0),   -- minor units
  window_from     date not null,
  window_to       date not null check (window_to >= window_from),
  created_at      timestamptz not null default now(),
  unique (contract_id, n)
);
create trigger contract_delivery_append_only before update or delete on contract_delivery
  for each row execute function refuse_change();

-- The door to money and coal stays the same: a contract that binds, now also by one of its deliveries.
create function binds_by_id(p_id text) returns boolean language sql stable as $$
  select exists (select 1 from contract where id::text = p_id and state = 'binding')
      or exists (select 1 from contract_delivery d join contract c on c.id = d.contract_id
                  where d.id::text = p_id and c.state = 'binding')
$$;
create function delivery_under_binding_contract() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from contract where id = new.contract_id and state = 'binding') then
    raise exception 'delivery under contract %, which does not bind', new.contract_id using errcode = 'CX011';
  end if;
  return new;
end $$;
create trigger contract_binds before insert on contract_delivery
  for each row execute function delivery_under_binding_contract();
create or replace function only_for_binding_contract() returns trigger language plpgsql as $$
begin
  if not binds_by_id(new.contract_id) then
    raise exception '% for contract %, which does not bind', tg_table_name, new.contract_id using errcode = 'CX011';
  end if;
  return new;
end $$;
create or replace function payout_of_binding_contract() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from settlement s
                  where s.contract_id = split_part(new.obligation_key, ':', 2) and binds_by_id(s.contract_id)) then
    raise exception 'payout % of no contract that binds', new.obligation_key using errcode = 'CX011';
  end if;
  return new;
end $$;

-- What one company owes another under a contract besides the price of a delivery. Posted to the ledger once.
create table obligation (
  id          uuid primary key,
  key         text not null unique,          -- what it is owed for: a second attempt meets it
  contract_id uuid not null references contract,
  debtor_id   text not null,
  creditor_id text not null check (creditor_id <> debtor_id),
  currency    char(3) not null,
  amount      bigint not null check (amount > 0),
  kind        text not null check (kind in ('shortfall', 'true_up')),
  due_at      timestamptz not null,
  created_at  timestamptz not null,
  paid_at     timestamptz
);
create index obligation_debtor on obligation (debtor_id, created_at desc);
create index obligation_creditor on obligation (creditor_id, created_at desc);
create index obligation_contract on obligation (contract_id);

-- A binding contract whose quantity is called off. Its row is locked by everything that moves quantity.
create table long_term (
  contract_id uuid primary key references contract,
  seller_id   text not null,
  buyer_id    text not null,
  state       text not null default 'running' check (state in ('running', 'closed')),
  opened_at   timestamptz not null,
  closed_at   timestamptz,
  check ((state = 'closed') = (closed_at is not null))
);
create index long_term_seller on long_term (seller_id);
create index long_term_buyer on long_term (buyer_id);

create table call_off (
  id              uuid primary key,          -- of its delivery too, once there is one
  contract_id     uuid not null references long_term,
  n               integer not null check (n > 0),
  month           char(7) not null,
  quantity_kg     bigint not null check (quantity_kg > 0),
  window_from     date not null,
  window_to       date not null check (window_to >= window_from),
  -- requested: waits for the seller; confirmed: waits for its price; open: has a delivery
  state           text not null check (state in ('requested', 'confirmed', 'open', 'closed', 'declined', 'withdrawn', 'lapsed')),
  requested_by    text not null,
  requested_at    timestamptz not null,
  answer_by       timestamptz not null,
  answered_by     text,                      -- null: silence
  answered_at     timestamptz,
  reason          text,
  price_per_tonne bigint,
  priced_at       timestamptz,
  not_supplied_kg bigint not null default 0 check (not_supplied_kg >= 0 and not_supplied_kg <= quantity_kg),
  not_supplied_reason text,
  lifted_kg       bigint check (lifted_kg >= 0 and lifted_kg <= quantity_kg),
  closed_at       timestamptz,
  unique (contract_id, n),
  check ((state = 'closed') = (lifted_kg is not null)),
  check ((state in ('open', 'closed')) <= (price_per_tonne is not null))
);

-- Both agree to move quantity from one month to another.
create table month_move (
  id          uuid primary key,
  contract_id uuid not null references long_term,
  side        text not null check (side in ('seller', 'buyer')),
  from_month  char(7) not null,
  to_month    char(7) not null check (to_month <> from_month),
  quantity_kg bigint not null check (quantity_kg > 0),
  reason      text not null,
  state       text not null check (state in ('proposed', 'agreed', 'rejected', 'withdrawn', 'lapsed')),
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz
);
create index month_move_contract on month_move (contract_id, proposed_at);

-- What force majeure prevented in a month, as one side says and the other or the centre accepts.
create table force_majeure (
  id          uuid primary key,
  contract_id uuid not null references long_term,
  side        text not null check (side in ('seller', 'buyer')),
  month       char(7) not null,
  quantity_kg bigint not null check (quantity_kg > 0),
  reason      text not null,
  state       text not null check (state in ('declared', 'accepted', 'contested', 'refused')),
  declared_by text not null,
  declared_at timestamptz not null,
  decided_by  text,
  decided_at  timestamptz
);
create index force_majeure_contract on force_majeure (contract_id, declared_at);

-- What a month, quarter or year came to when it had ended.
create table fulfilment_assessment (
  contract_id     uuid not null references long_term,
  kind            text not null check (kind in ('month', 'quarter', 'year')),
  period          text not null,             -- 2027-01, 2027-Q1, 2027
  contracted_kg   bigint not null,
  excused_kg      bigint not null,
  delivered_kg    bigint not null,
  seller_short_kg bigint not null,
  buyer_short_kg  bigint not null,
  seller_owes     bigint not null check (seller_owes >= 0),
  buyer_owes      bigint not null check (buyer_owes >= 0),
  assessed_at     timestamptz not null,
  primary key (contract_id, kind, period)
);
create trigger fulfilment_assessment_append_only before update or delete on fulfilment_assessment
  for each row execute function refuse_change();

create table shortfall (
  id            uuid primary key,
  contract_id   uuid not null references long_term,
  kind          text not null,
  period        text not null,
  side          text not null check (side in ('seller', 'buyer')),
  amount        bigint not null check (amount > 0),
  state         text not null check (state in ('noticed', 'objected', 'owed', 'waived')),
  object_by     timestamptz not null,
  objection     text,
  objected_by   text,
  objected_at   timestamptz,
  decided       bigint check (decided >= 0 and decided <= amount),
  decision      text,
  decided_by    text,
  decided_at    timestamptz,
  noticed_at    timestamptz not null,
  unique (contract_id, kind, period, side),
  foreign key (contract_id, kind, period) references fulfilment_assessment
);

-- Published series that prices follow. A correction is another version of its month; nothing is overwritten.
create table index_series (
  id         text primary key check (id ~ '^[a-z0-9][a-z0-9_-]{1,39}$'),
  title      text not null,
  unit       text not null,
  source     text not null,
  created_by text not null,
  created_at timestamptz not null
);
create table index_value (
  series_id    text not null references index_series,
  month        char(7) not null,
  version      integer not null check (version > 0),
  value        text not null,                -- decimal, exact
  published_on date not null,
  note         text not null,                -- where it can be read again, or why it was corrected
  entered_by   text not null,
  entered_at   timestamptz not null,
  primary key (series_id, month, version)
);
create trigger index_value_append_only before update or delete on index_value
  for each row execute function refuse_change();

-- The values a price was fixed by.
create table call_off_price_input (
  call_off_id uuid not null references call_off,
  name        text not null,                 -- in the formula
  series_id   text not null,
  month       char(7) not null,
  version     integer not null,
  primary key (call_off_id, name),
  foreign key (series_id, month, version) references index_value
);
create index call_off_price_input_value on call_off_price_input (series_id, month);

-- An index was corrected after a price was fixed by it: the price stays, the difference is a sum of its own.
create table true_up (
  id              uuid primary key,
  call_off_id     uuid not null references call_off,
  series_id       text not null,
  month           char(7) not null,
  version         integer not null,
  from_price      bigint not null,
  to_price        bigint not null,
  amount          bigint,                    -- positive: the buyer owes; null until the final invoice
  created_at      timestamptz not null,
  computed_at     timestamptz,
  unique (call_off_id, series_id, month, version),
  foreign key (series_id, month, version) references index_value
);
