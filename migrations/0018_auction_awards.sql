-- 0018_auction_awards · What may follow the close of an auction: a standstill in which its award is provisional, and
-- bidders who wait in case a winner falls away. All derived by projection, but for the sign that a contract was made.

alter table auction drop constraint auction_state_check;
alter table auction add constraint auction_state_check check (state in
  ('requested', 'refused', 'scheduled', 'open', 'suspended', 'standstill', 'awarded', 'unsold', 'voided'));
-- Awards after the close as the engine remembers them: folded from the same events.
alter table auction add column awarding jsonb;
-- The journal's word that the auction is to be held again.
alter table auction add column held_again boolean not null default false;

-- A lot whose award is provisional is in no other auction.
drop index auction_one_live;
create unique index auction_one_live on auction (listing_id)
  where state in ('requested', 'scheduled', 'open', 'suspended', 'standstill');

-- The awards that stand, by their number within the auction: one bid may win at the close and again by waiting.
alter table auction_award add column number integer;
update auction_award a set number = n.number
  from (select auction_id, bid_seq, row_number() over (partition by auction_id order by bid_seq) as number
          from auction_award) n
 where n.auction_id = a.auction_id and n.bid_seq = a.bid_seq;
alter table auction_award alter column number set not null;
alter table auction_award drop constraint auction_award_pkey;
alter table auction_award add primary key (auction_id, number);

-- Kept of a winner who let its award fall, until it is decided whether it is forfeited.
alter table auction_security_outcome add column forfeit_proposed bigint not null default 0;

-- Lots of one catalogue come to auction one after another.
create index auction_catalogue on auction ((terms -> 'catalogue' ->> 'catalogueId'))
  where terms ? 'catalogue';
