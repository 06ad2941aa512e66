/** Invoices as their issuer, their recipient and staff read them; for everybody else there are none. */
import { PLATFORM } from '@seam/ledger';
import type { InvoiceDocumentView, InvoiceList } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import { type SQL, and, desc, eq, lt, or } from 'drizzle-orm';
import { type Connection, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type InvoiceDocumentRow, invoiceDocument } from './tables.ts';

const PAGE = 50;

function visibleTo(principal: Principal): SQL | undefined {
  const { organisationId } = principal;
  return principal.staff
    ? undefined
    : or(eq(invoiceDocument.issuerId, organisationId), eq(invoiceDocument.recipientId, organisationId));
}

/** Newest first. @param of.before the id of the last one read. */
export async function invoicesSeen(
  connection: Connection,
  principal: Principal,
  of: { readonly contractId?: string | undefined; readonly before?: string | undefined },
): Promise<InvoiceList> {
  const { id, contractId } = invoiceDocument;
  const rows = await orm(connection)
    .select()
    .from(invoiceDocument)
    .where(
      and(
        visibleTo(principal),
        of.contractId === undefined ? undefined : eq(contractId, of.contractId),
        of.before === undefined ? undefined : lt(id, of.before),
      ),
    )
    .orderBy(desc(id))
    .limit(PAGE + 1);
  const items = rows.slice(0, PAGE).map((row) => view(row, principal));
  return { items, nextCursor: rows.length > PAGE ? (items.at(-1)?.id ?? null) : null };
}

export async function invoiceSeen(
  connection: Connection,
  principal: Principal,
  id: string,
): Promise<InvoiceDocumentRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  return first(
    await orm(connection)
      .select()
      .from(invoiceDocument)
      .where(and(eq(invoiceDocument.id, id), visibleTo(principal))),
  );
}

function view(row: InvoiceDocumentRow, principal: Principal): InvoiceDocumentView {
  const { model } = row;
  const party = ({ name, nameZh }: { name: string; nameZh: string | null }) => ({ name, nameZh });
  return {
    id: row.id,
    contractId: row.contractId,
    contractNumber: model.contractNumber,
    kind: row.kind,
    number: row.number,
    issuedOn: row.issuedOn,
    dueOn: model.dueOn,
    seller: party(model.seller),
    buyer: party(model.buyer),
    mine:
      row.issuerId === principal.organisationId
        ? 'issued'
        : row.recipientId === principal.organisationId
          ? 'received'
          : null,
    byExchange: row.issuerId === PLATFORM,
    currency: row.currency as InvoiceDocumentView['currency'],
    net: formatMoney(row.net),
    vat: formatMoney(row.vat),
    gross: formatMoney(row.gross),
    due: formatMoney(row.due),
    vatCategory: model.vat.category,
    vatPercent: formatMoney(BigInt(model.vat.rateBasisPoints)),
  };
}
