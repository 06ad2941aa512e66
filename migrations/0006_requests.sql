-- 0006_requests · What buyers need, and what producers answer.
--
-- A request is locked before its answers, an answer before its lot: every transaction takes them in this
-- order, so none waits for another in a circle.

create table request (
  id               text primary key,             -- rises in time: newest first is descending by id
  buyer_id         text not null,
  created_by       text not null,                -- person
  state            text not null check (state in ('open', 'responding', 'contracted', 'cancelled', 'expired')),
  coal_ranks       text[] not null default '{}', -- empty: any
  limits           jsonb not null,               -- quality limits with their bases (packages/coal), and as they were typed
  quantity_kg      bigint not null check (quantity_kg > 0 and quantity_kg <= 1000000000000),
  minimum_kg       bigint not null check (minimum_kg > 0 and minimum_kg <= quantity_kg),   -- the least part of use
  contracted_kg    bigint not null default 0 check (contracted_kg >= 0 and contracted_kg <= quantity_kg),
  plant_place_id   text not null references place,
  window_from      date not null,
  window_to        date not null,
  currency         char(3) not null,
  price_ceiling    bigint check (price_ceiling > 0),   -- minor units per tonne, on the delivery term of the lot
  note             text not null default '' check (length(note) <= 1000),
  expires_at       timestamptz not null,
  created_at       timestamptz not null default now(),
  check (window_from <= window_to),
  check ((state = 'contracted') = (contracted_kg = quantity_kg))
);
create index request_open on request (id desc) where state in ('open', 'responding');
create index request_buyer on request (buyer_id, id desc);

-- A producer's firm answer: this lot, this quantity, this price, until then.
create table response (
  id              text primary key,
  request_id      text not null references request,
  seller_id       text not null,
  created_by      text not null,                 -- person
  listing_id      text not null references listing,
  state           text not null check (state in ('offered', 'taken', 'declined', 'expired')),
  quantity_kg     bigint not null check (quantity_kg > 0),
  price_per_tonne bigint not null check (price_per_tonne > 0),   -- minor units, in the request's currency
  note            text not null default '' check (length(note) <= 1000),
  valid_until     timestamptz not null,
  sale_id         text,
  contract_id     text,
  created_at      timestamptz not null default now(),
  check ((state = 'taken') = (sale_id is not null)),
  check ((sale_id is null) = (contract_id is null))
);
create index response_request on response (request_id, id);
create index response_seller on response (seller_id, request_id);
-- A lot answers a request once at a time; a new answer comes after the old one is closed.
create unique index response_once on response (request_id, listing_id) where state = 'offered';
