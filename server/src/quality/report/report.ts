/** The result report of a delivery, composed from committed rows; its acceptance is that of the settlement. */
import { createHash } from 'node:crypto';
import type { CertifiedQuality } from '@seam/coal';
import type { ResultReport } from '@seam/protocol';
import { type Currency, canonicalJson, formatTonnes } from '@seam/units';
import { type ContractTerms, bindingContract } from '../../contracts/public.ts';
import { type NamesOf, deliveryResult } from '../../logistics/public.ts';
import type { Connection } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { money, stepsOf, valuesOf } from './compose.ts';

type SettlementRow = {
  sellerId: string;
  buyerId: string;
  currency: Currency;
  state: string;
  qualityOpen: boolean;
  finalAmount: string | null;
  resultDueAt: Date | null;
  settledAt: Date | null;
  decided: boolean;
  orderId: string;
  contractedKg: string;
};
type Detail = {
  quantityKg: string;
  unitPrice: string;
  adjustments: readonly { id: string; amount: string }[];
};

/** @returns not found for everybody but its two sides and staff; not due while weights or analyses are open. */
export async function resultReport(
  connection: Connection,
  namesOf: NamesOf,
  id: string,
  principal: Principal,
): Promise<ResultReport | Refusal> {
  const row = await rowOf(connection, id);
  const mine = principal.organisationId;
  if (!row || !(principal.staff || row.sellerId === mine || row.buyerId === mine))
    return refuse('resource.not_found');
  const contract = await bindingContract(connection, id);
  const result = await deliveryResult(connection, id);
  const last = await lastDetail(connection, id);
  if (!contract || !result || !last || row.finalAmount === null) return refuse('settlement.not_due');
  const { terms } = contract;
  const names = await namesOf(connection, [row.sellerId, row.buyerId]);
  const party = (of: string) => ({
    id: of,
    name: names.get(of)?.name ?? '',
    nameZh: names.get(of)?.nameZh ?? null,
  });
  const { detail } = last;
  return {
    contractId: id,
    contractNumber: terms.number,
    seller: party(row.sellerId),
    buyer: party(row.buyerId),
    currency: row.currency,
    mine: terms.goods.mine.name,
    deliveryTerm: terms.goods.deliveryTerm,
    ...acceptance(row),
    weights: await weightsOf(connection, row.orderId),
    contracted: formatTonnes(BigInt(row.contractedKg)),
    delivered: formatTonnes(result.liftedKg),
    payable: formatTonnes(BigInt(detail.quantityKg)),
    certificates: await certificatesOf(connection, row.orderId),
    values: valuesOf(terms, result.quality, detail.adjustments),
    contractPrice: money(BigInt(terms.pricePerTonne)),
    steps: stepsOf(BigInt(terms.pricePerTonne), detail.adjustments, BigInt(detail.unitPrice)),
    unitPrice: money(BigInt(detail.unitPrice)),
    amount: money(BigInt(row.finalAmount)),
    notes: await notesOf(connection, id),
    documents: await documentsOf(connection, { id, contractId: contract.contractId, row, terms }),
    issuedAt: last.at.toISOString(),
  };
}

async function rowOf(connection: Connection, id: string): Promise<SettlementRow | undefined> {
  const [row] = await connection<SettlementRow[]>`
    select s.seller_id as "sellerId", s.buyer_id as "buyerId", s.currency, s.state, s.quality_open as "qualityOpen",
           s.final_amount::text as "finalAmount", s.result_due_at as "resultDueAt", o.id::text as "orderId",
           o.quantity_kg::text as "contractedKg",
           (select min(e.at) from ledger_effect e
             where e.subject = 'contract:' || s.contract_id and e.reason = 'final_settlement') as "settledAt",
           exists (select 1 from audit_entry a
                    where a.subject = s.contract_id and a.action = 'settlement.decide') as decided
      from settlement s join delivery_order o on o.contract_id = s.contract_id where s.contract_id = ${id}`;
  return row;
}

function acceptance(row: SettlementRow): Pick<ResultReport, 'state' | 'dueAt' | 'acceptedAt' | 'acceptedBy'> {
  const dueAt = row.resultDueAt?.toISOString() ?? null;
  if (!row.settledAt) {
    const isDisputed = row.state === 'disputed' || row.qualityOpen;
    return { state: isDisputed ? 'disputed' : 'waits', dueAt, acceptedAt: null, acceptedBy: null };
  }
  const byTime = row.resultDueAt !== null && row.settledAt >= row.resultDueAt;
  const acceptedBy = row.decided ? 'centre' : byTime ? 'time' : 'buyer';
  return { state: 'accepted', dueAt, acceptedAt: row.settledAt.toISOString(), acceptedBy };
}

