/**
 * Money that is sent for one obligation: each has a payment reference of its own, and when enough has come under it,
 * the obligation is paid without anybody pressing a button. Too little waits as free money until the rest comes; what
 * is too much, or comes after it was paid otherwise, stays free.
 */
import type { PaymentReference } from '@seam/protocol';
import { formatMoney, minor, type Currency } from '@seam/units';
import type { Connection, Tx } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { type WorkHandler, enqueue } from '../../platform/outbox.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { depositInstruction, receivedFor } from '../bank/accounts.ts';
import type { BankFact } from '../bank/deps.ts';
import { payProvisional } from './commands.ts';
import { settleWhenDue } from './obligations.ts';

const PAY_BY_REFERENCE = 'settlement.pay_by_reference';

type Target = {
  readonly debtorId: string;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly isDue: boolean;
  readonly isPaid: boolean;
};

/** What a key of the form `provisional:<contract>` or `obligation:<id>` stands for. */
async function targetOf(connection: Connection, key: string): Promise<Target | undefined> {
  const [kind, id] = key.split(':');
  const rows = await (kind === 'provisional'
    ? connection<RawTarget[]>`
        select buyer_id as "debtorId", currency, provisional_amount::text as amount, state in ('provisional_due', 'defaulted') as "isDue",
               state not in ('provisional_due', 'defaulted', 'cancelled') as "isPaid"
          from settlement where contract_id = ${id ?? ''}`
    : connection<RawTarget[]>`
        select debtor_id as "debtorId", currency, amount::text, paid_at is null as "isDue", paid_at is not null as "isPaid"
          from obligation where id::text = ${id ?? ''}`);
  const [row] = rows;
  return row && { ...row, amount: BigInt(row.amount) };
}
type RawTarget = Omit<Target, 'amount'> & { readonly amount: string };

/** Where and with which reference the debtor pays this one obligation, and how much of it has come. */
export async function paymentReference(
  tx: Tx,
  organisationId: string,
  key: string,
): Promise<PaymentReference | Refusal> {
  const target = await targetOf(tx, key);
  if (target?.debtorId !== organisationId) return refuse('resource.not_found');
  const found = await depositInstruction(tx, organisationId, target.currency, key);
  if (!found) return refuse('settlement.currency_unavailable');
  const received = await receivedFor(tx, organisationId, key);
  const over = received - target.amount;
  const zero = minor(0n);
  return {
    reference: found.reference,
    currency: found.currency,
    accountNumber: found.accountNumber,
    holderName: found.holderName,
    bank: found.bank.code,
    amount: formatMoney(target.amount),
    received: formatMoney(received < 0n ? zero : received),
    missing: formatMoney(target.isDue && over < 0n ? -over : zero),
    surplus: formatMoney(over > 0n ? over : zero),
    state: target.isPaid ? 'paid' : target.isDue ? (received > 0n ? 'short' : 'due') : 'void',
  };
}

/** The deposit's transaction holds ledger accounts: paying, which begins with the settlement, is work of its own. */
export async function onDepositFor(
  tx: Tx,
  fact: Extract<BankFact, { type: 'deposit_credited' }>,
): Promise<void> {
  const { obligationKey, orgId, lineRef } = fact;
  if (obligationKey === null) return;
  await enqueue(tx, {
    effectKey: `${PAY_BY_REFERENCE}:${lineRef}`,
    topic: PAY_BY_REFERENCE,
    payload: { obligationKey, organisationId: orgId },
  });
}

export function referenceWork(deps: { readonly clock: { now(): Date } }): WorkHandler {
  return {
    topic: PAY_BY_REFERENCE,
    async write(tx, { payload }) {
      const { obligationKey, organisationId } = payload;
      assert(
        typeof obligationKey === 'string' && typeof organisationId === 'string',
        'a reference of nobody',
      );
      await payByReference(tx, { obligationKey, organisationId }, deps.clock.now());
    },
  };
}

/** Pays when all of it has come under its own reference and is still free; else nothing happens. */
export async function payByReference(
  tx: Tx,
  { obligationKey, organisationId }: { readonly obligationKey: string; readonly organisationId: string },
  now: Date,
): Promise<void> {
  const target = await targetOf(tx, obligationKey);
  if (target?.debtorId !== organisationId || !target.isDue) return;
  if ((await receivedFor(tx, organisationId, obligationKey)) < target.amount) return;
  const id = obligationKey.slice(obligationKey.indexOf(':') + 1);
  if (obligationKey.startsWith('provisional:')) await payProvisional(tx, { organisationId }, id);
  else await settleWhenDue(tx, id, now);
}
