-- 0001_platform · What every slice leans on: work to be done after commit, answers already given, secrets of
-- this installation, and the audit trail of what staff did.

-- Work that must happen after a commit. The row is the truth; the job queue only wakes a worker.
create table outbox (
  id            bigint generated always as identity primary key,
  effect_key    text not null unique,             -- one effect, once, however often it is asked for
  topic         text not null,
  payload       jsonb not null,                   -- ids only: never a secret or personal data
  not_before    timestamptz not null default now(),
  lease_epoch   integer not null default 0,       -- a worker that stalled past its lease cannot finish
  leased_until  timestamptz not null default '-infinity',
  attempts      integer not null default 0,
  last_error    text,
  parked_at     timestamptz,                      -- given up: waits for a human, shown to staff with its age
  created_at    timestamptz not null default now(),
  done_at       timestamptz
);
create index outbox_due on outbox (not_before, id) where done_at is null and parked_at is null;

-- The first answer to a request that carried an Idempotency-Key, given again to each retry.
create table idempotent_answer (
  caller      text not null,
  key         text not null,
  request_sha bytea not null,
  status      smallint not null,
  body        jsonb not null,
  created_at  timestamptz not null default now(),
  primary key (caller, key)
);

-- Secrets made by this installation on its first start (pseudonym salt, callback keys).
create table installation_secret (
  name       text primary key,
  value      text not null,
  created_at timestamptz not null default now()
);

-- What people with power did, and why. Append only.
create table audit_entry (
  id          uuid primary key default uuidv7(),
  at          timestamptz not null default now(),
  person_id   text not null,
  action      text not null,
  subject     text not null,
  detail      jsonb not null default '{}'
);

create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append only', tg_table_name using errcode = 'CX002';
end $$;
create trigger audit_entry_append_only before update or delete on audit_entry
  for each row execute function refuse_change();
create trigger audit_entry_no_truncate before truncate on audit_entry
  for each statement execute function refuse_change();
