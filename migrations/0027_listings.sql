-- 0027_listings · The whole life of a lot: drafts, review by the centre, suspension; its earlier versions; the
-- sales channels with their sessions and quotas; its papers; uploads that wait for a confirmation; and the
-- other way round, what a buyer posts for producers to deliver into.

-- Made by the centre's staff; never changed afterwards: lots have been entered for its hours.
create table special_session (
  id         text primary key,
  name       text not null check (length(name) between 1 and 100),
  name_zh    text check (length(name_zh) between 1 and 100),
  opens_at   timestamptz not null,
  closes_at  timestamptz not null,
  created_by text not null,                      -- person of the centre
  created_at timestamptz not null default now(),
  check (opens_at < closes_at)
);

-- "Partially taken" is no state: it is published with remaining_kg < quantity_kg, and cannot disagree with it.
alter table listing drop constraint listing_state_check;
alter table listing add constraint listing_state_check check (state in
  ('draft', 'in_review', 'published', 'in_auction', 'suspended', 'sold_out', 'withdrawn', 'expired'));
alter table listing
  add column state_reason text not null default '' check (length(state_reason) <= 500),  -- why declined or suspended
  add column published_at timestamptz,            -- first time on the market; null also for lots before this column
  add column version_by   text,                   -- person who made this version; null: created_by
  add column version_at   timestamptz not null default now(),
  add column channel      text default 'spot' check (channel in ('long_term', 'spot', 'special')),
  add column trading_day  date,                   -- spot: the lot ends with this day of the centre
  add column session_id   text references special_session,
  add column opens_at     timestamptz,            -- nothing is taken before; the session's
  add column month_split  jsonb,                  -- long term: [{"month": "2027-01", "kg": "5000000"}], quantity_kg in all
  add constraint listing_channel_terms check (
    (trading_day is null or channel = 'spot')
    and ((session_id is not null) = (channel is not distinct from 'special'))
    and ((session_id is null) = (opens_at is null))
    and ((month_split is not null) = (channel is not distinct from 'long_term')));
update listing set channel = null where source <> 'member';
update listing set version_at = created_at;
create index listing_channel on listing (channel, id desc) where state in ('published', 'in_auction');

-- What a lot said before it was changed, whole. Written by whatever changes the version, and never again.
create table listing_version (
  listing_id  text not null references listing,
  version     integer not null check (version > 0),
  terms       jsonb not null,                    -- the row as it stood
  replaced_at timestamptz not null default now(),
  primary key (listing_id, version)
);
create function keep_listing_version() returns trigger language plpgsql as $$
begin
  if new.version < old.version then raise exception 'a version of listing % is gone', old.id; end if;
  insert into listing_version (listing_id, version, terms) values (old.id, old.version, to_jsonb(old));
  new.version_at := now();
  return new;
end $$;
create trigger listing_keeps_version before update on listing
  for each row when (new.version <> old.version) execute function keep_listing_version();
create trigger listing_version_stands before update or delete on listing_version
  for each row execute function refuse_change();

-- A contract names the goods of the version that was sold, however the lot is changed before it is printed.
alter table sale add column listing_version integer;
create function mark_sold_version() returns trigger language plpgsql as $$
begin
  new.listing_version := coalesce(new.listing_version, (select version from listing where id = new.listing_id));
  return new;
end $$;
create trigger sale_marks_version before insert on sale for each row execute function mark_sold_version();

-- The centre's rules for looking at a lot before the market does.
create table listing_rule (
  id         text primary key check (id in ('first_listing', 'price_band', 'certificate_flags')),
  enabled    boolean not null,
  channels   text[] not null check (channels <@ array['long_term', 'spot', 'special']),
  changed_by text,
  changed_at timestamptz not null default now()
);
insert into listing_rule (id, enabled, channels) values
  ('first_listing', true, '{long_term,special}'),
  ('price_band', true, '{long_term}'),
  ('certificate_flags', true, '{long_term,spot,special}');

create table listing_review (
  id           text primary key,                 -- rises in time
  listing_id   text not null references listing,
  kind         text not null check (kind in ('offer', 'change')),
  reasons      jsonb not null,                   -- [{"code": "price_band", "values": {…}}]
  base_version integer not null,
  proposal     jsonb,                            -- the change as it was asked for
  changes      jsonb not null default '[]',      -- and what it would change of base_version, in words
  state        text not null check (state in ('pending', 'confirmed', 'declined', 'withdrawn')),
  note         text not null default '' check (length(note) <= 500),
  submitted_by text not null,
  submitted_at timestamptz not null default now(),
  decided_by   text,
  decided_at   timestamptz,
  check ((kind = 'change') = (proposal is not null)),
  check ((state = 'pending') = (decided_at is null))
);
create unique index listing_review_pending on listing_review (listing_id) where state = 'pending';
create index listing_review_state on listing_review (state, id);

