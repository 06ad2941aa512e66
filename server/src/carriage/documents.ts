/**
 * Transport documents: entered by the side of their place, each version for ever. A wagon on a day and the number of
 * a bill of lading stand in one document that holds; what counts as final weight never exceeds the delivery order.
 */
import { createHash } from 'node:crypto';
import type { DeliveryDocumentInput } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { fileTypeFromBuffer } from 'file-type';
import { bookByPaper, finalWeight, orderRefusal } from '../logistics/public.ts';
import { type Tx, UNIQUE_VIOLATION, isPgError, orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { enqueue } from '../platform/outbox.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { withdrawClaims } from './claims.ts';
import { type ReadFacts, readFacts } from './facts.ts';
import { DAY_MS, DOCUMENTS_MAX, ISSUED_AHEAD_MS } from './limits.ts';
import { type Delivery, lockDelivery, objectionDays, sideOf } from './orders.ts';
import { documentsOf, isLive, setDocument } from './rows.ts';
import { type DocumentRow, type Place, deliveryDocument } from './tables.ts';

export const DOCUMENT_DUE_TOPIC = 'carriage.document_due';
const TYPES: ReadonlySet<string> = new Set(['application/pdf', 'image/png', 'image/jpeg']);

export type EnterDocument = {
  readonly deliveryOrderId: string;
  readonly input: DeliveryDocumentInput;
  /** Set where the centre enters it for them. */
  readonly enteredFor?: 'carrier' | 'surveyor';
  readonly now: Date;
};

export async function enterDocument(
  tx: Tx,
  principal: Principal,
  of: EnterDocument,
): Promise<Refusal | undefined> {
  const delivery = await lockDelivery(tx, of.deliveryOrderId);
  const side = delivery && sideOf(delivery.order, principal);
  if (!delivery || !(side || (principal.staff && of.enteredFor))) return refuse('resource.not_found');
  const { input, now } = of;
  const file = Buffer.from(input.file, 'base64');
  const type = await fileTypeFromBuffer(file);
  if (!type || !TYPES.has(type.mime))
    return refuse('document.file_type', {
      fields: { file: 'document.file_type' },
      accepted: { file: 'PDF, PNG, JPEG' },
    });
  const known = await documentsOf(tx, delivery.order.id);
  const placed = checked(delivery, known, { ...of, side: side ?? null });
  if (isRefusal(placed)) return placed;
  const entry = {
    ...placed,
    fileName: nameOf(input.fileName),
    fileType: type.mime,
    fileSha256: createHash('sha256').update(file).digest(),
    file,
    enteredFor: of.enteredFor ?? side!,
    enteredBy: principal.personId,
  };
  return store(tx, delivery, { entry, now });
}

/** For people, without what a file system or a header could take amiss. */
function nameOf(text: string): string {
  const plain = text.replaceAll(/[\p{Cc}/\\"]/gu, ' ').trim();
  return plain.slice(0, 200) || 'document';
}

type Checked = {
  readonly input: DeliveryDocumentInput;
  readonly facts: ReadFacts;
  readonly counts: boolean;
  readonly before: DocumentRow | undefined;
};

/** Everything but the file: that it is this side's, what it says, what it follows, and how much it weighs. */
function checked(
  delivery: Delivery,
  known: readonly DocumentRow[],
  of: EnterDocument & { readonly side: 'seller' | 'buyer' | null },
): Checked | Refusal {
  const { order, contract } = delivery;
  const { input, now } = of;
  const places: Record<Place, 'seller' | 'buyer'> = { loading: 'seller', discharge: 'buyer' };
  if (of.side !== null && of.side !== places[input.place])
    return refuse('document.not_of_contract', { fields: { place: 'document.not_of_contract' } });
  if (input.place === 'discharge' && input.kind === 'bill_of_lading')
    return refuse('document.not_of_contract', { fields: { kind: 'document.not_of_contract' } });
  const issued = Date.parse(`${input.issuedOn}T00:00:00Z`);
  if (!(issued <= now.getTime() + ISSUED_AHEAD_MS))
    return refuse('document.value_invalid', { fields: { issuedOn: 'document.value_invalid' } });
  if (known.length >= DOCUMENTS_MAX) return refuse('document.too_many');
  const facts = readFacts(input, order.sellerId);
  if (isRefusal(facts)) return facts;
  const before = known.find(({ id }) => id === input.supersedes);
  const follows = followsRefusal(known, of, before);
  if (follows) return follows;
  const weight = finalWeight(contract);
  const counts =
    facts.netKg !== undefined && (input.place === 'loading' ? weight === input.kind : weight === 'discharge');
  const closed = counts ? orderRefusal(order) : undefined;
  if (closed) return closed;
  const over =
    facts.netKg === undefined ? undefined : overLift(delivery, known, { input, kg: facts.netKg, counts });
  return over ?? { input, facts, counts, before };
}

/** A correction follows what holds, in the same place; what arrives was loaded, and has not arrived before. */
function followsRefusal(
  known: readonly DocumentRow[],
  { input, side }: EnterDocument & { readonly side: 'seller' | 'buyer' | null },
  before: DocumentRow | undefined,
): Refusal | undefined {
  if (input.supersedes !== undefined) {
    const same = before?.kind === input.kind && before.place === input.place;
    const theirs = side !== null && (before?.enteredFor === 'carrier' || before?.enteredFor === 'surveyor');
    if (!before || !same || theirs || before.state === 'superseded')
      return refuse('document.not_correctable');
    if (known.some((one) => one.receives === before.id && isLive(one))) return refuse('document.received');
  }
  const receives = input.place === 'discharge' && input.kind !== 'statement_of_facts';
  if (receives !== (input.receives !== undefined)) {
    const fields = { receives: 'document.receives_unknown' };
    return refuse('document.receives_unknown', { fields });
  }
  if (!receives) return undefined;
  const loaded = known.find(({ id }) => id === input.receives);
  if (!loaded || loaded.place !== 'loading' || loaded.netKg === null || !isLive(loaded))
    return refuse('document.receives_unknown', { fields: { receives: 'document.receives_unknown' } });
  const arrived = known.some((one) => one.receives === loaded.id && one.id !== before?.id && isLive(one));
  return arrived ? refuse('document.received', { fields: { receives: 'document.received' } }) : undefined;
}

/** Papers of loading never say more than was ordered, whichever counts; of discharge where they count. */
function overLift(
  { order }: Delivery,
  known: readonly DocumentRow[],
  of: { readonly input: DeliveryDocumentInput; readonly kg: bigint; readonly counts: boolean },
): Refusal | undefined {
  const { input, kg, counts } = of;
  if (input.place === 'discharge' && !counts) return undefined;
  const others = known.filter(
    (one) => one.place === input.place && isLive(one) && one.id !== input.supersedes,
  );
  const same = others.filter((one) => (input.place === 'discharge' ? one.counts : one.kind === input.kind));
  const weighed = same.reduce((sum, { netKg }) => sum + (netKg ?? 0n), 0n);
  const left = order.quantityKg - weighed;
  if (kg <= left) return undefined;
  return refuse('document.over_lift', { accepted: { net: formatTonnes(left < 0n ? 0n : left) } });
}

type Entry = Checked &
  Pick<DocumentRow, 'fileName' | 'fileType' | 'fileSha256' | 'enteredFor' | 'enteredBy'> & {
    readonly file: Buffer;
  };

async function store(
  tx: Tx,
  { order, contract }: Delivery,
  { entry, now }: { readonly entry: Entry; readonly now: Date },
): Promise<Refusal | undefined> {
  const { input, facts, counts, before, ...filed } = entry;
  if (before) {
    const settled = await withdrawClaims(tx, before.id);
    if (settled) return settled;
    await setDocument(tx, before.id, { state: 'superseded' });
    await tx`delete from delivery_document_mark where document_id = ${before.id}`;
    if (before.counts && before.state === 'stands') await bookByPaper(tx, order, -(before.netKg ?? 0n), now);
  }
  const id = newId();
  const { railReceipt, billOfLading, draftSurvey, statementOfFacts } = input;
  const objectBy = new Date(now.getTime() + objectionDays(contract) * DAY_MS);
  await orm(tx)
    .insert(deliveryDocument)
    .values({
      id,
      deliveryOrderId: order.id,
      kind: input.kind,
      place: input.place,
      number: input.number,
      issuedOn: input.issuedOn,
      version: (before?.version ?? 0) + 1,
      supersedes: before?.id ?? null,
      receives: input.receives ?? null,
      facts: {
        ...(railReceipt && { railReceipt }),
        ...(billOfLading && { billOfLading }),
        ...(draftSurvey && { draftSurvey }),
        ...(statementOfFacts && { statementOfFacts }),
        steps: facts.steps,
      },
      netKg: facts.netKg ?? null,
      counts,
      ...filed,
      enteredAt: now,
      objectBy,
      state: 'open',
    });
  const duplicate = await mark(tx, id, facts.marks);
  if (duplicate) return duplicate;
  await enqueue(tx, {
    effectKey: `document:${id}:due`,
    topic: DOCUMENT_DUE_TOPIC,
    payload: { documentId: id },
    notBefore: objectBy,
  });
  return undefined;
}

async function mark(tx: Tx, documentId: string, marks: readonly string[]): Promise<Refusal | undefined> {
  try {
    await tx.savepoint(
      async (inner) =>
        inner`insert into delivery_document_mark ${inner(marks.map((one) => ({ mark: one, document_id: documentId })))}`,
    );
    return undefined;
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION))
      return refuse('document.duplicate', { fields: { number: 'document.duplicate' } });
    throw error;
  }
}
