/** What settlement does after commits of others, and when a deadline passes. */
import { formatMoney } from '@seam/units';
import type { Clock } from '../../platform/clock.ts';
import { Fault, assert } from '../../platform/fault.ts';
import type { WorkHandler, WorkItem } from '../../platform/outbox.ts';
import type { BankFact, BankStep } from '../bank/deps.ts';
import type { Tx } from '../../platform/db.ts';
import { endOfTopUp, securityWork, tellToTopUp } from '../security/letters.ts';
import {
  openSettlement,
  passPaymentDay,
  returnContractSecurity,
  reportResult,
  settleFinal,
} from './commands.ts';
import { lockSettlement } from './row.ts';
import { onDepositFor, referenceWork } from './by-reference.ts';
import { settleWhenDue } from './obligations.ts';
import { payoutEnded } from './payouts.ts';
import type { TradePorts } from './ports.ts';
import { endWindow, returnUnclaimed } from './window.ts';
import { releaseOnGateOut } from './release.ts';
import { qualityFinal, settleAgreed } from './revise.ts';

export type TradeDeps = {
  readonly clock: Clock;
  readonly ports: TradePorts;
  readonly stepOf: (tx: Tx) => BankStep;
};

export function tradeWork(deps: TradeDeps): WorkHandler[] {
  return [
    {
      topic: 'settlement.open',
      write: async (tx, item) => openSettlement(tx, contractId(item), deps.clock.now()),
    },
    {
      topic: 'settlement.payment_due',
      write: async (tx, item) => passPaymentDay(tx, contractId(item), deps.clock.now()),
    },
    {
      topic: 'settlement.result',
      write: async (tx, item) => reportResult(tx, contractId(item), deps.clock.now()),
    },
    ...securityWork(deps),
    referenceWork(deps),
    { topic: 'settlement.accept', write: async (tx, item) => acceptByTime(tx, deps, contractId(item)) },
    {
      topic: 'settlement.window_end',
      write: async (tx, item) =>
        endWindow(tx, contractId(item), String(item.payload['windowTo']), deps.clock.now()),
    },
    {
      topic: 'settlement.security_unclaimed',
      write: async (tx, item) => returnUnclaimed(tx, contractId(item), deps.clock.now()),
    },
    {
      topic: 'settlement.quality_final',
      write: async (tx, item) => qualityFinal(tx, contractId(item), deps.clock.now()),
    },
    {
      topic: 'settlement.rejection_agreed',
      async write(tx, item) {
        const unitPrice = BigInt(String(item.payload['unitPrice']));
        const agreed = { contractId: contractId(item), unitPrice };
        const settled = await settleAgreed(deps.stepOf(tx), deps.ports, agreed);
        if (!settled) throw new Fault('ledger.insufficient_funds', `agreed price of ${agreed.contractId}`);
      },
    },
    {
      // { contractId, ticketId, netKg }: a truck with coal has left the gate.
      topic: 'logistics.gate_out',
      async write(tx, item) {
        const { ticketId, netKg } = item.payload;
        assert(
          typeof ticketId === 'string' && /^[1-9]\d*$/.test(String(netKg)),
          `work ${item.topic} is not whole`,
        );
        const gate = { contractId: contractId(item), ticketId, netKg: BigInt(String(netKg)) };
        await releaseOnGateOut(deps.stepOf(tx), deps.ports, gate);
      },
    },
    {
      topic: 'settlement.obligation_due',
      async write(tx, item) {
        const id = item.payload['obligationId'];
        assert(typeof id === 'string', `work ${item.topic} without obligationId`);
        await settleWhenDue(tx, id, deps.clock.now());
      },
    },
    {
      topic: 'contracts.voided',
      async write(tx, item) {
        const [contract] = await tx<{ id: string; sellerId: string; buyerId: string }[]>`
          select id, seller_id as "sellerId", buyer_id as "buyerId" from contract where id = ${contractId(item)}`;
        assert(contract, `void contract ${contractId(item)} is missing`);
        await returnContractSecurity(tx, contract);
      },
    },
  ];
}

function contractId(item: WorkItem): string {
  const id = item.payload['contractId'];
  assert(typeof id === 'string', `work ${item.topic} without contractId`);
  return id;
}

/** Nobody contested in time: the result stands. Short of money it is tried again and shown to staff. */
async function acceptByTime(tx: Tx, deps: TradeDeps, id: string): Promise<void> {
  const row = await lockSettlement(tx, id);
  if (row?.state !== 'result_due') return;
  const refusal = await settleFinal(deps.stepOf(tx), deps.ports, id);
  if (refusal) throw new Fault('ledger.insufficient_funds', `final invoice of contract ${id}`);
}

/** What the bank's messages mean for the contract they pay. */
export async function onPaymentFact(tx: Tx, fact: BankFact, now: Date): Promise<void> {
  if (fact.type === 'deposit_credited') {
    await onDepositFor(tx, fact);
    await endOfTopUp(tx, fact.orgId, now);
  }
  if (fact.type === 'deposit_returned' && fact.owed > 0n) {
    await tellToTopUp(tx, { orgId: fact.orgId, owed: `${fact.currency} ${formatMoney(fact.owed)}` }, now);
  }
  if (
    fact.type !== 'payment_settled' &&
    fact.type !== 'payment_rejected' &&
    fact.type !== 'payment_failed' &&
    fact.type !== 'payment_returned'
  )
    return;
  const [kind, id] = fact.obligationKey.split(':');
  if (kind === 'payout' && id) await payoutEnded(tx, id, fact.type === 'payment_settled', fact.reason, now);
}
