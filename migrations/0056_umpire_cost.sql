-- 0056_umpire_cost · Whoever was further off owes what the umpire's test cost to the side that challenged and advanced it.

alter table obligation drop constraint obligation_kind_check;
alter table obligation add constraint obligation_kind_check
  check (kind in ('shortfall', 'true_up', 'over_release', 'transit_loss', 'demurrage', 'fulfilment', 'umpire_cost'));
