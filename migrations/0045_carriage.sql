-- 0045_carriage · Coal by rail and ship: transport documents in versions, and what the way, the time and a shortfall
-- make one party owe the other.

create table delivery_document (
  id                uuid primary key,
  delivery_order_id uuid not null references delivery_order,
  kind              text not null check (kind in ('rail_receipt', 'bill_of_lading', 'draft_survey', 'statement_of_facts')),
  place             text not null check (place in ('loading', 'discharge')),
  number            text not null check (length(number) between 1 and 60),
  issued_on         date not null,
  version           integer not null check (version > 0),
  supersedes        uuid unique references delivery_document,
  -- What was loaded under this one arrived under that one.
  receives          uuid references delivery_document,
  -- As entered, and what was computed from it, for ever.
  facts             jsonb not null,
  net_kg            bigint check (net_kg > 0),
  -- Its weight is the final one of the contract.
  counts            boolean not null,
  file_name         text not null,
  file_type         text not null check (file_type in ('application/pdf', 'image/png', 'image/jpeg')),
  file_sha256       bytea not null check (length(file_sha256) = 32),
  file              bytea not null check (octet_length(file) between 1 and 5242880),
  entered_for       text not null check (entered_for in ('seller', 'buyer', 'carrier', 'surveyor')),
  entered_by        text not null,
  entered_at        timestamptz not null,
  object_by         timestamptz not null,
  state             text not null check (state in ('open', 'stands', 'objected', 'superseded', 'rejected')),
  decided_by        text,
  decided_at        timestamptz,
  reason            text,
  check ((place = 'discharge' and kind <> 'statement_of_facts') = (receives is not null)),
  check ((kind = 'statement_of_facts') = (net_kg is null)),
  check ((version = 1) = (supersedes is null))
);
create index delivery_document_order on delivery_document (delivery_order_id, entered_at);
-- What was loaded arrives once.
create unique index delivery_document_received on delivery_document (receives)
  where state in ('open', 'stands', 'objected');

-- A wagon on a day, a bill of lading of a seller: each in one document that holds.
create table delivery_document_mark (
  mark        text primary key,
  document_id uuid not null references delivery_document
);
create index delivery_document_mark_of on delivery_document_mark (document_id);

create function keep_document() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'a transport document is kept' using errcode = 'CX002';
  end if;
  if (to_jsonb(old) - '{state,decided_by,decided_at,reason}'::text[])
     is distinct from (to_jsonb(new) - '{state,decided_by,decided_at,reason}'::text[]) then
    raise exception 'a transport document is corrected by a new version' using errcode = 'CX002';
  end if;
  return new;
end $$;
create trigger delivery_document_kept before update or delete on delivery_document
  for each row execute function keep_document();

create table carriage_claim (
  id                uuid primary key,
  key               text not null unique,
  delivery_order_id uuid not null references delivery_order,
  document_id       uuid references delivery_document,
  kind              text not null check (kind in ('transit_loss', 'demurrage', 'fulfilment')),
  debtor_id         text not null,
  creditor_id       text not null check (creditor_id <> debtor_id),
  currency          char(3) not null,
  amount            bigint not null check (amount > 0),
  -- The calculation, line by line.
  steps             jsonb not null,
  noticed_at        timestamptz not null,
  object_by         timestamptz not null,
  state             text not null check (state in ('noticed', 'objected', 'owed', 'waived', 'withdrawn')),
  objection         text,
  objected_by       text,
  objected_at       timestamptz,
  decided           bigint check (decided >= 0 and decided <= amount),
  decision          text,
  decided_by        text,
  decided_at        timestamptz
);
create index carriage_claim_order on carriage_claim (delivery_order_id, noticed_at);

alter table obligation drop constraint obligation_kind_check;
alter table obligation add constraint obligation_kind_check
  check (kind in ('shortfall', 'true_up', 'over_release', 'transit_loss', 'demurrage', 'fulfilment'));

alter table delivery_case drop constraint delivery_case_kind_check;
alter table delivery_case add constraint delivery_case_kind_check
  check (kind in ('double_admission', 'admitted_closed_pass', 'admitted_outside_validity', 'admitted_elsewhere',
                  'forged_pass_admitted', 'revoked_device', 'device_clock', 'sequence_conflict', 'truck_inside_at_end',
                  'document_objected', 'claim_objected'));
