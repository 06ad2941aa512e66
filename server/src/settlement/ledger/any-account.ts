/** Any account of the ledger, as the centre reads it. */
import { ACCOUNT_KINDS, type AccountKind } from '@seam/ledger';
import { type Currency, type Minor, minor } from '@seam/units';
import type { Connection } from '../../platform/db.ts';

export type LedgerAccount = {
  readonly code: string;
  readonly owner: string;
  readonly currency: Currency;
  readonly kind: AccountKind;
  /** Positive on the account's normal side. */
  readonly balance: Minor;
  readonly held: Minor;
};
type Row = Omit<LedgerAccount, 'balance' | 'held'> & { readonly balance: string; readonly held: string };

const accountOf = (row: Row): LedgerAccount => ({
  ...row,
  balance: minor(BigInt(row.balance)),
  held: minor(BigInt(row.held)),
});

/** Accounts of one kind behind `after`, in the order of their codes. */
export async function accountsOfKind(
  connection: Connection,
  of: {
    readonly currency: string;
    readonly kind: string;
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<LedgerAccount[]> {
  const rows = await connection<Row[]>`
    select code, owner, currency, kind, balance::text, held::text from ledger_balance
     where currency = ${of.currency} and kind = ${of.kind} and code collate "C" > ${of.after ?? ''}
     order by code collate "C" limit ${of.limit}`;
  return rows.map(accountOf);
}

export async function accountByCode(
  connection: Connection,
  code: string,
): Promise<LedgerAccount | undefined> {
  const [row] = await connection<Row[]>`
    select code, owner, currency, kind, balance::text, held::text from ledger_balance where code = ${code}`;
  return row && accountOf(row);
}

/** What one account held at an instant; nothing before its first entry. */
export async function accountAt(
  connection: Connection,
  { code, kind }: Pick<LedgerAccount, 'code' | 'kind'>,
  at: string,
): Promise<{ readonly balance: Minor; readonly held: Minor }> {
  const [row] = await connection<{ credit: string; held: string }[]>`
    select (credits_posted - debits_posted)::text as credit, debits_pending::text as held from ledger_entry
     where account = ${code} and entry_no = ledger_entry_at(${code}, ${at}::text::timestamptz)`;
  const credit = BigInt(row?.credit ?? '0');
  const balance = ACCOUNT_KINDS[kind].normal === 'credit' ? credit : -credit;
  return { balance: minor(balance), held: minor(BigInt(row?.held ?? '0')) };
}

/** The reasons that occur in an account, the most frequent first. */
export async function reasonsOf(connection: Connection, code: string): Promise<string[]> {
  const rows = await connection<{ reason: string }[]>`
    select f.reason from ledger_entry e join ledger_transfer t on t.key = e.transfer_key
      join ledger_effect f on f.effect_key = t.effect_key
     where e.account = ${code} group by f.reason order by count(*) desc, f.reason`;
  return rows.map(({ reason }) => reason);
}
