-- 0031_parties · Parties whole: who owns and represents a company, its documents and when they expire, decisions
-- that take two people, groups of related companies, a change of bank account, and what the bank was told.
--
-- What must stay true, whoever writes:
--   * what takes two people was proposed by one and approved by another;
--   * a terminated company never comes back;
--   * a company belongs to at most one group of related companies;
--   * money is paid to an account only after its cool-off is over (`pays_from`).

alter table organisation drop constraint organisation_status_check;
alter table organisation add constraint organisation_status_check check (status in
  ('registered', 'submitted', 'under_review', 'needs_info', 'certified', 'bank_notified', 'bank_confirmed', 'active',
   'expired', 'suspended', 'rejected', 'terminated'));
alter table organisation add column certified_until date;       -- the first day a document it stands on runs out
alter table organisation add column public_reason text;         -- why it is suspended or was terminated
alter table organisation add column legal_id_root text generated always as
  (case legal_id_kind when 'uscc' then substr(legal_id, 9, 9) end) stored;   -- organisation code inside a GB 32100 code

create function refuse_leaving_terminated() returns trigger language plpgsql as $$
begin
  raise exception 'organisation % is terminated', old.id using errcode = 'CX003';
end $$;
create trigger organisation_terminated before update of status on organisation
  for each row when (old.status = 'terminated' and new.status <> 'terminated')
  execute function refuse_leaving_terminated();

-- Two people may share an address in two companies: a public form that refused one would tell who is registered.
alter table person drop constraint person_email_key;
create unique index person_email_in_company on person (organisation_id, email) where organisation_id is not null;
create unique index person_email_of_staff on person (email) where staff;
create index person_email on person (email);
alter table person drop constraint person_roles_check;
alter table person add constraint person_roles_check check (roles <@ array['legal_representative', 'admin', 'trader',
  'approver', 'signatory', 'finance', 'dispatcher', 'quality_officer', 'viewer']);
alter table person add column centre_roles text[] not null default '{}';
update person set centre_roles = array['operator_admin', 'supervisor', 'risk_officer'] where staff;
alter table person add constraint person_centre_roles_check check (centre_roles <@ array['operator_admin',
  'supervisor', 'risk_officer', 'auditor', 'support'] and (staff or centre_roles = '{}')
  and (not 'auditor' = any(centre_roles) or centre_roles = array['auditor']));   -- reads all, writes none

-- Told at the next login, and by mail where there is one.
create table person_notice (
  id         uuid primary key default uuidv7(),
  person_id  text not null references person,
  kind       text not null check (kind in ('address_used', 'document_expires', 'document_expired')),
  detail     jsonb not null,
  created_at timestamptz not null,
  seen_at    timestamptz
);
create index person_notice_unseen on person_notice (person_id) where seen_at is null;

create table party_declaration (
  organisation_id     text primary key references organisation,
  representative_name text not null,
  representative_id   text not null,                    -- number of the identity paper: for the company and the centre
  owners              jsonb not null,                   -- [{name, country, shareBasisPoints, control}]
  owners_reason       text,                             -- why a quarter or more has no named owner
  related             jsonb not null,                   -- [{name, legalId, relation}]
  declared_by         text not null references person,
  declared_at         timestamptz not null
);
create index party_declaration_representative on party_declaration (representative_id);

create table party_document (
  id              uuid primary key,
  organisation_id text not null references organisation,
  kind            text not null check (kind in ('business_licence', 'representative_id', 'tax_registration',
                    'mining_licence', 'safety_licence', 'bank_letter', 'authorisation', 'other')),
  number          text not null,
  issued_on       date not null,
  expires_on      date check (expires_on >= issued_on), -- the last day it counts; null: it does not run out
  file_name       text not null,
  file_type       text not null check (file_type in ('application/pdf', 'image/png', 'image/jpeg')),
  file            bytea not null check (length(file) between 1 and 5242880),
  sha256          bytea not null,
  state           text not null default 'pending' check (state in ('pending', 'accepted', 'refused')),
  reason          text,
  uploaded_by     text not null references person,
  uploaded_at     timestamptz not null,
  decided_by      text references person,
  decided_at      timestamptz,
  check ((state = 'pending') = (decided_at is null)),
  check ((state = 'refused') = (reason is not null)),
  unique (organisation_id, kind, sha256)
);
create table party_reminder (
  document_id uuid not null references party_document,
  days_before integer not null,
  at          timestamptz not null,
  primary key (document_id, days_before)
);

create table party_proposal (
  id              uuid primary key,
  side            text not null check (side in ('centre', 'company')),
  organisation_id text not null references organisation,
  kind            text not null check (kind in ('certify', 'reject', 'suspend', 'reinstate', 'terminate', 'relate',
                    'unrelate', 'bank_account')),
  payload         jsonb not null default '{}',
  reason          text not null,
  proposed_by     text not null references person,
  proposed_at     timestamptz not null,
  expires_at      timestamptz not null,
  state           text not null default 'open' check (state in ('open', 'approved', 'refused', 'withdrawn', 'expired')),
  decided_by      text references person,
  decided_at      timestamptz,
  decided_reason  text,
  check ((state in ('open', 'expired')) = (decided_by is null)),
  check ((decided_by is null) = (decided_at is null)),
  -- Whatever the code above it does: approving is the word of another person, in time.
  constraint approved_by_two check (state <> 'approved' or (decided_by <> proposed_by and decided_at < expires_at)),
  constraint withdrawn_by_one check (state <> 'withdrawn' or decided_by = proposed_by)
);
create unique index party_proposal_open on party_proposal (organisation_id, kind) where state = 'open';
create index party_proposal_of_organisation on party_proposal (organisation_id, proposed_at);

-- The owner group that markets and auctions keep apart. A company without a row is a group of its own.
create table party_group_member (
  organisation_id text primary key references organisation,
  group_id        text not null,
  proposal_id     uuid not null references party_proposal,
  since           timestamptz not null
);
create index party_group on party_group_member (group_id);

alter table bank_account add column pays_from timestamptz;
alter table bank_account add column change_proposal_id uuid references party_proposal;
update bank_account set pays_from = answered_at where status = 'confirmed';
alter table bank_account add constraint bank_account_pays_from check (status <> 'confirmed' or pays_from is not null);
drop index bank_account_current;
create unique index bank_account_asked on bank_account (organisation_id) where status in ('pending', 'submitted');

-- The result of a certification as the party's bank was sent it: bytes, the centre's signature, the bank's answer.
create table certification_assertion (
  reference       text primary key,
  organisation_id text not null references organisation,
  bank_account_id text not null references bank_account,
  payload         bytea not null,
  signature       bytea not null,
  certificate     bytea not null,
  made_at         timestamptz not null,
  acknowledged_at timestamptz,
  confirmed       boolean,
  reason          text,
  check ((acknowledged_at is null) = (confirmed is null))
);
create index certification_assertion_of_organisation on certification_assertion (organisation_id, made_at);
