-- 0022_signing · A signature is kept the moment it is verified, whatever becomes of the timestamp; each has its
-- proofs beside it; and a contract binds only once its archive is complete. Nothing is settled or delivered before.

-- signed_waiting: verified and kept, the timestamp is still to come. dropped: kept, but nothing could come of it.
alter table signing_session drop constraint signing_session_state_check;
alter table signing_session
  add constraint signing_session_state_check
    check (state in ('open', 'signed_waiting', 'used', 'declined', 'dropped')),
  add column proof_kind text not null default 'password' check (proof_kind in ('password', 'passkey')),
  add column proof_at timestamptz,
  add column login_session_id text,
  add column ip text,
  add column user_agent text,
  add column client_bundle_sha256 text check (client_bundle_sha256 ~ '^[0-9a-f]{64}$'),
  add column assertion jsonb,
  add column signature bytea,
  add column kept_at timestamptz,
  add column delayed_at timestamptz,         -- since when the timestamp authority has not answered
  add column dropped_because text,
  add check (state <> 'signed_waiting' or (signature is not null and kept_at is not null)),
  add check ((state = 'dropped') = (dropped_because is not null));
-- The comparison of a compare-and-set: one verified signature on one base, however many are handed in at once.
create unique index signing_session_one_kept on signing_session (contract_id, base_revision)
  where state = 'signed_waiting';

-- A document is prepared again while its terms are negotiated: more than the five steps of one signing.
alter table contract_revision drop constraint if exists contract_revision_n_check,
  drop constraint if exists contract_revision_kind_check;
alter table contract_revision
  add constraint contract_revision_n_check check (n between 0 and 100),
  add constraint contract_revision_kind_check
    check (kind in ('issued', 'sig_seller', 'sig_buyer', 'sig_centre', 'dss', 'document_timestamp'));

-- What stands in each signed revision, and who proved what when it was made.
create table contract_signature (
  contract_id        uuid not null,
  revision           smallint not null,
  field              text not null check (field in ('sig_seller', 'sig_buyer', 'sig_centre')),
  session_id         uuid unique references signing_session,   -- null for the centre's own
  cms                bytea not null,
  value              bytea not null,         -- the bare signature: what the token stamps
  token              bytea not null,
  stamped_at         timestamptz not null,
  certificate_serial text not null,
  person_id          text,
  proof_kind         text check (proof_kind in ('password', 'passkey')),
  proof_at           timestamptz,
  assertion          jsonb,
  ip                 text,
  user_agent         text,
  client_bundle_sha256 text,
  handed_in_at       timestamptz not null,
  primary key (contract_id, revision),
  foreign key (contract_id, revision) references contract_revision,
  check ((field = 'sig_centre') = (session_id is null)),
  check ((session_id is null) = (proof_kind is null))
);

-- What makes a contract's proof last: the final file, the report on it, and where its price was found.
create table contract_archive (
  contract_id    uuid primary key references contract,
  final_revision smallint not null,
  final_sha256   bytea not null,
  level          text not null check (level = 'B-LTA'),
  report         jsonb not null,
  document_token bytea not null,
  -- The journal's entry that found the price, with its hash; null where no market found it.
  journal_shard  int,
  journal_seq    bigint,
  journal_hash   bytea,
  archived_at    timestamptz not null,
  foreign key (contract_id, final_revision) references contract_revision,
  check ((journal_seq is null) = (journal_hash is null) and (journal_seq is null) = (journal_shard is null))
);
create table contract_archive_item (
  contract_id uuid not null references contract_archive,
  kind        text not null check (kind in ('certificate', 'crl', 'ocsp')),
  n           smallint not null,
  der         bytea not null,
  primary key (contract_id, kind, n)
);

-- Why a contract came to nothing, and who stood in its way.
alter table contract
  add column void_cause text check (void_cause in ('declined', 'lapsed', 'refused', 'withdrawn')),
  add column void_by text check (void_by in ('seller', 'buyer', 'centre')),
  add check (void_cause is null or state = 'voided');

-- The centre refuses its signature only with two of its people.
create table contract_refusal (
  contract_id  uuid primary key references contract,
  reason       text not null,
  proposed_by  text not null,
  proposed_at  timestamptz not null,
  confirmed_by text,
  confirmed_at timestamptz,
  check (confirmed_by <> proposed_by),
  check ((confirmed_by is null) = (confirmed_at is null))
);

-- Binding is the door to money and coal: nothing but a complete archive opens it.
create function contract_binds_when_archived() returns trigger language plpgsql as $$
begin
  if new.state = 'binding' and not exists (
    select 1 from contract_archive a
      join contract_revision r on r.contract_id = a.contract_id and r.n = a.final_revision and r.sha256 = a.final_sha256
     where a.contract_id = new.id and r.kind = 'document_timestamp') then
    raise exception 'contract % cannot bind before it is archived', new.id using errcode = 'CX010';
  end if;
  return new;
end $$;
create trigger binds_when_archived_i before insert on contract for each row execute function contract_binds_when_archived();
create trigger binds_when_archived_u before update on contract for each row
  when (new.state = 'binding' and old.state <> 'binding') execute function contract_binds_when_archived();

create function only_for_binding_contract() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from contract where id::text = new.contract_id and state = 'binding') then
    raise exception '% for contract %, which does not bind', tg_table_name, new.contract_id using errcode = 'CX011';
  end if;
  return new;
end $$;
create trigger contract_binds before insert on settlement for each row execute function only_for_binding_contract();
create trigger contract_binds before insert on delivery_order for each row execute function only_for_binding_contract();

create function payout_of_binding_contract() returns trigger language plpgsql as $$
begin
  if not exists (select 1 from settlement s join contract c on c.id::text = s.contract_id
                  where s.contract_id = split_part(new.obligation_key, ':', 2) and c.state = 'binding') then
    raise exception 'payout % of no contract that binds', new.obligation_key using errcode = 'CX011';
  end if;
  return new;
end $$;
create trigger contract_binds before insert on payment for each row
  when (new.obligation_key like 'payout:%') execute function payout_of_binding_contract();

create trigger contract_signature_append_only before update or delete on contract_signature
  for each row execute function refuse_change();
create trigger contract_archive_append_only before update or delete on contract_archive
  for each row execute function refuse_change();
create trigger contract_archive_item_append_only before update or delete on contract_archive_item
  for each row execute function refuse_change();
