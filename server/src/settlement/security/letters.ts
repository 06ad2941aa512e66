/**
 * Who is told of security, and when: of a notice at once, of the end of the cure period a day before, of what must
 * be topped up, and of security that is free again. Each stays in the reader's list until it is said to be read.
 */
import { type Tx } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { enqueue, type WorkHandler, type WorkItem } from '../../platform/outbox.ts';
import type { Clock } from '../../platform/clock.ts';
import { noticeSettled, tellMoneyPeople } from '../../members/public.ts';
import { bindingContract } from '../../contracts/public.ts';
import type { ForfeitureRow } from './tables.ts';

const DAY_MS = 24 * 3600_000;
const LINK = '/money/security';
const dayOf = (at: Date): string => at.toISOString().slice(0, 10);
const caseOf = (id: string): string => `forfeiture:${id}`;
const topUpOf = (orgId: string): string => `top-up:${orgId}`;

type Case = Pick<ForfeitureRow, 'id' | 'debtorId' | 'cureUntil'>;

/** In the transaction that gives notice. */
export async function tellOfNotice(tx: Tx, of: Case, contractNumber: string, now: Date): Promise<void> {
  const { id, debtorId, cureUntil } = of;
  const notice = { subject: contractNumber, day: dayOf(cureUntil), link: LINK, about: caseOf(id) };
  await tellMoneyPeople(tx, debtorId, { kind: 'security_notice', ...notice }, now);
  await enqueue(tx, {
    effectKey: `security:${id}:cure_ends`,
    topic: 'security.cure_ends',
    payload: { forfeitureId: id },
    notBefore: new Date(cureUntil.getTime() - DAY_MS),
  });
}

/** The case is decided: whoever has not read of it needs not any more. */
export const endOfNotice = async (tx: Tx, id: string, now: Date): Promise<void> =>
  noticeSettled(tx, caseOf(id), now);

/** The bank took back what is spent already. */
export async function tellToTopUp(
  tx: Tx,
  of: { readonly orgId: string; readonly owed: string },
  now: Date,
): Promise<void> {
  const about = topUpOf(of.orgId);
  await noticeSettled(tx, about, now);
  const notice = { kind: 'top_up_required', subject: of.owed, link: '/money', about } as const;
  await tellMoneyPeople(tx, of.orgId, notice, now);
}

/** Nothing is owed any more. */
export async function endOfTopUp(tx: Tx, orgId: string, now: Date): Promise<void> {
  const [owing] =
    await tx`select from ledger_balance where owner = ${orgId} and kind = 'receivable' and balance > 0`;
  if (!owing) await noticeSettled(tx, topUpOf(orgId), now);
}

/** Asked for in the transaction that returns it. */
export async function askToTellReturn(tx: Tx, of: { contractId: string; orgId: string }): Promise<void> {
  await enqueue(tx, {
    effectKey: `security:${of.contractId}:${of.orgId}:returned`,
    topic: 'security.returned',
    payload: { contractId: of.contractId, orgId: of.orgId },
  });
}

export function securityWork({ clock }: { readonly clock: Clock }): WorkHandler[] {
  return [
    {
      topic: 'security.cure_ends',
      async write(tx, item) {
        const id = text(item, 'forfeitureId');
        const [row] = await tx<(Case & { contractId: string; state: string })[]>`
          select id::text, debtor_id as "debtorId", cure_until as "cureUntil", contract_id as "contractId", state
            from forfeiture where id = ${id}`;
        assert(row, `forfeiture ${id} is missing`);
        if (row.state !== 'noticed') return;
        const subject = await numberOf(tx, row.contractId);
        const notice = { subject, day: dayOf(row.cureUntil), link: LINK, about: caseOf(id) };
        await tellMoneyPeople(tx, row.debtorId, { kind: 'cure_ends', ...notice }, clock.now());
      },
    },
    {
      topic: 'security.returned',
      async write(tx, item) {
        const subject = await numberOf(tx, text(item, 'contractId'));
        const notice = { kind: 'security_returned', subject, link: LINK } as const;
        await tellMoneyPeople(tx, text(item, 'orgId'), notice, clock.now());
      },
    },
  ];
}

async function numberOf(tx: Tx, contractId: string): Promise<string> {
  return (await bindingContract(tx, contractId))?.terms.number ?? contractId.slice(-8);
}

function text(item: WorkItem, name: string): string {
  const value = item.payload[name];
  assert(typeof value === 'string', `work ${item.topic} without ${name}`);
  return value;
}
