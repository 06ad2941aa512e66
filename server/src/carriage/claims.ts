/**
 * What the documents that stand make one side owe the other: noticed with its calculation, owed when nobody objects
 * in time, decided by the centre where somebody does. Only what the signed contract has a clause for.
 */
import { parseMoney } from '@seam/units';
import { eq } from 'drizzle-orm';
import { type DeliveryOrderRow, openCase } from '../logistics/public.ts';
import { type Connection, type Tx, first, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { owe } from '../settlement/public.ts';
import { type Computed, demurrageClaim, fulfilmentClaim, lossClaim } from './claim-rules.ts';
import { DAY_MS } from './limits.ts';
import {
  type Delivery,
  type Side,
  carriageTerms,
  fulfilmentTerms,
  lockDelivery,
  objectionDays,
  sideOf,
} from './orders.ts';
import { documentsOf } from './rows.ts';
import { type ClaimRow, type DocumentRow, carriageClaim } from './tables.ts';

export const CLAIM_DUE_TOPIC = 'carriage.claim_due';

export async function claimsOf(connection: Connection, orderId: string): Promise<ClaimRow[]> {
  return orm(connection)
    .select()
    .from(carriageClaim)
    .where(eq(carriageClaim.deliveryOrderId, orderId))
    .orderBy(carriageClaim.noticedAt, carriageClaim.key);
}

/** Every sum that follows by now, each noticed once. Safe at any time and twice. */
export async function assess(tx: Tx, deliveryOrderId: string, now: Date): Promise<void> {
  const delivery = await lockDelivery(tx, deliveryOrderId);
  if (!delivery) return;
  const { order, contract } = delivery;
  const terms = carriageTerms(contract);
  const documents = terms ? await documentsOf(tx, order.id) : [];
  for (const document of documents.filter(({ state }) => state === 'stands')) {
    const facts = document.facts.statementOfFacts;
    if (terms && facts) {
      const debtor = document.place === 'loading' ? 'seller' : 'buyer';
      await notice(tx, delivery, {
        kind: 'demurrage',
        document,
        debtor,
        now,
        ...demurrageClaim(facts, terms),
      });
    }
    const loaded = documents.find(({ id }) => id === document.receives);
    if (!terms || terms.weightFinal === 'discharge' || loaded?.state !== 'stands') continue;
    const computed = lossClaim({
      loadedKg: loaded.netKg ?? 0n,
      receivedKg: document.netKg ?? 0n,
      lossBasisPoints: terms.lossBasisPoints,
      pricePerTonne: BigInt(contract.terms.pricePerTonne),
    });
    await notice(tx, delivery, { kind: 'transit_loss', document, debtor: 'seller', now, ...computed });
  }
  const share = fulfilmentTerms(contract);
  if (!share || order.state !== 'completed') return;
  const { quantityKg: contractedKg, liftedKg: shippedKg } = order;
  const computed = fulfilmentClaim({ contractedKg, shippedKg, terms: share });
  await notice(tx, delivery, { kind: 'fulfilment', debtor: share.answeredBy, now, ...computed });
}

async function notice(
  tx: Tx,
  { order, contract }: Delivery,
  of: Computed & {
    readonly kind: ClaimRow['kind'];
    readonly document?: DocumentRow;
    readonly debtor: Side;
    readonly now: Date;
  },
): Promise<void> {
  if (of.amount === 0n) return;
  const objectBy = new Date(of.now.getTime() + objectionDays(contract) * DAY_MS);
  const bySeller = of.debtor === 'seller';
  const [made] = await orm(tx)
    .insert(carriageClaim)
    .values({
      id: newId(),
      key: `${of.kind}:${of.document?.id ?? order.id}`,
      deliveryOrderId: order.id,
      documentId: of.document?.id ?? null,
      kind: of.kind,
      debtorId: bySeller ? order.sellerId : order.buyerId,
      creditorId: bySeller ? order.buyerId : order.sellerId,
      currency: contract.terms.currency,
      amount: of.amount,
      steps: of.steps,
      noticedAt: of.now,
      objectBy,
      state: 'noticed',
    })
    .onConflictDoNothing({ target: carriageClaim.key })
    .returning({ id: carriageClaim.id });
  if (!made) return;
  await enqueue(tx, {
    effectKey: `claim:${made.id}:due`,
    topic: CLAIM_DUE_TOPIC,
    payload: { claimId: made.id },
    notBefore: objectBy,
  });
}

/** Its document gets another version: what follows from it is reckoned anew. @returns why that cannot be. */
export async function withdrawClaims(tx: Tx, documentId: string): Promise<Refusal | undefined> {
  const rows = await orm(tx).select().from(carriageClaim).where(eq(carriageClaim.documentId, documentId));
  if (rows.some(({ state }) => state === 'owed')) return refuse('document.claim_settled');
  await orm(tx)
    .update(carriageClaim)
    .set({ state: 'withdrawn' })
    .where(eq(carriageClaim.documentId, documentId));
  return undefined;
}

async function lockedClaim(tx: Tx, id: string): Promise<{ claim: ClaimRow; delivery: Delivery } | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  const byId = eq(carriageClaim.id, id);
  const known = first(await orm(tx).select().from(carriageClaim).where(byId));
  const delivery = known && (await lockDelivery(tx, known.deliveryOrderId));
  if (!delivery) return undefined;
  return { delivery, claim: first(await orm(tx).select().from(carriageClaim).where(byId))! };
}

