-- 0038_release · Truck by truck: what leaves the gate sets a part of the escrow free for the seller.
--
-- Promises:
--   * the part is what the signed contract says, and nothing where it says nothing
--   * each weighing releases once, and what is released never exceeds what was paid in
--   * a release is never edited

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

create trigger settlement_release_append_only before update or delete on settlement_release
  for each row execute function refuse_change();
