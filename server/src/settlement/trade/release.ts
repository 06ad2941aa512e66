/** Truck by truck: what has left the gate sets a part of the escrow free for the seller, and is paid out. */
import { releaseDue, releaseToSeller } from '@seam/ledger';
import { type Currency, kilograms, minor } from '@seam/units';
import { eq, sum } from 'drizzle-orm';
import { bindingContract } from '../../contracts/public.ts';
import { first, orm } from '../../platform/db.ts';
import { Fault, assert } from '../../platform/fault.ts';
import type { BankStep } from '../bank/deps.ts';
import { post } from '../ledger/ledger.ts';
import { payParts } from './payouts.ts';
import type { TradePorts } from './ports.ts';
import { escrowOf, lockSettlement } from './row.ts';
import { release, settlement } from './tables.ts';

export type GateOut = { readonly contractId: string; readonly ticketId: string; readonly netKg: bigint };

/**
 * A truck is out. Told twice, or in another order than they left, the trucks come to the same sum. Once the final
 * invoice is out nothing is released any more: it brings the whole of it.
 */
export async function releaseOnGateOut(step: BankStep, ports: TradePorts, gate: GateOut): Promise<void> {
  const { tx } = step;
  const row = await lockSettlement(tx, gate.contractId);
  const contract = await bindingContract(tx, gate.contractId);
  if (!row || !contract || row.state === 'provisional_due' || row.state === 'defaulted') {
    throw new Fault('internal.error', `truck ${gate.ticketId} of ${gate.contractId}, which is not funded`);
  }
  const known = first(await orm(tx).select().from(release).where(eq(release.ticketId, gate.ticketId)));
  if (known) {
    assert(
      known.contractId === gate.contractId && known.netKg === gate.netKg,
      `truck ${gate.ticketId} told twice, differently`,
    );
    return;
  }
  const before = first(
    await orm(tx)
      .select({ kg: sum(release.netKg) })
      .from(release)
      .where(eq(release.contractId, row.contractId)),
  );
  const due = releaseDue({
    pricePerTonne: minor(BigInt(contract.terms.pricePerTonne)),
    out: kilograms(BigInt(before?.kg ?? 0) + gate.netKg),
    basisPoints: row.releaseBasisPoints,
    paidIn: minor(row.provisionalAmount),
    released: minor(row.releasedAmount),
  });
  const amount = row.state === 'funded' ? due : minor(0n);
  await orm(tx)
    .insert(release)
    .values({ ...gate, amount, releasedAt: step.now });
  if (amount === 0n) return;
  assert(
    amount <= (await escrowOf(tx, row)),
    `escrow of ${row.contractId} holds less than its trucks released`,
  );
  const { contractId, buyerId, sellerId } = row;
  const parties = { contractId, buyerId, sellerId, currency: row.currency as Currency };
  const moved = await post(tx, releaseToSeller({ ...parties, releaseId: gate.ticketId, amount }));
  assert(moved.ok, `release of truck ${gate.ticketId}`);
  await orm(tx)
    .update(settlement)
    .set({ releasedAmount: row.releasedAmount + amount })
    .where(eq(settlement.contractId, contractId));
  await payParts(step, ports, row, contract.terms.number);
}
