/**
 * Money of one contract, step by step. Each step locks the settlement's row, checks the table of its
 * life, and moves state, invoices and ledger in one transaction; the keys of the effects make a repeat
 * harmless.
 */
import {
  type FinalSettlement,
  contractAccount,
  finalSettlement,
  partyAccount,
  provisionalPayment,
  releaseSecurity,
} from '@seam/ledger';
import { type Currency, type Minor, minor } from '@seam/units';
import { bindingContract, isCalledOff } from '../../contracts/public.ts';
import { deliveryResult } from '../../logistics/public.ts';
import { type Tx, orm } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { newId } from '../../platform/id.ts';
import { enqueue } from '../../platform/outbox.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import { feeRuleOf, finalMass } from '../fees/of-terms.ts';
import { issueInvoices } from '../invoices/issue.ts';
import { post } from '../ledger/ledger.ts';
import { balances } from '../ledger/read.ts';
import { askToTellReturn } from '../security/letters.ts';
import { moveSettlement } from './lifecycle.ts';
import { owe, settleWhenDue } from './obligations.ts';
import { payOut } from './payouts.ts';
import type { TradePorts } from './ports.ts';
import { escrowOf, insufficient, lockSettlement, setState } from './row.ts';
import { finalInvoice, provisionalInvoice } from './rules.ts';
import { endWindowAfter } from './window-end.ts';
import { type SettlementRow, invoice, settlement } from './tables.ts';

const DAY_MS = 24 * 3600_000;

/**
 * Opens the settlement of a contract that binds, or of one delivery under it: the provisional invoice. A contract
 * that is called off has none of its own.
 */
export async function openSettlement(tx: Tx, contractId: string, now: Date): Promise<void> {
  const contract = await bindingContract(tx, contractId);
  assert(contract, `settlement of contract ${contractId}, which does not bind`);
  const { terms } = contract;
  if (contract.id === contract.contractId && isCalledOff(terms)) {
    await enqueue(tx, {
      effectKey: `long_term:${contractId}:open`,
      topic: 'long_term.open',
      payload: { contractId },
    });
    return;
  }
  const { amount, detail } = provisionalInvoice(terms);
  const opened = await orm(tx)
    .insert(settlement)
    .values({
      contractId,
      sellerId: contract.sellerId,
      buyerId: contract.buyerId,
      currency: terms.currency,
      state: 'provisional_due',
      releaseBasisPoints: terms.payment.releaseBasisPoints ?? 0,
      provisionalAmount: amount,
      provisionalDueAt: new Date(now.getTime() + terms.payment.provisionalWithinDays * DAY_MS),
    })
    .onConflictDoNothing()
    .returning({ id: settlement.contractId });
  if (opened.length === 0) return;
  await enqueue(tx, {
    effectKey: `settlement:${contractId}:payment_due`,
    topic: 'settlement.payment_due',
    payload: { contractId },
    notBefore: new Date(now.getTime() + terms.payment.provisionalWithinDays * DAY_MS),
  });
  await orm(tx)
    .insert(invoice)
    .values({ id: newId(), contractId, kind: 'provisional', number: `PI-${terms.number}`, amount, detail });
  await issueInvoices(tx, contractId, now);
}

/** The buyer pays the provisional invoice into escrow; then the coal may be ordered out. */
export async function payProvisional(
  tx: Tx,
  principal: Pick<Principal, 'organisationId'>,
  contractId: string,
): Promise<Refusal | undefined> {
  const row = await lockSettlement(tx, contractId);
  if (!row || row.buyerId !== principal.organisationId) return refuse('resource.not_found');
  const next = moveSettlement(row.state, 'fund');
  if (!next) return refuse('settlement.not_due');
  const paid = await post(
    tx,
    provisionalPayment({
      contractId,
      buyerId: row.buyerId,
      sellerId: row.sellerId,
      currency: row.currency as Currency,
      invoiceId: `PI-${contractId}`,
      amount: minor(row.provisionalAmount),
    }),
  );
  if (!paid.ok) return insufficient(paid);
  await setState(tx, row, next);
  const contract = await bindingContract(tx, contractId);
  assert(contract, `contract ${contractId} is missing`);
  await endWindowAfter(tx, contractId, contract.terms.goods.windowTo);
  await enqueue(tx, {
    effectKey: `logistics:${contractId}:order`,
    topic: 'logistics.issue_delivery_order',
    payload: { contractId },
  });
  return undefined;
}

