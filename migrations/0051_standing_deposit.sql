-- 0051_standing_deposit · One deposit that covers the bids of a company in many auctions, one after the other.
--
-- Promises:
--   * what covers one auction covers no other until it is given back: it is on hold in the deposit's account
--   * what an auction gives back returns to the deposit, not to free money

insert into ledger_account_kind (kind, owner_class, normal_side, must_be_funded, per_contract)
values ('standing_deposit', 'party', 'credit', true, false);

alter table auction_security add column source text not null default 'free'
  check (source in ('free', 'standing_deposit'));
