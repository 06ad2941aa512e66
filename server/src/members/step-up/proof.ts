/** The password, asked for again: it stands for the person for a few minutes of this one login. */
import { eq } from 'drizzle-orm';
import type { Sql } from 'postgres';
import type { Clock } from '../../platform/clock.ts';
import { type Connection, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { countAttempt, forgetAttempts } from '../attempts.ts';
import { STEP_UPS_PER_PERSON, STEP_UP_MS } from '../limits.ts';
import { passwordFits } from '../passwords.ts';
import { person } from '../tables.ts';

/** @throws Fault `request.rate_limited` after too many wrong ones. @returns until when it counts. */
export async function stepUp(
  deps: { readonly sql: Sql; readonly clock: Clock },
  principal: Principal,
  password: string,
): Promise<Date | Refusal> {
  const { sql, clock } = deps;
  const { personId, loginSessionId } = principal;
  const now = clock.now();
  await countAttempt(sql, STEP_UPS_PER_PERSON, personId, now);
  const found = first(
    await orm(sql).select({ hash: person.passwordHash }).from(person).where(eq(person.id, personId)),
  );
  if (!(await passwordFits(found?.hash, password)))
    return refuse('member.password_wrong', { fields: { password: 'member.password_wrong' } });
  await sql`insert into step_up (login_session_id, person_id, at) values (${loginSessionId}, ${personId}, ${now})
    on conflict (login_session_id) do update set at = excluded.at`;
  await forgetAttempts(sql, STEP_UPS_PER_PERSON, personId);
  return new Date(now.getTime() + STEP_UP_MS);
}

/** When this login proved its person last, if that still counts. */
export async function freshProof(
  connection: Connection,
  principal: Principal,
  now: Date,
): Promise<Date | undefined> {
  const [row] = await connection<{ at: Date }[]>`select at from step_up
    where login_session_id = ${principal.loginSessionId} and person_id = ${principal.personId}
      and at > ${new Date(now.getTime() - STEP_UP_MS)} and at <= ${now}`;
  return row?.at;
}
