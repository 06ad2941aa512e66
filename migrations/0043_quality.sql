-- 0043_quality · From the sample to the value that the price follows: sampling plans, samples under seal and who held
-- them, the certificate and its challenge, the reserve sample, the umpire, and what becomes of coal beyond a limit.
--
-- Promises:
--   * samples, hand-overs, certificates, moves and proposals are evidence: append only
--   * a delivery has one inspection; its state follows the table of server/src/quality/lifecycle.ts
--   * while a challenge is open the delivery has no quality, so nothing can be settled by it

create table sampling_rule (
  valid_from timestamptz not null,
  -- the smallest number of increments for a lot of up to this mass
  up_to_kg   bigint not null check (up_to_kg > 0),
  increments int not null check (increments > 0),
  source     text not null,
  primary key (valid_from, up_to_kg)
);
-- The numbers are GB/T 475 as the trade knows it; the text of the edition in force was not at hand.
insert into sampling_rule (valid_from, up_to_kg, increments, source) values
  ('2026-01-01', 300000, 18, 'GB/T 475 (as known in the trade): sampling unit below 300 t'),
  ('2026-01-01', 1000000, 60, 'GB/T 475 (as known in the trade): sampling unit of 1,000 t');

create table quality_inspection (
  delivery_order_id uuid primary key references delivery_order,
  contract_id       text not null,
  state             text not null check (state in ('planned', 'sampled', 'prepared', 'analysed', 'certified', 'accepted',
    'challenged', 'reserve_test', 'umpire', 'final', 'rejected', 'returned', 'renegotiated', 'salvaged')),
  -- { unit, lots, lotKg, increments, source }
  plan              jsonb not null,
  flags             jsonb not null default '[]',
  challenge_due_at  timestamptz,
  challenged_by     text,
  -- what the price follows once two laboratories differed, and how each value came about
  final_quality     jsonb,
  decisions         jsonb not null default '[]',
  created_at        timestamptz not null default now()
);

create table quality_event (
  delivery_order_id uuid not null references quality_inspection,
  n                 int not null check (n > 0),
  move              text not null,
  state             text not null,
  person_id         text not null,              -- `system` for what time did
  organisation_id   text,
  detail            text not null default '',
  at                timestamptz not null,
  primary key (delivery_order_id, n)
);

create table quality_sample (
  id                uuid primary key,
  delivery_order_id uuid not null references quality_inspection,
  kind              text not null check (kind in ('laboratory', 'reserve')),
  seal              text not null unique,
  grams             int not null check (grams > 0),
  taken_at          timestamptz not null,
  taken_by          text not null,
  recorded_by       text not null,
  unique (delivery_order_id, kind)
);

create table custody_step (
  sample_id   uuid not null references quality_sample,
  n           int not null check (n > 0),
  at          timestamptz not null,
  handed_by   text not null,
  received_by text not null,
  seal_intact boolean not null,
  note        text not null default '',
  recorded_by text not null,
  primary key (sample_id, n)
);

-- The reserve sample in a second laboratory, and in the umpire's.
create table referee_certificate (
  delivery_order_id uuid not null references quality_inspection,
  role              text not null check (role in ('reserve', 'umpire')),
  number            text not null,
  laboratory        text not null,
  sampled_on        date not null,
  quality           jsonb not null,
  recorded_by       text not null,
  created_at        timestamptz not null,
  primary key (delivery_order_id, role),
  unique (laboratory, number)
);

create table rejection_proposal (
  id                uuid primary key,
  delivery_order_id uuid not null references quality_inspection,
  outcome           text not null check (outcome in ('return', 'renegotiate', 'salvage')),
  -- minor units per tonne; coal that goes back costs nothing
  price_per_tonne   bigint not null check (price_per_tonne >= 0 and (outcome = 'return') = (price_per_tonne = 0)),
  proposed_by       text not null,
  person_id         text not null,
  at                timestamptz not null
);
create index rejection_proposal_of on rejection_proposal (delivery_order_id, at);

-- What a delivery is priced by: undisputed the first certificate, otherwise what was decided.
create view delivery_quality as
  select c.delivery_order_id, c.number, coalesce(q.final_quality, c.quality) as quality
    from certificate_of_analysis c left join quality_inspection q using (delivery_order_id)
   where q.state is null or q.state not in ('challenged', 'reserve_test', 'umpire');

-- A result that came out otherwise is corrected by a note, never by an edit; and while quality is open nobody
-- decides about money.
alter table settlement add column quality_open boolean not null default false;
create table settlement_note (
  id          uuid primary key,
  contract_id text not null references settlement,
  kind        text not null check (kind in ('credit_note', 'debit_note')),
  cause       text not null check (cause in ('quality', 'dispute')),
  amount      bigint not null check (amount > 0),
  detail      jsonb not null,
  issued_at   timestamptz not null
);
create index settlement_note_contract on settlement_note (contract_id, issued_at);

create trigger sampling_rule_append_only before update or delete on sampling_rule for each row execute function refuse_change();
create trigger quality_event_append_only before update or delete on quality_event for each row execute function refuse_change();
create trigger quality_sample_append_only before update or delete on quality_sample for each row execute function refuse_change();
create trigger custody_step_append_only before update or delete on custody_step for each row execute function refuse_change();
create trigger referee_certificate_append_only before update or delete on referee_certificate
  for each row execute function refuse_change();
create trigger rejection_proposal_append_only before update or delete on rejection_proposal
  for each row execute function refuse_change();
create trigger settlement_note_append_only before update or delete on settlement_note for each row execute function refuse_change();