/** Weight and quality are known: the final invoice is computed and shown; the buyer accepts or contests. */
export async function reportResult(tx: Tx, contractId: string, now: Date): Promise<void> {
  const row = await lockSettlement(tx, contractId);
  const contract = await bindingContract(tx, contractId);
  const delivered = await deliveryResult(tx, contractId);
  assert(row && contract, `result of contract ${contractId}, which does not bind`);
  // Contested between the weighing and now: the result is told again when the quality is decided.
  if (row.state !== 'funded' || !delivered) return;
  const result = finalInvoice(contract.terms, delivered);
  if (result.outcome === 'undecided') {
    await setState(tx, row, 'disputed', { reason: result.reason });
    return;
  }
  await orm(tx)
    .insert(invoice)
    .values({
      id: newId(),
      contractId,
      kind: 'final',
      number: `FI-${contract.terms.number}`,
      amount: result.amount,
      detail: result.detail,
    });
  const dueAt = new Date(now.getTime() + contract.terms.inspection.challengeDays * DAY_MS);
  await setState(tx, row, 'result_due', { finalAmount: result.amount, resultDueAt: dueAt });
  await enqueue(tx, {
    effectKey: `settlement:${contractId}:accept`,
    topic: 'settlement.accept',
    payload: { contractId },
    notBefore: dueAt,
  });
  await issueInvoices(tx, contractId, now);
}

/** The day to pay has passed: the buyer is in default, and visibly so. Paying cures it until its security is taken. */
export async function passPaymentDay(tx: Tx, contractId: string, now: Date): Promise<void> {
  const row = await lockSettlement(tx, contractId);
  const next = row && moveSettlement(row.state, 'default');
  if (!row || !next || row.provisionalDueAt > now) return;
  await setState(tx, row, next);
}

/**
 * Settles the final invoice: escrow to seller, fee and tax, difference to or from the buyer, security
 * back, and the payout instruction to the bank.
 * @param more.laterAt what the buyer's free money does not cover becomes an obligation, due then; without it
 *   nothing moves until the buyer has the money.
 */
export async function settleFinal(
  step: BankStep,
  ports: TradePorts,
  contractId: string,
  more: { readonly laterAt?: Date } = {},
): Promise<Refusal | undefined> {
  const { tx } = step;
  const row = await lockSettlement(tx, contractId);
  assert(row, `settlement ${contractId} is missing`);
  const next = moveSettlement(row.state, 'settle');
  if (!next || row.finalAmount === null) return refuse('settlement.not_due');
  const contract = await bindingContract(tx, contractId);
  assert(contract, `contract ${contractId} is missing`);
  const { terms } = contract;
  const final: FinalSettlement = {
    contractId,
    buyerId: row.buyerId,
    sellerId: row.sellerId,
    currency: row.currency as Currency,
    invoiceId: `FI-${contractId}`,
    escrowed: minor(await escrowOf(tx, row)),
    released: minor(row.releasedAmount),
    gross: minor(row.finalAmount),
    fee: feeRuleOf(terms.fees),
    mass: await finalMass(tx, contractId),
  };
  const later = more.laterAt ? await lackingFor(tx, row, final) : minor(0n);
  const { posting, split, owed } = finalSettlement({ ...final, owedByBuyer: later });
  const settled = await post(tx, posting);
  if (!settled.ok) return insufficient(settled);
  await returnSecurity(tx, row);
  if (owed > 0n) await returnReleased(step, row, contract.contractId, owed);
  if (later > 0n)
    await oweRest(tx, row, { contractId: contract.contractId, amount: later, ...more, now: step.now });
  const payoutAmount = split.net - later;
  await setState(tx, row, next, { feeAmount: split.fee, taxAmount: split.tax, payoutAmount, reason: null });
  await payOut(step, ports, { ...row, payoutAmount }, terms.number);
  await issueInvoices(tx, contractId, step.now);
  return undefined;
}

