-- 0044_lifting · When coal is fetched: the buyer's schedule, the end of a delivery by its last day, its suspension.

alter table delivery_order drop constraint delivery_order_state_check;
alter table delivery_order
  add check (state in ('active', 'suspended', 'completed')),
  add column ended_as text check (ended_as in ('exhausted', 'expired', 'closed')),
  add column suspended_at timestamptz,
  add column suspended_by text,
  add column suspended_reason text;
update delivery_order set ended_as = case when lifted_kg = quantity_kg then 'exhausted' else 'closed' end
 where state = 'completed';
alter table delivery_order
  add check ((state = 'completed') = (ended_as is not null)),
  add check ((state = 'suspended') = (suspended_at is not null)),
  add check ((suspended_at is null) = (suspended_by is null) and (suspended_at is null) = (suspended_reason is null));

create table lifting (
  id                uuid primary key,
  delivery_order_id uuid not null references delivery_order,
  from_day          date not null,
  to_day            date not null check (to_day >= from_day),
  quantity_kg       bigint not null check (quantity_kg > 0),
  state             text not null check (state in ('nominated', 'withdrawn', 'lapsed', 'lifted')),
  lapsed_kg         bigint check (lapsed_kg >= 0 and lapsed_kg <= quantity_kg),
  nominated_by      text not null,
  nominated_at      timestamptz not null,
  decided_at        timestamptz,
  check ((state = 'nominated') = (decided_at is null)),
  check ((state in ('lapsed', 'lifted')) = (lapsed_kg is not null))
);
create index lifting_order on lifting (delivery_order_id, from_day);

alter table pickup_pass add column lifting_id uuid references lifting;
create index pickup_pass_lifting on pickup_pass (lifting_id) where lifting_id is not null;
