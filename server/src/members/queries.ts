/** Reads of companies, people and certifications. Whoever calls has checked who may see them. */
import {
  type CertificationRow,
  type CertificationView,
  type CompanyView,
  type OrganisationStatus,
  type OrganisationView,
  REQUIRED_DOCUMENTS,
  type SessionView,
} from '@seam/protocol';
import { and, arrayContains, asc, desc, eq, sql as raw } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { relatedOrganisations } from './groups/evidence.ts';
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
      centreRoles: SessionView['centreRoles'];
      robot: boolean;
    }[]
  >`select s.expires_at as "expiresAt", p.staff, p.centre_roles as "centreRoles", p.robot,
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
  const { name, nameZh, country, kind, sells, buys, certifiedUntil, publicReason } = found;
  const memberSince = found.activeAt.toISOString();
  const facts = { id, name, nameZh, country, kind, sells, buys, certifiedUntil, publicReason, memberSince };
  switch (found.status) {
    case 'active':
    case 'suspended':
    case 'terminated':
      return { ...facts, status: found.status };
    default:
      // Certified anew after its papers ran out: until then it does not count as a member.
      return { ...facts, status: 'expired' };
  }
}

/** The queue of the centre, longest waiting first. */
export async function certificationPage(
  connection: Connection,
  query: {
    readonly state?: OrganisationStatus | undefined;
    readonly cursor?: string | undefined;
    /** Day of the server's clock. */
    readonly today: string;
  },
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
  const details = await waitingFor(
    connection,
    shown.map(({ id }) => id),
    query.today,
  );
  return {
    items: shown.map((row) => ({
      ...certificationRow(row),
      missing: REVIEWED.includes(row.status) ? (details.get(row.id)?.missing ?? []) : [],
      proposed: details.get(row.id)?.proposed ?? null,
    })),
    nextCursor: more ? cursorAfter(last) : null,
  };
}

/** States in which it matters to the centre what lacks. */
const REVIEWED: readonly OrganisationStatus[] = [
  'registered',
  'submitted',
  'under_review',
  'needs_info',
  'expired',
];

/** What each company of a page lacks for its certification, and what one person has proposed about it. */
async function waitingFor(
  connection: Connection,
  ids: readonly string[],
  today: string,
): Promise<ReadonlyMap<string, { missing: string[]; proposed: string | null }>> {
  if (ids.length === 0) return new Map();
  const rows = await connection<{ id: string; missing: string[]; proposed: string | null }[]>`
    select o.id, (select kind from party_proposal p where p.organisation_id = o.id and p.side = 'centre'
        and p.state = 'open' order by proposed_at limit 1) as proposed,
      array(select needed.what from unnest(${['declaration', ...REQUIRED_DOCUMENTS]}::text[]) with ordinality
          needed(what, place)
        where not exists (select 1 from party_declaration d where d.organisation_id = o.id and needed.what = 'declaration')
          and not exists (select 1 from party_document f where f.organisation_id = o.id and f.kind = needed.what
            and f.state = 'accepted' and (f.expires_on is null or f.expires_on >= ${today}))
        order by needed.place) as missing
      from organisation o where o.id in ${connection(ids)}`;
  return new Map(rows.map((row) => [row.id, row]));
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
