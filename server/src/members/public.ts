/** What other slices may use of members. */
import { type BankAccountInput, mayTrade } from '@seam/protocol';
import { and, arrayOverlaps, asc, desc, eq, inArray, isNotNull, isNull, lte } from 'drizzle-orm';
import { type Connection, first, orm } from '../platform/db.ts';
import { bankAccount, organisation, person } from './tables.ts';

export { type BankAnswer, type BankAnswerEffect, confirmBankAccount } from './bank/confirm.ts';
export type { CertificationForBank, SignAssertion, SubmitCertification } from './bank/send.ts';
export { ownerGroupOf, relatedTo } from './groups/owner-group.ts';
export type { MemberMarkets } from './market-work.ts';
export type { OpenBusiness } from './two-person/effects.ts';
export { type RelyingParty, assertPasskey, credentialIdsOf, relyingParty } from './step-up/passkeys.ts';
export { isCarrier } from './carriers.ts';
export { mayCommit } from './commit-limit.ts';
export { settled as noticeSettled, tellMoneyPeople, tellTraders } from './dossier/notices.ts';
export { freshProof } from './step-up/proof.ts';
export { stepUpRoutes } from './step-up/routes.ts';
export { preparePasswords } from './passwords.ts';
export { type OrganisationRecord, organisationById, publicOrganisation } from './queries.ts';
export { type DemoMember, createDemoMember, createStaff } from './seed.ts';
export { type SessionEnd, authenticate, onSessionEnded } from './sessions.ts';

/** What the centre has certified of a legal person: the subject of its certificate, the party of a contract. */
export type LegalPerson = {
  readonly organisationId: string;
  readonly name: string;
  readonly nameZh: string | null;
  readonly legalIdKind: 'uscc' | 'lei';
  readonly legalId: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly address: string;
  readonly certifiedAt: Date;
};

/** @returns undefined while the company is not certified, and when it is suspended, expired or terminated. */
export async function legalPersonOf(
  connection: Connection,
  organisationId: string,
): Promise<LegalPerson | undefined> {
  return certifiedOne(
    connection,
    organisationId,
    inArray(organisation.status, ['certified', 'bank_notified', 'bank_confirmed', 'active']),
  );
}

/** The same whatever became of it since: what it has bound is carried out. */
export async function oncePartyOf(
  connection: Connection,
  organisationId: string,
): Promise<LegalPerson | undefined> {
  return certifiedOne(connection, organisationId, isNotNull(organisation.certifiedAt));
}

async function certifiedOne(
  connection: Connection,
  organisationId: string,
  condition: ReturnType<typeof isNotNull>,
): Promise<LegalPerson | undefined> {
  const found = first(
    await orm(connection)
      .select()
      .from(organisation)
      .where(and(eq(organisation.id, organisationId), condition)),
  );
  if (!found?.certifiedAt) return undefined;
  const { name, nameZh, legalIdKind, legalId, country, address, certifiedAt } = found;
  return { organisationId, name, nameZh, legalIdKind, legalId, country, address, certifiedAt };
}

export type Signatory = { readonly personId: string; readonly name: string; readonly email: string };

/** The people who may sign for the company now. */
export async function signatoriesOf(connection: Connection, organisationId: string): Promise<Signatory[]> {
  return orm(connection)
    .select({ personId: person.id, name: person.name, email: person.email })
    .from(person)
    .where(
      and(
        eq(person.organisationId, organisationId),
        isNull(person.disabledAt),
        arrayOverlaps(person.roles, ['signatory', 'legal_representative']),
      ),
    )
    .orderBy(asc(person.name), asc(person.id));
}

export type ConfirmedBankAccount = {
  readonly id: string;
  readonly organisationId: string;
  readonly holderName: string;
  readonly accountNumber: string;
  readonly bankCodeKind: 'bic' | 'cnaps' | 'ifsc';
  readonly bankCode: string;
  readonly bankName: string;
  readonly currency: BankAccountInput['currency'];
};

/** The account that the bank confirmed as the company's own and whose cool-off is over; only it may be paid to. */
export async function bankAccountOf(
  connection: Connection,
  organisationId: string,
  now: Date = new Date(),
): Promise<ConfirmedBankAccount | undefined> {
  return first(
    await orm(connection)
      .select({
        id: bankAccount.id,
        organisationId: bankAccount.organisationId,
        holderName: bankAccount.holderName,
        accountNumber: bankAccount.accountNumber,
        bankCodeKind: bankAccount.bankCodeKind,
        bankCode: bankAccount.bankCode,
        bankName: bankAccount.bankName,
        currency: bankAccount.currency,
      })
      .from(bankAccount)
      .where(
        and(
          eq(bankAccount.organisationId, organisationId),
          eq(bankAccount.status, 'confirmed'),
          lte(bankAccount.paysFrom, now),
        ),
      )
      .orderBy(desc(bankAccount.paysFrom))
      .limit(1),
  );
}

export type PersonRecord = {
  readonly id: string;
  readonly organisationId: string | null;
  readonly name: string;
  readonly email: string;
  readonly robot: boolean;
};

export async function personById(connection: Connection, id: string): Promise<PersonRecord | undefined> {
  const { organisationId, name, email, robot } = person;
  return first(
    await orm(connection)
      .select({ id: person.id, organisationId, name, email, robot })
      .from(person)
      .where(eq(person.id, id)),
  );
}

export { bankCodeKind } from './rules.ts';

export type OrganisationFacts = {
  readonly name: string;
  readonly nameZh: string | null;
  readonly sells: boolean;
  readonly buys: boolean;
};

/** Names and sides of companies by id; an unknown id is left out. */
export async function organisationsByIds(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, OrganisationFacts>> {
  const wanted = [...new Set(ids)].filter((id) => id !== '');
  if (wanted.length === 0) return new Map();
  const { id, name, nameZh, sells, buys } = organisation;
  const rows = await orm(connection)
    .select({ id, name, nameZh, sells, buys })
    .from(organisation)
    .where(inArray(organisation.id, wanted));
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether the company may trade now: certified, with its bank account confirmed, and not suspended. */
export async function organisationIsActive(connection: Connection, id: string): Promise<boolean> {
  const rows = await orm(connection)
    .select({ status: organisation.status })
    .from(organisation)
    .where(eq(organisation.id, id));
  return rows[0] !== undefined && mayTrade(rows[0].status);
}

/** Names of people by id; an unknown id is left out. */
export async function personNamesByIds(
  connection: Connection,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Map();
  const rows = await orm(connection)
    .select({ id: person.id, name: person.name })
    .from(person)
    .where(inArray(person.id, wanted));
  return new Map(rows.map((row) => [row.id, row.name]));
}
