-- 0002_exchange.sql · The journal of the markets: one writer per shard, fenced by the shard's row.
--
-- What must stay true, whoever writes and however it dies:
--   * every entry is accepted by ONE compare-and-append of (epoch, last_seq, last_hash) on the shard
--     row, in the statement that inserts it; a stale writer changes 0 rows and gets CX001;
--   * seq is gapless per shard, hash = sha256(previous hash || body), and body names shard, seq, time,
--     actor and command, so no row can be changed, moved or dropped unseen;
--   * one (shard, actor, cmd_id) has one entry for ever: a retry finds its outcome;
--   * nobody updates, deletes or truncates the journal (CX002).
-- Time limits on leases say when to try a takeover, never whether a write is allowed.

create table shard (
  shard_id            int primary key,
  epoch               bigint not null default 0,
  -- Who leads: information for people, and a way to see that a killed leader is gone.
  owner               text,
  owner_pid           int,
  owner_backend_start timestamptz,
  lease_until         timestamptz not null default '-infinity',
  last_seq            bigint not null default 0 check (last_seq >= 0),
  last_ts_ms          bigint not null default 0,
  last_hash           bytea not null default decode(repeat('00', 32), 'hex') check (length(last_hash) = 32)
) with (fillfactor = 10, autovacuum_vacuum_threshold = 200, autovacuum_vacuum_scale_factor = 0);

-- A market's shard is a hash of its id over the number of rows, so rows are never added to a live exchange.
insert into shard (shard_id) select generate_series(0, 15);

create table journal (
  shard_id int not null references shard,
  seq      bigint not null,
  epoch    bigint not null,
  ts_ms    bigint not null,
  -- Null for what the clock caused.
  actor    text,
  cmd_id   text,
  -- sha256 of the command as it came in: the same id with another command is a conflict.
  cmd_hash bytea,
  -- Canonical JSON, as text: the hash covers these bytes.
  body     text not null,
  hash     bytea not null,
  primary key (shard_id, seq),
  check ((cmd_id is null) = (actor is null)),
  check ((cmd_id is null) = (cmd_hash is null)),
  check (seq > 0),
  check (length(hash) = 32)
);
create unique index journal_cmd on journal (shard_id, actor, cmd_id) where cmd_id is not null;

create function journal_is_immutable() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only' using errcode = 'CX002';
end $$;
create trigger journal_no_change before update or delete on journal
  for each row execute function journal_is_immutable();
create trigger journal_no_truncate before truncate on journal
  for each statement execute function journal_is_immutable();

-- Commits of this transaction reach the disk (and a synchronous standby, where the server asks for more).
-- Not a function SET clause: that would be undone before the commit.
create function require_synchronous_commit() returns void language plpgsql as $$
begin
  if current_setting('synchronous_commit') not in ('on', 'remote_apply') then
    perform set_config('synchronous_commit', 'on', true);
  end if;
end $$;

-- The whole write path: one statement, autocommit, nothing held across a client round trip.
create function journal_append(
  p_shard int, p_epoch bigint, p_prev_seq bigint, p_prev_hash bytea,
  p_ts bigint[], p_actor text[], p_cmd text[], p_cmd_hash bytea[], p_body text[], p_hash bytea[],
  p_ttl interval
) returns bigint language plpgsql as $$
declare
  n int := cardinality(p_body);
begin
  perform require_synchronous_commit();
  update shard set last_seq = p_prev_seq + n, last_hash = p_hash[n], last_ts_ms = p_ts[n],
                   lease_until = clock_timestamp() + p_ttl
   where shard_id = p_shard
     and epoch = p_epoch                                        -- fence
     and last_seq = p_prev_seq and last_hash = p_prev_hash      -- compare-and-append
     and last_ts_ms <= p_ts[1];                                 -- time never goes back
  if not found then
    raise exception 'shard % has moved past epoch %, seq %', p_shard, p_epoch, p_prev_seq using errcode = 'CX001';
  end if;
  insert into journal (shard_id, seq, epoch, ts_ms, actor, cmd_id, cmd_hash, body, hash)
  select p_shard, p_prev_seq + u.ord, p_epoch, u.ts, u.actor, u.cmd, u.cmd_hash, u.body, u.hash
    from unnest(p_ts, p_actor, p_cmd, p_cmd_hash, p_body, p_hash)
         with ordinality as u (ts, actor, cmd, cmd_hash, body, hash, ord);
  return p_prev_seq + n;
end $$;

-- Takes the lead: of one's own shard at once (after a lost connection), of another's when its lease is
-- over or its database session is gone. The row lock orders this after every append it must see.
create function shard_takeover(p_shard int, p_owner text, p_ttl interval)
returns table (epoch bigint, last_seq bigint, last_ts_ms bigint, last_hash bytea) language plpgsql as $$
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
  returning s.epoch, s.last_seq, s.last_ts_ms, s.last_hash;
end $$;

-- An idle leader says that it lives. Loses nothing when it is lost, so it does not wait for the disk.
create function shard_heartbeat(p_shard int, p_epoch bigint, p_ttl interval) returns void language plpgsql as $$
begin
  perform set_config('synchronous_commit', 'off', true);
  update shard set lease_until = clock_timestamp() + p_ttl where shard_id = p_shard and epoch = p_epoch;
  if not found then
    raise exception 'shard % has moved past epoch %', p_shard, p_epoch using errcode = 'CX001';
  end if;
end $$;

-- Gives the lead back at a clean stop, so that the next owner need not wait for the lease.
create function shard_release(p_shard int, p_epoch bigint) returns void language sql as $$
  update shard set lease_until = '-infinity' where shard_id = p_shard and epoch = p_epoch
$$;

-- Shortens recovery; never the truth. Checked against the journal and its own hash before use.
create table snapshot (
  shard_id     int not null references shard,
  seq          bigint not null,
  engine_ver   text not null,
  state        bytea not null,
  state_sha256 bytea not null,
  -- The engine's own hash of the state: recomputed after restoring.
  state_hash   text not null,
  -- The journal's hash at seq: a snapshot of another history is refused.
  journal_hash bytea not null,
  taken_at     timestamptz not null default now(),
  primary key (shard_id, seq)
);

-- How far each SQL view has applied each shard. Moves in the transaction that applies.
create table projection_checkpoint (
  name     text not null,
  shard_id int not null references shard,
  seq      bigint not null default 0 check (seq >= 0),
  primary key (name, shard_id)
);

-- Commands that broke the engine. They never reached the journal; their like is refused.
create table quarantine (
  shard_id int not null references shard,
  cmd_hash bytea not null,
  command  text not null,
  error    text not null,
  at       timestamptz not null default now(),
  primary key (shard_id, cmd_hash)
);
