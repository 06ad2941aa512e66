-- 0041_gate · Trucks step by step: devices with keys of their own, what they said, every event of a pass, and what a
-- person must look at. Events, messages and tickets are evidence: append only.

create table device (
  id              uuid primary key,
  organisation_id text not null,
  kind            text not null check (kind in ('gate', 'weighbridge', 'tracker')),
  name            text not null,
  place           text,
  public_key      text not null unique,
  gross_limits    jsonb not null,
  registered_by   text not null,
  registered_at   timestamptz not null,
  revoked_by      text,
  revoked_at      timestamptz,
  last_seen_at    timestamptz,
  check ((revoked_by is null) = (revoked_at is null))
);
create index device_organisation on device (organisation_id, registered_at);

-- Under one number of a device stands one message for ever; its answer is given again to a repeat.
create table device_message (
  device_id   uuid not null references device,
  purpose     text not null check (purpose in ('gate_event', 'weighing', 'position')),
  sequence    bigint not null check (sequence > 0),
  sent_at     timestamptz not null,
  payload     text not null,
  signature   text not null,
  received_at timestamptz not null,
  answer      jsonb not null,
  primary key (device_id, purpose, sequence)
);

alter table pickup_pass drop constraint pickup_pass_state_check;
update pickup_pass set state = case state when 'issued' then 'created' when 'used' then 'gate_out' else state end;
alter table pickup_pass
  alter column state set default 'created',
  add check (state in ('created', 'sent', 'arrived', 'admitted', 'tared', 'loaded', 'weighed', 'gate_out', 'refused',
                       'cancelled', 'no_show')),
  -- The empty truck, until it is weighed out.
  add column tare_kg bigint check (tare_kg > 0),
  add column tare_at timestamptz,
  add column tare_photo_sha256 text,
  add check ((tare_kg is null) = (tare_at is null));
-- What a gate without network asks for: the passes that were closed before their time.
create index pickup_pass_not_after on pickup_pass (not_after) where state not in ('created', 'sent', 'arrived');

create table pass_event (
  id          bigint generated always as identity primary key,
  pass_id     uuid not null references pickup_pass,
  move        text not null,
  from_state  text not null,
  to_state    text not null,
  at          timestamptz not null,
  recorded_at timestamptz not null,
  by_side     text not null check (by_side in ('buyer', 'seller', 'device', 'exchange')),
  person_id   text,
  device_id   uuid references device,
  sequence    bigint,
  detail      text,
  check ((device_id is null) = (sequence is null)),
  check ((by_side = 'device') = (device_id is not null))
);
create index pass_event_pass on pass_event (pass_id, id);

-- Opened once for its subject, closed by a person.
create table delivery_case (
  id                uuid primary key,
  kind              text not null check (kind in ('double_admission', 'admitted_closed_pass', 'admitted_outside_validity',
                      'admitted_elsewhere', 'forged_pass_admitted', 'revoked_device', 'device_clock', 'sequence_conflict',
                      'truck_inside_at_end')),
  subject           text not null,
  device_id         uuid references device,
  pass_id           uuid references pickup_pass,
  delivery_order_id uuid references delivery_order,
  detail            text not null,
  opened_at         timestamptz not null,
  closed_by         text,
  closed_at         timestamptz,
  note              text,
  unique (kind, subject),
  check ((closed_at is null) = (closed_by is null) and (closed_at is null) = (note is null))
);
create index delivery_case_open on delivery_case (opened_at) where closed_at is null;

alter table weighbridge_ticket
  add column device_id uuid references device,
  add column axles smallint,
  add column tare_at timestamptz,
  add column photo_sha256 text,
  add column tare_photo_sha256 text;

create trigger pass_event_append_only before update or delete on pass_event
  for each row execute function refuse_change();
create trigger device_message_append_only before update or delete on device_message
  for each row execute function refuse_change();
