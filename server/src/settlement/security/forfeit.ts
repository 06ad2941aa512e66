/**
 * Taking security after a default: notice, cure period, value dates, a second person; and giving it back.
 * Every step locks the settlement first and the case second.
 */
import { contractAccount, forfeitSecurity, partyAccount, restoreSecurity } from '@seam/ledger';
import { minor } from '@seam/units';
import { eq } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { type Tx, UNIQUE_VIOLATION, first, isPgError, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { addBusinessDays, bankCalendar } from '../bank/calendar.ts';
import { post } from '../ledger/ledger.ts';
import { balances } from '../ledger/read.ts';
import { cancelSettlement } from '../trade/cancel.ts';
import { payProvisional, returnSecurity } from '../trade/commands.ts';
import { settlementLifecycle } from '../trade/lifecycle.ts';
import { insufficient, lockSettlement } from '../trade/row.ts';
import type { SettlementRow } from '../trade/tables.ts';
import { cureOf } from './cure.ts';
import { endOfNotice, tellOfNotice } from './letters.ts';
import { CURE_BUSINESS_DAYS } from './limits.ts';
import { type ForfeitureRow, forfeiture } from './tables.ts';

type Person = Pick<Principal, 'personId'>;

/** What this side has behind the contract, minor units. */
export async function securityOf(
  tx: Parameters<typeof balances>[0],
  row: SettlementRow,
  orgId: string,
): Promise<bigint> {
  return (await balances(tx, orgId))
    .filter((one) => one.kind === 'performance_security' && one.contractId === row.contractId)
    .reduce((sum, one) => sum + one.balance, 0n);
}

/** The first person gives notice of a default, with the day until which it can be cured. */
export async function giveNotice(
  tx: Tx,
  person: Person,
  of: { readonly contractId: string; readonly side: 'buyer' | 'seller'; readonly reason: string },
  now: Date,
): Promise<{ id: string } | Refusal> {
  const row = await lockSettlement(tx, of.contractId);
  if (!row) return refuse('resource.not_found');
  if (!(await inDefault(tx, row, of.side, now))) return refuse('security.not_in_default');
  const [debtorId, creditorId] =
    of.side === 'buyer' ? [row.buyerId, row.sellerId] : [row.sellerId, row.buyerId];
  const amount = await securityOf(tx, row, debtorId);
  if (amount === 0n) return refuse('security.none');
  const calendar = await bankCalendar(tx, row.currency as ForfeitureRow['currency']);
  const id = newId();
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(forfeiture)
        .values({
          id,
          contractId: row.contractId,
          debtorId,
          creditorId,
          currency: row.currency as ForfeitureRow['currency'],
          amount,
          due: isUnpaid(row) ? row.provisionalAmount : null,
          reason: of.reason,
          noticedBy: person.personId,
          noticedAt: now,
          cureUntil: addBusinessDays(calendar, now, CURE_BUSINESS_DAYS),
        }),
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('two_person.open_already');
    throw error;
  }
  const [told] = await orm(tx).select().from(forfeiture).where(eq(forfeiture.id, id));
  const contract = await bindingContract(tx, row.contractId);
  await tellOfNotice(tx, told!, contract?.terms.number ?? row.contractId.slice(-8), now);
  await note(tx, person, 'security.notice', id, of.reason);
  return { id };
}

/**
 * A buyer who has not paid what fell due; a seller whose time to deliver is over; and of a delivery that ended
 * with nothing lifted the side that people find at fault: its security waits for that.
 */
async function inDefault(tx: Tx, row: SettlementRow, side: 'buyer' | 'seller', now: Date): Promise<boolean> {
  if (row.state === 'cancelled') return true;
  if (side === 'buyer') return isUnpaid(row) && row.provisionalDueAt < now;
  const contract = await bindingContract(tx, row.contractId);
  return row.state === 'funded' && contract !== undefined
    ? contract.terms.goods.windowTo < now.toISOString().slice(0, 10)
    : false;
}

/** Somebody of the debtor says that the notice was read. */
export async function acknowledge(
  tx: Tx,
  principal: Principal,
  id: string,
  now: Date,
): Promise<Refusal | undefined> {
  const row = await lockCase(tx, id);
  if (row?.debtorId !== principal.organisationId) return refuse('resource.not_found');
  if (row.acknowledgedAt) return undefined;
  await set(tx, id, { acknowledgedBy: principal.personId, acknowledgedAt: now });
  return undefined;
}

/**
 * The second person decides. A payment in time saves the security whatever was asked; the money then goes
 * where it was due.
 */
