-- 0048_fees · What the exchange charges: versions of scopes, proposed in public, confirmed by a second person.
--
-- Promises:
--   * a version is never edited; what holds later is another version of the scope, from an instant on
--   * it is public before it is confirmed, and the one who proposes it does not confirm it
--   * versions of a scope begin one after the other, so that at every instant one of them holds
--   * there is always a version of the scope that fits every sale

create table fee_rule (
  id                uuid primary key,
  scope_key         text not null check (length(scope_key) <= 400),   -- the dimensions below in one line
  version           integer check (version > 0),                      -- of the scope; null until it is confirmed
  seller_id         text,
  buyer_id          text,
  seller_kind       text,
  format            text,
  market            text,
  coal_rank         text,
  delivery_term     text,
  currency          char(3),
  basis_points      integer not null check (basis_points between 0 and 1000),
  per_tonne         bigint not null check (per_tonne >= 0),           -- this and the next two: minor units of currency
  minimum           bigint not null check (minimum >= 0),
  maximum           bigint not null check (maximum >= 0),             -- 0: no limit
  paid_by           text not null check (paid_by in ('seller', 'buyer')),
  tax_basis_points  integer not null check (tax_basis_points between 0 and 3000),
  valid_from        timestamptz not null,
  valid_to          timestamptz check (valid_to > valid_from),
  reason            text not null check (length(reason) between 5 and 1000),
  proposed_by       text not null,
  proposed_at       timestamptz not null,
  outcome           text check (outcome in ('confirmed', 'withdrawn')),
  decided_by        text,
  decided_at        timestamptz,
  check (currency is not null or (per_tonne = 0 and minimum = 0 and maximum = 0)),
  check (maximum = 0 or maximum >= minimum),
  check (scope_key <> '' or valid_to is null),
  check ((outcome is null) = (decided_by is null) and (outcome is null) = (decided_at is null)),
  check ((outcome is not distinct from 'confirmed') = (version is not null)),
  check (outcome is distinct from 'confirmed' or decided_by <> proposed_by)
);
create unique index fee_rule_version on fee_rule (scope_key, version) where version is not null;
create unique index fee_rule_begins on fee_rule (scope_key, valid_from) where version is not null;
create unique index fee_rule_open on fee_rule (scope_key) where outcome is null;
create index fee_rule_newest on fee_rule (proposed_at desc, id);

create function fee_rule_kept() returns trigger language plpgsql as $$
begin
  if old.outcome is not null
     or to_jsonb(old) - array['outcome', 'version', 'decided_by', 'decided_at']
        is distinct from to_jsonb(new) - array['outcome', 'version', 'decided_by', 'decided_at'] then
    raise exception 'a fee rule is not changed' using errcode = 'check_violation';
  end if;
  if new.version is not null and exists (
       select from fee_rule o where o.scope_key = new.scope_key and o.version is not null
          and (o.valid_from >= new.valid_from or o.version >= new.version)) then
    raise exception 'a version begins after the one before it' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger fee_rule_kept before update on fee_rule for each row execute function fee_rule_kept();
create trigger kept before delete on fee_rule for each row execute function refuse_change();

create table fee_comment (
  id               uuid primary key,
  rule_id          uuid not null references fee_rule,
  organisation_id  text not null,
  person_id        text not null,
  text             text not null check (length(text) between 5 and 1000),
  at               timestamptz not null
);
create index fee_comment_rule on fee_comment (rule_id, at);
create trigger kept before update or delete on fee_comment for each row execute function refuse_change();

-- As it has been since the first contract.
insert into fee_rule (id, scope_key, version, basis_points, per_tonne, minimum, maximum, paid_by, tax_basis_points,
                      valid_from, reason, proposed_by, proposed_at, outcome, decided_by, decided_at)
values ('00000000-0000-7000-8000-0000000000fe', '', 1, 20, 0, 0, 0, 'seller', 600, '2020-01-01T00:00:00Z',
        'The fee since the exchange began', 'foundation', '2020-01-01T00:00:00Z', 'confirmed', 'opening', '2020-01-01T00:00:00Z');
