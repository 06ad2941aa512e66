-- 0038_release · Truck by truck: what leaves the gate sets a part of the escrow free for the seller.
--
-- Promises:
--   * the part is a rule of the house, kept with its source, and frozen for each settlement when it opens: a later
--     rule changes no contract that runs, and settlements opened before this have none
--   * each weighing releases once, and what is released never exceeds what was paid in
--   * a release is never edited

create table settlement_rule (
  valid_from           timestamptz primary key,
  release_basis_points int not null check (release_basis_points between 0 and 8500),
  source               text not null
);
insert into settlement_rule (valid_from, release_basis_points, source)
  values ('2026-01-01', 8500, 'Rules of the house, payment on gate-out: 85 % of net weight × provisional price');

alter table settlement
  add column release_basis_points int not null default 0 check (release_basis_points between 0 and 8500),
  add column released_amount bigint not null default 0 check (released_amount between 0 and provisional_amount);

create table settlement_release (
  ticket_id   text primary key,
  contract_id text not null references settlement,
  net_kg      bigint not null check (net_kg > 0),
  -- 0 where nothing was left to release, or the final invoice was out before the gate told
  amount      bigint not null check (amount >= 0),
  released_at timestamptz not null
);
create index settlement_release_contract on settlement_release (contract_id, released_at);

alter table obligation drop constraint obligation_kind_check;
alter table obligation add constraint obligation_kind_check check (kind in ('shortfall', 'true_up', 'over_release'));

create trigger settlement_rule_append_only before update or delete on settlement_rule
  for each row execute function refuse_change();
create trigger settlement_release_append_only before update or delete on settlement_release
  for each row execute function refuse_change();
