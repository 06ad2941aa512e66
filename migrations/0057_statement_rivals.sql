-- 0057_statement_rivals · What the bank says of a page otherwise than before, while nobody can judge which is right.
--
-- Promise: a correction that comes before the wrong page could be judged is kept, and counts when that page is found
-- wrong. A row goes when it has taken that place; the message itself stays in bank_message.

create table bank_statement_rival (
  account     text not null,
  sequence    bigint not null,
  page        smallint not null,
  content_sha256 bytea not null,
  source      text not null,
  event_id    text not null,
  at          timestamptz not null,
  primary key (account, sequence, page, content_sha256),
  foreign key (source, event_id) references bank_message
);
