/** The administrator of a company gives and takes access. */
import type { PersonInput, PersonView, Role } from '@seam/protocol';
import { and, eq, sql as raw } from 'drizzle-orm';
import { canonicalJson, parseScaled } from '@seam/units';
import type { Sql } from 'postgres';
import type { Clock } from '../../platform/clock.ts';
import { type Tx, first, orm } from '../../platform/db.ts';
import { inTransaction } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { audit } from '../audit.ts';
import { PEOPLE_MAX } from '../limits.ts';
import { checkPrintable } from '../printable.ts';
import { checkPassword, refuseFields } from '../rules.ts';
import { endSessions } from '../sessions.ts';
import type { CommitLimits } from '../../platform/commit-limit.ts';
import { person } from '../tables.ts';
import { personView } from '../views.ts';
import { insertPeople, newPerson } from './register.ts';
import { lockOrganisation } from './steps.ts';

type Deps = { readonly sql: Sql; readonly clock: Clock };

export async function addPerson(
  deps: Deps,
  principal: Principal,
  input: PersonInput,
): Promise<PersonView | Refusal> {
  const weak = refuseFields(checkPassword('password', input));
  const cannot = weak ?? (await checkPrintable({ name: input.name }));
  if (cannot) return cannot;
  const added = await newPerson(deps.sql, input, 'email');
  const now = deps.clock.now();
  const { organisationId } = principal;
  const answer = await inTransaction<undefined>(deps.sql, async (tx) => {
    await lockOrganisation(tx, organisationId);
    const counted = await orm(tx)
      .select({ count: raw<number>`count(*)::int` })
      .from(person)
      .where(eq(person.organisationId, organisationId));
    if ((counted[0]?.count ?? 0) >= PEOPLE_MAX) return refuse('member.people_limit');
    const refusal = await insertPeople(tx, organisationId, [added], now);
    if (refusal) return refusal;
    await audit(tx, {
      personId: principal.personId,
      action: 'person.add',
      subject: `person:${added.id}`,
      detail: { roles: added.roles },
    });
    return undefined;
  });
  if (isRefusal(answer)) return answer;
  return personView({ ...added, commitLimits: {}, disabledAt: null, createdAt: now });
}

/** Without access every login of the person ends at once; new roles count from the next request. */
export async function changePerson(
  tx: Tx,
  principal: Principal,
  change: {
    readonly personId: string;
    readonly roles: Role[];
    readonly enabled: boolean;
    readonly limits?: PersonView['limits'] | undefined;
    readonly now: Date;
  },
): Promise<PersonView | Refusal> {
  const { organisationId } = principal;
  // One change of a company's people at a time, or two administrators could remove each other.
  await lockOrganisation(tx, organisationId);
  const own = and(eq(person.id, change.personId), eq(person.organisationId, organisationId));
  const before = first(await orm(tx).select().from(person).where(own));
  if (!before) return refuse('resource.not_found');
  const commitLimits = change.limits ? readLimits(change.limits) : before.commitLimits;
  if (isRefusal(commitLimits)) return commitLimits;
  const same = canonicalJson(commitLimits) === canonicalJson(before.commitLimits);
  // A limit that its bearer could lift would be none.
  if (!same && before.id === principal.personId && Object.keys(before.commitLimits).length > 0)
    return refuse('member.own_limit', { fields: { limits: 'member.own_limit' } });
  const disabledAt = change.enabled ? null : (before.disabledAt ?? change.now);
  const [after] = await orm(tx)
    .update(person)
    .set({ roles: change.roles, disabledAt, commitLimits })
    .where(own)
    .returning();
  const admins = await tx`select 1 from person where organisation_id = ${organisationId}
    and disabled_at is null and 'admin' = any(roles) limit 1`;
  if (admins.length === 0) return refuse('member.last_admin', { fields: { roles: 'member.last_admin' } });
  if (!change.enabled) await endSessions(tx, { personId: before.id }, 'disabled', change.now);
  await audit(tx, {
    personId: principal.personId,
    action: 'person.change',
    subject: `person:${before.id}`,
    detail: {
      rolesBefore: before.roles,
      roles: change.roles,
      enabled: change.enabled,
      ...(!same && { limitsBefore: canonicalJson(before.commitLimits), limits: canonicalJson(commitLimits) }),
    },
  });
  return personView(after!);
}

/** Minor units by currency. */
function readLimits(limits: PersonView['limits']): CommitLimits | Refusal {
  const read: Record<string, string> = {};
  for (const [index, { currency, amount }] of limits.entries()) {
    const value = parseScaled(amount, 2);
    if (value === undefined || value <= 0n || read[currency] !== undefined)
      return refuse('member.limit_invalid', {
        fields: { [`limits.${index}.amount`]: 'member.limit_invalid' },
      });
    read[currency] = String(value);
  }
  return read;
}
