-- 0058_disputes · A dispute about a delivery's settlement: fee, evidence, decision of two, appeal to two others.
--
-- Promises:
--   * a settlement has at most one dispute that is open
--   * what was said, handed in, offered, proposed and done is never changed
--   * whoever proposes a decision does not confirm it, and nobody of the first decision decides the appeal
--   * a provisional invoice that was not paid in time is seen as a default, and can still be paid

alter table settlement drop constraint settlement_state_check;
alter table settlement add constraint settlement_state_check check (state in ('provisional_due', 'defaulted', 'funded',
  'result_due', 'disputed', 'paying_out', 'payout_failed', 'closed', 'cancelled'));
insert into outbox (effect_key, topic, payload, not_before)
  select 'settlement:' || contract_id || ':payment_due', 'settlement.payment_due',
         jsonb_build_object('contractId', contract_id), provisional_due_at
    from settlement where state = 'provisional_due'
  on conflict (effect_key) do nothing;

alter table obligation drop constraint obligation_kind_check;
alter table obligation add constraint obligation_kind_check
  check (kind in ('shortfall', 'true_up', 'over_release', 'transit_loss', 'demurrage', 'fulfilment', 'umpire_cost',
    'compensation', 'final_balance'));

create table settlement_dispute (
  id                 uuid primary key,
  contract_id        text not null references settlement,
  number             int not null check (number > 0),
  side               text not null check (side in ('buyer', 'seller')),    -- who filed it
  person_id          text not null,
  cause              text not null check (cause in ('weight', 'quality', 'price', 'other')),
  statement          text not null,
  computed           bigint check (computed >= 0),                 -- the final invoice; null where none could be
  claimed            bigint not null check (claimed >= 0),
  low                bigint not null,                              -- what nobody disputes
  high               bigint not null,
  undisputed_paid    bigint not null default 0 check (undisputed_paid >= 0),
  fee                bigint not null check (fee > 0),
  state              text not null check (state in ('filed', 'evidence', 'decision', 'satisfied', 'partly', 'declined',
                       'appealed', 'final', 'agreed', 'withdrawn', 'rejected')),
  filed_at           timestamptz not null,
  due_at             timestamptz,                                  -- of the step that is awaited
  evidence_until     timestamptz,
  buyer_done_at      timestamptz,
  seller_done_at     timestamptz,
  buyer_accepted_at  timestamptz,                                  -- the first decision
  seller_accepted_at timestamptz,
  rejection          text check (rejection in ('late', 'duplicate', 'unpaid', 'corrected')),
  rejection_text     text,
  appeal_side        text check (appeal_side in ('buyer', 'seller')),
  appeal_text        text,
  appeal_fee         bigint check (appeal_fee > 0),
  amount             bigint check (amount >= 0),                   -- what it ended with
  outcome            text check (outcome in ('satisfied', 'partly', 'declined')),
  ended_at           timestamptz,
  unique (contract_id, number),
  check (low < high and claimed in (low, high)),
  check ((state in ('final', 'agreed', 'withdrawn', 'rejected')) = (ended_at is not null)),
  check (state not in ('final', 'agreed') or amount is not null),
  check ((state = 'rejected') = (rejection is not null)),
  check ((appeal_side is null) = (appeal_fee is null))
);
create unique index settlement_dispute_open on settlement_dispute (contract_id)
  where state not in ('final', 'agreed', 'withdrawn', 'rejected');
create index settlement_dispute_due on settlement_dispute (due_at) where ended_at is null;
create index settlement_dispute_filed on settlement_dispute (filed_at desc);

