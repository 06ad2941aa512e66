-- 0026_step_up · A person proves again who it is, before a signature.

-- With the password: it counts for a few minutes of one login.
create table step_up (
  login_session_id text primary key,
  person_id        text not null,
  at               timestamptz not null
);

-- With a passkey, which answers for one document.
create table passkey (
  id            uuid primary key,
  person_id     text not null,
  credential_id text not null unique,        -- base64url
  public_key    bytea not null,              -- COSE
  counter       bigint not null check (counter >= 0),
  transports    text[] not null default '{}',
  label         text not null,
  created_at    timestamptz not null,
  last_used_at  timestamptz,
  removed_at    timestamptz                  -- kept: signatures made with it name it
);
create index passkey_person on passkey (person_id) where removed_at is null;

-- One creation under way for each login.
create table passkey_creation (
  login_session_id text primary key,
  person_id        text not null,
  challenge        text not null,
  expires_at       timestamptz not null
);
