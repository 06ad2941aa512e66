/** A certificate that one side contests: the reserve sample, a second laboratory, and where they differ the umpire. */
import { eq } from 'drizzle-orm';
import { bindingContract } from '../contracts/public.ts';
import { announceResult } from '../logistics/public.ts';
import { type Tx, UNIQUE_VIOLATION, isPgError, orm } from '../platform/db.ts';
import { type Currency, parseMoney } from '@seam/units';
import { assert } from '../platform/fault.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { challengeResult, owe } from '../settlement/public.ts';
import { beyondLimit } from './analysis.ts';
import { type Written, readCertificate } from './certificate.ts';
import { type Decided, decideQuality, umpireShare } from './decide.ts';
import { byPerson, lockInspection, moveRow } from './inspection.ts';
import { laboratoriesOf } from './samples.ts';
import { type InspectionRow, certificateOfAnalysis, refereeCertificate } from './tables.ts';

/** Between two laboratories, J/g, where the contract names nothing. */
const HEAT_JOULES_PER_GRAM = 300;

const DAY_MS = 24 * 3600_000;
/** What a test cost is paid back within. */
const COST_DAYS = 7;

/** Stops the settlement until there is a value again. */
export async function challenge(
  tx: Tx,
  principal: Principal,
  input: { deliveryOrderId: string; reason: string; now: Date },
): Promise<Refusal | undefined> {
  const found = await lockInspection(tx, input.deliveryOrderId, input.now);
  const mine = principal.organisationId;
  if (!found || (found.order.buyerId !== mine && found.order.sellerId !== mine))
    return refuse('resource.not_found');
  const { order, row } = found;
  if (row.state === 'accepted' || (row.challengeDueAt !== null && row.challengeDueAt <= input.now))
    return refuse('inspection.challenge_over');
  const moved = await moveRow(tx, row, 'challenge', {
    ...byPerson(principal, input.now),
    detail: input.reason,
    set: { challengedBy: mine },
  });
  if (!moved) return refuse('inspection.not_due');
  return (await challengeResult(tx, order.contractId, input.reason))
    ? undefined
    : refuse('inspection.challenge_over');
}

/** What the second laboratory found; after that, where needed, the umpire. */
export async function recordReferee(
  tx: Tx,
  principal: Principal,
  input: Written & {
    readonly deliveryOrderId: string;
    readonly now: Date;
    readonly cost?: string | undefined;
  },
): Promise<Refusal | undefined> {
  const { now } = input;
  const found = await lockInspection(tx, input.deliveryOrderId, now);
  if (!found) return refuse('resource.not_found');
  const { order, row } = found;
  const role = row.state === 'reserve_test' ? 'reserve' : row.state === 'umpire' ? 'umpire' : undefined;
  if (!role) return refuse('inspection.not_due');
  const contract = await bindingContract(tx, order.contractId);
  assert(contract, `delivery order ${order.id} without a binding contract`);
  if ((await laboratoriesOf(tx, order.id)).includes(input.laboratory)) {
    return refuse('inspection.same_laboratory', { fields: { laboratory: 'duplicate' } });
  }
  const quality = readCertificate(input, contract.terms, now);
  if (isRefusal(quality)) return quality;
  const { number, laboratory, sampledOn } = input;
  const known =
    await tx`select 1 from certificate_of_analysis where laboratory = ${laboratory} and number = ${number}`;
  if (known.length > 0) return duplicate();
  try {
    await tx.savepoint(async (inner) =>
      orm(inner as Tx)
        .insert(refereeCertificate)
        .values({
          deliveryOrderId: order.id,
          role,
          number,
          laboratory,
          sampledOn,
          quality,
          recordedBy: principal.personId,
          createdAt: now,
        }),
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return duplicate();
    throw error;
  }
  const cost = role === 'umpire' ? (parseMoney(input.cost ?? '0') ?? 0n) : 0n;
  await conclude(tx, principal, { row, contract, now, cost, detail: `${laboratory} ${number}` });
  return undefined;
}

function duplicate(): Refusal {
  return refuse('certificate_of_analysis.duplicate_number', { fields: { number: 'duplicate' } });
}

async function conclude(
  tx: Tx,
  principal: Principal,
  of: {
    row: InspectionRow;
    contract: NonNullable<Awaited<ReturnType<typeof bindingContract>>>;
    now: Date;
    /** Of the umpire's test, minor units. */
    cost: bigint;
    detail: string;
  },
): Promise<void> {
  const { row, contract, now, detail } = of;
  const [first] = await orm(tx)
    .select()
    .from(certificateOfAnalysis)
    .where(eq(certificateOfAnalysis.deliveryOrderId, row.deliveryOrderId));
  const referees = await orm(tx)
    .select()
    .from(refereeCertificate)
    .where(eq(refereeCertificate.deliveryOrderId, row.deliveryOrderId));
  const reserve = referees.find((one) => one.role === 'reserve');
  const umpire = referees.find((one) => one.role === 'umpire');
  assert(first && reserve, `challenge of ${row.deliveryOrderId} without two certificates`);
  const decided: Decided = decideQuality({
    measures: contract.terms.quality.rules,
    first: first.quality,
    reserve: reserve.quality,
    ...(umpire && { umpire: umpire.quality }),
    heatJoulesPerGram: contract.terms.inspection.reproducibilityJoulesPerGram ?? HEAT_JOULES_PER_GRAM,
  });
  const by = { ...byPerson(principal, now), detail };
  if (decided.state === 'umpire_needed') {
    const waits = await moveRow(tx, row, 'differ', { ...by, set: { decisions: decided.decisions } });
    assert(waits, `inspection ${row.deliveryOrderId} went to the umpire twice`);
    return;
  }
  const ends = beyondLimit(contract, decided.quality) ? 'reject' : umpire ? 'decide' : 'confirm';
  const set = { decisions: decided.decisions, finalQuality: decided.quality };
  const moved = await moveRow(tx, row, ends, { ...by, set });
  assert(moved, `inspection ${row.deliveryOrderId} had ended before`);
  await chargeTest(tx, { row, contract, now, cost: of.cost, decided });
  await announceResult(tx, row.deliveryOrderId);
  await enqueue(tx, {
    effectKey: `settlement:${row.contractId}:quality_final`,
    topic: 'settlement.quality_final',
    payload: { contractId: row.contractId },
  });
}

/** The loser of the umpire's test owes what it cost to the side that challenged, and so has advanced it. */
async function chargeTest(
  tx: Tx,
  of: {
    row: InspectionRow;
    contract: NonNullable<Awaited<ReturnType<typeof bindingContract>>>;
    now: Date;
    cost: bigint;
    decided: Decided;
  },
): Promise<void> {
  const { row, contract, now, cost, decided } = of;
  const challenger = row.challengedBy === contract.sellerId ? 'seller' : 'buyer';
  const amount = umpireShare(decided.decisions, { cost, challenger });
  if (amount <= 0n) return;
  const [debtorId, creditorId] =
    challenger === 'buyer' ? [contract.sellerId, contract.buyerId] : [contract.buyerId, contract.sellerId];
  await owe(tx, {
    key: `umpire-cost:${row.deliveryOrderId}`,
    contractId: contract.contractId,
    debtorId,
    creditorId,
    currency: contract.terms.currency as Currency,
    amount,
    kind: 'umpire_cost',
    dueAt: new Date(now.getTime() + COST_DAYS * DAY_MS),
    createdAt: now,
  });
}
