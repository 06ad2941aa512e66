/** Security as parties and staff read it. */
import type { ForfeitureView, SecurityView } from '@seam/protocol';
import { type Currency, formatMoney } from '@seam/units';
import { type SQL, and, desc, eq, or } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { type Connection, orm } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { balances } from '../ledger/read.ts';
import type { NamesOf } from '../trade/ports.ts';
import { type ForfeitureRow, forfeiture } from './tables.ts';

const LIST_MAX = 200;

/** Newest first. @param only one case, by its id. */
export async function forfeituresSeen(
  connection: Connection,
  namesOf: NamesOf,
  principal: Principal,
  only?: string,
): Promise<ForfeitureView[]> {
  const mine = or(
    eq(forfeiture.debtorId, principal.organisationId),
    eq(forfeiture.creditorId, principal.organisationId),
  );
  const which: (SQL | undefined)[] = [
    principal.staff ? undefined : mine,
    only === undefined ? undefined : eq(forfeiture.id, only),
  ];
  const rows = await orm(connection)
    .select()
    .from(forfeiture)
    .where(and(...which))
    .orderBy(desc(forfeiture.noticedAt), desc(forfeiture.id))
    .limit(LIST_MAX);
  const names = await namesOf(
    connection,
    rows.flatMap((row) => [row.debtorId, row.creditorId]),
  );
  const views: ForfeitureView[] = [];
  for (const row of rows) views.push(await view(connection, names, row, principal));
  return views;
}

async function view(
  connection: Connection,
  names: Awaited<ReturnType<NamesOf>>,
  row: ForfeitureRow,
  principal: Principal,
): Promise<ForfeitureView> {
  const party = (id: string) => ({
    id,
    name: names.get(id)?.name ?? '',
    nameZh: names.get(id)?.nameZh ?? null,
  });
  const contract = await bindingContract(connection, row.contractId);
  const at = (instant: Date | null): string | null => instant?.toISOString() ?? null;
  return {
    id: row.id,
    contractId: row.contractId,
    contractNumber: contract?.terms.number ?? '',
    debtor: party(row.debtorId),
    creditor: party(row.creditorId),
    mine:
      row.debtorId === principal.organisationId
        ? 'debtor'
        : row.creditorId === principal.organisationId
          ? 'creditor'
          : null,
    currency: row.currency,
    amount: formatMoney(row.amount),
    due: row.due === null ? null : formatMoney(row.due),
    reason: row.reason,
    noticedAt: row.noticedAt.toISOString(),
    cureUntil: row.cureUntil.toISOString(),
    acknowledgedAt: at(row.acknowledgedAt),
    state: row.state,
    decidedAt: at(row.decidedAt),
    decision: row.decision,
    own: {
      notice: principal.staff && row.noticedBy === principal.personId,
      reversal: principal.staff && row.reversalBy === principal.personId,
    },
    // Of what staff still discuss the parties hear when it is done.
    reversalReason: principal.staff || row.state === 'reversed' ? row.reversalReason : null,
    reversedAt: at(row.reversedAt),
  };
}

/** Held behind bids, and standing behind contracts, of one company. */
export async function securitiesOf(connection: Connection, orgId: string): Promise<SecurityView[]> {
  const held = await connection<{ id: string; currency: Currency; amount: string; since: Date }[]>`
    select substr(subject, 9) as id, currency, sum(amount)::text as amount, min(held_at) as since
      from ledger_hold where owner = ${orgId} and state = 'held' and subject like 'auction:%'
     group by subject, currency order by min(held_at) desc limit ${LIST_MAX}`;
  const items: SecurityView[] = held.map((one) => ({
    kind: 'auction',
    id: one.id,
    label: one.id.slice(-8).toUpperCase(),
    currency: one.currency,
    amount: formatMoney(BigInt(one.amount)),
    since: one.since.toISOString(),
    open: false,
  }));
  return [...items, ...(await behindContracts(connection, orgId))];
}

/** Also contracts that have nothing behind them yet and may get a bond. */
async function behindContracts(connection: Connection, orgId: string): Promise<SecurityView[]> {
  const secured = (await balances(connection, orgId)).flatMap(({ kind, contractId, currency, balance }) =>
    kind === 'performance_security' && contractId !== null && balance > 0n
      ? [{ id: contractId, currency, amount: balance }]
      : [],
  );
  const open = await connection<{ id: string; currency: Currency }[]>`
    select contract_id as id, currency from settlement where ${orgId} in (seller_id, buyer_id)
      and state in ('provisional_due', 'funded') order by opened_at desc limit ${LIST_MAX}`;
  const bare = open
    .filter(({ id }) => !secured.some((one) => one.id === id))
    .map((one) => ({ ...one, amount: 0n }));
  const items: SecurityView[] = [];
  for (const { id, currency, amount } of [...secured, ...bare]) {
    const contract = await bindingContract(connection, id);
    items.push({
      kind: 'contract',
      id,
      label: contract?.terms.number ?? id.slice(-8),
      currency,
      amount: formatMoney(amount),
      since: null,
      open: open.some((one) => one.id === id),
    });
  }
  return items;
}
