-- 0004_members · Companies, their people, logins, bank accounts, and how the centre certifies a legal person.
--
-- What must stay true, whoever writes:
--   * one legal identity is one company, one e-mail address is one person, one confirmed bank account is one company;
--   * the history of a certification is append only, and says who moved it and why;
--   * of a login only the hash of its token is stored, of a password only its argon2id hash.

create table organisation (
  id            text primary key,
  name          text not null check (length(name) between 1 and 140),   -- in Latin letters, as on papers
  name_zh       text check (length(name_zh) between 1 and 140),
  kind          text not null check (kind in ('producer', 'buyer', 'trader')),
  sells         boolean not null,
  buys          boolean not null,
  legal_id_kind text not null check (legal_id_kind in ('uscc', 'lei')),
  legal_id      text not null unique check (length(legal_id) = case legal_id_kind when 'uscc' then 18 else 20 end),
  country       char(2) not null check (country ~ '^[A-Z]{2}$'),        -- ISO 3166-1
  address       text not null,
  contact_name  text not null,
  contact_email text not null,
  contact_phone text not null,
  status        text not null check (status in ('registered', 'under_review', 'needs_info', 'certified',
                                                'bank_notified', 'active', 'rejected', 'suspended')),
  status_since  timestamptz not null,             -- how long somebody has been waiting
  created_at    timestamptz not null,
  certified_at  timestamptz,
  active_at     timestamptz,                      -- the first time it could trade
  check (sells or buys),
  check (kind <> 'producer' or sells),
  check (kind <> 'buyer' or buys),
  check (status <> 'active' or active_at is not null)
);
create index organisation_waiting on organisation (status, status_since, id);

create table person (
  id              text primary key,
  organisation_id text references organisation,
  staff           boolean not null default false,
  robot           boolean not null default false, -- said so to everybody who trades with it
  name            text not null check (length(name) between 1 and 100),
  email           text not null unique check (email = lower(email)),
  roles           text[] not null default '{}'
                  check (roles <@ array['admin', 'trader', 'signatory', 'finance', 'dispatcher', 'viewer']),
  password_hash   text not null check (password_hash like '$argon2id$%'),
  disabled_at     timestamptz,
  created_at      timestamptz not null,
  check (staff = (organisation_id is null)),
  check (not staff or roles = '{}')
);
create index person_of_organisation on person (organisation_id);

create table login_session (
  id           text primary key,
  token_sha256 bytea not null unique check (length(token_sha256) = 32),
  person_id    text not null references person,
  created_at   timestamptz not null,
  expires_at   timestamptz not null,              -- slides while it is used …
  ends_at      timestamptz not null,              -- … up to here
  revoked_at   timestamptz,
  revoked_why  text check (revoked_why in ('logout', 'superseded', 'password_changed', 'disabled')),
  ip           text not null,
  user_agent   text not null default '',
  check (expires_at <= ends_at),
  check ((revoked_at is null) = (revoked_why is null))
);
create index login_session_of_person on login_session (person_id) where revoked_at is null;

-- How often something was tried lately. Counted before the attempt, in one statement, so that attempts made
-- at the same time cannot pass together.
create table attempt_count (
  bucket  text primary key,                       -- kind and hash; never an address or a name in the clear
  count   integer not null,
  ends_at timestamptz not null
);
create index attempt_count_ended on attempt_count (ends_at);

create table bank_account (
  id              text primary key,
  organisation_id text not null references organisation,
  holder_name     text not null,
  account_number  text not null check (account_number ~ '^[0-9A-Z]{5,34}$'),
  bank_code_kind  text not null check (bank_code_kind in ('bic', 'cnaps', 'ifsc')),
  bank_code       text not null,
  bank_name       text not null,
  currency        char(3) not null,
  status          text not null check (status in ('pending', 'submitted', 'confirmed', 'refused')),
  reason          text,
  created_at      timestamptz not null,
  submitted_at    timestamptz,
  answered_at     timestamptz,
  check ((status in ('confirmed', 'refused')) = (answered_at is not null))
);
create unique index bank_account_current on bank_account (organisation_id) where status <> 'refused';
create unique index bank_account_confirmed on bank_account (bank_code, account_number) where status = 'confirmed';
create index bank_account_number on bank_account (account_number);

create table certification_step (
  seq             bigint generated always as identity primary key,      -- internal: the order of steps, never shown
  organisation_id text not null references organisation,
  at              timestamptz not null,
  move            text not null,
  from_status     text,
  to_status       text not null,
  by              text not null check (by in ('company', 'centre', 'bank', 'system')),
  person_id       text references person,
  reason          text,
  check ((by in ('company', 'centre')) = (person_id is not null))
);
create index certification_step_of_organisation on certification_step (organisation_id, seq);
create trigger certification_step_append_only before update or delete on certification_step
  for each row execute function refuse_change();
create trigger certification_step_no_truncate before truncate on certification_step
  for each statement execute function refuse_change();
