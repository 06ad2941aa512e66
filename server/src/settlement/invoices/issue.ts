/**
 * Issues the documents of a contract's money: whatever its rows say is owed and has no document yet gets one,
 * numbered and frozen, in the transaction that made the rows. Asking again changes nothing.
 *
 * The caller holds the settlement's row, so that two cannot issue for one contract. The series of the issuer
 * is locked from here to the commit: call it last.
 */
import { createHash } from 'node:crypto';
import { PLATFORM } from '@seam/ledger';
import { asc, eq } from 'drizzle-orm';
import { type BindingContract, bindingContract } from '../../contracts/public.ts';
import { type Connection, type Tx, first, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import type { WorkHandler } from '../../platform/outbox.ts';
import { type SettlementRow, invoice, settlement } from '../trade/tables.ts';
import {
  type Sides,
  feeInvoiceOf,
  feePayer,
  finalInvoiceOf,
  invoiceParty,
  noteOf,
  provisionalInvoiceOf,
} from './build.ts';
import type { Bilingual, InvoiceModel } from './model.ts';
import { type InvoiceDocumentRow, invoiceDocument } from './tables.ts';
import { writeUbl } from './ubl.ts';

type Case = {
  readonly tx: Tx;
  readonly row: SettlementRow;
  readonly contract: BindingContract;
  readonly sides: Sides;
  readonly day: string;
};

/** @param now the day documents without a row of their own are issued on. */
export async function issueInvoices(tx: Tx, contractId: string, now: Date): Promise<void> {
  const row = first(await orm(tx).select().from(settlement).where(eq(settlement.contractId, contractId)));
  const contract = await bindingContract(tx, contractId);
  assert(row && contract, `invoices of contract ${contractId}, which is not settled here`);
  const sides = await sidesOf(tx, contract);
  const of: Case = { tx, row, contract, sides, day: dayOf(now) };
  await issueRows(of);
  if (row.state === 'cancelled') await cancelProvisional(of);
  if (row.feeAmount !== null && row.feeAmount + (row.taxAmount ?? 0n) > 0n) await issueFee(of);
}

/** The provisional and the final invoice, as soon as each has its row. */
async function issueRows(of: Case): Promise<void> {
  const { tx, row, contract, sides } = of;
  const { terms } = contract;
  const rows = await orm(tx)
    .select()
    .from(invoice)
    .where(eq(invoice.contractId, row.contractId))
    .orderBy(asc(invoice.issuedAt), asc(invoice.kind));
  for (const { kind, amount, detail, issuedAt } of rows.toSorted((a) =>
    a.kind === 'provisional' ? -1 : 1,
  )) {
    const provisional = await documentOf(tx, `provisional:${row.contractId}`);
    await issue(of, { key: `${kind}:${row.contractId}`, day: dayOf(issuedAt) }, (number, issuedOn) =>
      kind === 'provisional'
        ? provisionalInvoiceOf({
            ...sides,
            terms,
            number,
            issuedOn,
            preceding: null,
            amount,
            detail,
            dueOn: dayOf(row.provisionalDueAt),
          })
        : finalInvoiceOf({
            ...sides,
            terms,
            number,
            issuedOn,
            preceding: provisional ?? null,
            amount,
            detail,
            prepaid: row.provisionalAmount,
          }),
    );
  }
}

async function issueFee(of: Case): Promise<void> {
  const { row, contract, sides, day } = of;
  await issue(of, { key: `fee:${row.contractId}`, day, by: 'platform' }, (number, issuedOn) =>
    feeInvoiceOf({
      ...sides,
      terms: contract.terms,
      number,
      issuedOn,
      preceding: null,
      base: row.finalAmount ?? 0n,
      fee: row.feeAmount ?? 0n,
      tax: row.taxAmount ?? 0n,
    }),
  );
}

/** Nothing was delivered: what the prepayment invoice asked for is taken back whole. */
async function cancelProvisional(of: Case): Promise<void> {
  const { tx, row } = of;
  const provisional = await documentOf(tx, `provisional:${row.contractId}`);
  if (!provisional) return;
  await issueCorrection(of, provisional, {
    key: `cancelled:${row.contractId}`,
    kind: 'credit_note',
    amount: row.provisionalAmount,
    reason: { zh: '未交货，预付款发票全额冲销', en: 'Nothing was delivered: the prepayment is cancelled' },
  });
}

export type Correction = {
  /** Of the ledger's correction: one document for each. */
  readonly noteId: string;
  readonly contractId: string;
  readonly kind: 'credit_note' | 'debit_note';
  /** What moves between buyer and seller, tax included. */
  readonly amount: bigint;
  readonly reason: Bilingual;
};

/** A credit or debit note to the final invoice of a contract, at the tax of that invoice. */
export async function issueNote(tx: Tx, note: Correction, now: Date): Promise<void> {
  const row = first(
    await orm(tx).select().from(settlement).where(eq(settlement.contractId, note.contractId)),
  );
  const contract = await bindingContract(tx, note.contractId);
  const original = await documentOf(tx, `final:${note.contractId}`);
  assert(row && contract && original, `note ${note.noteId} corrects no invoice`);
  const sides = await sidesOf(tx, contract);
  await issueCorrection({ tx, row, contract, sides, day: dayOf(now) }, original, {
    ...note,
    key: `note:${note.noteId}`,
  });
}

async function issueCorrection(
  of: Case,
  original: Original,
  note: Pick<Correction, 'kind' | 'amount' | 'reason'> & { readonly key: string },
): Promise<void> {
  await issue(of, { key: note.key, day: of.day }, (number, issuedOn) =>
    noteOf({
      ...of.sides,
      terms: of.contract.terms,
      number,
      issuedOn,
      preceding: { number: original.number, issuedOn: original.issuedOn },
      vat: original.vat,
      kind: note.kind,
      amount: note.amount,
      reason: note.reason,
    }),
  );
}

type Original = { number: string; issuedOn: string; vat: InvoiceModel['vat'] };

async function documentOf(tx: Tx, key: string): Promise<Original | undefined> {
  const row = first(await orm(tx).select().from(invoiceDocument).where(eq(invoiceDocument.key, key)));
  return row && { number: row.number, issuedOn: row.issuedOn, vat: row.model.vat };
}

/** Takes the next number of the issuer's year and freezes what `model` makes of it. */
async function issue(
  of: Case,
  as: { readonly key: string; readonly day: string; readonly by?: 'platform' },
  model: (number: string, issuedOn: string) => InvoiceModel,
): Promise<void> {
  const { tx, row } = of;
  if (await documentOf(tx, as.key)) return;
  const issuerId = as.by === 'platform' ? PLATFORM : row.sellerId;
  const bears = as.by === 'platform' ? feePayer(of.contract.terms) : 'buyer';
  const recipientId = bears === 'seller' ? row.sellerId : row.buyerId;
  const year = Number(as.day.slice(0, 4));
  const [series] = await tx<{ last: number }[]>`
    insert into invoice_series (issuer_id, year, last) values (${issuerId}, ${year}, 1)
    on conflict (issuer_id, year) do update set last = invoice_series.last + 1 returning last`;
  const serial = series!.last;
  const made = model(`${year}-${String(serial).padStart(6, '0')}`, as.day);
  const ubl = writeUbl(made);
  const { net, vat, gross, due } = made.totals;
  const values: Omit<InvoiceDocumentRow, 'createdAt'> = {
    id: newId(),
    key: as.key,
    contractId: row.contractId,
    kind: made.kind,
    issuerId,
    recipientId,
    year,
    serial,
    number: made.number,
    currency: row.currency,
    net: BigInt(net),
    vat: BigInt(vat),
    gross: BigInt(gross),
    due: BigInt(due),
    model: made,
    ubl,
    ublSha256: createHash('sha256').update(ubl).digest(),
    issuedOn: as.day,
  };
  await orm(tx).insert(invoiceDocument).values(values);
}

async function sidesOf(
  connection: Connection,
  { terms, sellerId, buyerId }: BindingContract,
): Promise<Sides> {
  const rows = await connection<{ id: string; country: string }[]>`
    select id, country from organisation where id = any(${[sellerId, buyerId]})`;
  const party = (side: 'seller' | 'buyer', id: string) => {
    // A credit code is Chinese whatever else is known.
    const country = terms[side].legalIdKind === 'uscc' ? 'CN' : rows.find((one) => one.id === id)?.country;
    assert(country, `${side} ${id} of contract ${terms.number} has no country`);
    return invoiceParty(terms[side], country);
  };
  return { seller: party('seller', sellerId), buyer: party('buyer', buyerId) };
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10);

/** Documents for contracts whose rows are older than the documents. */
export function invoiceWork(deps: { readonly clock: { now(): Date } }): WorkHandler[] {
  return [
    {
      topic: 'invoices.issue',
      async write(tx, { payload }) {
        const contractId = payload['contractId'];
        assert(typeof contractId === 'string', 'work invoices.issue without contractId');
        await tx`select from settlement where contract_id = ${contractId} for update`;
        await issueInvoices(tx, contractId, deps.clock.now());
      },
    },
  ];
}
