-- 0030_negotiation · Private talks between one buyer and one producer. What was said and offered is append only
-- and chained: the transcript can be shown later exactly as it was.

-- Canonical terms that the parties agreed on before the sale; null: the listing and the standard terms.
alter table sale add column agreed_terms text;

create table negotiation (
  id          text primary key,             -- rises in time
  listing_id  text not null references listing,
  request_id  text references request,      -- the need it is about, where a request led to it
  response_id text references response,
  buyer_id    text not null,
  seller_id   text not null check (buyer_id <> seller_id),
  opened_by   text not null,                -- person
  state       text not null default 'open' check (state in ('open', 'agreed', 'ended')),
  -- The newest entry and its hash: the next one is written under this row's lock.
  entries     integer not null default 0 check (entries >= 0),
  head        bytea,
  offers      integer not null default 0 check (offers >= 0),
  buyer_read  integer not null default 0 check (buyer_read between 0 and entries),
  seller_read integer not null default 0 check (seller_read between 0 and entries),
  sale_id     text,
  contract_id text,
  created_at  timestamptz not null,
  updated_at  timestamptz not null,
  check ((request_id is null) = (response_id is null)),
  check ((entries = 0) = (head is null)),
  check ((state = 'agreed') = (sale_id is not null)),
  check ((sale_id is null) = (contract_id is null))
);
create index negotiation_buyer on negotiation (buyer_id, updated_at desc);
create index negotiation_seller on negotiation (seller_id, updated_at desc);
-- One talk at a time about a lot, or about an answer to a request.
create unique index negotiation_one_about_lot on negotiation (listing_id, buyer_id)
  where state = 'open' and response_id is null;
create unique index negotiation_one_about_response on negotiation (response_id) where state = 'open';

create table negotiation_entry (
  negotiation_id text not null references negotiation,
  n              integer not null check (n > 0),
  kind           text not null check (kind in ('opened', 'message', 'attachment', 'offer', 'acceptance',
                   'rejection', 'withdrawal', 'expiry', 'ended')),
  side           text check (side in ('buyer', 'seller')),   -- null: the clock
  person_id      text,
  at             timestamptz not null,
  body           text not null,              -- canonical JSON
  prev_hash      bytea,
  hash           bytea not null,             -- over everything above (transcript.ts)
  primary key (negotiation_id, n),
  check ((n = 1) = (prev_hash is null)),
  check ((side is null) = (person_id is null))
);
create trigger negotiation_entry_append_only before update or delete on negotiation_entry
  for each row execute function refuse_change();

create table negotiation_offer (
  id             text primary key,
  negotiation_id text not null references negotiation,
  version        integer not null check (version > 0),
  side           text not null check (side in ('buyer', 'seller')),
  person_id      text not null,
  listing_id     text not null references listing,
  terms          text not null,              -- canonical JSON: what was offered, as it is hashed
  sha256         bytea not null,             -- of `terms`
  draft          text not null,              -- canonical terms of the contract that acceptance makes
  state          text not null check (state in ('proposed', 'countered', 'accepted', 'rejected', 'expired', 'withdrawn')),
  created_at     timestamptz not null,
  expires_at     timestamptz not null check (expires_at > created_at),
  decided_at     timestamptz,
  decided_by     text,                       -- person; null: the clock
  unique (negotiation_id, version),
  check ((state = 'proposed') = (decided_at is null)),
  check (state not in ('accepted') or decided_at < expires_at)
);
create unique index negotiation_offer_one_standing on negotiation_offer (negotiation_id) where state = 'proposed';
create unique index negotiation_offer_one_accepted on negotiation_offer (negotiation_id) where state = 'accepted';

create function offer_stays_as_made() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.state <> 'proposed'
     or (new.id, new.negotiation_id, new.version, new.side, new.person_id, new.listing_id, new.terms, new.sha256,
         new.draft, new.created_at, new.expires_at)
        is distinct from
        (old.id, old.negotiation_id, old.version, old.side, old.person_id, old.listing_id, old.terms, old.sha256,
         old.draft, old.created_at, old.expires_at) then
    raise exception 'an offer is answered once and never edited' using errcode = 'CX002';
  end if;
  return new;
end $$;
create trigger stays_as_made before update or delete on negotiation_offer
  for each row execute function offer_stays_as_made();

create table negotiation_attachment (
  id             text primary key,
  negotiation_id text not null references negotiation,
  side           text not null check (side in ('buyer', 'seller')),
  name           text not null,
  media_type     text not null,
  size_bytes     integer not null check (size_bytes > 0),
  sha256         bytea not null,
  file           bytea not null,
  created_at     timestamptz not null
);
create index negotiation_attachment_of on negotiation_attachment (negotiation_id);
create trigger negotiation_attachment_append_only before update or delete on negotiation_attachment
  for each row execute function refuse_change();

-- The centre reads a talk only for a reason, and each reading stays on record.
create table negotiation_inspection (
  id             bigint generated always as identity primary key,
  negotiation_id text not null references negotiation,
  person_id      text not null,
  reason         text not null,
  at             timestamptz not null
);
create index negotiation_inspection_of on negotiation_inspection (negotiation_id, person_id, at);
create trigger negotiation_inspection_append_only before update or delete on negotiation_inspection
  for each row execute function refuse_change();
