-- 0052_tracking · Where coal is on its way: journeys with a tracker each, and the positions it told.

create table journey (
  id                uuid primary key,
  delivery_order_id uuid not null references delivery_order,
  device_id         uuid not null references device,
  label             text not null check (length(label) between 1 and 40),
  mode              text not null check (mode in ('road', 'rail', 'river', 'sea')),
  to_place_id       text not null references place,
  started_by        text not null,
  started_at        timestamptz not null,
  ended_at          timestamptz
);
create unique index journey_of_tracker on journey (device_id) where ended_at is null;
create index journey_order on journey (delivery_order_id, started_at);

-- Of a journey each moment once. A jump is kept and not believed.
create table journey_position (
  journey_id  uuid not null references journey,
  at          timestamptz not null,
  latitude    double precision not null check (latitude between -90 and 90),
  longitude   double precision not null check (longitude between -180 and 180),
  jump        boolean not null,
  received_at timestamptz not null,
  primary key (journey_id, at)
);
create trigger journey_position_append_only before update or delete on journey_position
  for each row execute function refuse_change();
