-- 0019_promised_heat · An offer that was ranked by its heat is bound to it: the contract promises what won.

-- What an offer declared besides its price; null where price is all.
alter table auction_bid add column merit jsonb;

-- The calorific value the sale was made on, {kind, basis, joulesPerGram}; null: what the listing promises.
alter table sale add column promised_heat jsonb;
