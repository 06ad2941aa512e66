-- 0010_logistics · From the funded escrow to the last kilogram: delivery orders, signed pickup passes, weighings,
-- analysis. Weighings and certificates are evidence: append only.

create table delivery_order (
  id           uuid primary key,
  contract_id  text not null unique,
  seller_id    text not null,
  buyer_id     text not null,
  quantity_kg  bigint not null check (quantity_kg > 0),
  lifted_kg    bigint not null default 0 check (lifted_kg >= 0 and lifted_kg <= quantity_kg),
  valid_from   date not null,
  valid_to     date not null check (valid_to >= valid_from),
  state        text not null default 'active' check (state in ('active', 'completed')),
  completed_at timestamptz,
  created_at   timestamptz not null default now(),
  check ((state = 'completed') = (completed_at is not null))
);
create index delivery_order_seller on delivery_order (seller_id, created_at desc);
create index delivery_order_buyer on delivery_order (buyer_id, created_at desc);

-- A pass admits one truck once. The token is what the QR code holds.
create table pickup_pass (
  id                uuid primary key,
  delivery_order_id uuid not null references delivery_order,
  code              text not null unique,
  plate             text not null,
  driver            text not null,
  maximum_kg        bigint not null check (maximum_kg > 0),
  not_before        timestamptz not null,
  not_after         timestamptz not null check (not_after > not_before),
  token             text not null,
  state             text not null default 'issued' check (state in ('issued', 'used', 'cancelled')),
  issued_by         text not null,
  created_at        timestamptz not null default now()
);
create index pickup_pass_order on pickup_pass (delivery_order_id, created_at);

create table weighbridge_ticket (
  id                uuid primary key,
  delivery_order_id uuid not null references delivery_order,
  pass_id           uuid not null unique references pickup_pass,   -- a pass is weighed out once
  number            text not null,
  gross_kg          bigint not null check (gross_kg > 0),
  tare_kg           bigint not null check (tare_kg > 0 and tare_kg < gross_kg),
  net_kg            bigint not null generated always as (gross_kg - tare_kg) stored,
  weighed_at        timestamptz not null,
  recorded_by       text not null,
  created_at        timestamptz not null default now(),
  unique (delivery_order_id, number)
);

create table certificate_of_analysis (
  id                uuid primary key,
  delivery_order_id uuid not null unique references delivery_order,
  number            text not null,
  laboratory        text not null,
  sampled_on        date not null,
  quality           jsonb not null,
  recorded_by       text not null,
  created_at        timestamptz not null default now(),
  unique (laboratory, number)
);

create trigger weighbridge_ticket_append_only before update or delete on weighbridge_ticket
  for each row execute function refuse_change();
create trigger certificate_of_analysis_append_only before update or delete on certificate_of_analysis
  for each row execute function refuse_change();
