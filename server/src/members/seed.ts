/** People and companies that an installation starts with, made by the same commands as all others. */
import type { RegistrationInput } from '@seam/protocol';
import type { Sql } from 'postgres';
import { type Clock, systemClock } from '../platform/clock.ts';
import { inTransaction } from '../platform/http.ts';
import { newId } from '../platform/id.ts';
import { isRefusal } from '../platform/refusal.ts';
import { confirmBankAccount, decide, markSubmitted } from './commands/certification.ts';
import { register } from './commands/register.ts';
import { hashPassword } from './passwords.ts';
import { checkPassword, normalEmail } from './rules.ts';

/**
 * Makes a person of the centre; one who exists stays as it is.
 * @returns the id of the person. @throws when the e-mail belongs to a company's person, or the password is weak.
 */
export async function createStaff(
  sql: Sql,
  staff: { readonly name: string; readonly email: string; readonly password: string },
  clock: Clock = systemClock,
): Promise<string> {
  const email = normalEmail(staff.email);
  if (Object.keys(checkPassword('password', staff)).length > 0 || staff.password.length < 12)
    throw new Error(`the password for ${email} is too weak: 12 characters or more that are hard to guess`);
  const passwordHash = await hashPassword(staff.password);
  await sql`insert into person (id, staff, name, email, password_hash, created_at)
    values (${newId()}, true, ${staff.name}, ${email}, ${passwordHash}, ${clock.now()})
    on conflict (email) do nothing`;
  const [row] = await sql<
    { id: string; staff: boolean }[]
  >`select id, staff from person where email = ${email}`;
  if (!row?.staff) throw new Error(`${email} belongs to a person of a company`);
  return row.id;
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
    if (registered.status === 'under_review') {
      const reason = 'Member of the demo exchange';
      const personId = options.staffPersonId;
      const refusal = await decide(tx, { organisationId, decision: 'certify', reason, personId, now });
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
