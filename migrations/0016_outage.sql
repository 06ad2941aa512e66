-- 0016_outage.sql · When a market was last served, so that an outage gives bidders their time back.
--
-- A new leader extends auctions by an entry that names when the market went down and when it was up
-- again (the engine's rule). The first of the two has to survive whoever took the lead and died before
-- writing that entry: so taking the lead, or reading the journal for it, is no sign of life. Serving is.
--   * alive_at moves with a serving leader's heartbeats and with a clean stop, never with a takeover;
--   * an entry is a sign of life too: last_ts_ms says when.

alter table shard add column alive_at timestamptz;

drop function shard_heartbeat;
-- An idle leader says that it lives. Loses nothing when it is lost, so it does not wait for the disk.
-- p_serving: false while it is still reading the journal.
create function shard_heartbeat(p_shard int, p_epoch bigint, p_ttl interval, p_serving boolean default true)
returns void language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update shard set lease_until = clock_timestamp() + p_ttl,
                   alive_at = case when p_serving then clock_timestamp() else alive_at end
   where shard_id = p_shard and epoch = p_epoch;
  if not found then
    raise exception 'shard % has moved past epoch %', p_shard, p_epoch using errcode = 'CX001';
  end if;
end $$;

create or replace function shard_release(p_shard int, p_epoch bigint) returns void language sql as $$
  update shard set lease_until = '-infinity', alive_at = clock_timestamp() where shard_id = p_shard and epoch = p_epoch
$$;

drop function shard_takeover;
-- As in 0002. alive_ms: when the shard was last served, by this server's clock; 0 for never.
create function shard_takeover(p_shard int, p_owner text, p_ttl interval)
returns table (epoch bigint, last_seq bigint, last_ts_ms bigint, last_hash bytea, alive_ms bigint) language plpgsql as $$
begin
  perform require_synchronous_commit();
  return query
  update shard s
     set epoch = s.epoch + 1, owner = p_owner, owner_pid = pg_backend_pid(),
         owner_backend_start = (select a.backend_start from pg_stat_activity a where a.pid = pg_backend_pid()),
         lease_until = clock_timestamp() + p_ttl
   where s.shard_id = p_shard
     and (s.lease_until < clock_timestamp()
          or s.owner = p_owner
          or not exists (select from pg_stat_activity a
                          where a.pid = s.owner_pid
                            and a.backend_start is not distinct from s.owner_backend_start))
  returning s.epoch, s.last_seq, s.last_ts_ms, s.last_hash,
            greatest(s.last_ts_ms, coalesce(floor(extract(epoch from s.alive_at) * 1000)::bigint, 0));
end $$;
