/**
 * A company registers: facts, bank account and people, all or nothing.
 *
 * There is no stored answer for a retry, because its fingerprint would be a fast hash over passwords.
 * Instead the registration is its own key: sent again with the same administrator and password, it gives
 * the first answer.
 */
import type { Ok, PersonInput, RegistrationInput, Role, memberRoutes } from '@seam/protocol';
import { and, arrayContains, eq, sql as raw } from 'drizzle-orm';
import type { Sql } from 'postgres';
import { CENTRE_LEGAL_ID } from '../../platform/centre.ts';
import type { Clock } from '../../platform/clock.ts';
import { type Tx, first, orm } from '../../platform/db.ts';
import { inTransaction } from '../../platform/http.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { hashPasswordLike, passwordFits } from '../passwords.ts';
import { checkPrintable } from '../printable.ts';
import { type CheckedRegistration, checkRegistration, normalEmail } from '../rules.ts';
import { bankAccount, organisation, person } from '../tables.ts';
import { lockOrganisation, moveOrganisation, recordStep } from './steps.ts';

export type Registered = Ok<typeof memberRoutes.register>;
export type NewPerson = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly roles: Role[];
  readonly passwordHash: string;
  readonly robot: boolean;
  /** Name of the input, for a refusal. */
  readonly field: string;
};

export async function register(
  deps: { readonly sql: Sql; readonly clock: Clock },
  input: RegistrationInput,
  robots: ReadonlySet<string> = new Set(),
): Promise<Registered | Refusal> {
  const checked = checkRegistration(input);
  if (isRefusal(checked)) return checked;
  if (checked.legalId.value === CENTRE_LEGAL_ID) return legalIdTaken();
  const unprintable = await checkPrintable(textsOf(input));
  if (unprintable) return unprintable;
  const people = await Promise.all(
    peopleOf(input).map((one, i) =>
      newPerson(deps.sql, one, i === 0 ? 'admin.email' : `people.${i - 1}.email`, robots),
    ),
  );
  const now = deps.clock.now();
  const answer = await inTransaction(deps.sql, async (tx) =>
    insertCompany(tx, { input, checked, people, now }),
  );
  if (!isRefusal(answer) || answer.refused !== 'member.legal_id_taken') return answer;
  return (await sameRegistration(deps.sql, checked.legalId.value, input.admin)) ?? answer;
}

function textsOf({ organisation: { name, nameZh, address }, admin, people = [] }: RegistrationInput) {
  return {
    'organisation.name': name,
    'organisation.nameZh': nameZh,
    'organisation.address': address,
    'admin.name': admin.name,
    ...Object.fromEntries(people.map((one, i) => [`people.${i}.name`, one.name])),
  };
}

const legalIdTaken = (): Refusal =>
  refuse('member.legal_id_taken', { fields: { 'organisation.legalId': 'member.legal_id_taken' } });

function peopleOf({ admin, people = [] }: RegistrationInput): PersonInput[] {
  const roles = [...new Set<Role>(['admin', ...(admin.roles ?? [])])];
  return [{ ...admin, roles }, ...people];
}

export async function newPerson(
  sql: Sql,
  input: PersonInput,
  field: string,
  robots: ReadonlySet<string> = new Set(),
): Promise<NewPerson> {
  const email = normalEmail(input.email);
  const [known] = await sql<
    { hash: string }[]
  >`select password_hash as hash from person where email = ${email}
    order by created_at, id limit 1`;
  return {
    id: newId(),
    name: input.name.trim(),
    email,
    roles: input.roles,
    passwordHash: await hashPasswordLike(known?.hash, input.password),
    robot: robots.has(email),
    field,
  };
}

