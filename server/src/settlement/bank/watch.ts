/**
 * What nobody tells us is looked for: statements that did not come, credits in suspense that nobody has cleared,
 * contradictions between payments, lines, statements and ledger, and the bank's keys.
 */
import { formatMoney } from '@seam/units';
import { addBusinessDays, bankCalendars } from './calendar.ts';
import { lineKey, openCase } from './cases.ts';
import { type BankDeps, stepOf } from './deps.ts';
import { receiveBankMessage } from './inbox.ts';
import { syncKeys } from './key-exchange.ts';
import { findMismatches } from './proof.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** @returns what to call in every round of the bank loop; each part is done when its time has come. */
export function watchBank(deps: BankDeps): () => Promise<void> {
  const due = new Map<string, number>();
  const every = async (name: string, waitMs: number, work: () => Promise<unknown>): Promise<void> => {
    const now = deps.clock.now().getTime();
    if (now < (due.get(name) ?? 0)) return;
    due.set(name, now + waitMs);
    await work().catch((error: unknown) =>
      deps.log.warn({ err: error, part: name }, 'the bank was not looked after'),
    );
  };
  return async () => {
    if (deps.keys) await every('keys', HOUR_MS, async () => syncKeys(deps, deps.keys!));
    await every('statements', 10 * MINUTE_MS, async () => fetchStatements(deps));
    await every('suspense', 10 * MINUTE_MS, async () => reportAgedSuspense(deps));
    await every('mismatches', MINUTE_MS, async () => reportMismatches(deps));
  };
}

/** One business day in suspense is too long: a person is named a case. @returns how many are that old. */
export async function reportAgedSuspense(deps: BankDeps): Promise<number> {
  return deps.sql.begin(async (tx) => {
    const step = stepOf(deps, tx);
    const rows = await tx<
      { account: string; ref: string; currency: string; amount: string; direction: string; at: Date }[]
    >`
      select l.account, l.ref, l.currency, l.amount::text, l.direction, l.booked_at as at
        from suspense_open l
       where l.booked_at <= ${new Date(step.now.getTime() - DAY_MS).toISOString()}::text::timestamptz
       order by l.booked_at limit 500`;
    const calendarOf = await bankCalendars(tx);
    const aged = rows.filter(({ at, currency }) => addBusinessDays(calendarOf(currency), at, 1) <= step.now);
    for (const row of aged) {
      const { direction, currency } = row;
      await openCase(step, 'suspense_aged', lineKey(row.account, row.ref), {
        code: 'suspense_since',
        direction,
        currency,
        amount: formatMoney(BigInt(row.amount)),
        since: row.at.toISOString(),
      });
    }
    return aged.length;
  });
}

/** Each contradiction is a case, and stops payouts until two persons have closed it. */
export async function reportMismatches(deps: BankDeps): Promise<number> {
  return deps.sql.begin('isolation level repeatable read', async (tx) => {
    const found = await findMismatches(tx);
    const step = stepOf(deps, tx);
    for (const { kind, subject, params } of found)
      await openCase(step, 'mismatch', `${kind}:${subject}`, {
        ...params,
        code: kind === 'proof_difference' ? 'ledger_and_statement' : kind,
      });
    return found.length;
  });
}

/** More in one round than a bank that was away for a month has. */
const FETCHES_MAX = 40;

/**
 * Asks for the statement after the last one that was reconciled, until there is none: a notification that was lost
 * costs ten minutes and not the proof. What is fetched goes the way of everything the bank says.
 */
export async function fetchStatements(deps: BankDeps): Promise<number> {
  let fetched = 0;
  const accounts = await deps.sql<{ number: string; next: string }[]>`
    select o.number, (coalesce(greatest(o.statement_sequence, (select max(s.sequence) from bank_statement s
             where s.account = o.number and s.status = 'reconciled')), 0) + 1)::text as next
      from bank_own_account o order by o.number`;
  for (const { number, next } of accounts) {
    for (let sequence = Number(next); fetched < FETCHES_MAX; sequence += 1) {
      if (await isKnown(deps, number, sequence)) continue;
      const raw = await deps.port.fetchStatement({ account: number, sequence });
      if (raw === null) break;
      const eventId = `statement.${number}.${sequence}`;
      const received = await receiveBankMessage(deps.sql, {
        source: 'bank',
        eventId,
        raw,
        gotAt: deps.clock.now(),
      });
      if (!received.ok) {
        await deps.sql.begin(async (tx) =>
          openCase(stepOf(deps, tx), 'statement_conflict', `${number}.${sequence}`, {
            code: 'other_content',
          }),
        );
        break;
      }
      if (received.outcome === 'stored') fetched += 1;
    }
  }
  return fetched;
}

async function isKnown(deps: BankDeps, account: string, sequence: number): Promise<boolean> {
  const rows = await deps.sql`select from bank_statement where account = ${account} and sequence = ${sequence}
    union all select from bank_message where source = 'bank' and event_id = ${`statement.${account}.${sequence}`}`;
  return rows.length > 0;
}
