-- 0024_auction_complaints · Complaints against an award while it is provisional. One of them keeps the standstill
-- open until it is decided; to uphold one takes two different people of the centre.

create table auction_complaint (
  auction_id        text not null references auction,
  number            integer not null,        -- counts from 1 within the auction
  -- Null: the centre's own.
  organisation_id   text,
  person_id         text not null,
  reason            text not null,
  filed_at          timestamptz not null default now(),
  -- What one person would decide, until a second one asks for the same.
  proposed          text check (proposed in ('void', 'hold_again')),
  proposed_reason   text,
  proposed_by       text,
  decision          text check (decision in ('dismiss', 'void', 'hold_again')),
  decision_reason   text,
  decided_by        text,
  decided_at        timestamptz,
  primary key (auction_id, number),
  constraint proposal_whole check ((proposed is null) = (proposed_by is null)
    and (proposed is null) = (proposed_reason is null)),
  constraint decision_whole check ((decision is null) = (decided_by is null)
    and (decision is null) = (decision_reason is null) and (decision is null) = (decided_at is null)),
  -- Whatever the code above it does: upholding is the word of two.
  constraint upheld_by_two check (decision is null or decision = 'dismiss'
    or (proposed = decision and proposed_by <> decided_by))
);
-- A company complains once; the centre as often as it finds something.
create unique index auction_complaint_once on auction_complaint (auction_id, organisation_id)
  where organisation_id is not null;
create index auction_complaint_open on auction_complaint (auction_id) where decision is null;

-- Why a standstill became longer: `complaint`, or what the centre wrote. Derived by projection.
alter table auction add column standstill_reason text;
