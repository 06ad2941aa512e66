-- 0034_limits_and_letters · What one person may bind its company to, and notices that also go out as letters.
--
-- What must stay true, whoever writes:
--   * a limit is a whole number of minor units above nothing, kept as text under its currency;
--   * whoever has a limit in one currency may not bind the company in one that is not named;
--   * a letter is asked for once, when its notice is written.

create function commit_limits_valid(limits jsonb) returns boolean language sql immutable as $$
  select jsonb_typeof(limits) = 'object'
     and not exists (select 1 from jsonb_each(limits) as one(currency, amount)
       where one.currency !~ '^[A-Z]{3}$' or jsonb_typeof(one.amount) <> 'string'
          or one.amount #>> '{}' !~ '^[1-9][0-9]{0,17}$')
$$;
alter table person add column commit_limits jsonb not null default '{}' check (commit_limits_valid(commit_limits));

alter table person_notice drop constraint person_notice_kind_check;
alter table person_notice add constraint person_notice_kind_check check (kind in ('address_used', 'document_expires',
  'document_expired', 'certification_waits', 'document_waits', 'proposal_waits', 'request_invites'));
alter table person_notice add column about text;       -- what it is about: settled, nobody needs to be told any more
alter table person_notice add column mail text check (mail in ('waiting', 'sent', 'refused'));
alter table person_notice add column mail_answer text; -- what the mail server said when it refused for good
create index person_notice_about on person_notice (about) where seen_at is null and about is not null;