create table dispute_evidence (
  id          uuid primary key,
  dispute_id  uuid not null references settlement_dispute,
  number      int not null,
  side        text not null check (side in ('buyer', 'seller')),
  person_id   text not null,
  text        text not null,
  file_name   text,
  media_type  text,
  file        bytea check (octet_length(file) between 1 and 4194304),
  sha256      bytea check (sha256 = sha256(file)),
  at          timestamptz not null,
  unique (dispute_id, number),
  check ((file is null) = (sha256 is null) and (file is null) = (file_name is null) and (file is null) = (media_type is null)),
  check (text <> '' or file is not null)
);
-- That the other side, or the centre, has opened a file: the first time counts.
create table dispute_reading (
  evidence_id uuid not null references dispute_evidence,
  side        text not null check (side in ('buyer', 'seller', 'centre')),
  person_id   text not null,
  at          timestamptz not null,
  primary key (evidence_id, side)
);
create table dispute_offer (
  dispute_id  uuid not null references settlement_dispute,
  number      int not null,
  side        text not null check (side in ('buyer', 'seller')),
  person_id   text not null,
  amount      bigint not null check (amount >= 0),
  at          timestamptz not null,
  primary key (dispute_id, number)
);
create table dispute_proposal (
  dispute_id    uuid not null references settlement_dispute,
  number        int not null,
  instance      int not null check (instance in (1, 2)),
  amount        bigint not null check (amount >= 0),
  compensation  bigint not null default 0 check (compensation >= 0),
  owed_by       text check (owed_by in ('buyer', 'seller')),
  reasons       text not null,
  proposed_by   text not null,
  proposed_at   timestamptz not null,
  primary key (dispute_id, number),
  check ((compensation > 0) = (owed_by is not null))
);
create table dispute_decision (
  dispute_id    uuid not null references settlement_dispute,
  instance      int not null check (instance in (1, 2)),
  proposal      int not null,
  confirmed_by  text not null,
  at            timestamptz not null,
  primary key (dispute_id, instance),
  foreign key (dispute_id, proposal) references dispute_proposal
);
create table dispute_step (
  id          bigint generated always as identity primary key,
  dispute_id  uuid not null references settlement_dispute,
  move        text not null,
  side        text check (side in ('buyer', 'seller', 'centre')),          -- null: by time
  person_id   text,
  at          timestamptz not null
);
create index dispute_step_of on dispute_step (dispute_id, id);

create function dispute_decided_by_others() returns trigger language plpgsql as $$
declare v_proposed dispute_proposal;
begin
  select * into strict v_proposed from dispute_proposal where dispute_id = new.dispute_id and number = new.proposal;
  if v_proposed.instance <> new.instance or v_proposed.proposed_by = new.confirmed_by then
    raise exception 'a decision takes two persons' using errcode = 'check_violation';
  end if;
  if new.instance = 2 and exists (
       select from dispute_decision d join dispute_proposal p on p.dispute_id = d.dispute_id and p.number = d.proposal
        where d.dispute_id = new.dispute_id and d.instance = 1
          and (d.confirmed_by in (new.confirmed_by, v_proposed.proposed_by)
               or p.proposed_by in (new.confirmed_by, v_proposed.proposed_by))) then
    raise exception 'an appeal is decided by others' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger decided_by_others before insert on dispute_decision for each row execute function dispute_decided_by_others();

create function settlement_dispute_kept() returns trigger language plpgsql as $$
begin
  if (old.id, old.contract_id, old.number, old.side, old.person_id, old.cause, old.statement, old.claimed, old.low, old.high, old.fee, old.filed_at)
     is distinct from
     (new.id, new.contract_id, new.number, new.side, new.person_id, new.cause, new.statement, new.claimed, new.low, new.high, new.fee, new.filed_at)
     or old.computed is distinct from new.computed or old.ended_at is not null then
    raise exception 'a dispute is not changed' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger kept before update on settlement_dispute for each row execute function settlement_dispute_kept();
create trigger settlement_dispute_stays before delete on settlement_dispute for each row execute function refuse_change();
create trigger dispute_evidence_append_only before update or delete on dispute_evidence for each row execute function refuse_change();
create trigger dispute_reading_append_only before update or delete on dispute_reading for each row execute function refuse_change();
create trigger dispute_offer_append_only before update or delete on dispute_offer for each row execute function refuse_change();
create trigger dispute_proposal_append_only before update or delete on dispute_proposal for each row execute function refuse_change();
create trigger dispute_decision_append_only before update or delete on dispute_decision for each row execute function refuse_change();
create trigger dispute_step_append_only before update or delete on dispute_step for each row execute function refuse_change();