export async function decide(
  tx: Tx,
  person: Person,
  of: { readonly id: string; readonly forfeit: boolean; readonly reason: string },
  now: Date,
): Promise<Refusal | undefined> {
  const known = await caseById(tx, of.id);
  const settlement = known && (await lockSettlement(tx, known.contractId));
  const row = known && (await lockCase(tx, of.id));
  if (!row || !settlement) return refuse('resource.not_found');
  if (row.state !== 'noticed') return refuse('security.decided');
  const decided = { decidedBy: person.personId, decidedAt: now, decision: of.reason };
  await note(tx, person, of.forfeit ? 'security.decide' : 'security.withdraw', row.id, of.reason);
  // Rolled back with a refusal.
  await endOfNotice(tx, row.id, now);
  if (!of.forfeit) {
    await set(tx, row.id, { ...decided, state: 'withdrawn' });
    return undefined;
  }
  if (row.noticedBy === person.personId) return refuse('two_person.own');
  if (now <= row.cureUntil) {
    return refuse('security.cure_period', { accepted: { after: row.cureUntil.toISOString() } });
  }
  if (!stillOwes(row, settlement)) {
    await set(tx, row.id, { ...decided, state: 'cured' });
    return undefined;
  }
  const cure = await cureOf(tx, row);
  if (cure.cured) {
    const unpaid = await payProvisional(tx, { organisationId: row.debtorId }, row.contractId);
    if (unpaid) return unpaid;
    await set(tx, row.id, { ...decided, state: 'cured' });
    return undefined;
  }
  if (cure.unidentified) return refuse('security.unidentified_credit');
  return take(tx, row, settlement, decided);
}

/** Not when it was paid or delivered meanwhile, by whatever way. */
function stillOwes(row: ForfeitureRow, settlement: SettlementRow): boolean {
  const { state } = settlement;
  return row.due === null ? state === 'funded' || state === 'cancelled' : isUnpaid(settlement);
}

/** The provisional invoice waits to be paid, in time or not. */
const isUnpaid = ({ state }: SettlementRow): boolean => state === 'provisional_due' || state === 'defaulted';

async function take(
  tx: Tx,
  row: ForfeitureRow,
  settlement: SettlementRow,
  decided: Partial<ForfeitureRow>,
): Promise<Refusal | undefined> {
  const { contractId, debtorId, creditorId, currency } = row;
  const held = await securityOf(tx, settlement, debtorId);
  const amount = held < row.amount ? held : row.amount;
  if (amount === 0n) return refuse('security.none');
  const forfeited = await post(
    tx,
    forfeitSecurity({
      caseId: row.id,
      subject: `contract:${contractId}`,
      orgId: debtorId,
      from: contractAccount(debtorId, currency, 'performance_security', contractId),
      to: partyAccount(creditorId, currency, 'free'),
      amount: minor(amount),
    }),
  );
  assert(forfeited.ok, `security of ${debtorId} for contract ${contractId}`);
  await set(tx, row.id, { ...decided, state: 'forfeited' });
  // Nobody paid: there will be no delivery, and the other side's security is free again.
  if (row.due !== null) {
    await returnSecurity(tx, settlement);
    await cancelSettlement(tx, contractId, 'the buyer did not pay');
  }
  return undefined;
}

/** Of two: the first says why the forfeiture was wrong; the second, another person, gives it back. */
export async function reverse(
  tx: Tx,
  person: Person,
  of: { readonly id: string; readonly reason: string },
  now: Date,
): Promise<Refusal | undefined> {
  const known = await caseById(tx, of.id);
  const settlement = known && (await lockSettlement(tx, known.contractId));
  const row = known && (await lockCase(tx, of.id));
  if (!row || !settlement) return refuse('resource.not_found');
  if (row.state !== 'forfeited') return refuse('security.not_forfeited');
  await note(tx, person, 'security.reverse', row.id, of.reason);
  if (row.reversalBy === null) {
    await set(tx, row.id, { reversalBy: person.personId, reversalReason: of.reason });
    return undefined;
  }
  if (row.reversalBy === person.personId) return refuse('two_person.own');
  const [taken] = await tx<{ amount: string }[]>`
    select amount::text from ledger_transfer where effect_key = ${`security-forfeited.${row.id}`}`;
  assert(taken, `forfeiture ${row.id} moved nothing`);
  const { contractId, debtorId, creditorId, currency } = row;
  const over =
    Object.keys(settlementLifecycle[settlement.state]).length === 0 || settlement.closedAt !== null;
  const restored = await post(
    tx,
    restoreSecurity({
      caseId: row.id,
      subject: `contract:${contractId}`,
      from: partyAccount(creditorId, currency, 'free'),
      to: over
        ? partyAccount(debtorId, currency, 'free')
        : contractAccount(debtorId, currency, 'performance_security', contractId),
      amount: minor(BigInt(taken.amount)),
    }),
  );
  if (!restored.ok) return insufficient(restored);
  await set(tx, row.id, { state: 'reversed', reversedBy: person.personId, reversedAt: now });
  return undefined;
}

async function caseById(tx: Tx, id: string): Promise<ForfeitureRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(await orm(tx).select().from(forfeiture).where(eq(forfeiture.id, id)));
}

async function lockCase(tx: Tx, id: string): Promise<ForfeitureRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(await orm(tx).select().from(forfeiture).where(eq(forfeiture.id, id)).for('update'));
}

async function set(tx: Tx, id: string, values: Partial<ForfeitureRow>): Promise<void> {
  await orm(tx).update(forfeiture).set(values).where(eq(forfeiture.id, id));
}

async function note(tx: Tx, { personId }: Person, action: string, id: string, reason: string): Promise<void> {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, ${id}, ${tx.json({ reason })})`;
}
