/**
 * pain.001 of the exchange: checked, executed once per EndToEndId, answered with pain.002. The debit,
 * the answer and the notification are one transaction: whatever dies after it, asking again gives the
 * same answer and moves nothing.
 */
import { createHash } from 'node:crypto';
import { minor } from '@seam/units';
import { newId } from '../platform/id.ts';
import {
  type ReceivedInitiation,
  type ReceivedTransfer,
  readPain001,
} from '../settlement/bank/iso20022/pain001.ts';
import { type PaymentStatus, writePain002 } from '../settlement/bank/iso20022/pain002.ts';
import { bankIdOf } from '../settlement/bank/identifier.ts';
import { accountBy, book } from './books.ts';
import { returnPayout } from './customers.ts';
import type { BankSimulatorDeps, Tx } from './deps.ts';
import { tellMovement } from './events.ts';
import { nameStruck, strike } from './plants-kept.ts';

/** @returns the pain.002. @throws BadMessage when the pain.001 cannot be read: nothing was executed. */
export async function takePain001(deps: BankSimulatorDeps, raw: Uint8Array): Promise<string> {
  const initiation = readPain001(raw);
  const statuses: PaymentStatus[] = [];
  for (const transfer of initiation.transfers) {
    statuses.push(await deps.sql.begin(async (tx) => execute(deps, tx, initiation, transfer)));
  }
  for (const { endToEndId, status } of statuses)
    if (status === 'ACSC' && deps.misfortunes.strikes('returned'))
      await returnPayout(deps, { endToEndId, reason: 'AC04' });
  deps.wake();
  return report(deps, { ...initiation, statuses });
}

type OrderRow = {
  content_sha256: Buffer;
  status: 'ACSC' | 'RJCT';
  reason: string | null;
  detail: string | null;
};

async function execute(
  deps: BankSimulatorDeps,
  tx: Tx,
  initiation: ReceivedInitiation,
  transfer: ReceivedTransfer,
): Promise<PaymentStatus> {
  const { endToEndId } = transfer;
  // One order of a debtor at a time: a repeat that overlaps the first waits here and finds it done.
  await tx`select from account where number = ${initiation.debtorAccount} for update`;
  const sha = contentOf(initiation, transfer);
  const [known] = await tx<
    OrderRow[]
  >`select content_sha256, status, reason, detail from payment_order where end_to_end_id = ${endToEndId}`;
  if (known) {
    if (known.content_sha256.equals(sha))
      return { endToEndId, status: known.status, reason: known.reason, detail: known.detail };
    return {
      endToEndId,
      status: 'RJCT',
      reason: 'AM05',
      detail: 'this EndToEndId was used for another payment',
    };
  }
  const at = deps.clock.now();
  const outcome = await pay(deps, tx, at, { ...transfer, debtorAccount: initiation.debtorAccount });
  const refused = 'refused' in outcome ? outcome : null;
  const status = refused ? 'RJCT' : 'ACSC';
  const [reason, detail] = [refused?.refused ?? null, refused?.detail ?? null];
  const unpaid = 'unpaid' in outcome;
  await tx`insert into payment_order (end_to_end_id, content_sha256, message_id, payment_information_id, status, reason,
      detail, movement_ref, at, unpaid_creditor, unpaid_amount)
    values (${endToEndId}, ${sha}, ${initiation.messageId}, ${initiation.paymentInformationId}, ${status}, ${reason}, ${detail},
      ${outcome.ref ?? null}, ${at.toISOString()}::text::timestamptz,
      ${unpaid ? transfer.creditor.account : null}, ${unpaid ? transfer.amount.toString() : null}::text::bigint)`;
  return { endToEndId, status, reason, detail };
}

/** What makes two orders the same: who pays whom how much. Not the message that carries it. */
function contentOf(initiation: ReceivedInitiation, transfer: ReceivedTransfer): Buffer {
  const { creditor } = transfer;
  const parts = [
    initiation.debtorAccount,
    transfer.amount,
    transfer.currency,
    creditor.account,
    creditor.name,
  ];
  return createHash('sha256').update(parts.join('\n')).digest();
}

type Outcome =
  | { readonly ref: string }
  /** Said to be settled, and not carried out. */
  | { readonly unpaid: true; readonly ref?: undefined }
  /** `ref`: and carried out all the same. */
  | { readonly refused: string; readonly detail: string; readonly ref?: string };

async function pay(
  deps: BankSimulatorDeps,
  tx: Tx,
  at: Date,
  transfer: ReceivedTransfer & { readonly debtorAccount: string },
): Promise<Outcome> {
  const debtor = await accountBy(tx, { number: transfer.debtorAccount });
  if (debtor?.kind !== 'exchange') return { refused: 'AC02', detail: 'the debtor account is not yours' };
  if (debtor.currency !== transfer.currency)
    return { refused: 'AM03', detail: 'the account has another currency' };
  const creditor = await accountBy(tx, { number: transfer.creditor.account });
  if (creditor?.kind !== 'customer') return { refused: 'AC03', detail: 'no such creditor account' };
  if (!sameName(creditor.holderName, transfer.creditor.name)) {
    return { refused: 'BE01', detail: 'the creditor account belongs to someone else' };
  }
  const planted = await strike(deps, tx, {
    account: debtor.number,
    kinds: ['settled_without_line', 'line_after_failure'],
  });
  if (planted?.kind === 'settled_without_line') {
    await nameStruck(tx, { id: planted.id, subject: transfer.endToEndId });
    return { unpaid: true };
  }
  const booked = await book(tx, at, {
    key: `order.${transfer.endToEndId}`,
    debit: debtor.number,
    credit: creditor.number,
    amount: deps.misfortunes.strikes('wrong_amount') ? minor(transfer.amount + 1n) : transfer.amount,
    endToEndId: transfer.endToEndId,
    remittance: transfer.remittance,
  });
  if ('refused' in booked) return { refused: booked.refused, detail: 'not booked' };
  await tellMovement(deps, tx, at, { account: debtor, ref: booked.ref });
  if (!planted) return booked;
  await nameStruck(tx, { id: planted.id, subject: `${debtor.number}.${booked.ref}`, ref: booked.ref });
  return { refused: 'MS03', detail: 'refused, and carried out all the same', ref: booked.ref };
}

/** Names are compared without case, spaces, width and punctuation: 上海（集团） = 上海(集团). */
export function sameName(a: string, b: string): boolean {
  const plain = (text: string): string =>
    text
      .normalize('NFKC')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, '');
  return plain(a) === plain(b) && plain(a) !== '';
}

/** pain.002 about one order, or undefined when it was never seen. */
export async function statusOf(deps: BankSimulatorDeps, endToEndId: string): Promise<string | undefined> {
  const [row] = await deps.sql<(OrderRow & { message_id: string; payment_information_id: string })[]>`
    select * from payment_order where end_to_end_id = ${endToEndId}`;
  if (!row) return undefined;
  const { status, reason, detail } = row;
  return report(deps, {
    messageId: row.message_id,
    paymentInformationId: row.payment_information_id,
    statuses: [{ endToEndId, status, reason, detail }],
  });
}

function report(
  deps: BankSimulatorDeps,
  about: { messageId: string; paymentInformationId: string; statuses: readonly PaymentStatus[] },
): string {
  return writePain002({
    messageId: bankIdOf(newId()),
    createdAt: deps.clock.now(),
    originalMessageId: about.messageId,
    originalPaymentInformationId: about.paymentInformationId,
    statuses: about.statuses,
  });
}