async function insertCompany(
  tx: Tx,
  given: { input: RegistrationInput; checked: CheckedRegistration; people: NewPerson[]; now: Date },
): Promise<Registered | Refusal> {
  const { input, checked, people, now } = given;
  const { contact, ...facts } = input.organisation;
  const organisationId = newId();
  const inserted = await orm(tx)
    .insert(organisation)
    .values({
      id: organisationId,
      name: facts.name.trim(),
      nameZh: facts.nameZh?.trim() ?? null,
      kind: facts.kind,
      sells: facts.sells,
      buys: facts.buys,
      legalIdKind: checked.legalId.kind,
      legalId: checked.legalId.value,
      country: facts.country,
      address: facts.address.trim(),
      contactName: contact.name.trim(),
      contactEmail: normalEmail(contact.email),
      contactPhone: contact.phone,
      status: 'registered',
      statusSince: now,
      createdAt: now,
    })
    .onConflictDoNothing({ target: organisation.legalId })
    .returning({ id: organisation.id });
  if (inserted.length === 0) return legalIdTaken();
  const refusal = await insertPeople(tx, organisationId, people, now);
  if (refusal) return refusal;
  await orm(tx)
    .insert(bankAccount)
    .values({ id: newId(), organisationId, ...checked.bankAccount, status: 'pending', createdAt: now });
  const personId = people[0]!.id;
  const first = { organisationId, move: 'register', from: null, to: 'registered', now } as const;
  await recordStep(tx, { ...first, by: 'company', personId });
  await tellOwners(tx, { people, organisationId, name: facts.name.trim(), now });
  if (input.draft) return { organisationId, personId, status: 'registered' };
  // What a machine can check has been checked: the centre's people come next.
  const locked = await lockOrganisation(tx, organisationId);
  const status = await moveOrganisation(tx, locked!, { move: 'submit', by: 'system', now });
  return { organisationId, personId, status: status! };
}

/**
 * The form answers the same whether an address is known or not, or it would tell anybody who is registered. The
 * people it belongs to learn of it, by name of the company, when they log in.
 */
async function tellOwners(
  tx: Tx,
  of: { people: readonly NewPerson[]; organisationId: string; name: string; now: Date },
): Promise<void> {
  const emails = of.people.map(({ email }) => email);
  await tx`insert into person_notice (person_id, kind, detail, created_at)
    select id, 'address_used', ${tx.json({ subject: of.name, day: null })}, ${of.now} from person
     where email in ${tx(emails)} and organisation_id is distinct from ${of.organisationId} and disabled_at is null`;
}

/** In the order of addresses, so that two that share several wait for each other in one order. */
export async function insertPeople(
  tx: Tx,
  organisationId: string,
  people: readonly NewPerson[],
  createdAt: Date,
): Promise<Refusal | undefined> {
  const ordered = [...people].sort((a, b) => (a.email < b.email ? -1 : 1));
  for (const { field, ...one } of ordered) {
    const inserted = await orm(tx)
      .insert(person)
      .values({ ...one, organisationId, createdAt })
      .onConflictDoNothing({
        target: [person.organisationId, person.email],
        where: raw`organisation_id is not null`,
      })
      .returning({ id: person.id });
    if (inserted.length === 0)
      return refuse('member.email_taken', { fields: { [field]: 'member.email_taken' } });
  }
  return undefined;
}

async function sameRegistration(
  sql: Sql,
  legalId: string,
  admin: { readonly email: string; readonly password: string },
): Promise<Registered | undefined> {
  const found = first(
    await orm(sql)
      .select({
        organisationId: organisation.id,
        status: organisation.status,
        personId: person.id,
        hash: person.passwordHash,
      })
      .from(organisation)
      .innerJoin(person, eq(person.organisationId, organisation.id))
      .where(
        and(
          eq(organisation.legalId, legalId),
          eq(person.email, normalEmail(admin.email)),
          arrayContains(person.roles, ['admin']),
        ),
      ),
  );
  if (!(await passwordFits(found?.hash, admin.password)) || !found) return undefined;
  const { organisationId, personId, status } = found;
  return { organisationId, personId, status };
}
