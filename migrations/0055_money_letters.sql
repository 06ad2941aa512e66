-- 0055_money_letters · People are told of what threatens their company's security, and of its return.
alter table person_notice drop constraint person_notice_kind_check;
alter table person_notice add constraint person_notice_kind_check check (kind in ('address_used', 'document_expires',
  'document_expired', 'certification_waits', 'document_waits', 'proposal_waits', 'request_invites',
  'security_notice', 'cure_ends', 'top_up_required', 'security_returned'));
