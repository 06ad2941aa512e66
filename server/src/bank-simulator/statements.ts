/** End of day: every movement since the last statement, with balances that follow from each other. */
import { newId } from '../platform/id.ts';
import { minor } from '@seam/units';
import { writeCamt053 } from '../settlement/bank/iso20022/camt-write.ts';
import { bankIdOf } from '../settlement/bank/identifier.ts';
import { type BankAccount, accountBy, entriesOf, exchangeAccounts } from './books.ts';
import type { BankSimulatorDeps, Tx } from './deps.ts';
import { tell } from './events.ts';

/** Closes the day of every account of the exchange, and tells it. @returns account → sequence. */
export async function closeDay(deps: BankSimulatorDeps): Promise<Record<string, number>> {
  const sequences: Record<string, number> = {};
  for (const { number } of await exchangeAccounts(deps.sql)) {
    sequences[number] = await deps.sql.begin(async (tx) => closeAccount(deps, tx, number));
  }
  deps.wake();
  return sequences;
}

async function closeAccount(deps: BankSimulatorDeps, tx: Tx, number: string): Promise<number> {
  // Bookings lock the account row too, so what is open now is all there is before the cut.
  const [row] = await tx<
    { sequence: string }[]
  >`update account set statement_sequence = statement_sequence + 1
    where number = ${number} returning statement_sequence::text as sequence`;
  const sequence = Number(row!.sequence);
  const account = (await accountBy(tx, { number })) as BankAccount;
  const entries = await entriesOf(tx, account, { open: true });
  const moved = entries.reduce(
    (sum, entry) => sum + (entry.direction === 'credit' ? entry.amount : -entry.amount),
    0n,
  );
  const opening = minor(account.balance - moved);
  const at = deps.clock.now();
  const day = at.toISOString().slice(0, 10);
  const xml = writeCamt053({
    messageId: bankIdOf(newId()),
    createdAt: at,
    account,
    sequence,
    day,
    opening,
    entries,
  });
  await tx`update movement set statement_sequence = ${sequence}
    where (debit = ${number} or credit = ${number}) and statement_sequence is null`;
  await tx`insert into statement (account, sequence, day, opening, closing, xml)
    values (${number}, ${sequence}, ${day}::text::date, ${opening.toString()}::text::bigint,
            ${account.balance.toString()}::text::bigint, ${xml})`;
  await tell(tx, at, { contentType: 'application/xml', body: xml });
  return sequence;
}

export async function statementXml(
  deps: BankSimulatorDeps,
  account: string,
  sequence: number,
): Promise<string | undefined> {
  const [row] = await deps.sql<
    { xml: string }[]
  >`select xml from statement where account = ${account} and sequence = ${sequence}`;
  return row?.xml;
}
