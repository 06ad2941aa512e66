-- 0008_contracts · Sales, the contracts made of them, the keys and certificates that sign them. Revisions of a
-- signed document, certificates and the certificate log are append only: what somebody signed never changes.

-- A price was found: one seller, one buyer, one quantity of one lot. Every route to a price ends in this row.
create table sale (
  id              uuid primary key default uuidv7(),
  -- What found the price; a second attempt to make the same sale meets this key.
  origin_key      text not null unique,
  origin_kind     text not null check (origin_kind in ('auction', 'request', 'listing')),
  origin_id       text not null,
  listing_id      text not null,
  seller_id       text not null,
  buyer_id        text not null check (buyer_id <> seller_id),
  quantity_kg     bigint not null check (quantity_kg > 0),
  price_per_tonne bigint not null check (price_per_tonne > 0),   -- minor units
  currency        char(3) not null,
  created_at      timestamptz not null default now()
);
create index sale_seller on sale (seller_id, created_at desc);
create index sale_buyer on sale (buyer_id, created_at desc);

create table contract (
  id           uuid primary key default uuidv7(),
  sale_id      uuid not null unique references sale,
  number       text not null unique,
  seller_id    text not null,
  buyer_id     text not null,
  state        text not null check (state in ('drafted', 'issued', 'seller_signed', 'buyer_signed', 'binding', 'voided')),
  terms        text,                       -- canonical JSON: the exact bytes that were hashed and attached to the PDF
  terms_sha256 bytea,
  sign_by      timestamptz,
  voided_reason text,
  bound_at     timestamptz,
  created_at   timestamptz not null default now(),
  check ((state = 'drafted') = (terms is null)),
  check ((state = 'binding') = (bound_at is not null))
);
create index contract_seller on contract (seller_id, created_at desc);
create index contract_buyer on contract (buyer_id, created_at desc);

-- Each revision is the whole file after one step; n counts from 0 without a gap.
create table contract_revision (
  contract_id uuid not null references contract,
  n           smallint not null check (n between 0 and 3),
  kind        text not null check (kind in ('issued', 'sig_seller', 'sig_buyer', 'sig_centre')),
  sha256      bytea not null,
  prev_sha256 bytea,
  file        bytea not null,
  signed_by   text,                        -- person
  certificate_serial text,
  signed_at   timestamptz,
  created_at  timestamptz not null default now(),
  primary key (contract_id, n),
  unique (contract_id, kind),
  check ((n = 0) = (prev_sha256 is null))
);

create table signing_session (
  id                 uuid primary key default uuidv7(),
  contract_id        uuid not null references contract,
  field              text not null check (field in ('sig_seller', 'sig_buyer')),
  base_revision      smallint not null,
  person_id          text not null,
  certificate_serial text not null,
  prepared           bytea not null,
  digest             bytea not null,
  state              text not null default 'open' check (state in ('open', 'used', 'declined')),
  expires_at         timestamptz not null,
  created_at         timestamptz not null default now()
);

-- The exchange's own authorities. Keys are encrypted with a secret that lies outside this database.
create table authority (
  role          text primary key check (role in ('root', 'issuing', 'centre')),
  certificate   bytea not null,
  encrypted_key bytea,                      -- null for the root: its key is kept offline, in a file
  created_at    timestamptz not null default now()
);

create table certificate_request (
  id              uuid primary key default uuidv7(),
  organisation_id text not null,
  person_id       text not null,
  device_label    text not null,
  csr             bytea not null,
  spki_sha256     text not null,
  key_kind        text not null,
  state           text not null default 'submitted' check (state in ('submitted', 'issued', 'refused')),
  decided_by      text,
  decided_at      timestamptz,
  reason          text,
  created_at      timestamptz not null default now()
);
create index certificate_request_open on certificate_request (created_at) where state = 'submitted';

create table certificate (
  serial          text primary key,
  organisation_id text not null,
  person_id       text,
  device_label    text not null,
  der             bytea not null,
  -- A key belongs to one holder for ever: the same key may never be certified twice.
  spki_sha256     text not null unique,
  not_before      timestamptz not null,
  not_after       timestamptz not null,
  request_id      uuid unique references certificate_request,
  created_at      timestamptz not null default now()
);
create index certificate_person on certificate (person_id);

create table certificate_revocation (
  serial       text primary key references certificate,
  reason       text not null,
  requested_by text not null,
  at           timestamptz not null default now()
);

-- Every certificate ever issued, chained: a second one in somebody's name cannot be hidden.
create table certificate_log (
  seq        bigint primary key,
  serial     text not null unique references certificate,
  leaf_hash  bytea not null,
  chain_hash bytea not null,
  at         timestamptz not null default now()
);

create trigger sale_append_only before update or delete on sale for each row execute function refuse_change();
create trigger contract_revision_append_only before update or delete on contract_revision
  for each row execute function refuse_change();
create trigger certificate_append_only before update or delete on certificate
  for each row execute function refuse_change();
create trigger certificate_log_append_only before update or delete on certificate_log
  for each row execute function refuse_change();
create trigger certificate_revocation_append_only before update or delete on certificate_revocation
  for each row execute function refuse_change();
