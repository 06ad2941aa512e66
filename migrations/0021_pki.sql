-- 0021_pki · The public services of the certificate authority: timestamp authority, OCSP responder, numbered
-- revocation lists; two people behind every certificate; certificates that were issued elsewhere.

alter table authority drop constraint authority_role_check,
  add check (role in ('root', 'issuing', 'centre', 'tsa', 'ocsp'));

-- Every list ever published; the number rises by one with each list of one issuer.
create table revocation_list (
  issuer      text not null check (issuer in ('root', 'issuing')),
  number      bigint not null check (number > 0),
  der         bytea not null,
  this_update timestamptz not null,
  next_update timestamptz not null check (next_update > this_update),
  primary key (issuer, number)
);

-- What the timestamp authority put its name to. The token itself is with whoever asked.
create table timestamp_log (
  serial       text primary key,
  token_sha256 bytea not null,
  at           timestamptz not null
);

-- A key belongs to one person for ever: whoever proved possession first. Asking locks the row, so that two
-- requests with one key are decided one after the other.
create table party_key (
  spki_sha256     text primary key,
  organisation_id text not null,
  person_id       text not null,
  created_at      timestamptz not null default now()
);
insert into party_key (spki_sha256, organisation_id, person_id, created_at)
  select spki_sha256, organisation_id, coalesce(person_id, ''), created_at from certificate
  on conflict do nothing;
insert into party_key (spki_sha256, organisation_id, person_id, created_at)
  select spki_sha256, organisation_id, person_id, created_at from certificate_request order by created_at
  on conflict do nothing;

alter table certificate_request
  add column kind text not null default 'key' check (kind in ('key', 'renewal', 'replacement', 'import')),
  -- Serial of the certificate that this one follows or replaces.
  add column replaces text references certificate,
  add column approved_by text,
  add column approved_at timestamptz,
  -- When the applicant said that this is the fingerprint of its own key.
  add column fingerprint_confirmed_at timestamptz,
  -- For a certificate issued elsewhere: the certificate, and its path without the anchor.
  add column imported bytea,
  add column imported_chain bytea[],
  add column anchor_sha256 text,
  drop constraint certificate_request_state_check,
  add constraint certificate_request_state check (state in ('submitted', 'approved', 'issued', 'refused')),
  add constraint certificate_request_approval check ((state = 'approved') <= (approved_by is not null)),
  -- Not valid: what one person issued before stays as it is; from here on nobody issues alone.
  add constraint certificate_request_two_people check (state <> 'issued'
    or (approved_by is not null and decided_by is not null and approved_by <> decided_by)) not valid;
drop index certificate_request_open;
create index certificate_request_open on certificate_request (created_at) where state in ('submitted', 'approved');

-- Anchors of other authorities that two of staff accepted.
create table trust_anchor (
  sha256       text primary key,
  certificate  bytea not null,
  name         text not null,
  state        text not null default 'proposed' check (state in ('proposed', 'accepted', 'withdrawn')),
  proposed_by  text not null,
  accepted_by  text check (accepted_by <> proposed_by),
  withdrawn_by text,
  created_at   timestamptz not null default now(),
  check ((state = 'accepted') <= (accepted_by is not null))
);

-- What the holder of an outside key signs to show that it holds it.
create table possession_challenge (
  id         uuid primary key,
  person_id  text not null,
  challenge  text not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);

alter table certificate
  -- Null: issued by the exchange's own authority.
  add column anchor_sha256 text references trust_anchor,
  add column chain bytea[];
alter table certificate_request add foreign key (anchor_sha256) references trust_anchor;

alter table certificate_revocation
  add column evidence text,
  add constraint certificate_revocation_reason
    check (reason in ('key_compromise', 'affiliation_changed', 'superseded', 'cessation_of_operation'));

-- The exchange's own certificates are in the log too: they stand in no other table with a serial.
alter table certificate_log drop constraint certificate_log_serial_fkey;
alter table certificate_log add column holder text;

create trigger revocation_list_append_only before update or delete on revocation_list
  for each row execute function refuse_change();
create trigger timestamp_log_append_only before update or delete on timestamp_log
  for each row execute function refuse_change();
create trigger party_key_append_only before update or delete on party_key
  for each row execute function refuse_change();
create trigger timestamp_log_no_truncate before truncate on timestamp_log
  for each statement execute function refuse_change();
create trigger certificate_no_truncate before truncate on certificate
  for each statement execute function refuse_change();
create trigger certificate_log_no_truncate before truncate on certificate_log
  for each statement execute function refuse_change();
create trigger certificate_revocation_no_truncate before truncate on certificate_revocation
  for each statement execute function refuse_change();
create trigger revocation_list_no_truncate before truncate on revocation_list
  for each statement execute function refuse_change();
