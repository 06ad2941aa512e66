-- 0028_find · Alerts by e-mail: in which language a search writes, and what became of each letter.
--
-- A letter is asked for through the outbox when its alert is told; the row of the alert says how it ended, in
-- the transaction that ends the work. A letter that the mail server refused for good is not sent again.

alter table saved_search add column mail text check (mail in ('en', 'zh'));   -- null: shown in the exchange only

alter table search_alert
  add column mail        text check (mail in ('waiting', 'sent', 'refused')),   -- null: no letter was wanted
  add column mail_answer text check (length(mail_answer) <= 300),               -- what the mail server said to a refused one
  add check (mail_answer is null or mail = 'refused');
