/** End of day: every movement since the last statement, with balances that follow from each other. */
import { newId } from '../platform/id.ts';
import { type Minor, minor } from '@seam/units';
import { writeMt940 } from '../settlement/bank/files/mt940/write.ts';
import { type WrittenEntry, writeCamt052, writeCamt053 } from '../settlement/bank/iso20022/camt-write.ts';
import { bankIdOf } from '../settlement/bank/identifier.ts';
import { type BankAccount, accountBy, entriesOf, exchangeAccounts } from './books.ts';
import type { BankSimulatorDeps, StatementForm, Tx } from './deps.ts';
import { tell } from './events.ts';
import { type ClosedDay, mistaken, strikeStatement } from './mistaken-statement.ts';

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
  const struck = await strikeStatement(deps, tx, { account: number, sequence });
  const account = (await accountBy(tx, { number })) as BankAccount;
  const { entries, opening } = await openDay(tx, account);
  const at = deps.clock.now();
  const day = at.toISOString().slice(0, 10);
  const statement = { account, sequence, day, opening, entries, closing: account.balance };
  const { xml, mt940 } = written(statement, at);
  const isWithheld = struck?.kind === 'sequence_gap';
  await tx`update movement set statement_sequence = ${sequence}
    where (debit = ${number} or credit = ${number}) and statement_sequence is null`;
  await tx`insert into statement (account, sequence, day, opening, closing, xml, mt940, withheld)
    values (${number}, ${sequence}, ${day}::text::date, ${opening.toString()}::text::bigint,
            ${account.balance.toString()}::text::bigint, ${xml}, ${mt940}, ${isWithheld})`;
  if (!isWithheld)
    await tell(
      deps,
      tx,
      at,
      asTold(deps, struck ? written(mistaken(statement, struck), at) : { xml, mt940 }),
    );
  return sequence;
}

type Forms = { readonly xml: string; readonly mt940: string };

function written(statement: ClosedDay, at: Date): Forms {
  return {
    xml: writeCamt053({ ...statement, messageId: bankIdOf(newId()), createdAt: at }),
    mt940: writeMt940(statement),
  };
}

function asTold(
  { statements }: BankSimulatorDeps,
  { xml, mt940 }: Forms,
): { contentType: string; body: string } {
  return statements === 'mt940'
    ? { contentType: 'text/plain; charset=utf-8', body: mt940 }
    : { contentType: 'application/xml', body: xml };
}

/** Once more as it is, under a new identity: in place of one that was wrong, or that was kept back. */
export async function tellStatementAgain(
  deps: BankSimulatorDeps,
  tx: Tx,
  of: { readonly account: string; readonly sequence: number },
): Promise<void> {
  const [row] = await tx<Forms[]>`update statement set withheld = false
    where account = ${of.account} and sequence = ${of.sequence} returning xml, mt940`;
  if (row) await tell(deps, tx, deps.clock.now(), asTold(deps, row));
}

/** What has moved since the last statement, and the balance before it. */
async function openDay(tx: Tx, account: BankAccount): Promise<{ entries: WrittenEntry[]; opening: Minor }> {
  const entries = await entriesOf(tx, account, { open: true });
  const moved = entries.reduce(
    (sum, entry) => sum + (entry.direction === 'credit' ? entry.amount : -entry.amount),
    0n,
  );
  return { entries, opening: minor(account.balance - moved) };
}

/** A past statement in the form asked for. */
export async function statementOf(
  deps: BankSimulatorDeps,
  asked: { account: string; sequence: number; form: StatementForm },
): Promise<string | undefined> {
  const [row] = await deps.sql<{ xml: string; mt940: string }[]>`select xml, mt940 from statement
    where account = ${asked.account} and sequence = ${asked.sequence} and not withheld`;
  return asked.form === 'mt940' ? row?.mt940 : row?.xml;
}

/** camt.052: today until now, for an account of the exchange. */
export async function interimReport(deps: BankSimulatorDeps, number: string): Promise<string | undefined> {
  return deps.sql.begin(async (tx) => {
    const account = await accountBy(tx, { number });
    if (account?.kind !== 'exchange') return undefined;
    const at = deps.clock.now();
    return writeCamt052({
      ...(await openDay(tx, account)),
      messageId: bankIdOf(newId()),
      createdAt: at,
      account,
      day: at.toISOString().slice(0, 10),
    });
  });
}