/** What escrow and free money of the buyer lack for what the seller still has to get. */
async function lackingFor(tx: Tx, row: SettlementRow, final: FinalSettlement): Promise<Minor> {
  const { split, toSeller } = finalSettlement(final);
  const code = partyAccount(row.buyerId, final.currency, 'free');
  const free = (await balances(tx, row.buyerId)).find((account) => account.code === code)?.available ?? 0n;
  const lacking = toSeller + split.fee + split.tax - final.escrowed - free;
  return minor(lacking <= 0n ? 0n : lacking < toSeller ? lacking : toSeller);
}

async function oweRest(
  tx: Tx,
  row: SettlementRow,
  of: { readonly contractId: string; readonly amount: bigint; readonly laterAt?: Date; readonly now: Date },
): Promise<void> {
  await owe(tx, {
    key: `final-balance:${row.contractId}`,
    contractId: of.contractId,
    debtorId: row.buyerId,
    creditorId: row.sellerId,
    currency: row.currency as Currency,
    amount: of.amount,
    kind: 'final_balance',
    dueAt: of.laterAt ?? of.now,
    createdAt: of.now,
  });
}

/** More was released than the coal turned out to be worth: the seller owes it, and pays at once what it can. */
async function returnReleased(
  step: BankStep,
  row: SettlementRow,
  contractId: string,
  amount: bigint,
): Promise<void> {
  const id = await owe(step.tx, {
    key: `over-release:${row.contractId}`,
    contractId,
    debtorId: row.sellerId,
    creditorId: row.buyerId,
    currency: row.currency as Currency,
    amount,
    kind: 'over_release',
    dueAt: step.now,
    createdAt: step.now,
  });
  if (id !== undefined) await settleWhenDue(step.tx, id, step.now);
}

/** The performance security of both sides is free again. */
export async function returnSecurity(tx: Tx, row: SettlementRow): Promise<void> {
  for (const orgId of [row.buyerId, row.sellerId]) {
    const code = contractAccount(orgId, row.currency as Currency, 'performance_security', row.contractId);
    const held = (await balances(tx, orgId)).find((account) => account.code === code)?.balance ?? 0n;
    if (held === 0n) continue;
    const released = await post(
      tx,
      releaseSecurity({
        contractId: row.contractId,
        orgId,
        currency: row.currency as Currency,
        amount: minor(held),
      }),
    );
    assert(released.ok, `security of ${orgId} for contract ${row.contractId}`);
    await askToTellReturn(tx, { contractId: row.contractId, orgId });
  }
}

/** A contract that was not signed, or whose last delivery is done: the security of both is free again. */
export async function returnContractSecurity(
  tx: Tx,
  contract: { id: string; sellerId: string; buyerId: string },
): Promise<void> {
  for (const orgId of [contract.buyerId, contract.sellerId]) {
    for (const account of await balances(tx, orgId)) {
      if (
        account.kind !== 'performance_security' ||
        account.contractId !== contract.id ||
        account.balance === 0n
      )
        continue;
      const released = await post(
        tx,
        releaseSecurity({
          contractId: contract.id,
          orgId,
          currency: account.currency,
          amount: account.balance,
        }),
      );
      assert(released.ok, `security of ${orgId} for contract ${contract.id}`);
    }
  }
}
