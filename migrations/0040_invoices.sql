-- 0040_invoices · Invoices as documents: numbered, frozen, and kept for ever.
--
-- Promises:
--   * each issuer numbers its documents of a year 1, 2, 3 … without a gap, and none is ever changed or removed
--   * net + vat = gross, exactly
--   * what was issued is what is shown: the data and the UBL file lie here as they were, the paper as first drawn

-- The row is locked by whoever takes the next number, until its document is written or nothing is.
create table invoice_series (
  issuer_id text not null,
  year      smallint not null check (year between 2000 and 9999),
  last      integer not null check (last > 0),
  primary key (issuer_id, year)
);

create table invoice_document (
  id           uuid primary key,
  key          text not null unique,          -- what it documents: one document for each
  contract_id  text not null references settlement,
  kind         text not null check (kind in ('provisional', 'final', 'fee', 'credit_note', 'debit_note')),
  issuer_id    text not null,                 -- an organisation, or 'platform' for the exchange itself
  recipient_id text not null,
  year         smallint not null,
  serial       integer not null check (serial > 0),
  number       text not null,
  currency     char(3) not null,
  net          bigint not null check (net >= 0),
  vat          bigint not null check (vat >= 0),
  gross        bigint not null,
  due          bigint not null,               -- negative: the recipient gets it back
  model        jsonb not null,                -- all that the document says
  ubl          text not null,
  ubl_sha256   bytea not null check (ubl_sha256 = sha256(convert_to(ubl, 'UTF8'))),
  issued_on    date not null,
  created_at   timestamptz not null default now(),
  unique (issuer_id, year, serial),
  check (net + vat = gross),
  check (issuer_id <> recipient_id),
  check (extract(year from issued_on) = year)
);
create index invoice_document_issued on invoice_document (issuer_id, created_at desc);
create index invoice_document_received on invoice_document (recipient_id, created_at desc);
create index invoice_document_of_contract on invoice_document (contract_id);

create function invoice_document_follows() returns trigger language plpgsql as $$
begin
  if new.serial > 1 and not exists (select from invoice_document
      where issuer_id = new.issuer_id and year = new.year and serial = new.serial - 1) then
    raise exception 'invoice % of % in % would leave a gap', new.serial, new.issuer_id, new.year
      using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger invoice_document_follows before insert on invoice_document
  for each row execute function invoice_document_follows();
create trigger invoice_document_append_only before update or delete on invoice_document
  for each row execute function refuse_change();

-- The paper, drawn when somebody first asks for it.
create table invoice_paper (
  document_id uuid primary key references invoice_document,
  pdf         bytea not null,
  sha256      bytea not null check (sha256 = sha256(pdf)),
  created_at  timestamptz not null default now()
);
create trigger invoice_paper_append_only before update or delete on invoice_paper
  for each row execute function refuse_change();

-- Contracts settled before there were documents get theirs.
insert into outbox (effect_key, topic, payload)
  select 'invoices:' || contract_id || ':documents', 'invoices.issue', jsonb_build_object('contractId', contract_id)
    from settlement order by opened_at, contract_id;
