/** Security that was taken, as its row stands afterwards: for tests of what follows it. */
import type { Sql } from 'postgres';
import { newId } from '../../src/platform/id.ts';

export async function forfeitSecurity(
  sql: Sql,
  contractId: string,
  debtorId: string,
  creditorId: string,
): Promise<void> {
  await sql`insert into forfeiture (id, contract_id, debtor_id, creditor_id, currency, amount, reason, noticed_by,
      noticed_at, cure_until, state, decided_by, decided_at, decision)
    values (${newId()}, ${contractId}, ${debtorId}, ${creditorId}, 'CNY', 100000, 'did not come', 'one',
      now() - interval '5 days', now() - interval '2 days', 'forfeited', 'two', now() - interval '1 hour', 'taken')`;
}
