-- 0012_journal_batches.sql · The journal, kept as it is written: one row an append, entries one a line.
--
-- A row an entry cost two index entries, a tuple and a trip through an array for every bid; an append of
-- hundreds is now one row. What 0002 promises stays true, and `journal` still shows one row an entry.
--   * an append is accepted by ONE compare-and-append of (epoch, last_seq, last_hash) on the shard row;
--   * bodies are canonical JSON, one a line: JSON writes a line break as \n, so a line is an entry;
--   * hashes are 32 bytes an entry, each sha256(the one before || body);
--   * commands are 8 bytes an entry, zero where the clock was the cause: where a leader looks whether it
--     knows a command id. That (shard, actor, cmd_id) has one entry follows from there being one writer,
--     whose append is refused unless it continues exactly the history that it has read.

create table journal_batch (
  shard_id  int not null,
  first_seq bigint not null check (first_seq > 0),
  last_seq  bigint not null,
  epoch     bigint not null,
  bodies    text not null,
  hashes    bytea not null,
  -- Null in rows older than this file: read from the bodies then.
  commands  bytea,
  primary key (shard_id, last_seq),
  check (last_seq >= first_seq),
  check (length(hashes) = 32 * (last_seq - first_seq + 1)),
  check (length(commands) = 8 * (last_seq - first_seq + 1))
);
-- Compressing costs the append more than the bytes it saves.
alter table journal_batch alter bodies set storage external, alter hashes set storage external,
  alter commands set storage external;

insert into journal_batch (shard_id, first_seq, last_seq, epoch, bodies, hashes)
select shard_id, min(seq), max(seq), epoch, string_agg(body, E'\n' order by seq), string_agg(hash, ''::bytea order by seq)
  from journal group by shard_id, epoch, (seq - 1) / 500;

drop function journal_append;
drop table journal;

create trigger journal_no_change before update or delete on journal_batch
  for each row execute function journal_is_immutable();
create trigger journal_no_truncate before truncate on journal_batch
  for each statement execute function journal_is_immutable();

-- For people and for queries about little: reads whole batches. One entry is found by journal_entry.
create view journal as
select b.shard_id, b.first_seq + e.place - 1 as seq, b.epoch, (e.body::json ->> 'ts')::bigint as ts_ms,
       e.body::json ->> 'actor' as actor, e.body::json ->> 'cmd_id' as cmd_id, e.body,
       substr(b.hashes, 32 * (e.place::int - 1) + 1, 32) as hash
  from journal_batch b, string_to_table(b.bodies, E'\n') with ordinality as e (body, place);

create function journal_entry(p_shard int, p_seq bigint) returns setof journal language sql stable as $$
  select b.shard_id, p_seq, b.epoch, (e.body::json ->> 'ts')::bigint, e.body::json ->> 'actor',
         e.body::json ->> 'cmd_id', e.body, substr(b.hashes, 32 * (p_seq - b.first_seq)::int + 1, 32)
    from (select * from journal_batch where shard_id = p_shard and last_seq >= p_seq order by last_seq limit 1) b,
         split_part(b.bodies, E'\n', (p_seq - b.first_seq + 1)::int) as e (body)
   where b.first_seq <= p_seq
$$;

-- The whole write path: one statement, autocommit, nothing held across a client round trip.
create function journal_append(
  p_shard int, p_epoch bigint, p_prev_seq bigint, p_prev_hash text, p_count int, p_first_ts bigint, p_last_ts bigint,
  p_bodies text, p_hashes text, p_commands text, p_ttl interval
) returns bigint language plpgsql as $$
declare
  hashes bytea := decode(p_hashes, 'hex');
begin
  perform require_synchronous_commit();
  update shard set last_seq = p_prev_seq + p_count, last_hash = substr(hashes, length(hashes) - 31),
                   last_ts_ms = p_last_ts, lease_until = clock_timestamp() + p_ttl
   where shard_id = p_shard
     and epoch = p_epoch                                                        -- fence
     and last_seq = p_prev_seq and last_hash = decode(p_prev_hash, 'hex')       -- compare-and-append
     and last_ts_ms <= p_first_ts;                                              -- time never goes back
  if not found then
    raise exception 'shard % has moved past epoch %, seq %', p_shard, p_epoch, p_prev_seq using errcode = 'CX001';
  end if;
  insert into journal_batch (shard_id, first_seq, last_seq, epoch, bodies, hashes, commands)
  values (p_shard, p_prev_seq + 1, p_prev_seq + p_count, p_epoch, p_bodies, hashes, decode(p_commands, 'hex'));
  return p_prev_seq + p_count;
end $$;
