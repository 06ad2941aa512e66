-- 0032_freight · What it costs to bring coal from place to place, room on the way, and what carriers quote.
--
-- What must stay true, whoever writes:
--   * a version of a tariff never changes: it only ends, so that a figure of the past can be worked out again;
--   * at one moment no two versions of one lane are valid on the same day;
--   * of a slot no more is taken than it has;
--   * of one request for transport at most one quote is accepted.

-- Carriers bring coal and own none of it: such a company neither sells nor buys.
alter table organisation drop constraint organisation_kind_check;
alter table organisation add constraint organisation_kind_check
  check (kind in ('producer', 'buyer', 'trader', 'carrier'));
do $$
declare
  side text;
begin
  select conname into strict side from pg_constraint
   where conrelid = 'organisation'::regclass and pg_get_constraintdef(oid) = 'CHECK ((sells OR buys))';
  execute format('alter table organisation drop constraint %I', side);
end $$;
alter table organisation add constraint organisation_side_check check (sells or buys or kind = 'carrier');
alter table organisation add constraint organisation_carrier_check
  check (kind <> 'carrier' or not (sells or buys));

create table freight_lane (
  id            text primary key,
  number        bigint not null unique generated always as identity,
  from_place_id text not null references place,
  to_place_id   text not null references place,
  mode          text not null check (mode in ('rail', 'road', 'river', 'sea', 'conveyor')),
  carrier_id    text,                            -- null: a public tariff that the centre keeps
  capacity_kg   bigint check (capacity_kg > 0),  -- of each slot; null: nobody says
  capacity_per  text check (capacity_per in ('week', 'month')),
  created_by    text not null,                   -- person
  created_at    timestamptz not null,
  check (from_place_id <> to_place_id),
  check ((capacity_kg is null) = (capacity_per is null))
);
create unique index freight_lane_once on freight_lane (from_place_id, to_place_id, mode, coalesce(carrier_id, ''));
create index freight_lane_carrier on freight_lane (carrier_id) where carrier_id is not null;

create table freight_tariff (
  lane_id      text not null references freight_lane,
  lane_number  bigint not null references freight_lane (number),
  version      integer not null check (version > 0),
  currency     char(3) not null,
  terms        jsonb not null,                   -- of one of three kinds; amounts in minor units as text
  loading      bigint not null check (loading >= 0),     -- minor units per tonne
  unloading    bigint not null check (unloading >= 0),
  loss_permille integer not null check (loss_permille between 0 and 100),
  distance_km  integer not null check (distance_km between 1 and 40000),
  distance_given boolean not null,               -- false: worked out from the coordinates
  hours        integer not null check (hours between 0 and 4000),
  valid_from   date not null,
  valid_to     date,                             -- included; null: until further notice
  source       text not null check (length(source) between 1 and 200),
  made_by      text not null,                    -- person
  made_at      timestamptz not null,
  ended_at     timestamptz,                      -- replaced or withdrawn; kept
  primary key (lane_id, version),
  check (valid_from <= valid_to),
  constraint freight_tariff_no_overlap exclude using gist (
    int8range(lane_number, lane_number, '[]') with &&, daterange(valid_from, valid_to, '[]') with &&
  ) where (ended_at is null)
);

create function freight_tariff_only_ends() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.ended_at is null
     and to_jsonb(new) - 'ended_at' = to_jsonb(old) - 'ended_at' then return new; end if;
  raise exception 'a version of a tariff is kept as it was' using errcode = 'CX002';
end $$;
create trigger freight_tariff_kept before update or delete on freight_tariff
  for each row execute function freight_tariff_only_ends();

-- Rises with every change of a lane or tariff: whoever holds them in memory sees that they are old.
create table freight_edition (
  id      boolean primary key default true check (id),
  edition bigint not null
);
insert into freight_edition (edition) values (1);
create function freight_changes() returns trigger language plpgsql as $$
begin
  update freight_edition set edition = edition + 1;
  return null;
end $$;
create trigger freight_lane_changes after insert or update on freight_lane
  for each statement execute function freight_changes();
create trigger freight_tariff_changes after insert or update on freight_tariff
  for each statement execute function freight_changes();

-- A week from its Monday or a month from its first day; made when somebody first asks for room in it.
create table freight_slot (
  lane_id     text not null references freight_lane,
  begins      date not null,
  capacity_kg bigint not null check (capacity_kg > 0),
  taken_kg    bigint not null default 0,
  primary key (lane_id, begins),
  constraint freight_slot_not_overbooked check (taken_kg between 0 and capacity_kg)
);

