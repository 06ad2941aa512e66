-- 0020_void_draft · An award may fall before its contract has its document: a draft can be void too.

alter table contract drop constraint contract_check;
alter table contract add constraint contract_check check
  (case state when 'drafted' then terms is null when 'voided' then true else terms is not null end);
