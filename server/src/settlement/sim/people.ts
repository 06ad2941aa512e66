/**
 * Everybody outside the machines: buyers who pay and look at results, weighbridges and laboratories, and the centre's
 * staff. Each round they do what is theirs to do now; whatever was done already is refused and stays as it is.
 */
import type { Sql } from 'postgres';
import { announceResult } from '../../logistics/public.ts';
import type { Principal } from '../../platform/principal.ts';
import type { Tx } from '../../platform/db.ts';
import { inTransaction } from '../../platform/http.ts';
import { newId } from '../../platform/id.ts';
import { enqueue } from '../../platform/outbox.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { depositInstruction } from '../bank/accounts.ts';
import { type BankDeps, stepOf } from '../bank/deps.ts';
import { closeCase } from '../bank/cases.ts';
import { approvePayment } from '../bank/payments.ts';
import { HALTING_CASES } from '../bank/sending.ts';
import { fileDispute } from '../disputes/file.ts';
import { agree, makeOffer } from '../disputes/hearing.ts';
import { settleFinal } from '../trade/commands.ts';
import { retryPayout } from '../trade/decisions.ts';
import { formatMoney, minor } from '@seam/units';
import { type Bank, persistently } from './bank.ts';
import type { BoundTrade } from './contracts.ts';
import { accountOf } from './plan.ts';
import { simPorts } from './ports.ts';

const AT_ONCE = 100;
const [FIRST, SECOND, THIRD] = ['staff one', 'staff two', 'staff three'];

export type Done = {
  paid: number;
  delivered: number;
  decided: number;
  retried: number;
  approved: number;
  closed: number;
};

export class People {
  readonly done: Done = { paid: 0, delivered: 0, decided: 0, retried: 0, approved: 0, closed: 0 };
  readonly #sql: Sql;
  readonly #deps: BankDeps;
  readonly #bank: Bank;
  readonly #trades: ReadonlyMap<string, BoundTrade>;
  readonly #asked = new Set<string>();

  constructor(of: { deps: BankDeps; bank: Bank; trades: ReadonlyMap<string, BoundTrade> }) {
    this.#sql = of.deps.sql;
    this.#deps = of.deps;
    this.#bank = of.bank;
    this.#trades = of.trades;
  }

  /** @returns how much there was to do. */
  async round(): Promise<number> {
    const before = Object.values(this.done).reduce((sum, one) => sum + one, 0);
    await this.#pay();
    await this.#deliver();
    await this.#judge();
    await this.#repair();
    return Object.values(this.done).reduce((sum, one) => sum + one, 0) - before;
  }

