-- 0046_reversals · A posting is undone by two persons, by an opposite one made of what is stored.
--
-- Promises:
--   * whoever proposes a reversal does not confirm it, and an effect has at most one open proposal
--   * a reversal is decided once and never changes; that an effect is reversed once the ledger's own key says

create table ledger_reversal (
  id           uuid primary key,
  effect_key   text not null references ledger_effect,
  reason       text not null check (length(reason) between 5 and 500),
  proposed_by  text not null,
  proposed_at  timestamptz not null,
  outcome      text check (outcome in ('reversed', 'rejected')),
  decided_by   text,
  decided_at   timestamptz,
  check ((outcome is null) = (decided_by is null) and (outcome is null) = (decided_at is null)),
  check (outcome is distinct from 'reversed' or decided_by <> proposed_by)
);
create unique index ledger_reversal_open on ledger_reversal (effect_key) where outcome is null;
create unique index ledger_reversal_done on ledger_reversal (effect_key) where outcome = 'reversed';
create index ledger_reversal_newest on ledger_reversal (proposed_at desc, id);

create function ledger_reversal_decided_once() returns trigger language plpgsql as $$
begin
  if old.outcome is not null
     or (old.id, old.effect_key, old.reason, old.proposed_by, old.proposed_at)
        is distinct from (new.id, new.effect_key, new.reason, new.proposed_by, new.proposed_at) then
    raise exception 'a reversal is decided once' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger decided_once before update on ledger_reversal for each row execute function ledger_reversal_decided_once();
create trigger kept before delete on ledger_reversal for each row execute function refuse_change();
