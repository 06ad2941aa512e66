-- 0036_appended · A signature appends to a document and changes nothing of it: what is kept of a revision, and of a
-- document prepared for signing, is what it appends to the revision before. What was kept whole stays as it is.

alter table contract_revision
  alter column file drop not null,
  add column appended bytea,
  add check ((file is null) <> (appended is null)),
  -- A version begins with a document of its own, whatever came before it.
  add check (kind <> 'issued' or file is not null);

alter table signing_session
  alter column prepared drop not null,
  add column appended bytea,
  add check ((prepared is null) <> (appended is null));
