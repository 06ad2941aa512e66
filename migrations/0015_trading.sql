-- 0015_trading · Order books as people read them, the money behind them, what becomes of a trade, and what staff
-- did. Rows marked "derived" come from the journal by the projection 'trading': they may be emptied and rebuilt,
-- and only supervision looks at them to know what it stops.

-- derived
create table instrument (
  id          text primary key,
  terms       jsonb not null,              -- exactly what the engine took
  listed_by   text not null,               -- actor of the command
  listed_at   timestamptz not null,
  phase       text not null default 'closed',
  mode        text not null default 'online' check (mode in ('online', 'cancel_only', 'halted')),
  reason      text,
  -- The entry that stopped it; approvals to resume are about this stop and no other.
  stopped_seq bigint,
  last_seq    bigint not null,
  check ((mode = 'online') = (stopped_seq is null))
);

-- derived: the schedule as far as it is known, with what is public of each random end
create table instrument_phase (
  instrument_id    text not null,
  starts_at        timestamptz not null,
  phase            text not null,
  no_cancel_ms     integer not null default 0,
  random_window_ms integer,
  commitment       text,
  seed             text,                   -- once drawn
  primary key (instrument_id, starts_at),
  check ((random_window_ms is null) = (commitment is null))
);

-- derived: kill switches that are set
create table market_block (
  instrument_id text not null,
  scope_key     text not null,
  scope         jsonb not null,
  reason        text not null,
  set_seq       bigint not null,           -- approvals to lift are about this one
  set_at        timestamptz not null,
  primary key (instrument_id, scope_key)
);

-- derived: every order that was taken
create table market_order (
  instrument_id  text not null,
  order_id       integer not null,
  account_id     text not null,
  command_id     text,
  line           smallint,
  side           text not null check (side in ('buy', 'sell')),
  price_ticks    integer not null,
  quantity_lots  integer not null,
  filled_lots    integer not null check (filled_lots between 0 and quantity_lots),
  time_in_force  text not null,
  expires_at     timestamptz,
  state          text not null check (state in ('resting', 'filled', 'cancelled')),
  reason         text,
  placed_at      timestamptz not null,
  last_seq       bigint not null,
  primary key (instrument_id, order_id)
);
create index market_order_account on market_order (account_id, instrument_id, order_id desc);

-- derived: every trade, with both sides
create table market_trade (
  instrument_id text not null,
  trade_number  integer not null,
  seq           bigint not null,
  at            timestamptz not null,
  buy_order_id  integer not null,
  sell_order_id integer not null,
  buyer_id      text not null,
  seller_id     text not null,
  price_ticks   integer not null,
  quantity_lots integer not null check (quantity_lots > 0),
  taker         text not null check (taker in ('buy', 'sell', 'call')),
  settled_seq   bigint,                    -- since then neither side's exposure is bound by it
  primary key (instrument_id, trade_number)
);
create index market_trade_seq on market_trade (instrument_id, seq);
create index market_trade_buyer on market_trade (buyer_id, at desc);
create index market_trade_seller on market_trade (seller_id, at desc);

-- What becomes of a trade: the seller names the lot, the contract follows. Made by the projection, kept for ever.
create table trade_nomination (
  id            uuid primary key default uuidv7(),
  instrument_id text not null,
  trade_number  integer not null,
  buyer_id      text not null,
  seller_id     text not null check (seller_id <> buyer_id),
  state         text not null default 'to_nominate' check (state in ('to_nominate', 'contracted')),
  nominate_by   timestamptz not null,
  overdue_at    timestamptz,               -- nobody named a lot in time: staff looks after it
  listing_id    text,
  contract_id   uuid,
  nominated_by  text,
  nominated_at  timestamptz,
  unique (instrument_id, trade_number),
  check ((state = 'contracted') = (contract_id is not null)),
  check ((contract_id is null) = (listing_id is null))
);
create index trade_nomination_seller on trade_nomination (seller_id, id desc);
create index trade_nomination_buyer on trade_nomination (buyer_id, id desc);
create index trade_nomination_overdue on trade_nomination (nominate_by) where state = 'to_nominate' and overdue_at is not null;

-- Money held in the ledger so that orders count: written before the engine is told. One row is one hold.
create table exposure (
  id            uuid primary key,
  instrument_id text not null,
  account_id    text not null,
  person_id     text not null,
  currency      char(3) not null,
  amount        bigint not null check (amount > 0),
  -- held: the engine does not count it yet. allocated: it does. returned: free money again.
  state         text not null check (state in ('held', 'allocated', 'returned')),
  reason        text,
  created_at    timestamptz not null default now()
);
create index exposure_account on exposure (instrument_id, account_id, created_at, id);

-- What the engine has let go and the ledger gives back. Made by the projection, done once.
create table exposure_return (
  instrument_id text not null,
  seq           bigint not null,
  account_id    text not null,
  amount        bigint not null check (amount > 0),
  returned_at   timestamptz,
  primary key (instrument_id, seq)
);

-- Seeds of random ends. Secret until drawn; stored before the schedule that commits to them.
create table random_end_seed (
  commitment    text primary key,          -- SHA-256 of the seed's text
  instrument_id text not null,
  seed          text not null,
  opens_at      timestamptz not null,      -- when the window of the end begins
  created_at    timestamptz not null default now()
);

-- Who agreed to start again what was stopped; `occasion` is the entry that stopped it.
create table market_approval (
  id            uuid primary key default uuidv7(),
  instrument_id text not null,
  action        text not null,             -- resume, or lift:<scope>
  occasion      bigint not null,
  person_id     text not null,
  at            timestamptz not null default now(),
  unique (instrument_id, action, occasion, person_id)
);

create trigger random_end_seed_append_only before update or delete on random_end_seed
  for each row execute function refuse_change();
create trigger market_approval_append_only before update or delete on market_approval
  for each row execute function refuse_change();
create trigger market_approval_no_truncate before truncate on market_approval
  for each statement execute function refuse_change();

-- A price may also be found in an order book.
alter table sale drop constraint sale_origin_kind_check;
alter table sale add constraint sale_origin_kind_check
  check (origin_kind in ('auction', 'request', 'listing', 'order_book'));
