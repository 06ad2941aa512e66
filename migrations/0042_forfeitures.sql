-- 0042_forfeitures · Security is taken only after notice, a cure period and a look at value dates, by two persons.
--
-- Promises:
--   * whoever gives notice does not decide, and nothing is decided before the cure period has ended
--   * a decision is made once; a forfeiture is undone only by two persons again, by a new opposite transfer
--   * a party has at most one open case for each contract

create table forfeiture (
  id               uuid primary key,
  contract_id      text not null references settlement,
  debtor_id        text not null,
  creditor_id      text not null,
  currency         char(3) not null,
  amount           bigint not null check (amount > 0),   -- the security at the time of the notice
  due              bigint check (due > 0),               -- paying this cures it; null where money cannot
  reason           text not null,
  noticed_by       text not null,
  noticed_at       timestamptz not null,
  cure_until       timestamptz not null,
  acknowledged_by  text,                                 -- somebody of the debtor has read the notice
  acknowledged_at  timestamptz,
  state            text not null default 'noticed' check (state in ('noticed', 'cured', 'forfeited', 'withdrawn', 'reversed')),
  decided_by       text,
  decided_at       timestamptz,
  decision         text,
  reversal_by      text,                                 -- the first of the two
  reversal_reason  text,
  reversed_by      text,
  reversed_at      timestamptz,
  check (debtor_id <> creditor_id),
  check (cure_until > noticed_at),
  check ((state = 'noticed') = (decided_at is null)),
  check (state not in ('forfeited', 'reversed') or (decided_by <> noticed_by and decided_at > cure_until)),
  check ((state = 'reversed') = (reversed_by is not null)),
  check (reversed_by is null or reversed_by <> reversal_by),
  check ((acknowledged_by is null) = (acknowledged_at is null))
);
create unique index forfeiture_open on forfeiture (contract_id, debtor_id) where state = 'noticed';
create index forfeiture_debtor on forfeiture (debtor_id, noticed_at desc);
create index forfeiture_creditor on forfeiture (creditor_id, noticed_at desc);
create index forfeiture_noticed on forfeiture (noticed_at desc);

create function forfeiture_moves() returns trigger language plpgsql as $$
begin
  if (old.id, old.contract_id, old.debtor_id, old.creditor_id, old.currency, old.amount, old.reason, old.noticed_by, old.noticed_at, old.cure_until)
     is distinct from
     (new.id, new.contract_id, new.debtor_id, new.creditor_id, new.currency, new.amount, new.reason, new.noticed_by, new.noticed_at, new.cure_until)
     or old.due is distinct from new.due then
    raise exception 'a notice is not changed' using errcode = 'check_violation';
  end if;
  if old.state <> new.state and not (old.state = 'noticed' or (old.state = 'forfeited' and new.state = 'reversed')) then
    raise exception 'a decision is made once' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger forfeiture_moves before update on forfeiture for each row execute function forfeiture_moves();
create trigger forfeiture_kept before delete on forfeiture for each row execute function refuse_change();
