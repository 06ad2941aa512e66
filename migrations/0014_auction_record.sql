-- 0014_auction_record · The public record of each auction: which journal entries belong to it, and the
-- hash chain over their public form, with the heads that were published while it ran. All derived by
-- projection: may be emptied and rebuilt, and nothing decides by it.

create table auction_record (
  auction_id text primary key,
  shard_id   int not null,
  lines      integer not null,
  head       bytea not null check (length(head) = 32)
);

-- The entries of the journal that a record is made of.
create table auction_record_entry (
  auction_id text not null references auction_record,
  seq        bigint not null,
  primary key (auction_id, seq)
);

-- What anybody could have noted at the start, at each extension and at the end.
create table auction_record_head (
  auction_id text not null references auction_record,
  seq        bigint not null,
  at         timestamptz not null,
  cause      text not null,
  lines      integer not null,
  hash       bytea not null,
  primary key (auction_id, seq)
);
