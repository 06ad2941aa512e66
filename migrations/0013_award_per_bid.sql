-- 0013_award_per_bid · A Dutch auction may sell to one company at several prices: an award belongs to a bid.

alter table auction_award drop constraint auction_award_pkey;
alter table auction_award add primary key (auction_id, bid_seq);
create index auction_award_account on auction_award (auction_id, account_id);
