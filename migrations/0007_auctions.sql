-- 0007_auctions · Auctions as people read them, and the money set aside to bid. Rows marked "derived" come from the
-- journal by projection: they may be emptied and rebuilt, and nothing decides by them.

create table auction (
  id              text primary key,
  listing_id      text not null,
  seller_id       text not null,
  title           text not null,
  -- requested: asked of the market, not yet in the journal. refused: the market said no.
  state           text not null check (state in
    ('requested', 'refused', 'scheduled', 'open', 'suspended', 'awarded', 'unsold', 'voided')),
  terms           jsonb not null,          -- exactly what was given to the engine
  currency        char(3) not null,
  -- derived from here on
  closes_at       timestamptz not null,
  opens_at        timestamptz not null,
  extensions      integer not null default 0,
  marginal_ticks  integer,
  best_ticks      integer,
  bid_count       integer not null default 0,
  bidder_count    integer not null default 0,
  last_seq        bigint,
  closed_seq      bigint,
  closed_hash     bytea,
  reason          text,
  requested_by    text not null,
  created_at      timestamptz not null default now()
);
create index auction_state on auction (state, closes_at);
create index auction_seller on auction (seller_id, created_at desc);
-- A lot is in one auction at a time.
create unique index auction_one_live on auction (listing_id)
  where state in ('requested', 'scheduled', 'open', 'suspended');

-- derived: every accepted bid, in the order of the journal
create table auction_bid (
  auction_id         text not null references auction,
  seq                bigint not null,
  at                 timestamptz not null,
  account_id         text not null,
  price_ticks        integer not null,
  quantity_lots      integer not null,
  minimum_lots       integer not null,
  primary key (auction_id, seq)
);

-- derived: who won what
create table auction_award (
  auction_id    text not null references auction,
  account_id    text not null,
  price_ticks   integer not null,
  quantity_lots integer not null,
  bid_seq       bigint not null,
  primary key (auction_id, account_id)
);

-- derived: what the engine gave back and kept of each bidder's security at the end
create table auction_security_outcome (
  auction_id text not null references auction,
  account_id text not null,
  released   bigint not null default 0,
  retained   bigint not null default 0,
  primary key (auction_id, account_id)
);

-- Money held in the ledger so that bids count. Written before the engine is told.
create table auction_security (
  id          uuid primary key,
  auction_id  text not null references auction,
  account_id  text not null,
  person_id   text not null,
  amount      bigint not null check (amount > 0),
  state       text not null default 'held' check (state in ('held', 'allocated', 'returned')),
  reason      text,
  created_at  timestamptz not null default now()
);
create index auction_security_account on auction_security (auction_id, account_id);