  #tradeOf(id: string): BoundTrade {
    const trade = this.#trades.get(id);
    if (!trade) throw new Error(`a settlement ${id} that nobody has traded`);
    return trade;
  }

  /** Each under its own reference, from the buyer's account at the bank. */
  async #pay(): Promise<void> {
    const due = await this.#sql<{ id: string; amount: string }[]>`
      select contract_id as id, provisional_amount::text as amount from settlement where state = 'provisional_due'`;
    const fresh = due.filter(({ id }) => !this.#asked.has(id)).slice(0, AT_ONCE);
    await inLanes(fresh, 4, async ({ id, amount }) => {
      const { buyer, currency, paidTwice } = this.#tradeOf(id);
      const found = await depositInstruction(this.#sql, buyer, currency, `provisional:${id}`);
      const transfer = {
        transferId: id,
        fromAccount: accountOf(buyer, currency),
        amount: formatMoney(minor(BigInt(amount))),
        reference: found!.reference,
      };
      for (let n = paidTwice ? 0 : 1; n < 2; n += 1)
        await persistently(async () => this.#bank.world.transfer(transfer));
      this.#asked.add(id);
      this.done.paid += 1;
    });
  }

  /** Trucks out of the gate, the last weighing, the certificate of analysis: as logistics and quality leave them. */
  async #deliver(): Promise<void> {
    const orders = await this.#sql<{ id: string; contractId: string }[]>`
      select id, contract_id as "contractId" from delivery_order where state = 'active' limit ${AT_ONCE}`;
    if (orders.length === 0) return;
    await inTransaction(this.#sql, async (tx) => {
      for (const order of orders) await deliverOne(tx, order.id, this.#tradeOf(order.contractId));
    });
    this.done.delivered += orders.length;
  }

  /** Most buyers accept, some let the time pass, a few contest and the centre decides. */
  async #judge(): Promise<void> {
    const results = await this.#sql<{ id: string }[]>`
      select contract_id as id from settlement where state = 'result_due'`;
    const fresh = results.filter(({ id }) => !this.#asked.has(`result ${id}`)).slice(0, AT_ONCE);
    await inLanes(fresh, 4, async ({ id }) => {
      const trade = this.#tradeOf(id);
      const settled = await inTransaction(this.#sql, async (tx) => {
        if (trade.outcome === 'accept') return settleFinal(stepOf(this.#deps, tx), simPorts, id);
        if (trade.outcome === 'dispute') return this.#contest(tx, id, trade);
        // The challenge period ends now.
        await tx`update outbox set not_before = now() where effect_key = ${`settlement:${id}:accept`} and done_at is null`;
        return undefined;
      });
      if (settled !== undefined) return;
      this.#asked.add(`result ${id}`);
      this.done.decided += 1;
    });
    await this.#agree();
  }

  /** A tenth less, says the buyer; one that cannot pay the fee accepts. */
  async #contest(tx: Tx, contractId: string, { buyer }: BoundTrade) {
    const [row] = await tx<{ final: string }[]>`
      select final_amount::text as final from settlement where contract_id = ${contractId}`;
    const amount = formatMoney(minor((BigInt(row!.final) * 9n) / 10n));
    const claim = { contractId, cause: 'weight', statement: 'wet coal', amount } as const;
    const filed = await fileDispute(stepOf(this.#deps, tx), simPorts, personOf(buyer), claim);
    if (!isRefusal(filed)) return undefined;
    return settleFinal(stepOf(this.#deps, tx), simPorts, contractId);
  }

  /** Weighed again, the two sides agree on what the result said. */
  async #agree(): Promise<void> {
    const disputed = await this.#sql<{ id: string; contractId: string; computed: string }[]>`
      select id, contract_id as "contractId", computed::text from settlement_dispute
       where ended_at is null limit ${AT_ONCE}`;
    for (const { id, contractId, computed } of disputed) {
      const { buyer, seller } = this.#tradeOf(contractId);
      const amount = formatMoney(minor(BigInt(computed)));
      await inTransaction(this.#sql, async (tx) => {
        const step = stepOf(this.#deps, tx);
        return (
          (await makeOffer(tx, personOf(seller), { id, amount, now: step.now })) ??
          agree(step, simPorts, personOf(buyer), { id, offer: 1 })
        );
      });
      this.done.decided += 1;
    }
  }

  /** What the human queue shows: payouts that failed go again, with two approvals where they need them. */
  async #repair(): Promise<void> {
    const failed = await this.#sql<{ id: string }[]>`
      select contract_id as id from settlement where state = 'payout_failed'
      union select r.contract_id from settlement_release r join lateral (
        select status from payment where obligation_key = 'payout:' || r.contract_id || ':' || r.ticket_id
         order by created_at desc, id desc limit 1) p on true
       where r.amount > 0 and p.status in ('rejected', 'failed', 'returned') limit ${AT_ONCE}`;
    for (const { id } of failed) {
      await inTransaction(this.#sql, async (tx) =>
        retryPayout(stepOf(this.#deps, tx), simPorts, { contractId: id, personId: FIRST }),
      );
      this.done.retried += 1;
    }
    await this.#closeHalting();
    const waiting = await this.#sql<
      { id: string }[]
    >`select id from payment where status = 'created' limit ${AT_ONCE}`;
    for (const { id: paymentId } of waiting) {
      for (const personId of [FIRST, SECOND, THIRD])
        await inTransaction(this.#sql, async (tx) =>
          approvePayment(stepOf(this.#deps, tx), { paymentId, personId }),
        );
      this.done.approved += 1;
    }
  }

  /** What halts payouts is looked at by two persons, who let them go on: the case stays as the finding. */
  async #closeHalting(): Promise<void> {
    const cases = await this.#sql<{ id: string }[]>`select id from bank_case
      where kind = any(${[...HALTING_CASES]}) and closed_at is null`;
    for (const { id: caseId } of cases) {
      const people = [FIRST, SECOND] as const;
      await inTransaction(this.#sql, async (tx) => closeCase(stepOf(this.#deps, tx), { caseId, people }));
      this.done.closed += 1;
    }
  }
}

async function deliverOne(tx: Tx, orderId: string, trade: BoundTrade): Promise<void> {
  if (trade.releaseBasisPoints > 0) {
    const ticketId = newId();
    await enqueue(tx, {
      effectKey: `sim:gate_out:${orderId}`,
      topic: 'logistics.gate_out',
      payload: { contractId: trade.id, ticketId, netKg: String(trade.liftedKg) },
    });
  }
  const isWhole = trade.liftedKg === trade.quantityKg;
  const { count } =
    await tx`update delivery_order set lifted_kg = ${String(trade.liftedKg)}::text::bigint, state = 'completed',
      completed_at = now(), ended_as = ${isWhole ? 'exhausted' : 'closed'}
    where id = ${orderId} and state = 'active'`;
  if (count === 0) return;
  const values = [
    {
      parameter: 'calorificValue',
      basis: 'ar',
      unit: 'J/g',
      kind: 'net',
      value: String(trade.calorificValue),
    },
    { parameter: 'ash', basis: 'ar', unit: '%', value: '15.00' },
    { parameter: 'sulphur', basis: 'ar', unit: '%', value: '0.60' },
    { parameter: 'totalMoisture', basis: 'ar', unit: '%', value: '12.00' },
  ];
  await tx`insert into certificate_of_analysis (id, delivery_order_id, number, laboratory, sampled_on, quality, recorded_by)
    values (${newId()}, ${orderId}, ${`COA-${trade.n}`}, 'Laboratory', '2026-11-01', ${tx.json({ values })}, 'sim')`;
  await announceResult(tx, orderId);
}

function personOf(organisationId: string): Principal {
  return {
    personId: `person of ${organisationId}`,
    personName: organisationId,
    organisationId,
    organisationStatus: 'active',
    roles: ['finance', 'trader'],
    staff: false,
    centreRoles: [],
    robot: false,
    loginSessionId: organisationId,
  };
}

export async function inLanes<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) await work(items[next++]!);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
