-- 0023_contract_terms · Versions of a contract before it is signed, proposals to change its terms, amendments after.

-- An amendment is signed like a contract and is one of its rows; of one sale there is one contract.
alter table contract
  add column kind text not null default 'contract' check (kind in ('contract', 'amendment')),
  add column version smallint not null default 1 check (version between 1 and 10),
  add column amends_contract_id uuid references contract,
  add column amendment_number smallint check (amendment_number > 0),
  add check ((kind = 'amendment') = (amends_contract_id is not null)),
  add check ((kind = 'amendment') = (amendment_number is not null)),
  drop constraint contract_sale_id_key;
create unique index contract_of_sale on contract (sale_id) where kind = 'contract';
create unique index contract_amendment_number on contract (amends_contract_id, amendment_number);
-- The next amendment builds on the last: one at a time is under way.
create unique index contract_one_amendment_under_way on contract (amends_contract_id)
  where kind = 'amendment' and state not in ('binding', 'voided');

-- Revisions are numbered through all versions, so that whoever prepared on an earlier one finds a newer one.
alter table contract_revision
  add column version smallint not null default 1,
  drop constraint if exists contract_revision_n_check,
  drop constraint if exists contract_revision_contract_id_kind_key;
alter table contract_revision
  add constraint contract_revision_n_check check (n between 0 and 100),
  add constraint contract_revision_of_version unique (contract_id, version, kind);
alter table if exists contract_signature drop constraint if exists contract_signature_contract_id_field_key;

-- A revision belongs to the version that its contract has when it is stored: nobody adds to a superseded one.
create function revision_of_current_version() returns trigger language plpgsql as $$
begin
  select version into new.version from contract where id = new.contract_id;
  return new;
end $$;
create trigger of_current_version before insert on contract_revision
  for each row execute function revision_of_current_version();

-- Either party may ask for other terms; the other answers exactly what it read.
create table contract_proposal (
  id              uuid primary key,
  contract_id     uuid not null references contract,
  base_version    smallint not null,
  -- Of the canonical terms in force when it was made.
  base_terms_sha256 bytea not null,
  side            text not null check (side in ('seller', 'buyer')),
  person_id       text not null,
  changes         text not null,            -- canonical JSON: [{clause, path, from, to}]
  reason          text not null,
  sha256          bytea not null,           -- over all that is above and the expiry
  counters        uuid references contract_proposal,
  state           text not null default 'open'
    check (state in ('open', 'accepted', 'rejected', 'countered', 'withdrawn', 'expired', 'overtaken')),
  created_at      timestamptz not null,
  expires_at      timestamptz not null check (expires_at > created_at),
  decided_at      timestamptz,
  decided_by      text,
  answer          text,                     -- why it was rejected
  check ((state = 'open') = (decided_at is null))
);
create index contract_proposal_of on contract_proposal (contract_id, created_at);
create unique index contract_proposal_one_open on contract_proposal (contract_id) where state = 'open';

create function proposal_stays_as_made() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'open'
     or (new.id, new.contract_id, new.base_version, new.base_terms_sha256, new.side, new.person_id, new.changes,
         new.reason, new.sha256, new.counters, new.created_at, new.expires_at)
        is distinct from
        (old.id, old.contract_id, old.base_version, old.base_terms_sha256, old.side, old.person_id, old.changes,
         old.reason, old.sha256, old.counters, old.created_at, old.expires_at) then
    raise exception 'a proposal is answered once and never edited' using errcode = 'CX002';
  end if;
  return new;
end $$;
create trigger stays_as_made before update or delete on contract_proposal
  for each row execute function proposal_stays_as_made();

-- Each document that was put before the parties. A version is superseded once, by the one after it.
create table contract_version (
  contract_id    uuid not null references contract,
  version        smallint not null check (version between 1 and 10),
  first_revision smallint not null,
  terms          text not null,
  terms_sha256   bytea not null,
  proposal_id    uuid unique references contract_proposal,
  -- The seller had signed the version before, and has to sign again.
  seller_had_signed boolean not null default false,
  issued_at      timestamptz not null,
  primary key (contract_id, version),
  foreign key (contract_id, first_revision) references contract_revision,
  check (version > 1 or not seller_had_signed)
);
insert into contract_version (contract_id, version, first_revision, terms, terms_sha256, issued_at)
  select c.id, 1, 0, c.terms, c.terms_sha256, r.created_at
    from contract c join contract_revision r on r.contract_id = c.id and r.n = 0 where c.terms is not null;
create trigger contract_version_append_only before update or delete on contract_version
  for each row execute function refuse_change();