create table transport_request (
  id            text primary key,                -- rises in time
  shipper_id    text not null,
  created_by    text not null,                   -- person
  contract_id   text,                            -- the contract whose coal is carried; null: before there is one
  from_place_id text not null references place,
  to_place_id   text not null references place,
  mode          text check (mode in ('rail', 'road', 'river', 'sea', 'conveyor')),   -- null: as the carrier sees fit
  quantity_kg   bigint not null check (quantity_kg > 0),
  window_from   date not null,
  window_to     date not null,
  currency      char(3) not null,
  note          text not null default '' check (length(note) <= 1000),
  state         text not null check (state in ('open', 'accepted', 'cancelled', 'expired')),
  expires_at    timestamptz not null,
  created_at    timestamptz not null,
  check (from_place_id <> to_place_id),
  check (window_from <= window_to)
);
create index transport_request_shipper on transport_request (shipper_id, id desc);
create index transport_request_open on transport_request (id desc) where state = 'open';
create index transport_request_contract on transport_request (contract_id) where contract_id is not null;

-- One carrier answers one request once; what it answers has versions.
create table transport_quote (
  id               text primary key,
  request_id       text not null references transport_request,
  carrier_id       text not null,
  state            text not null check (state in ('offered', 'accepted', 'declined', 'withdrawn', 'expired')),
  version          integer not null check (version > 0),      -- the one that stands
  accepted_version integer,
  accepted_by      text,                         -- person
  accepted_at      timestamptz,
  unique (request_id, carrier_id),
  check ((state = 'accepted') = (accepted_version is not null)),
  check ((state = 'accepted') = (accepted_at is not null)),
  check (accepted_version = version)
);
create unique index transport_quote_one_accepted on transport_quote (request_id) where state = 'accepted';
create index transport_quote_carrier on transport_quote (carrier_id, request_id);

create table transport_quote_version (
  quote_id        text not null references transport_quote,
  version         integer not null check (version > 0),
  price_per_tonne bigint not null check (price_per_tonne > 0),   -- minor units, in the request's currency
  loss_permille   integer not null check (loss_permille between 0 and 100),
  hours           integer not null check (hours between 0 and 4000),
  slots           jsonb not null,                -- rooms on lanes of the carrier's own that are taken on acceptance
  note            text not null default '' check (length(note) <= 1000),
  valid_until     timestamptz not null,
  sha256          bytea not null check (length(sha256) = 32),    -- of the canonical text of all this: what is accepted
  made_by         text not null,                 -- person
  made_at         timestamptz not null,
  primary key (quote_id, version)
);
create function transport_quote_version_kept() returns trigger language plpgsql as $$
begin
  raise exception 'a version of a quote is kept as it was' using errcode = 'CX002';
end $$;
create trigger transport_quote_version_kept before update or delete on transport_quote_version
  for each row execute function transport_quote_version_kept();

create table freight_reservation (
  id              text primary key,
  lane_id         text not null,
  begins          date not null,
  organisation_id text not null,                 -- whose coal has the room
  contract_id     text,
  quote_id        text references transport_quote,
  quantity_kg     bigint not null check (quantity_kg > 0),
  state           text not null check (state in ('held', 'released')),
  created_by      text not null,                 -- person
  created_at      timestamptz not null,
  released_at     timestamptz,
  foreign key (lane_id, begins) references freight_slot,
  check ((contract_id is null) <> (quote_id is null)),
  check ((state = 'released') = (released_at is not null))
);
create index freight_reservation_slot on freight_reservation (lane_id, begins) where state = 'held';
create index freight_reservation_organisation on freight_reservation (organisation_id, id desc);
create index freight_reservation_quote on freight_reservation (quote_id) where quote_id is not null;
create index freight_reservation_contract on freight_reservation (contract_id) where contract_id is not null;

-- A contract that falls needs no room: in the same transaction, whoever ends it.
create function freight_room_of_void_contract() returns trigger language plpgsql as $$
declare
  room record;
begin
  for room in update freight_reservation set state = 'released', released_at = now()
               where contract_id = new.id::text and state = 'held'
               returning lane_id, begins, quantity_kg loop
    update freight_slot set taken_kg = taken_kg - room.quantity_kg
     where lane_id = room.lane_id and begins = room.begins;
  end loop;
  return null;
end $$;
create trigger freight_room_of_void_contract after update of state on contract
  for each row when (new.state = 'voided' and old.state <> 'voided')
  execute function freight_room_of_void_contract();
