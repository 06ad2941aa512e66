/** A document comes to stand: the other side confirms it, its time passes, or the centre decides what was contested. */
import { type DeliveryOrderRow, bookByPaper, openCase } from '../logistics/public.ts';
import type { Tx } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { assess } from './claims.ts';
import { lockDelivery, sideOf } from './orders.ts';
import { documentById, setDocument } from './rows.ts';
import type { DocumentRow } from './tables.ts';

type Of = { readonly deliveryOrderId: string; readonly documentId: string; readonly now: Date };

/** The document of this delivery under the delivery's lock. */
async function locked(
  tx: Tx,
  of: Pick<Of, 'deliveryOrderId' | 'documentId'>,
): Promise<{ order: DeliveryOrderRow; document: DocumentRow } | undefined> {
  const delivery = await lockDelivery(tx, of.deliveryOrderId);
  const document = delivery && (await documentById(tx, of.documentId));
  if (document?.deliveryOrderId !== delivery?.order.id) return undefined;
  return delivery && document && { order: delivery.order, document };
}

export async function answerDocument(
  tx: Tx,
  principal: Principal,
  of: Of & { readonly answer: 'confirm' | 'object'; readonly reason?: string | undefined },
): Promise<Refusal | undefined> {
  const found = await locked(tx, of);
  // The other side of its place, whoever entered it for whom.
  const mine = found && sideOf(found.order, principal);
  if (!found || !mine) return refuse('resource.not_found');
  const { order, document } = found;
  if (mine !== (document.place === 'loading' ? 'buyer' : 'seller')) return refuse('resource.not_found');
  if (document.state !== 'open' || document.objectBy <= of.now) return refuse('document.closed');
  const by = { decidedBy: principal.personId, decidedAt: of.now };
  if (of.answer === 'confirm') {
    await stand(tx, order, document, of.now, { ...by });
    return undefined;
  }
  if (of.reason === undefined) return refuse('request.invalid', { fields: { reason: 'required' } });
  await setDocument(tx, document.id, { state: 'objected', reason: of.reason, ...by });
  await openCase(tx, {
    kind: 'document_objected',
    subject: document.id,
    said: { code: 'document_objected', number: document.number, text: of.reason },
    deliveryOrderId: order.id,
    now: of.now,
  });
  return undefined;
}

export async function decideDocument(
  tx: Tx,
  principal: Principal,
  of: Of & { readonly outcome: 'stands' | 'rejected'; readonly reason: string },
): Promise<Refusal | undefined> {
  const found = await locked(tx, of);
  if (!found) return refuse('resource.not_found');
  const { order, document } = found;
  if (document.state !== 'objected') return refuse('document.closed');
  const decided = { decidedBy: principal.personId, decidedAt: of.now, reason: of.reason };
  if (of.outcome === 'stands') await stand(tx, order, document, of.now, decided);
  else {
    await setDocument(tx, document.id, { state: 'rejected', ...decided });
    await tx`delete from delivery_document_mark where document_id = ${document.id}`;
  }
  await tx`insert into audit_entry (person_id, action, subject, detail) values
    (${principal.personId}, 'carriage.decide_document', ${document.id}, ${tx.json({ outcome: of.outcome, reason: of.reason })})`;
  return undefined;
}

/** The time to object is over. Safe at any time and twice. */
export async function documentDue(tx: Tx, documentId: string, now: Date): Promise<void> {
  const known = await documentById(tx, documentId);
  const found = known && (await locked(tx, { deliveryOrderId: known.deliveryOrderId, documentId }));
  if (!found || found.document.state !== 'open' || found.document.objectBy > now) return;
  await stand(tx, found.order, found.document, now, { decidedAt: now });
}

async function stand(
  tx: Tx,
  order: DeliveryOrderRow,
  document: DocumentRow,
  now: Date,
  by: Partial<Pick<DocumentRow, 'decidedBy' | 'decidedAt' | 'reason'>>,
): Promise<void> {
  await setDocument(tx, document.id, { state: 'stands', ...by });
  // An order that was ended meanwhile takes nothing more.
  if (document.counts && order.state !== 'completed') await bookByPaper(tx, order, document.netKg ?? 0n, now);
  await assess(tx, order.id, now);
}
