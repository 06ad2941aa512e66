-- 0025_search · What the search reads its changes from, what people look for again, and what was found for them.
--
-- Transactions commit in another order than they begin, so no number given while one runs says what is new
-- since the last look. The number of the transaction does, together with a snapshot: everything that a later
-- snapshot shows and an earlier one did not has a number at or above the earlier one's xmin.

alter table listing
  add column changed_xid xid8 not null default pg_current_xact_id(),   -- of the last change, whatever it was
  add column version_xid xid8 not null default pg_current_xact_id();   -- of the change that made this version
create index listing_changed on listing (changed_xid);

-- Whoever writes the row, the exchange or a hand: the change is seen.
create function mark_listing_change() returns trigger language plpgsql as $$
begin
  new.changed_xid := pg_current_xact_id();
  new.version_xid := case when tg_op = 'INSERT' or new.version <> old.version
                          then pg_current_xact_id() else old.version_xid end;
  return new;
end $$;
create trigger listing_marks_change before insert or update on listing
  for each row execute function mark_listing_change();

create table saved_search (
  id              text primary key,              -- rises in time
  person_id       text not null,                 -- a search is its owner's own
  organisation_id text not null,
  name            text not null check (length(name) between 1 and 100),
  query           jsonb not null,                -- as it was asked, and as it is asked again
  seen            pg_snapshot not null default pg_current_snapshot(),   -- a version visible in it was there before the search
  created_at      timestamptz not null default now()
);
create index saved_search_person on saved_search (person_id, id desc);

-- A lot, in one version, is told of once to each search that finds it.
create table search_alert (
  saved_search_id text not null references saved_search on delete cascade,
  listing_id      text not null references listing,
  listing_version integer not null check (listing_version > 0),
  created_at      timestamptz not null default now(),
  read_at         timestamptz,
  primary key (saved_search_id, listing_id, listing_version)
);
create index search_alert_newest on search_alert (saved_search_id, created_at desc);

-- How far the changes have been held against the saved searches.
create table search_progress (
  name text primary key check (name in ('alerts')),
  low  xid8 not null
);
insert into search_progress (name, low) values ('alerts', pg_snapshot_xmin(pg_current_snapshot()));