/** Only whoever would have to pay. */
export async function objectToClaim(
  tx: Tx,
  principal: Principal,
  of: { readonly id: string; readonly reason: string; readonly now: Date },
): Promise<DeliveryOrderRow | Refusal> {
  const found = await lockedClaim(tx, of.id);
  const debtor = found?.claim.debtorId;
  if (!found || debtor !== principal.organisationId || !sideOf(found.delivery.order, principal))
    return refuse('resource.not_found');
  const { claim, delivery } = found;
  if (claim.state !== 'noticed' || claim.objectBy <= of.now) return refuse('carriage_claim.closed');
  await orm(tx)
    .update(carriageClaim)
    .set({ state: 'objected', objection: of.reason, objectedBy: principal.personId, objectedAt: of.now })
    .where(eq(carriageClaim.id, claim.id));
  await openCase(tx, {
    kind: 'claim_objected',
    subject: claim.id,
    said: of.reason,
    deliveryOrderId: delivery.order.id,
    now: of.now,
  });
  return delivery.order;
}

/** All of it, a part, or nothing. */
export async function decideClaim(
  tx: Tx,
  principal: Principal,
  of: { readonly id: string; readonly amount: string; readonly reason: string; readonly now: Date },
): Promise<DeliveryOrderRow | Refusal> {
  const found = await lockedClaim(tx, of.id);
  if (!found) return refuse('resource.not_found');
  const { claim, delivery } = found;
  if (claim.state !== 'objected') return refuse('carriage_claim.closed');
  const amount = parseMoney(of.amount);
  if (amount === undefined || amount > claim.amount)
    return refuse('request.invalid', { fields: { amount: 'out_of_range' } });
  const decided = { decided: amount, decision: of.reason, decidedBy: principal.personId, decidedAt: of.now };
  await orm(tx).update(carriageClaim).set(decided).where(eq(carriageClaim.id, claim.id));
  await makeOwed(tx, { claim, delivery }, amount, of.now);
  await tx`insert into audit_entry (person_id, action, subject, detail) values
    (${principal.personId}, 'carriage.decide_claim', ${claim.id}, ${tx.json({ amount: String(amount), reason: of.reason })})`;
  return delivery.order;
}

/** Nobody objected in time. Safe at any time and twice. */
export async function claimDue(tx: Tx, id: string, now: Date): Promise<void> {
  const found = await lockedClaim(tx, id);
  if (!found || found.claim.state !== 'noticed' || found.claim.objectBy > now) return;
  await makeOwed(tx, found, found.claim.amount, now);
}

async function makeOwed(
  tx: Tx,
  { claim, delivery: { contract } }: { readonly claim: ClaimRow; readonly delivery: Delivery },
  amount: bigint,
  now: Date,
): Promise<void> {
  const state = amount === 0n ? 'waived' : 'owed';
  await orm(tx).update(carriageClaim).set({ state }).where(eq(carriageClaim.id, claim.id));
  if (amount === 0n) return;
  await owe(tx, {
    key: `carriage:${claim.id}`,
    contractId: contract.contractId,
    debtorId: claim.debtorId,
    creditorId: claim.creditorId,
    currency: contract.terms.currency as 'CNY',
    amount,
    kind: claim.kind,
    dueAt: new Date(now.getTime() + contract.terms.payment.payoutWithinDays * DAY_MS),
    createdAt: now,
  });
}
