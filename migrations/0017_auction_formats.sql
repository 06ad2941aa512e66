-- 0017_auction_formats · Every format over the wire: who buys puts a request to auction, and its winners sell.

alter table auction rename column seller_id to owner_id;
alter index auction_seller rename to auction_owner;
-- Of a sale the lot, of a purchase the request.
alter table auction alter column listing_id drop not null;
alter table auction add column request_id text;
alter table auction add constraint auction_of_one check (num_nonnulls(listing_id, request_id) = 1);
create index auction_request on auction (request_id) where request_id is not null;

-- The lot from which a bidder of a purchase supplies what it wins: off the market until the auction ends, and
-- named before its first security counts, so that there is no offer without coal.
create table auction_supply (
  auction_id   text not null references auction,
  account_id   text not null,
  listing_id   text not null,
  quantity_kg  bigint not null check (quantity_kg > 0),   -- what the lot held when it was set aside
  person_id    text not null,
  created_at   timestamptz not null default now(),
  primary key (auction_id, account_id)
);

-- Of a request: what auctions may still buy. No answer can be taken for it meanwhile.
alter table request add column auctioned_kg bigint not null default 0
  check (auctioned_kg >= 0 and contracted_kg + auctioned_kg <= quantity_kg);
