/** A side disputes the final amount: in its time, once, with a claim of its own and the fee held. */
import { invoiceAmount } from '@seam/coal';
import type { DISPUTE_CAUSES } from '@seam/protocol';
import { formatMoney, kilograms, minor } from '@seam/units';
import { bindingContract } from '../../contracts/public.ts';
import { deliveryResult } from '../../logistics/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import { moveSettlement } from '../trade/lifecycle.ts';
import type { TradePorts } from '../trade/ports.ts';
import { lockSettlement, setState } from '../trade/row.ts';
import type { SettlementRow } from '../trade/tables.ts';
import { type Claim, amountOf } from './claim.ts';
import { holdFee } from './fee.ts';
import { TIME_BOXES } from './lifecycle.ts';
import { payUndisputed } from './money.ts';
import { openDisputeOf } from './open.ts';
import { awaitDeadline, note, sideOf } from './row.ts';
import { type Range, type Side, feeOf, rangeOf } from './rules.ts';
import { dispute } from './tables.ts';

export type Filing = Claim & {
  readonly contractId: string;
  readonly cause: (typeof DISPUTE_CAUSES)[number];
  readonly statement: string;
};

/** @returns the id of the dispute. */
export async function fileDispute(
  step: BankStep,
  ports: TradePorts,
  principal: Principal,
  filing: Filing,
): Promise<{ readonly id: string } | Refusal> {
  const { tx, now } = step;
  const row = await lockSettlement(tx, filing.contractId);
  const side = row && sideOf(row, principal);
  if (!row || !side) return refuse('resource.not_found');
  const untimely = await refusedNow(tx, row, now);
  if (untimely) return untimely;
  const claim = await amountOf(tx, row, filing);
  if (isRefusal(claim)) return claim;
  const range = await rangeBetween(tx, row, side, claim.amount);
  if (isRefusal(range)) return range;
  const id = newId();
  const fee = feeOf(range, 'filing');
  const unpaid = await holdFee(tx, row, { id, instance: 'filing', side, amount: fee });
  if (unpaid) return unpaid;
  const dueAt = new Date(now.getTime() + TIME_BOXES.filed.ms);
  await orm(tx)
    .insert(dispute)
    .values({
      id,
      contractId: row.contractId,
      number: await nextNumber(tx, row.contractId),
      side,
      personId: principal.personId,
      cause: filing.cause,
      statement: filing.statement,
      computed: row.finalAmount,
      claimed: claim.amount,
      ...range,
      fee,
      state: 'filed',
      filedAt: now,
      dueAt,
    });
  await note(tx, id, 'file', { side, personId: principal.personId }, now);
  await awaitDeadline(tx, id, 'filed', dueAt);
  const disputed = moveSettlement(row.state, 'dispute');
  if (disputed) await setState(tx, row, disputed, { reason: null });
  await payUndisputed(step, ports, { row, disputeId: id, range });
  return { id };
}

/** Also a result that could not be computed can be disputed, until the parties or the centre have found one. */
async function refusedNow(tx: Tx, row: SettlementRow, now: Date): Promise<Refusal | undefined> {
  const open = await openDisputeOf(tx, row.contractId);
  if (open) return refuse('dispute.duplicate', { accepted: { dispute: open } });
  if (row.qualityOpen) return refuse('dispute.quality_open');
  if (row.state === 'provisional_due' || row.state === 'defaulted' || row.state === 'funded')
    return refuse('dispute.early');
  const until = row.resultDueAt?.toISOString();
  const late = refuse('dispute.late', until === undefined ? {} : { accepted: { until } });
  if (row.state === 'result_due') return row.resultDueAt && row.resultDueAt <= now ? late : undefined;
  return row.state === 'disputed' && row.finalAmount === null ? undefined : late;
}

async function rangeBetween(
  tx: Tx,
  row: SettlementRow,
  side: Side,
  claimed: bigint,
): Promise<Range | Refusal> {
  const contract = await bindingContract(tx, row.contractId);
  const delivered = await deliveryResult(tx, row.contractId);
  assert(contract && delivered, `result of ${row.contractId} without a weight`);
  const price = minor(BigInt(contract.terms.pricePerTonne));
  const byContract = invoiceAmount(price, kilograms(delivered.liftedKg));
  const computed = row.finalAmount;
  const range = rangeOf({ side, claimed, computed, byContract });
  if (range) return range;
  const counter = formatMoney(computed ?? (side === 'buyer' ? byContract : minor(0n)));
  return refuse('dispute.claims_nothing', {
    fields: { amount: 'dispute.claims_nothing' },
    accepted: side === 'buyer' ? { below: counter } : { above: counter },
  });
}

async function nextNumber(tx: Tx, contractId: string): Promise<number> {
  const [row] = await tx<{ next: number }[]>`
    select coalesce(max(number), 0) + 1 as next from settlement_dispute where contract_id = ${contractId}`;
  return row!.next;
}
