/** Coal beyond a refusal limit: return, another price, or salvage, whichever both sides agree on. */
import { parseMoney } from '@seam/units';
import { desc, eq } from 'drizzle-orm';
import { bindingContract } from '../contracts/public.ts';
import { type Tx, first, orm } from '../platform/db.ts';
import { assert } from '../platform/fault.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { beyondLimit } from './analysis.ts';
import { byPerson, lockInspection, moveRow } from './inspection.ts';
import { type InspectionRow, certificateOfAnalysis, rejectionProposal } from './tables.ts';

export async function proposeOutcome(
  tx: Tx,
  principal: Principal,
  input: {
    deliveryOrderId: string;
    outcome: 'return' | 'renegotiate' | 'salvage';
    pricePerTonne: string | undefined;
    now: Date;
  },
): Promise<Refusal | undefined> {
  const found = await lockInspection(tx, input.deliveryOrderId, input.now);
  const mine = principal.organisationId;
  if (!found || (found.order.buyerId !== mine && found.order.sellerId !== mine))
    return refuse('resource.not_found');
  if (!(await waitsForAgreement(tx, found.row))) return refuse('inspection.not_due');
  const price = input.pricePerTonne === undefined ? 0n : parseMoney(input.pricePerTonne);
  const returns = input.outcome === 'return';
  if (price === undefined || price < 0n || returns !== (price === 0n)) {
    const code = returns ? 'not_allowed' : 'not_positive';
    return refuse('request.invalid', { fields: { pricePerTonne: code } });
  }
  await orm(tx).insert(rejectionProposal).values({
    id: newId(),
    deliveryOrderId: found.order.id,
    outcome: input.outcome,
    pricePerTonne: price,
    proposedBy: mine,
    personId: principal.personId,
    at: input.now,
  });
  return undefined;
}

/** Agreed by both: the delivery is settled at that price; coal that goes back costs nothing. */
export async function acceptProposal(
  tx: Tx,
  principal: Principal,
  input: { deliveryOrderId: string; proposalId: string; now: Date },
): Promise<Refusal | undefined> {
  const found = await lockInspection(tx, input.deliveryOrderId, input.now);
  const mine = principal.organisationId;
  if (!found || (found.order.buyerId !== mine && found.order.sellerId !== mine))
    return refuse('resource.not_found');
  if (!(await waitsForAgreement(tx, found.row))) return refuse('inspection.not_due');
  const last = first(
    await orm(tx)
      .select()
      .from(rejectionProposal)
      .where(eq(rejectionProposal.deliveryOrderId, found.order.id))
      .orderBy(desc(rejectionProposal.at), desc(rejectionProposal.id))
      .limit(1),
  );
  if (!last) return refuse('resource.not_found');
  if (last.id !== input.proposalId || last.proposedBy === mine)
    return refuse('inspection.proposal_superseded');
  const moved = await moveRow(tx, found.row, last.outcome, {
    ...byPerson(principal, input.now),
    detail: String(last.pricePerTonne),
  });
  assert(moved, `inspection ${found.order.id} waits for an agreement it cannot have`);
  await enqueue(tx, {
    effectKey: `settlement:${found.order.contractId}:rejection_agreed`,
    topic: 'settlement.rejection_agreed',
    payload: { contractId: found.order.contractId, unitPrice: String(last.pricePerTonne) },
  });
  return undefined;
}

/** Rejected, or certified beyond a limit before the time to challenge it is over. Only once the weight is final. */
export async function waitsForAgreement(tx: Tx, row: InspectionRow): Promise<boolean> {
  if (row.state !== 'rejected' && row.state !== 'certified') return false;
  const [settlement] = await tx<
    { open: boolean }[]
  >`select final_amount is null and state = 'disputed' as open
    from settlement where contract_id = ${row.contractId}`;
  if (!settlement?.open) return false;
  if (row.state === 'rejected') return true;
  const contract = await bindingContract(tx, row.contractId);
  const certificate = first(
    await orm(tx)
      .select()
      .from(certificateOfAnalysis)
      .where(eq(certificateOfAnalysis.deliveryOrderId, row.deliveryOrderId)),
  );
  return contract !== undefined && certificate !== undefined && beyondLimit(contract, certificate.quality);
}
