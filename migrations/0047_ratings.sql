-- 0047_ratings · What each side says of the other after a settled delivery, when it is shown, its answer, and words that
-- staff took away.
--
-- Promises:
--   * a rating is shown when both sides have rated, or from shown_at on: nobody answers stars with stars
--   * one reply to a rating, by the side that was rated
--   * ratings, replies and decisions about words are evidence: append only. Hidden are words, never stars.

alter table rating add column criteria jsonb not null default '{}';
-- What was given before there was a time box stays shown.
alter table rating add column shown_at timestamptz not null default now();
alter table rating alter column shown_at drop default;

create table rating_reply (
  contract_id     text not null,
  by_organisation text not null,             -- who rated; the other side replies
  text            text not null check (length(text) between 1 and 500),
  person_id       text not null,
  created_at      timestamptz not null,
  primary key (contract_id, by_organisation),
  foreign key (contract_id, by_organisation) references rating
);
create table rating_moderation (
  id              bigint generated always as identity primary key,
  contract_id     text not null,
  by_organisation text not null,
  part            text not null check (part in ('comment', 'reply')),
  hidden          boolean not null,
  reason          text not null,
  person_id       text not null,
  at              timestamptz not null,
  foreign key (contract_id, by_organisation) references rating
);
create index rating_moderation_of on rating_moderation (contract_id, by_organisation, part, id);
create index rating_newest on rating (created_at desc, contract_id desc);

create trigger rating_reply_append_only before update or delete on rating_reply for each row execute function refuse_change();
create trigger rating_moderation_append_only before update or delete on rating_moderation for each row execute function refuse_change();
