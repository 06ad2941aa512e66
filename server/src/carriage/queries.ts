/** Documents and sums of a delivery as its two sides and staff read them. */
import { type CarriageClaim, type DeliveryDocument, type DeliveryPapers } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { type DeliveryOrderRow, deliveryOrderById, finalWeight } from '../logistics/public.ts';
import type { Connection } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { claimsOf } from './claims.ts';
import { type Side, carriageTerms, contractOf, sideOf } from './orders.ts';
import { documentsOf, isLive } from './rows.ts';
import type { ClaimRow, DocumentRow } from './tables.ts';

/** Who reads what a delivery's papers say; undefined for strangers. */
export async function readableOrder(
  connection: Connection,
  id: string,
  principal: Principal,
): Promise<DeliveryOrderRow | undefined> {
  const order = await deliveryOrderById(connection, id);
  return order && (principal.staff || sideOf(order, principal)) ? order : undefined;
}

export async function papersView(
  connection: Connection,
  id: string,
  principal: Principal,
  now: Date,
): Promise<DeliveryPapers | undefined> {
  const order = await readableOrder(connection, id, principal);
  if (!order) return undefined;
  const contract = await contractOf(connection, order);
  const documents = await documentsOf(connection, id);
  const claims = await claimsOf(connection, id);
  const terms = carriageTerms(contract);
  const reader = { mine: sideOf(order, principal), staff: principal.staff, now };
  const numbers = new Map(documents.map((one) => [one.id, one.number]));
  return {
    deliveryOrderId: id,
    contractNumber: contract.terms.number,
    transport: contract.terms.goods.transport,
    state: order.state,
    mine: reader.mine,
    weightFinal: finalWeight(contract),
    lossPercent: terms ? (terms.lossBasisPoints / 100).toFixed(2) : null,
    ordered: formatTonnes(order.quantityKg),
    counted: formatTonnes(order.liftedKg),
    remaining: formatTonnes(order.quantityKg - order.liftedKg),
    documents: documents.map((row) => documentView(row, documents, reader)),
    claims: claims.map((row) => claimView(row, order, numbers, reader)),
    may: { enter: placesOf(reader) },
  };
}

type Reader = { readonly mine: Side | null; readonly staff: boolean; readonly now: Date };

function placesOf({ mine, staff }: Reader): DeliveryPapers['may']['enter'] {
  if (mine !== null) return [mine === 'seller' ? 'loading' : 'discharge'];
  return staff ? ['loading', 'discharge'] : [];
}

function documentView(
  row: DocumentRow,
  all: readonly DocumentRow[],
  { mine, staff, now }: Reader,
): DeliveryDocument {
  const { steps, ...facts } = row.facts;
  const loaded = all.find(({ id }) => id === row.receives);
  const place = row.place === 'loading' ? 'seller' : 'buyer';
  const byCentre = row.enteredFor === 'carrier' || row.enteredFor === 'surveyor';
  const arrived = all.some((one) => one.receives === row.id && isLive(one));
  const another = all.some((one) => one.supersedes === row.id);
  return {
    id: row.id,
    kind: row.kind,
    place: row.place,
    number: row.number,
    issuedOn: row.issuedOn,
    version: row.version,
    supersedes: row.supersedes,
    receives: loaded ? { id: loaded.id, number: loaded.number } : null,
    ...facts,
    steps: [...steps],
    net: row.netKg === null ? null : formatTonnes(row.netKg),
    counts: row.counts,
    file: { name: row.fileName, type: row.fileType, sha256: Buffer.from(row.fileSha256).toString('hex') },
    enteredFor: row.enteredFor,
    enteredAt: row.enteredAt.toISOString(),
    objectBy: row.objectBy.toISOString(),
    state: row.state,
    reason: row.reason,
    decidedAt: row.decidedAt?.toISOString() ?? null,
    may: {
      answer: mine !== null && mine !== place && row.state === 'open' && row.objectBy > now,
      correct: (byCentre ? staff : mine === place) && row.state !== 'superseded' && !arrived && !another,
      decide: staff && row.state === 'objected',
    },
  };
}

function claimView(
  row: ClaimRow,
  order: DeliveryOrderRow,
  numbers: ReadonlyMap<string, string>,
  { mine, staff, now }: Reader,
): CarriageClaim {
  const debtor = row.debtorId === order.sellerId ? 'seller' : 'buyer';
  return {
    id: row.id,
    kind: row.kind,
    documentNumber: row.documentId === null ? null : (numbers.get(row.documentId) ?? null),
    debtor,
    currency: row.currency as CarriageClaim['currency'],
    amount: formatMoney(row.amount),
    steps: [...row.steps],
    noticedAt: row.noticedAt.toISOString(),
    objectBy: row.objectBy.toISOString(),
    state: row.state,
    objection: row.objection,
    decided: row.decided === null ? null : formatMoney(row.decided),
    decision: row.decision,
    may: {
      object: mine === debtor && row.state === 'noticed' && row.objectBy > now,
      decide: staff && row.state === 'objected',
    },
  };
}
