/** Reads of companies, people and certifications. Whoever calls has checked who may see them. */
import type {
  CertificationRow,
  CertificationView,
  CompanyView,
  OrganisationStatus,
  OrganisationView,
  SessionView,
} from '@seam/protocol';
import { and, arrayContains, asc, desc, eq, sql as raw } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { decisionsIn } from './lifecycle.ts';
import { CERTIFICATION_PAGE_ROWS } from './limits.ts';
import { bankAccount, certificationStep, organisation, person } from './tables.ts';
import { bankAccountView, certificationRow, organisationFacts, personView, stepView } from './views.ts';

export type OrganisationRecord = typeof organisation.$inferSelect;

export async function organisationById(
  connection: Connection,
  id: string,
): Promise<OrganisationRecord | undefined> {
  return first(await orm(connection).select().from(organisation).where(eq(organisation.id, id)));
}

export async function sessionView(
  connection: Connection,
  sessionId: string,
): Promise<SessionView | undefined> {
  const [row] = await connection<
    {
      expiresAt: Date;
      person: SessionView['person'];
      organisation: SessionView['organisation'];
      staff: boolean;
      robot: boolean;
    }[]
  >`select s.expires_at as "expiresAt", p.staff, p.robot,
           json_build_object('id', p.id, 'name', p.name, 'email', p.email, 'roles', p.roles) as person,
           case when o.id is not null then json_build_object('id', o.id, 'name', o.name, 'nameZh', o.name_zh,
             'status', o.status, 'kind', o.kind, 'sells', o.sells, 'buys', o.buys) end as organisation
      from login_session s join person p on p.id = s.person_id
      left join organisation o on o.id = p.organisation_id
     where s.id = ${sessionId}`;
  return row && { ...row, expiresAt: row.expiresAt.toISOString() };
}

export async function companyView(
  connection: Connection,
  id: string,
  reader: 'company' | 'centre',
): Promise<CompanyView | undefined> {
  const found = await organisationById(connection, id);
  if (!found) return undefined;
  const db = orm(connection);
  const people = await db
    .select()
    .from(person)
    .where(eq(person.organisationId, id))
    .orderBy(desc(arrayContains(person.roles, ['admin'])), asc(person.name), asc(person.id));
  const accounts = await db
    .select()
    .from(bankAccount)
    .where(eq(bankAccount.organisationId, id))
    .orderBy(desc(bankAccount.createdAt), desc(bankAccount.id));
  const steps = await db
    .select({ step: certificationStep, personName: person.name })
    .from(certificationStep)
    .leftJoin(person, eq(person.id, certificationStep.personId))
    .where(eq(certificationStep.organisationId, id))
    .orderBy(asc(certificationStep.seq));
  return {
    ...organisationFacts(found),
    people: people.map(personView),
    bankAccounts: accounts.map(bankAccountView),
    history: steps.map(({ step, personName }) => stepView(step, personName, reader)),
  };
}

/** Only a company that has been a full member is known to the public. */
export async function publicOrganisation(
  connection: Connection,
  id: string,
): Promise<OrganisationView | undefined> {
  const found = await organisationById(connection, id);
  if (!found?.activeAt) return undefined;
  const { name, nameZh, country, kind, sells, buys } = found;
  const status = found.status === 'suspended' ? 'suspended' : 'active';
  return { id, name, nameZh, country, kind, sells, buys, status, memberSince: found.activeAt.toISOString() };
}

/** The queue of the centre, longest waiting first. */
export async function certificationPage(
  connection: Connection,
  query: { readonly state?: OrganisationStatus | undefined; readonly cursor?: string | undefined },
): Promise<{ items: CertificationRow[]; nextCursor: string | null } | Refusal> {
  const from = query.cursor === undefined ? undefined : readCursor(query.cursor);
  if (from === null) return refuse('request.invalid', { fields: { cursor: 'pattern' } });
  const rows = await orm(connection)
    .select()
    .from(organisation)
    .where(
      and(
        query.state ? eq(organisation.status, query.state) : undefined,
        from
          ? raw`(${organisation.statusSince}, ${organisation.id}) > (${from.since}::timestamptz, ${from.id})`
          : undefined,
      ),
    )
    .orderBy(asc(organisation.statusSince), asc(organisation.id))
    .limit(CERTIFICATION_PAGE_ROWS + 1);
  const shown = rows.slice(0, CERTIFICATION_PAGE_ROWS);
  const last = shown.at(-1);
  const more = rows.length > shown.length && last !== undefined;
  return { items: shown.map(certificationRow), nextCursor: more ? cursorAfter(last) : null };
}

function cursorAfter(row: OrganisationRecord): string {
  return Buffer.from(`${row.statusSince.toISOString()} ${row.id}`).toString('base64url');
}

function readCursor(cursor: string): { since: string; id: string } | null {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, since, id] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-zA-Z_-]{1,64})$/.exec(text) ?? [];
  return since && id && !Number.isNaN(Date.parse(since)) ? { since, id } : null;
}

export async function certificationView(
  connection: Connection,
  id: string,
): Promise<CertificationView | undefined> {
  const company = await companyView(connection, id, 'centre');
  if (!company) return undefined;
  return {
    ...company,
    decisions: decisionsIn(company.status),
    related: await relatedOrganisations(connection, id),
  };
}

/** Domains of which thousands of companies have addresses: sharing one says nothing. */
const MAIL_HOUSES = [
  '163.com',
  '126.com',
  'qq.com',
  'sina.com',
  'aliyun.com',
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
];
/** More would not be read. */
const RELATED_MAX = 20;

async function relatedOrganisations(
  connection: Connection,
  id: string,
): Promise<CertificationView['related']> {
  return connection<CertificationView['related']>`
    with plain as (
      select id, name, status, lower(contact_email) as email, split_part(lower(contact_email), '@', 2) as domain,
             regexp_replace(contact_phone, '\\D', '', 'g') as phone,
             regexp_replace(lower(address), '[[:space:][:punct:]]', '', 'g') as address
        from organisation)
    select other.id, other.name, other.status, array_remove(array[
        case when exists (select 1 from bank_account mine join bank_account theirs
               on theirs.bank_code = mine.bank_code and theirs.account_number = mine.account_number
               where mine.organisation_id = one.id and theirs.organisation_id = other.id) then 'bank_account' end,
        case when other.phone = one.phone then 'phone' end,
        case when other.address = one.address then 'address' end,
        case when other.email = one.email then 'contact_email' end,
        case when other.domain = one.domain and one.domain <> all(${MAIL_HOUSES}) then 'email_domain' end
      ], null) as shares
      from plain one join plain other on other.id <> one.id
       and (other.phone = one.phone or other.address = one.address or other.email = one.email
            or (other.domain = one.domain and one.domain <> all(${MAIL_HOUSES}))
            or other.id in (select theirs.organisation_id from bank_account mine join bank_account theirs
                 on theirs.bank_code = mine.bank_code and theirs.account_number = mine.account_number
                 where mine.organisation_id = ${id}))
     where one.id = ${id} order by other.id limit ${RELATED_MAX}`;
}