-- How much a producer may put on the market, per channel and period of the centre's calendar.
create table listing_quota (
  organisation_id text not null,
  channel         text not null check (channel in ('long_term', 'spot', 'special')),
  period          text not null check (period in ('day', 'month', 'year')),
  limit_kg        bigint not null check (limit_kg >= 0),
  set_by          text not null,
  set_at          timestamptz not null default now(),
  primary key (organisation_id, channel, period)
);

create table listing_document (
  id          text primary key,
  listing_id  text not null references listing,
  kind        text not null check (kind in ('certificate_of_analysis', 'photograph', 'other')),
  name        text not null check (length(name) between 1 and 200),
  mime        text not null check (mime in ('application/pdf', 'image/png', 'image/jpeg', 'image/webp')),
  file        bytea not null check (octet_length(file) between 1 and 5242880),
  sha256      bytea not null check (length(sha256) = 32),
  visibility  text not null check (visibility in ('public', 'members', 'own')),
  created_by  text not null,
  created_at  timestamptz not null default now(),
  unique (listing_id, sha256)
);

-- What a laboratory found. Never changed: a mistake is told by a further certificate.
create table listing_analysis (
  id            text primary key,                -- rises in time
  listing_id    text not null references listing,
  mine_id       text not null references mine,
  document_id   text references listing_document,
  laboratory    text not null check (length(laboratory) between 1 and 200),
  number        text not null check (length(number) between 1 and 100),
  sampled_on    date,
  prepared_on   date,
  analysed_on   date,
  issued_on     date not null,
  sample_grams  integer,
  seals_set     jsonb,
  seals_found   jsonb,
  declared_class text,
  assay         jsonb not null,                  -- as stated, in the integers of packages/coal
  statement     jsonb not null,                  -- and as typed
  flags         jsonb not null,
  open_checks   jsonb not null,
  created_by    text not null,
  created_at    timestamptz not null default now()
);
create index listing_analysis_listing on listing_analysis (listing_id, id desc);
create index listing_analysis_mine on listing_analysis (mine_id, id desc);
create index listing_analysis_number on listing_analysis (laboratory, number);

-- A file of lots that was looked at and waits for its company's yes. Its lots are made by that yes, once.
create table listing_upload (
  id              text primary key,
  organisation_id text not null,
  person_id       text not null,
  name            text not null check (length(name) <= 200),
  sha256          bytea not null check (length(sha256) = 32),
  file            bytea,                         -- let go once confirmed
  row_count       integer not null,
  good            integer not null,
  refused         integer not null,
  confirmed_at    timestamptz,
  created_at      timestamptz not null default now(),
  check (row_count = good + refused),
  check ((confirmed_at is null) = (file is not null))
);
create index listing_upload_company on listing_upload (organisation_id, created_at desc);

-- A buyer's firm quantity and price for a quality: producers deliver lots of theirs into it.
create table buy_listing (
  id                text primary key,            -- rises in time
  buyer_id          text not null,
  created_by        text not null,
  state             text not null check (state in ('published', 'filled', 'withdrawn', 'expired')),
  version           integer not null default 1 check (version > 0),
  coal_ranks        text[] not null,             -- empty: any
  limits            jsonb not null,
  quantity_kg       bigint not null check (quantity_kg > 0),
  remaining_kg      bigint not null check (remaining_kg between 0 and quantity_kg),
  minimum_kg        bigint not null check (minimum_kg > 0 and minimum_kg <= quantity_kg),
  currency          char(3) not null,
  price_per_tonne   bigint not null check (price_per_tonne > 0),
  delivery_term     text not null check (delivery_term in ('ex_mine', 'fob', 'fca', 'cif', 'cfr', 'for_rail')),
  delivery_place_id text not null references place,
  window_from       date not null,
  window_to         date not null check (window_from <= window_to),
  note              text not null default '' check (length(note) <= 1000),
  expires_at        timestamptz not null,
  created_at        timestamptz not null default now(),
  check ((state = 'filled') = (remaining_kg = 0))
);
create index buy_listing_open on buy_listing (id desc) where state = 'published';
create index buy_listing_buyer on buy_listing (buyer_id, id desc);

-- What a register says of a mine besides its place.
alter table mine
  add column operator text not null default '',
  add column status   text not null default '';