/** Of the final invoice, or of the note that corrected it last. */
async function lastDetail(
  connection: Connection,
  id: string,
): Promise<{ detail: Detail; at: Date } | undefined> {
  const [row] = await connection<{ detail: Detail; at: Date }[]>`
    select detail, issued_at as at from settlement_note where contract_id = ${id}
    union all select detail, issued_at from invoice where contract_id = ${id} and kind = 'final'
    order by at desc limit 1`;
  return row;
}

async function weightsOf(connection: Connection, orderId: string): Promise<ResultReport['weights']> {
  type Row = {
    kind: ResultReport['weights'][number]['kind'];
    number: string;
    mark: string;
    gross: string | null;
    tare: string | null;
    net: string;
    on: string;
    counts: boolean;
  };
  const papers = await connection<Row[]>`
    select kind, number, coalesce(facts ->> 'vessel', facts ->> 'toStation', '') as mark, null as gross, null as tare,
           net_kg::text as net, issued_on::text as on, counts from delivery_document
     where delivery_order_id = ${orderId} and net_kg is not null and state in ('open', 'stands')
     order by issued_on, number`;
  const counted = papers.some(({ counts }) => counts);
  const trucks = await connection<Row[]>`
    select 'truck' as kind, t.number, p.plate as mark, t.gross_kg::text as gross, t.tare_kg::text as tare,
           t.net_kg::text as net, (t.weighed_at at time zone 'UTC')::date::text as on, ${!counted} as counts
      from weighbridge_ticket t join pickup_pass p on p.id = t.pass_id
     where t.delivery_order_id = ${orderId} order by t.weighed_at, t.number`;
  const tonnes = (kg: string | null): string | null => (kg === null ? null : formatTonnes(BigInt(kg)));
  return [...trucks, ...papers].map((row) => ({
    ...row,
    gross: tonnes(row.gross),
    tare: tonnes(row.tare),
    net: formatTonnes(BigInt(row.net)),
  }));
}

type CertificateRow = ResultReport['certificates'][number] & { quality: CertifiedQuality };

async function certificateRows(connection: Connection, orderId: string): Promise<CertificateRow[]> {
  return connection<CertificateRow[]>`
    select 'first' as role, number, laboratory, sampled_on::text as "sampledOn", quality from certificate_of_analysis
     where delivery_order_id = ${orderId}
    union all
    select role, number, laboratory, sampled_on::text, quality from referee_certificate
     where delivery_order_id = ${orderId}
    order by "sampledOn", number`;
}

async function certificatesOf(
  connection: Connection,
  orderId: string,
): Promise<ResultReport['certificates']> {
  const rows = await certificateRows(connection, orderId);
  return rows.map(({ role, number, laboratory, sampledOn }) => ({ role, number, laboratory, sampledOn }));
}

async function notesOf(connection: Connection, id: string): Promise<ResultReport['notes']> {
  const rows = await connection<{ kind: 'credit_note' | 'debit_note'; amount: string; at: Date }[]>`
    select kind, amount::text as amount, issued_at as at from settlement_note where contract_id = ${id}
     order by issued_at, id`;
  return rows.map(({ kind, amount, at }) => ({
    kind,
    amount: money(kind === 'credit_note' ? -BigInt(amount) : BigInt(amount)),
    at: at.toISOString(),
  }));
}

type Document = ResultReport['documents'][number];

/** With the hash of each: whoever has the file can see that it is the one. */
async function documentsOf(
  connection: Connection,
  of: { id: string; contractId: string; row: SettlementRow; terms: ContractTerms },
): Promise<Document[]> {
  const { row } = of;
  const files = await connection<Document[]>`
    select 'contract' as kind, c.number, encode(a.final_sha256, 'hex') as sha256 from contract c
      join contract_archive a on a.contract_id = c.id where c.id::text = ${of.contractId}
    union all
    select 'terms', number, encode(terms_sha256, 'hex') from contract
     where id::text = ${of.contractId} and terms_sha256 is not null
    union all
    select 'photo', number, photo_sha256 from weighbridge_ticket
     where delivery_order_id = ${row.orderId} and photo_sha256 is not null
    union all
    select 'transport_document', number, encode(file_sha256, 'hex') from delivery_document
     where delivery_order_id = ${row.orderId} and state in ('open', 'stands')
    union all
    select case kind when 'provisional' then 'provisional_invoice' when 'final' then 'final_invoice'
                     when 'fee' then 'fee_invoice' else kind end, number, encode(ubl_sha256, 'hex')
      from invoice_document where contract_id = ${of.id}
    order by kind, number`;
  const certificates = await certificateRows(connection, row.orderId);
  return [
    ...files,
    ...certificates.map(({ number, laboratory, sampledOn, quality }) => ({
      kind: 'certificate' as const,
      number: `${laboratory} ${number}`,
      sha256: createHash('sha256')
        .update(canonicalJson({ number, laboratory, sampledOn, values: quality.values }))
        .digest('hex'),
    })),
  ];
}
