-- 0005_listings · Where coal comes from and goes to, and what is offered for sale.
--
-- What was stated is stored as it was stated: each share with its basis in basis points, the calorific value
-- in J/g with kind and basis (and as it was typed). The columns named search_* are computed from the
-- statements by packages/coal, on one common basis, for filters only; nothing is ever billed by them.

create table mine (
  id          text primary key,
  name        text not null check (length(name) between 1 and 200),
  name_zh     text,
  country     char(2) not null check (country ~ '^[A-Z]{2}$'),   -- ISO 3166-1
  region      text not null default '',
  latitude    double precision check (latitude between -90 and 90),
  longitude   double precision check (longitude between -180 and 180),
  source      text not null,                                     -- member, catalogue, eia923
  external_id text unique,                                       -- the name it has in its source
  created_by  text,                                              -- organisation, for source = member
  created_at  timestamptz not null default now(),
  check ((latitude is null) = (longitude is null))
);

create table place (
  id          text primary key,
  kind        text not null check (kind in ('mine_mouth', 'port', 'station', 'plant')),
  name        text not null check (length(name) between 1 and 200),
  name_zh     text,
  country     char(2) not null check (country ~ '^[A-Z]{2}$'),
  latitude    double precision check (latitude between -90 and 90),
  longitude   double precision check (longitude between -180 and 180),
  mine_id     text references mine,
  source      text not null,
  external_id text unique,
  created_by  text,
  created_at  timestamptz not null default now(),
  check ((latitude is null) = (longitude is null)),
  check (mine_id is null or kind = 'mine_mouth')
);
-- The mouth of a mine is made with the first lot that is sold there.
create unique index place_mine_mouth on place (mine_id) where mine_id is not null;

-- Companies that a source names as sellers. They are no members: nobody logs in, signs or is paid for them.
create table imported_company (
  id          text primary key,
  name        text not null check (length(name) between 1 and 200),
  country     char(2) not null check (country ~ '^[A-Z]{2}$'),
  source      text not null,
  external_id text not null unique,
  created_at  timestamptz not null default now()
);

create table listing (
  id                  text primary key,          -- rises in time: newest first is descending by id
  seller_id           text not null,             -- a member; of an imported record an imported_company
  created_by          text,                      -- person; null for an imported record
  source              text not null check (source in ('member', 'eia923')),
  import_key          text unique,               -- a hash of the imported row: the same row again changes nothing
  import_record       jsonb,                     -- what the source says about the trade and no column here holds
  state               text not null check (state in ('published', 'in_auction', 'sold_out', 'withdrawn', 'expired')),
  version             integer not null default 1 check (version > 0),

  mine_id             text not null references mine,
  load_place_id       text references place,     -- null for an imported record: known is only the mine
  coal_rank           text not null check (coal_rank in ('anthracite', 'coking', 'bituminous', 'sub_bituminous', 'lignite', 'waste')),

  total_moisture_bp    integer not null check (total_moisture_bp between 50 and 6000),      -- as received
  inherent_moisture_bp integer check (inherent_moisture_bp between 20 and 3000),            -- air dried
  ash_bp               integer not null check (ash_bp between 10 and 9900),
  ash_basis            text not null check (ash_basis in ('ar', 'ad', 'd')),
  volatile_bp          integer check (volatile_bp between 10 and 9900),
  volatile_basis       text check (volatile_basis in ('ar', 'ad', 'd', 'daf')),
  sulphur_bp           integer not null check (sulphur_bp between 0 and 4000),
  sulphur_basis        text not null check (sulphur_basis in ('ar', 'ad', 'd', 'daf')),
  calorific_j_per_g    integer not null check (calorific_j_per_g between 500 and 40000),
  calorific_kind       text not null check (calorific_kind in ('gross', 'net')),
  calorific_basis      text not null check (calorific_basis in ('ar', 'ad', 'd', 'daf')),
  calorific_typed      text not null,            -- as the seller wrote it, for example 5500
  calorific_unit       text not null,            -- and in which unit, for example kcal/kg
  hardgrove_index      integer check (hardgrove_index between 20 and 130),
  size_min_mm          integer check (size_min_mm between 0 and 300),
  size_max_mm          integer check (size_max_mm between 0 and 300),
  assay_more           jsonb not null default '{}',   -- rarer statements: fixed carbon, hydrogen, ash fusion, further bases
  audit_flags          jsonb not null default '[]',   -- contradictions found when it was stated

  search_net_ar_j_per_g integer,
  search_ash_ar_bp      integer,
  search_sulphur_ar_bp  integer,

  quantity_kg         bigint not null check (quantity_kg > 0 and quantity_kg <= 1000000000000),
  remaining_kg        bigint not null check (remaining_kg >= 0 and remaining_kg <= quantity_kg),
  currency            char(3),
  price_per_tonne     bigint check (price_per_tonne > 0),        -- minor units
  start_price         bigint check (start_price > 0),            -- minor units
  sale_method         text check (sale_method in ('fixed_price', 'auction')),
  delivery_term       text check (delivery_term in ('ex_mine', 'fob', 'fca', 'cif', 'cfr', 'for_rail')),
  delivery_place_id   text references place,
  window_from         date not null,
  window_to           date not null,
  transport           text not null check (transport in ('road', 'rail', 'river', 'sea', 'conveyor')),
  note                text not null default '' check (length(note) <= 1000),
  expires_at          timestamptz not null,
  created_at          timestamptz not null default now(),
  updated_at          timestamptz not null default now(),

  check (window_from <= window_to),
  check ((volatile_bp is null) = (volatile_basis is null)),
  check ((size_min_mm is null) = (size_max_mm is null) and (size_min_mm is null or size_min_mm < size_max_mm)),
  check ((state = 'sold_out') = (remaining_kg = 0)),
  check ((source = 'member') = (import_key is null)),
  check ((import_key is null) = (import_record is null)),
  -- Who sells says how, for what money, from where and on which term.
  check (source <> 'member' or (created_by is not null and currency is not null and sale_method is not null
         and delivery_term is not null and delivery_place_id is not null and load_place_id is not null)),
  check (source <> 'member' or (sale_method = 'fixed_price') = (price_per_tonne is not null)),
  check (start_price is null or sale_method = 'auction'),
  check (price_per_tonne is null or currency is not null)
);
create index listing_open on listing (id desc) where state in ('published', 'in_auction');
create index listing_price on listing (currency, price_per_tonne, id) where state in ('published', 'in_auction');
create index listing_seller on listing (seller_id, id desc);
create index listing_mine on listing (mine_id);
