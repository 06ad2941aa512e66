-- 0054_work_owner · Work that waits for a person has one: who has taken it, and how somebody ended what no retry can.
--
-- Promises:
--   * one person at a time has a piece of parked work; it is taken, and given back
--   * what was ended by a person says by whom and why, and is done like any other

alter table outbox
  add column owner_id    text,
  add column owned_at    timestamptz,
  add column resolved_by text,
  add column resolution  text,
  add check ((owner_id is null) = (owned_at is null)),
  add check ((resolved_by is null) = (resolution is null)),
  add check (resolved_by is null or done_at is not null);
