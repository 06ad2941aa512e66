/**
 * Logins. The token is 256 random bits that only the browser has; the database has its hash. A login ends
 * 12 hours after its last use, at the latest after a week, or at once when it is revoked, in every process:
 * each request asks the database.
 */
import { createHash, randomBytes } from 'node:crypto';
import { type CentreRole, type OrganisationStatus, type Role, actingRoles } from '@seam/protocol';
import type { Sql } from 'postgres';
import { type Clock, systemClock } from '../platform/clock.ts';
import type { Connection, Tx } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { CommitLimits } from '../platform/commit-limit.ts';
import type { Authenticate } from '../platform/principal.ts';
import { SESSION_IDLE_MS, SESSION_SLIDE_EVERY_MS, SESSION_TOTAL_MS } from './limits.ts';

export type RevokedWhy = 'logout' | 'superseded' | 'password_changed' | 'disabled';
/** `suspended`: the login goes on, but the company may not trade: sockets close and ask anew. */
export type SessionEnd = { readonly sessionId: string; readonly why: RevokedWhy | 'suspended' };

const CHANNEL = 'seam_session_ended';

export function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

type Row = {
  loginSessionId: string;
  expiresAt: Date;
  endsAt: Date;
  personId: string;
  personName: string;
  organisationId: string | null;
  organisationStatus: OrganisationStatus | null;
  roles: Role[];
  centreRoles: CentreRole[];
  staff: boolean;
  robot: boolean;
  mustTopUp: boolean;
  commitLimits: CommitLimits;
};

/** @returns the function that finds out who a token belongs to; null for an unknown, ended or revoked one. */
export function authenticate(sql: Sql, clock: Clock = systemClock): Authenticate {
  return async (token) => {
    const now = clock.now();
    const [row] = await sql<Row[]>`
      select s.id as "loginSessionId", s.expires_at as "expiresAt", s.ends_at as "endsAt",
             p.id as "personId", p.name as "personName", p.roles, p.centre_roles as "centreRoles", p.staff, p.robot,
             p.commit_limits as "commitLimits",
             o.id as "organisationId", o.status as "organisationStatus",
             exists (select from ledger_account a where a.owner = o.id::text and a.kind = 'receivable'
                        and a.debits_posted > a.credits_posted) as "mustTopUp"
        from login_session s join person p on p.id = s.person_id
        left join organisation o on o.id = p.organisation_id
       where s.token_sha256 = ${sha256(token)} and s.revoked_at is null and s.expires_at > ${now}
         and p.disabled_at is null`;
    if (!row) return null;
    const slid = Math.min(now.getTime() + SESSION_IDLE_MS, row.endsAt.getTime());
    if (slid - row.expiresAt.getTime() >= SESSION_SLIDE_EVERY_MS) {
      await sql`update login_session set expires_at = ${new Date(slid)} where id = ${row.loginSessionId}`;
    }
    const { personId, personName, roles, centreRoles, staff, robot, loginSessionId, commitLimits } = row;
    return {
      personId,
      personName,
      roles: actingRoles(roles),
      centreRoles,
      staff,
      robot,
      loginSessionId,
      organisationId: row.organisationId ?? '',
      organisationStatus: row.organisationStatus ?? '',
      mustTopUp: row.mustTopUp,
      ...(Object.keys(commitLimits).length > 0 && { commitLimits }),
    };
  };
}

export type OpenedSession = { readonly token: string; readonly id: string };

/**
 * @param person with the hash that was verified: whoever was disabled or changed the password meanwhile gets none.
 * @returns undefined in that case.
 */
export async function openSession(
  tx: Connection,
  person: { id: string; passwordHash: string },
  from: { ip: string; userAgent: string; now: Date },
): Promise<OpenedSession | undefined> {
  const token = randomBytes(32).toString('base64url');
  const id = newId();
  const at = from.now.getTime();
  const { count } = await tx`
    insert into login_session (id, token_sha256, person_id, created_at, expires_at, ends_at, ip, user_agent)
    select ${id}, ${sha256(token)}, p.id, ${from.now}, ${new Date(at + SESSION_IDLE_MS)},
           ${new Date(at + SESSION_TOTAL_MS)}, ${from.ip}, ${from.userAgent.slice(0, 300)}
      from person p where p.id = ${person.id} and p.password_hash = ${person.passwordHash} and p.disabled_at is null
      for share`;
  return count === 1 ? { token, id } : undefined;
}

/** Ends one login, or all logins of a person but one; whoever listens is told when the transaction commits. */
export async function endSessions(
  tx: Tx,
  which: { readonly sessionId: string } | { readonly personId: string; readonly except?: string },
  why: RevokedWhy,
  now: Date,
): Promise<void> {
  const ended = await tx<{ id: string }[]>`
    update login_session set revoked_at = ${now}, revoked_why = ${why}
     where revoked_at is null and ${
       'sessionId' in which
         ? tx`id = ${which.sessionId}`
         : tx`person_id = ${which.personId} and id <> ${which.except ?? ''}`
     } returning id`;
  for (const { id } of ended) await tell(tx, { sessionId: id, why });
}

/** Tells the sockets of a company that it may not trade any more. */
export async function tellSuspended(tx: Tx, organisationId: string, now: Date): Promise<void> {
  const open = await tx<{ id: string }[]>`
    select s.id from login_session s join person p on p.id = s.person_id
     where p.organisation_id = ${organisationId} and s.revoked_at is null and s.expires_at > ${now}`;
  for (const { id } of open) await tell(tx, { sessionId: id, why: 'suspended' });
}

async function tell(tx: Tx, end: SessionEnd): Promise<void> {
  await tx`select pg_notify(${CHANNEL}, ${JSON.stringify(end)})`;
}

/**
 * Calls `listener` for each login that ends, whichever process ended it. A message can be lost while the
 * database is away; sockets also ask again now and then.
 * @returns stops listening.
 */
export async function onSessionEnded(
  sql: Sql,
  listener: (end: SessionEnd) => void,
): Promise<() => Promise<void>> {
  const { unlisten } = await sql.listen(CHANNEL, (payload) => listener(JSON.parse(payload) as SessionEnd));
  return unlisten;
}
