/** Exchanges with one guard taken out: the simulation must notice each of them. */
import type { Sql } from 'postgres';
import { newId } from '../../platform/id.ts';
import { type WorkHandler, type WorkItem, doWork } from '../../platform/outbox.ts';
import type { Tx } from '../../platform/db.ts';
import { bankIdOf } from '../bank/identifier.ts';
import type { BankPort } from '../bank/port.ts';

export const mutantNames = ['lease_ignored', 'done_first', 'new_identity', 'forged_taken'] as const;
export type MutantName = (typeof mutantNames)[number];

/** How rows are done. */
export function workOf(mutant: MutantName | 'none'): typeof doWork {
  if (mutant === 'lease_ignored') return withoutLease;
  if (mutant === 'done_first') return doneFirst;
  return doWork;
}

const CLAIM_MS = 5_000;

async function claimed(sql: Sql, id: string): Promise<WorkItem | undefined> {
  const [row] = await sql<WorkItem[]>`
    update outbox set attempts = attempts + 1, lease_epoch = lease_epoch + 1,
           leased_until = clock_timestamp() + make_interval(secs => ${CLAIM_MS / 1000})
     where id = ${id} and done_at is null and leased_until < clock_timestamp() and not_before <= now()
    returning id, effect_key as "effectKey", topic, payload, lease_epoch as "leaseEpoch", attempts`;
  return row;
}

async function effectOf(
  handlers: ReadonlyMap<string, WorkHandler>,
  item: WorkItem,
): Promise<(tx: Tx) => Promise<void>> {
  const handler = handlers.get(item.topic);
  if (handler?.run) return handler.run(item);
  return async (tx) => handler?.write?.(tx, item);
}

/** A worker that stalled past its lease ends what it began, though another has done it. */
async function withoutLease(
  sql: Sql,
  handlers: ReadonlyMap<string, WorkHandler>,
  id: string,
): ReturnType<typeof doWork> {
  const item = await claimed(sql, id);
  if (!item) return 'nothing';
  try {
    const write = await effectOf(handlers, item);
    await sql.begin(async (tx) => {
      await write(tx);
      await tx`update outbox set done_at = now() where id = ${id}`;
    });
    return 'done';
  } catch {
    await sql`update outbox set leased_until = '-infinity' where id = ${id}`;
    return 'failed';
  }
}

/** The mark and the effect in two transactions: who dies between them loses the effect. */
async function doneFirst(
  sql: Sql,
  handlers: ReadonlyMap<string, WorkHandler>,
  id: string,
): ReturnType<typeof doWork> {
  const item = await claimed(sql, id);
  if (!item) return 'nothing';
  await sql`update outbox set done_at = now() where id = ${id}`;
  try {
    const write = await effectOf(handlers, item);
    await sql.begin(async (tx) => write(tx));
    return 'done';
  } catch {
    return 'failed';
  }
}

/** How orders reach the bank: with another identity at each attempt, as if the silence of a bank were a no. */
export function portOf(mutant: MutantName | 'none', port: BankPort): BankPort {
  if (mutant !== 'new_identity') return port;
  return {
    ...port,
    sendPayment: async (pain001) => {
      const fresh = pain001.replaceAll(
        /(<EndToEndId>)[^<]+/g,
        (_whole, tag: string) => `${tag}${bankIdOf(newId())}`,
      );
      return port.sendPayment(fresh);
    },
  };
}
