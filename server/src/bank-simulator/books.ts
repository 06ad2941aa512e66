/** The bank's ledger: accounts, movements, and the camt entries that movements become. */
import { CURRENCIES, type Currency, type Minor, minor } from '@seam/units';
import { newId } from '../platform/id.ts';
import { bankIdOf } from '../settlement/bank/identifier.ts';
import { MT940_REF_MAX } from '../settlement/bank/files/mt940/write.ts';
import type { WrittenEntry } from '../settlement/bank/iso20022/camt-write.ts';
import { BANK_BIC, type BankSimulatorDeps, EXCHANGE_LEGAL_ID, EXCHANGE_NAME, type Tx } from './deps.ts';

export type BankAccount = {
  readonly number: string;
  readonly holderName: string;
  readonly legalId: string;
  readonly currency: Currency;
  readonly bank: { readonly kind: 'bic' | 'cnaps' | 'ifsc'; readonly code: string };
  readonly kind: 'customer' | 'exchange' | 'outside';
  readonly balance: Minor;
};
type AccountRow = {
  number: string;
  holder_name: string;
  legal_id: string;
  currency: Currency;
  bank_code_kind: 'bic';
  bank_code: string;
  kind: 'customer';
  balance: string;
};

/** The bank's own refusals, by SQLSTATE of `book`. */
const REFUSALS: Readonly<Record<string, 'AM04' | 'AC01' | 'AM05'>> = {
  BK001: 'AM04',
  BK003: 'AC01',
  BK004: 'AM05',
};

export type Movement = {
  readonly key: string;
  /** The reference it was told under before; absent: a new one. */
  readonly ref?: string;
  readonly debit: string;
  readonly credit: string;
  readonly amount: Minor;
  readonly endToEndId?: string;
  readonly reference?: string;
  readonly remittance?: string;
  readonly returnReason?: string;
};

/** The exchange's and the outside account of every currency, with numbers that never change. */
export async function openHouseAccounts(deps: BankSimulatorDeps): Promise<void> {
  const at = deps.clock.now().toISOString();
  for (const [index, currency] of CURRENCIES.entries()) {
    const rows = [
      {
        number: `9558800000000000${index + 1}`,
        name: EXCHANGE_NAME,
        legalId: EXCHANGE_LEGAL_ID,
        kind: 'exchange',
      },
      { number: `0000000000000000${index + 1}`, name: 'Outside', legalId: 'OUTSIDE', kind: 'outside' },
    ];
    for (const row of rows) {
      await deps.sql`insert into account (number, holder_name, legal_id, currency, bank_code_kind, bank_code, kind, opened_at)
        values (${row.number}, ${row.name}, ${row.legalId}, ${currency}, 'bic', ${BANK_BIC}, ${row.kind}, ${at}::text::timestamptz)
        on conflict do nothing`;
    }
  }
}

export async function accountBy(
  tx: Tx | BankSimulatorDeps['sql'],
  filter: { number: string } | { kind: 'exchange' | 'outside'; currency: string },
): Promise<BankAccount | undefined> {
  const where =
    'number' in filter
      ? tx`number = ${filter.number}`
      : tx`kind = ${filter.kind} and currency = ${filter.currency}`;
  const [row] = await tx<
    AccountRow[]
  >`select *, (credits - debits)::text as balance from account where ${where}`;
  return row && accountOf(row);
}

export async function exchangeAccounts(sql: BankSimulatorDeps['sql']): Promise<BankAccount[]> {
  const rows = await sql<
    AccountRow[]
  >`select *, (credits - debits)::text as balance from account where kind = 'exchange' order by number`;
  return rows.map(accountOf);
}

function accountOf(row: AccountRow): BankAccount {
  return {
    number: row.number,
    holderName: row.holder_name,
    legalId: row.legal_id,
    currency: row.currency,
    bank: { kind: row.bank_code_kind, code: row.bank_code },
    kind: row.kind,
    balance: minor(BigInt(row.balance)),
  };
}

/** The random end of an id: 16 characters, which is all the room that MT940 has. */
export function newRef(): string {
  return bankIdOf(newId()).slice(-MT940_REF_MAX);
}

/** Books once per key. A refusal is an ISO reason code and leaves the transaction usable. */
export async function book(
  tx: Tx,
  at: Date,
  movement: Movement,
): Promise<{ ref: string } | { refused: 'AM04' | 'AC01' | 'AM05' }> {
  const m = movement;
  try {
    return await tx.savepoint(async (point) => {
      const [row] = await point<
        { ref: string }[]
      >`select book(${m.ref ?? newRef()}, ${m.key}, ${m.debit}, ${m.credit},
        ${m.amount.toString()}::text::bigint, ${m.endToEndId ?? null}, ${m.reference ?? null}, ${m.remittance ?? null},
        ${m.returnReason ?? null}, ${at.toISOString()}::text::timestamptz) as ref`;
      return { ref: row!.ref };
    });
  } catch (error) {
    const refused = REFUSALS[(error as { code?: string }).code ?? ''];
    if (!refused) throw error;
    return { refused };
  }
}

/** Movements of one account as camt entries, in booking order. */
export async function entriesOf(
  tx: Tx,
  account: BankAccount,
  which: { ref: string } | { open: true },
): Promise<WrittenEntry[]> {
  const where = 'ref' in which ? tx`m.ref = ${which.ref}` : tx`m.statement_sequence is null`;
  const rows = await tx<
    {
      ref: string;
      debit: string;
      amount: string;
      currency: string;
      end_to_end_id: string | null;
      reference: string | null;
      remittance: string | null;
      return_reason: string | null;
      day: string;
      other: string;
      other_name: string;
    }[]
  >`select m.ref, m.debit, m.amount::text, m.currency, m.end_to_end_id, m.reference, m.remittance, m.return_reason,
           to_char(m.booked_at at time zone 'utc', 'YYYY-MM-DD') as day, o.number as other, o.holder_name as other_name
      from movement m
      join account o on o.number = case when m.debit = ${account.number} then m.credit else m.debit end
     where (m.debit = ${account.number} or m.credit = ${account.number}) and ${where}
     order by m.booked_at, m.ref`;
  return rows.map((row) => ({
    ref: row.ref,
    direction: row.debit === account.number ? 'debit' : 'credit',
    amount: minor(BigInt(row.amount)),
    currency: row.currency,
    bookingDay: row.day,
    valueDay: row.day,
    endToEndId: row.end_to_end_id,
    reference: row.reference,
    remittance: row.remittance,
    counterpartyName: row.other_name,
    counterpartyAccount: row.other,
    returnReason: row.return_reason,
  }));
}
