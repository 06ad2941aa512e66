/** Settlements as parties and staff read them, and the staff's list of what waits for a person. */
import type { InvoiceView, SettlementSummary, SettlementView } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { asc, desc, eq, or } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { deliveryOrderOfContract } from '../../logistics/public.ts';
import { type Connection, first, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { balances } from '../ledger/read.ts';
import { ratingsOfContract } from '../ratings/seen.ts';
import { escrowOf } from './row.ts';
import { waitsFor } from './lifecycle.ts';
import type { NamesOf } from './ports.ts';
import { statementLines } from './statement.ts';
import { type SettlementRow, invoice, settlement } from './tables.ts';

const LIST_MAX = 200;

export async function listSettlements(
  connection: Connection,
  namesOf: NamesOf,
  principal: Principal,
): Promise<SettlementSummary[]> {
  const mine = or(
    eq(settlement.sellerId, principal.organisationId),
    eq(settlement.buyerId, principal.organisationId),
  );
  const rows = await orm(connection)
    .select()
    .from(settlement)
    .where(principal.staff ? undefined : mine)
    .orderBy(desc(settlement.openedAt))
    .limit(LIST_MAX);
  const items: SettlementSummary[] = [];
  for (const row of rows) items.push(await summary(connection, namesOf, row, principal));
  return items;
}

export async function settlementView(
  connection: Connection,
  namesOf: NamesOf,
  contractId: string,
  principal: Principal,
  now: Date,
): Promise<SettlementView | undefined> {
  const row = first(
    await orm(connection).select().from(settlement).where(eq(settlement.contractId, contractId)),
  );
  if (!row) return undefined;
  if (
    !principal.staff &&
    row.sellerId !== principal.organisationId &&
    row.buyerId !== principal.organisationId
  )
    return undefined;
  const invoices = await orm(connection)
    .select()
    .from(invoice)
    .where(eq(invoice.contractId, contractId))
    .orderBy(asc(invoice.issuedAt));
  const escrow = await escrowOf(connection, row);
  const [payment] = row.payoutPaymentId
    ? await connection<
        { e2e: string }[]
      >`select end_to_end_id as e2e from payment where id = ${row.payoutPaymentId}`
    : [];
  const optional = (amount: bigint | null): string | null => (amount === null ? null : formatMoney(amount));
  const waitsForResult = row.state === 'result_due' || row.state === 'disputed';
  return {
    ...(await summary(connection, namesOf, row, principal)),
    deliveryOrderId: (await deliveryOrderOfContract(connection, contractId)) ?? null,
    invoices: invoices.map((one): InvoiceView => ({
      kind: one.kind,
      number: one.number,
      amount: formatMoney(one.amount),
      issuedAt: one.issuedAt.toISOString(),
      quantity: formatTonnes(BigInt(one.detail.quantityKg)),
      unitPrice: formatMoney(BigInt(one.detail.unitPrice)),
      adjustments: [...one.detail.adjustments],
    })),
    ...(await statementLines(connection, row)),
    escrow: formatMoney(escrow),
    missing: waitsForResult ? await missing(connection, row, escrow) : null,
    fee: optional(row.feeAmount),
    tax: optional(row.taxAmount),
    payout: optional(row.payoutAmount),
    payoutReference: payment?.e2e ?? null,
    reason: row.reason,
    ratings: await ratingsOfContract(connection, contractId, principal, now),
  };
}

/** What the buyer's free money lacks to pay the final invoice beyond what it has paid in. */
async function missing(connection: Connection, row: SettlementRow, escrow: bigint): Promise<string | null> {
  const paidIn = escrow + row.releasedAmount;
  if (row.finalAmount === null || row.finalAmount <= paidIn) return null;
  const free = (await balances(connection, row.buyerId)).find(
    (one) => one.kind === 'free' && one.currency === row.currency,
  );
  const lacking = row.finalAmount - paidIn - (free?.available ?? 0n);
  return lacking > 0n ? formatMoney(lacking) : null;
}

async function summary(
  connection: Connection,
  namesOf: NamesOf,
  row: SettlementRow,
  principal: Principal,
): Promise<SettlementSummary> {
  const names = await namesOf(connection, [row.sellerId, row.buyerId]);
  const party = (id: string) => ({
    id,
    name: names.get(id)?.name ?? '',
    nameZh: names.get(id)?.nameZh ?? null,
  });
  const contract = await bindingContract(connection, row.contractId);
  const dueAt =
    row.state === 'provisional_due' || row.state === 'defaulted'
      ? row.provisionalDueAt
      : row.state === 'result_due'
        ? row.resultDueAt
        : null;
  return {
    contractId: row.contractId,
    underContractId: contract && contract.contractId !== row.contractId ? contract.contractId : null,
    contractNumber: contract?.terms.number ?? '',
    seller: party(row.sellerId),
    buyer: party(row.buyerId),
    currency: row.currency as SettlementSummary['currency'],
    state: row.state,
    waitsFor: waitsFor[row.state],
    dueAt: dueAt?.toISOString() ?? null,
    provisionalAmount: formatMoney(row.provisionalAmount),
    finalAmount: row.finalAmount === null ? null : formatMoney(row.finalAmount),
    mine:
      row.sellerId === principal.organisationId
        ? 'seller'
        : row.buyerId === principal.organisationId
          ? 'buyer'
          : null,
  };
}

export type OpenWork = {
  kind: string;
  subject: string;
  detail: string;
  since: string;
  outboxId: string | null;
};

/** Everything that only a person can move: oldest first. */
export async function openWork(connection: Connection): Promise<OpenWork[]> {
  const rows = await connection<
    { kind: string; subject: string; detail: string; since: Date; outboxId: string | null }[]
  >`
    select 'work' as kind, topic as subject, coalesce(last_error, '') as detail, parked_at as since, id::text as "outboxId"
      from outbox where parked_at is not null and done_at is null
    union all
    select 'bank.' || kind, subject, detail, opened_at, null from bank_case where closed_at is null
    union all
    select 'settlement.' || state, contract_id, coalesce(reason, ''), opened_at, null from settlement s
      where state in ('disputed', 'payout_failed', 'defaulted') and not exists (
        select from settlement_dispute d where d.contract_id = s.contract_id and d.ended_at is null)
    union all
    select 'dispute.' || state, id::text, statement, filed_at, null from settlement_dispute
      where state in ('filed', 'decision', 'appealed')
    union all
    -- A truck's part that the bank did not pay, or that was never instructed; later states show it above.
    select 'settlement.release_unpaid', r.contract_id, coalesce(p.reason, ''), r.released_at, null
      from settlement_release r join settlement s using (contract_id)
      left join lateral (select status, reason from payment
        where obligation_key = 'payout:' || r.contract_id || ':' || r.ticket_id
        order by created_at desc, id desc limit 1) p on true
      where r.amount > 0 and s.state <> 'payout_failed'
        and (p.status is null or p.status in ('rejected', 'failed', 'returned'))
    order by since limit ${LIST_MAX}`;
  return rows.map((row) => ({ ...row, since: row.since.toISOString() }));
}
