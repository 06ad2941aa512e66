/** Logging in and out, and changing one's password. */
import { eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Clock } from '../../platform/clock.ts';
import { first, orm } from '../../platform/db.ts';
import { inTransaction } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { countAttempt, forgetAttempts, forgiveAttempt, sweepAttempts } from '../attempts.ts';
import {
  LOGIN_PER_ACCOUNT,
  LOGIN_PER_ACCOUNT_AND_IP,
  LOGIN_PER_IP,
  PASSWORD_CHANGES_PER_PERSON,
} from '../limits.ts';
import { fittingPassword, hashPasswordLike, passwordFits } from '../passwords.ts';
import { checkPassword, normalEmail, refuseFields } from '../rules.ts';
import { type OpenedSession, endSessions, openSession } from '../sessions.ts';
import { person } from '../tables.ts';

type Deps = { readonly sql: Sql; readonly clock: Clock };

/**
 * One answer, at one price, for an unknown e-mail, a wrong password and a person without access.
 * @throws Fault `request.rate_limited` after too many attempts.
 */
export async function login(
  deps: Deps,
  given: {
    readonly email: string;
    readonly password: string;
    readonly ip: string;
    readonly userAgent: string;
    /** Of several companies that know the address with one password, this one. */
    readonly organisationId?: string | undefined;
    /** The login that this one takes the place of, in the same browser. */
    readonly replaces?: string | undefined;
  },
): Promise<OpenedSession | Refusal> {
  const { sql, clock } = deps;
  const now = clock.now();
  const email = normalEmail(given.email);
  const both = `${email} ${given.ip}`;
  await countAttempt(sql, LOGIN_PER_ACCOUNT_AND_IP, both, now);
  await countAttempt(sql, LOGIN_PER_ACCOUNT, email, now);
  await countAttempt(sql, LOGIN_PER_IP, given.ip, now);
  // One address may be that of a person in several companies: the password says which is meant.
  const accounts = await orm(sql)
    .select({ id: person.id, organisationId: person.organisationId, passwordHash: person.passwordHash })
    .from(person)
    .where(eq(person.email, email))
    .orderBy(person.createdAt, person.id);
  const meant = accounts.filter(
    (one) => given.organisationId === undefined || one.organisationId === given.organisationId,
  );
  const found = await fittingPassword(meant, given.password);
  if (!found) return refuse('auth.invalid_credentials');
  const opened = await inTransaction(sql, async (tx) => {
    const session = await openSession(tx, found, { ip: given.ip, userAgent: given.userAgent, now });
    if (!session) return refuse('auth.invalid_credentials');
    if (given.replaces) await endSessions(tx, { sessionId: given.replaces }, 'superseded', now);
    return session;
  });
  if ('refused' in opened) return opened;
  // Whoever has an account of an address shall not clear the count of guesses at another one of it.
  if (accounts.length === 1) await forgetAttempts(sql, LOGIN_PER_ACCOUNT_AND_IP, both);
  else await forgiveAttempt(sql, LOGIN_PER_ACCOUNT_AND_IP, both);
  await forgiveAttempt(sql, LOGIN_PER_ACCOUNT, email);
  await forgiveAttempt(sql, LOGIN_PER_IP, given.ip);
  await sweepAttempts(sql, now);
  return opened;
}

/** The login that asks goes on; every other one of the person ends. */
export async function changePassword(
  deps: Deps,
  principal: Principal,
  given: { readonly current: string; readonly next: string },
): Promise<Refusal | undefined> {
  const { sql, clock } = deps;
  const { personId } = principal;
  const now = clock.now();
  await countAttempt(sql, PASSWORD_CHANGES_PER_PERSON, personId, now);
  const found = first(
    await orm(sql)
      .select({ hash: person.passwordHash, name: person.name, email: person.email })
      .from(person)
      .where(eq(person.id, personId)),
  );
  if (!found || !(await passwordFits(found.hash, given.current)))
    return refuse('member.password_wrong', { fields: { current: 'member.password_wrong' } });
  const weak = refuseFields(checkPassword('next', { ...found, password: given.next }));
  if (weak) return weak;
  // The salt stays that of the address (`hashPasswordLike`).
  const passwordHash = await hashPasswordLike(found.hash, given.next);
  return inTransaction<undefined>(sql, async (tx) => {
    const changed = await tx`update person set password_hash = ${passwordHash}
      where id = ${personId} and password_hash = ${found.hash}`;
    // Changed by another login of the same person meanwhile: that one has ended this one.
    if (changed.count === 0)
      return refuse('member.password_wrong', { fields: { current: 'member.password_wrong' } });
    await endSessions(tx, { personId, except: principal.loginSessionId }, 'password_changed', now);
    return undefined;
  });
}
