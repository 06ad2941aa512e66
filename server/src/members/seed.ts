/** People and companies that an installation starts with, made by the same commands as all others. */
import { type CentreRole, REQUIRED_DOCUMENTS, type RegistrationInput } from '@seam/protocol';
import type { Sql } from 'postgres';
import { type Clock, systemClock } from '../platform/clock.ts';
import { inTransaction } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import type { Tx } from '../platform/db.ts';
import { confirmBankAccount } from './bank/confirm.ts';
import { markSubmitted } from './bank/send.ts';
import { decide } from './commands/certification.ts';
import { type Registered, register } from './commands/register.ts';
import { addDocument, decideDocument, declareOwners } from './dossier/commands.ts';
import { demoPaper } from './dossier/demo-paper.ts';
import { hashPassword } from './passwords.ts';
import { checkPassword, normalEmail } from './rules.ts';
import { approveProposal } from './two-person/answer.ts';

const WRITING_OFFICES: readonly CentreRole[] = ['operator_admin', 'supervisor', 'risk_officer'];

/**
 * Makes a person of the centre; one who exists stays as it is.
 * @returns the id of the person. @throws when the password is weak.
 */
export async function createStaff(
  sql: Sql,
  staff: {
    readonly name: string;
    readonly email: string;
    readonly password: string;
    /** Default: every office that writes. */
    readonly roles?: readonly CentreRole[];
  },
  clock: Clock = systemClock,
): Promise<string> {
  const email = normalEmail(staff.email);
  const roles = staff.roles ?? WRITING_OFFICES;
  if (Object.keys(checkPassword('password', staff)).length > 0 || staff.password.length < 12)
    throw new Error(`the password for ${email} is too weak: 12 characters or more that are hard to guess`);
  const passwordHash = await hashPassword(staff.password);
  await sql`insert into person (id, staff, name, email, password_hash, created_at, centre_roles)
    values (${newId()}, true, ${staff.name}, ${email}, ${passwordHash}, ${clock.now()}, ${[...roles]})
    on conflict (email) where staff do nothing`;
  const [row] = await sql<{ id: string }[]>`select id from person where email = ${email} and staff`;
  return row!.id;
}

export type DemoMember = {
  readonly organisationId: string;
  readonly personIds: Readonly<Record<string, string>>;
};

/**
 * Makes a company that can trade at once: registered, certified by `staffPersonId`, account confirmed. One
 * that is there already goes on from where it stands, so that a seed can be run again.
 * @param options.robots e-mail addresses of people that are robots; other members see that they are.
 * @param options.confirmBank false: leave it to the bank (the work handler sends the certification).
 * @throws when the registration is refused.
 */
export async function createDemoMember(
  sql: Sql,
  registration: RegistrationInput,
  options: {
    readonly staffPersonId: string;
    readonly robots?: readonly string[];
    readonly confirmBank?: boolean;
    readonly clock?: Clock;
  },
): Promise<DemoMember> {
  const clock = options.clock ?? systemClock;
  const robots = new Set((options.robots ?? []).map(normalEmail));
  const registered = await register({ sql, clock }, registration, robots);
  if (isRefusal(registered)) throw new Error(`demo member refused: ${JSON.stringify(registered)}`);
  const { organisationId } = registered;
  const now = clock.now();
  const done = await inTransaction(sql, async (tx) => {
    if (['submitted', 'under_review'].includes(registered.status)) {
      const refusal = await certify(tx, {
        registered,
        registration,
        staffPersonId: options.staffPersonId,
        now,
      });
      if (refusal) return refusal;
    }
    if (options.confirmBank === false) return 'certified';
    const [account] = await tx<{ id: string }[]>`select id from bank_account
      where organisation_id = ${organisationId} and status = 'pending'`;
    if (account) await markSubmitted(tx, { organisationId, bankAccountId: account.id, now });
    return confirmBankAccount(tx, { organisationId, confirmed: true, now });
  });
  if (isRefusal(done)) throw new Error(`demo member not certified: ${JSON.stringify(done)}`);
  const people = await sql<{ id: string; email: string }[]>`select id, email from person
    where organisation_id = ${organisationId}`;
  return { organisationId, personIds: Object.fromEntries(people.map(({ id, email }) => [email, id])) };
}

/** The whole way of a certification, with papers that say that they are of the demo. */
async function certify(
  tx: Tx,
  of: { registered: Registered; registration: RegistrationInput; staffPersonId: string; now: Date },
): Promise<Refusal | undefined> {
  const { organisationId, personId } = of.registered;
  const { admin, organisation } = of.registration;
  const { now } = of;
  const identityNumber = `DEMO ${organisation.legalId}`;
  const refused = await declareOwners(
    tx,
    {
      representative: { name: admin.name, identityNumber },
      owners: [{ name: admin.name, country: organisation.country, shareBasisPoints: 10_000 }],
      related: [],
    },
    { organisationId, personId, now },
  );
  if (refused) return refused;
  for (const kind of REQUIRED_DOCUMENTS) {
    const issuedOn = new Date(now.getTime() - YEAR_MS).toISOString().slice(0, 10);
    const expiresOn = new Date(now.getTime() + 5 * YEAR_MS).toISOString().slice(0, 10);
    const input = {
      kind,
      number: `DEMO-${organisation.legalId}`,
      issuedOn,
      expiresOn,
      fileName: `${kind}.pdf`,
      file: '',
    };
    const bytes = demoPaper(`${kind} of ${organisation.name}`);
    const added = await addDocument(
      tx,
      input,
      { bytes, type: 'application/pdf' },
      { organisationId, personId, now },
    );
    if (isRefusal(added)) return added;
    const accepted = { organisationId, personId: of.staffPersonId, now, documentId: added.id, accept: true };
    await decideDocument(tx, accepted);
  }
  return twoDecide(tx, { organisationId, staffPersonId: of.staffPersonId, now });
}

const YEAR_MS = 365 * 86_400_000;

async function twoDecide(
  tx: Tx,
  of: { organisationId: string; staffPersonId: string; now: Date },
): Promise<Refusal | undefined> {
  const { organisationId, staffPersonId, now } = of;
  const people = await tx<{ id: string; name: string }[]>`select id, name from person
    where staff and disabled_at is null and 'operator_admin' = any(centre_roles) order by id <> ${staffPersonId}, id limit 2`;
  const [first, second] = people;
  if (!first || !second) throw new Error('certifying takes two people of the centre');
  const reason = 'Member of the demo exchange';
  const deps = { openBusiness: async () => ({}) };
  const proposal = {
    organisationId,
    decision: 'certify',
    reason,
    principal: staffPrincipal(first),
    now,
  } as const;
  const refused = await decide(tx, deps, proposal);
  if (refused) return refused;
  const [open] = await tx<{ id: string }[]>`select id from party_proposal
    where organisation_id = ${organisationId} and state = 'open' and kind = 'certify'`;
  return approveProposal(tx, deps, { id: open!.id, reason, principal: staffPrincipal(second), now });
}

function staffPrincipal({ id, name }: { id: string; name: string }): Principal {
  return {
    personId: id,
    personName: name,
    organisationId: '',
    organisationStatus: '',
    roles: [],
    centreRoles: ['operator_admin'],
    staff: true,
    robot: false,
    loginSessionId: '',
  };
}
