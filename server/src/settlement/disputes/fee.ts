/** The fees of a dispute: held when it is filed and when it is appealed, each resolved once when it ends. */
import { type DisputeFee, holdDisputeFee, resolveDisputeFee } from '@seam/ledger';
import { type Currency, minor } from '@seam/units';
import { and, eq, isNull } from 'drizzle-orm';
import { type Tx, first, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { post } from '../ledger/ledger.ts';
import { insufficient } from '../trade/row.ts';
import type { SettlementRow } from '../trade/tables.ts';
import { type Side, otherSide } from './rules.ts';
import { type DisputeRow, dispute, step } from './tables.ts';

export type FeeEnd = 'payer' | 'exchange';
type Fees = Pick<DisputeRow, 'id' | 'side' | 'fee' | 'appealSide' | 'appealFee'>;

export const orgOf = (row: Pick<SettlementRow, 'buyerId' | 'sellerId'>, side: Side): string =>
  side === 'buyer' ? row.buyerId : row.sellerId;

export const holdKeyOf = (id: string, instance: 'filing' | 'appeal'): string =>
  instance === 'filing' ? `dispute-fee.${id}` : `dispute-appeal-fee.${id}`;

function feeOf(
  row: SettlementRow,
  of: {
    readonly id: string;
    readonly instance: 'filing' | 'appeal';
    readonly side: Side;
    readonly amount: bigint;
  },
): DisputeFee {
  return {
    holdKey: holdKeyOf(of.id, of.instance),
    contractId: row.contractId,
    orgId: orgOf(row, of.side),
    currency: row.currency as Currency,
    amount: minor(of.amount),
  };
}

/** Refused with what is free where that does not cover it. */
export async function holdFee(
  tx: Tx,
  row: SettlementRow,
  of: Parameters<typeof feeOf>[1],
): Promise<Refusal | undefined> {
  const held = await post(tx, holdDisputeFee(feeOf(row, of)));
  if (held.ok) return undefined;
  return refuse('dispute.fee_unpaid', { accepted: insufficient(held).accepted ?? {} });
}

/** Each fee that is held ends here, once. */
export async function endFees(
  tx: Tx,
  row: SettlementRow,
  fees: Fees,
  to: { readonly filing: FeeEnd; readonly appeal: FeeEnd },
): Promise<void> {
  const { id, side, fee, appealSide, appealFee } = fees;
  const ends = [
    { of: { id, instance: 'filing', side, amount: fee } as const, to: to.filing },
    ...(appealSide && appealFee
      ? [{ of: { id, instance: 'appeal', side: appealSide, amount: appealFee } as const, to: to.appeal }]
      : []),
  ];
  for (const end of ends) {
    const ended = await post(tx, resolveDisputeFee(feeOf(row, end.of), end.to));
    assert(ended.ok, `fee of dispute ${id}`);
  }
}

/** The two sides agreed on the delivery's price in the procedure of its quality: the dispute is over with that. */
export async function agreedElsewhere(
  tx: Tx,
  row: SettlementRow,
  of: { readonly amount: bigint; readonly now: Date },
): Promise<void> {
  const its = and(eq(dispute.contractId, row.contractId), isNull(dispute.endedAt));
  const open = first(await orm(tx).select().from(dispute).where(its).for('update'));
  if (!open) return;
  await endFees(tx, row, open, { filing: 'payer', appeal: 'payer' });
  await orm(tx)
    .update(dispute)
    .set({ state: 'agreed', amount: of.amount, dueAt: null, endedAt: of.now })
    .where(eq(dispute.id, open.id));
  const by = { side: otherSide(open.side), personId: null };
  await orm(tx)
    .insert(step)
    .values({ disputeId: open.id, move: 'agree', ...by, at: of.now });
}
