-- 0029_requests · The whole way of a need: drafts, matched lots, invitations, answers with several lots in
-- versions, a shortlist, split awards, and small buyers who pool their needs.
--
-- Locks are taken in one order: pool, request, answers by id, lots by id; so none waits for another in a circle.

alter table request drop constraint request_state_check;
alter table request add constraint request_state_check check (state in
  ('draft', 'open', 'matched', 'responding', 'shortlisted', 'negotiating', 'in_auction', 'contracted', 'cancelled', 'expired'));
alter table request
  add column account      jsonb,                            -- the buyer's confirmed account, as it was when published
  add column audience     text not null default 'public' check (audience in ('public', 'invited')),
  add column ceiling_at   text not null default 'listed' check (ceiling_at in ('listed', 'delivered')),
  add column matched_lots integer check (matched_lots >= 0), -- how many lots fitted when it was last looked
  add column matched_at   timestamptz,
  add column negotiations integer not null default 0 check (negotiations >= 0),   -- that are under way
  add column pool_id      text,
  add constraint request_matched check ((matched_lots is null) = (matched_at is null));
drop index request_open;
create index request_open on request (id desc)
  where state in ('open', 'matched', 'responding', 'shortlisted', 'negotiating', 'in_auction');

-- Producers the buyer asked. Who was asked sees a request for the invited only; what it answered is its own affair.
create table request_invitation (
  request_id      text not null references request,
  organisation_id text not null,
  invited_by      text not null,                            -- person
  invited_at      timestamptz not null default now(),
  declined_at     timestamptz,
  decline_reason  text check (length(decline_reason) between 1 and 500),
  primary key (request_id, organisation_id),
  check ((declined_at is null) = (decline_reason is null))
);
create index request_invitation_inbox on request_invitation (organisation_id, request_id desc);

-- An answer may offer several lots; each is a line of its newest version, and each line taken is a sale.
create table response_lot (
  response_id     text not null references response,
  listing_id      text not null references listing,
  place           smallint not null check (place >= 0),     -- in the order the producer wrote them
  quantity_kg     bigint not null check (quantity_kg > 0),
  minimum_kg      bigint not null check (minimum_kg > 0 and minimum_kg <= quantity_kg),   -- the least part it sells
  price_per_tonne bigint not null check (price_per_tonne > 0),
  taken_kg        bigint not null default 0 check (taken_kg = 0 or taken_kg between minimum_kg and quantity_kg),
  primary key (response_id, listing_id)
);
insert into response_lot (response_id, listing_id, place, quantity_kg, minimum_kg, price_per_tonne, taken_kg)
  select id, listing_id, 0, quantity_kg, quantity_kg, price_per_tonne,
         case when state = 'taken' then quantity_kg else 0 end from response;

-- Who bought how much of a lot: the buyer, or each member of its pool.
create table request_award (
  sale_id     text primary key,
  request_id  text not null references request,
  response_id text references response,                     -- absent: bought at the price of the lot itself
  listing_id  text not null references listing,
  buyer_id    text not null,
  quantity_kg bigint not null check (quantity_kg > 0),
  contract_id text not null,
  made_at     timestamptz not null default now(),
  unique (response_id, listing_id, buyer_id)
);
create index request_award_request on request_award (request_id);
insert into request_award (request_id, response_id, listing_id, buyer_id, quantity_kg, sale_id, contract_id, made_at)
  select p.request_id, p.id, p.listing_id, r.buyer_id, p.quantity_kg, p.sale_id, p.contract_id, p.created_at
    from response p join request r on r.id = p.request_id where p.state = 'taken';
create trigger request_award_append_only before update or delete on request_award
  for each row execute function refuse_change();

-- What an earlier version said: a buyer who saw it can be shown what changed.
create table response_version (
  response_id text not null references response,
  version     integer not null check (version > 0),
  content     jsonb not null,                               -- lots, note, valid until, as the producer wrote them
  made_by     text not null,                                -- person
  made_at     timestamptz not null default now(),
  primary key (response_id, version)
);
create trigger response_version_append_only before update or delete on response_version
  for each row execute function refuse_change();

drop index response_once;
alter table response drop constraint response_state_check;
alter table response
  drop column listing_id, drop column quantity_kg, drop column price_per_tonne,
  drop column sale_id, drop column contract_id,             -- with the checks over them
  add column version        integer not null default 1 check (version > 0),
  add column account        jsonb,                          -- the producer's confirmed account
  add column shortlisted_at timestamptz,
  add column shortlist_note text not null default '' check (length(shortlist_note) <= 1000),   -- the buyer's own
  add column reason         text check (length(reason) between 1 and 500),   -- why it was declined
  add constraint response_state_check check (state in
    ('offered', 'shortlisted', 'negotiating', 'taken', 'declined', 'withdrawn', 'expired')),
  add constraint response_shortlisted check (state <> 'shortlisted' or shortlisted_at is not null);

-- Small buyers who ask together. A pool that comes to its least total becomes one request, of which its
-- opener speaks for all, and each member gets its share of every award by its own contract.
create table request_pool (
  id           text primary key,                            -- rises in time
  opened_by    text not null,                               -- organisation
  created_by   text not null,                               -- person
  state        text not null check (state in ('open', 'closed', 'missed', 'cancelled')),
  name         text not null check (length(name) between 1 and 120),
  coal_ranks   text[] not null default '{}',
  limits       jsonb not null,
  minimum_kg   bigint not null check (minimum_kg > 0 and minimum_kg <= 1000000000000),
  place_id     text references place,                       -- common to all; absent: each names its own
  window_from  date not null,
  window_to    date not null,
  currency     char(3) not null,
  price_ceiling bigint check (price_ceiling > 0),
  ceiling_at   text not null default 'listed' check (ceiling_at in ('listed', 'delivered')),
  note         text not null default '' check (length(note) <= 1000),
  deadline     timestamptz not null,
  request_id   text references request,
  reason       text check (length(reason) between 1 and 500),
  created_at   timestamptz not null default now(),
  closed_at    timestamptz,
  check (window_from <= window_to),
  check ((state = 'closed') = (request_id is not null)),
  check ((state = 'open') = (closed_at is null))
);
create index request_pool_open on request_pool (id desc) where state = 'open';
alter table request add constraint request_of_pool foreign key (pool_id) references request_pool;

create table request_pool_member (
  pool_id         text not null references request_pool,
  organisation_id text not null,
  joined_by       text not null,                            -- person
  quantity_kg     bigint not null check (quantity_kg > 0 and quantity_kg <= 1000000000000),
  awarded_kg      bigint not null default 0 check (awarded_kg between 0 and quantity_kg),
  place_id        text not null references place,
  account         jsonb,
  joined_at       timestamptz not null default now(),
  primary key (pool_id, organisation_id)
);
create index request_pool_member_of on request_pool_member (organisation_id, pool_id desc);
