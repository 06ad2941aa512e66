import { bankRoutes, settlementRoutes as r } from '@seam/protocol';
import { formatMoney, minor, parseMoney } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection, Tx } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { refuse } from '../../platform/refusal.ts';
import { depositInstruction } from '../bank/accounts.ts';
import type { BankStep } from '../bank/deps.ts';
import { createPayment } from '../bank/payments.ts';
import { balances, statement } from '../ledger/read.ts';
import { ledgerHttp } from '../ledger/routes.ts';
import { ratingHttp } from '../ratings/routes.ts';
import { payProvisional, settleFinal } from './commands.ts';
import { paymentReference } from './by-reference.ts';
import { decideDispute, retryPayout } from './decisions.ts';
import type { TradePorts } from './ports.ts';
import { listSettlements, openWork, settlementView } from './queries.ts';
import { settlement } from './tables.ts';
import { orm } from '../../platform/db.ts';
import { eq } from 'drizzle-orm';

export type SettlementDeps = HttpDeps & {
  readonly clock: Clock;
  readonly ports: TradePorts;
  readonly stepOf: (tx: Tx) => BankStep;
};

export function settlementRoutes(app: FastifyInstance, deps: SettlementDeps): void {
  ledgerHttp(app, { ...deps, namesOf: deps.ports.namesOf });
  moneyRoutes(app, deps);
  staffRoutes(app, deps);
  ratingHttp(app, deps);
  const { ports } = deps;
  const view = async (connection: Connection, id: string, principal: Principal) =>
    (await settlementView(connection, ports.namesOf, id, principal, deps.clock.now())) ??
    refuse('resource.not_found');

  read(app, deps, r.settlements, async ({ connection, principal }) => ({
    items: await listSettlements(connection, ports.namesOf, principal),
  }));
  read(app, deps, r.settlement, async ({ params, connection, principal }) =>
    view(connection, params.id, principal),
  );
  write(
    app,
    deps,
    r.payProvisional,
    async ({ params, connection, principal }) =>
      (await payProvisional(connection, principal, params.id)) ?? view(connection, params.id, principal),
  );
  write(app, deps, r.acceptResult, async ({ params, connection, principal }) => {
    const [row] = await orm(connection).select().from(settlement).where(eq(settlement.contractId, params.id));
    if (row?.buyerId !== principal.organisationId) return refuse('resource.not_found');
    // While it is disputed only the centre may let the result stand.
    if (row.state !== 'result_due') return refuse('settlement.not_due');
    return (
      (await settleFinal(deps.stepOf(connection), ports, params.id)) ?? view(connection, params.id, principal)
    );
  });
}

function moneyRoutes(app: FastifyInstance, deps: SettlementDeps): void {
  write(app, deps, r.depositInstruction, async ({ params, connection, principal }) => {
    const found = await depositInstruction(connection, principal.organisationId, params.currency);
    if (!found) return refuse('settlement.currency_unavailable');
    const { reference, currency, accountNumber, holderName, bank } = found;
    return { reference, currency, accountNumber, holderName, bank: bank.code };
  });
  write(app, deps, bankRoutes.paymentReference, async ({ params, connection, principal }) =>
    paymentReference(connection, principal.organisationId, `${params.kind}:${params.id}`),
  );
  read(app, deps, r.statement, async ({ connection, principal }) => {
    const accounts = await balances(connection, principal.organisationId);
    const lines = [];
    for (const account of accounts) {
      for (const line of await statement(connection, account.code)) {
        const moved = line.posted !== 0n ? line.posted : line.pending;
        lines.push({
          at: line.at.toISOString(),
          reason: line.reason,
          subject: line.subject,
          kind: account.kind,
          currency: account.currency,
          amount: formatMoney(line.side === 'credit' ? moved : -moved),
        });
      }
    }
    lines.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
    return { items: lines.slice(0, 300) };
  });
  write(app, deps, r.withdraw, async ({ body, connection, principal }) => {
    const amount = parseMoney(body.amount) ?? 0n;
    if (amount <= 0n) return refuse('request.invalid', { fields: { amount: 'not_positive' } });
    const creditor = await deps.ports.creditorOf(connection, principal.organisationId, body.currency);
    if (!creditor) return refuse('withdrawal.no_account');
    const made = await createPayment(deps.stepOf(connection), {
      obligationKey: `withdrawal:${newId()}`,
      orgId: principal.organisationId,
      source: 'free',
      amount: minor(amount),
      currency: body.currency,
      creditor,
      remittance: 'Withdrawal from the exchange',
      createdBy: principal.personId,
      approvalsRequired: 0,
    });
    if (made.ok) return { paymentId: made.payment.paymentId, endToEndId: made.payment.endToEndId };
    const available = 'available' in made ? formatMoney(made.available) : '0.00';
    return refuse('withdrawal.not_available', {
      fields: { amount: 'not_available' },
      accepted: { amount: available },
    });
  });
}

function staffRoutes(app: FastifyInstance, deps: SettlementDeps): void {
  const { ports } = deps;
  const view = async (connection: Connection, id: string, principal: Principal) =>
    (await settlementView(connection, ports.namesOf, id, principal, deps.clock.now())) ??
    refuse('resource.not_found');
  write(app, deps, r.decideDispute, async ({ params, body, connection, principal }) => {
    const { personId } = principal;
    const decided = { contractId: params.id, agreedPrice: body.agreedPrice, reason: body.reason, personId };
    return (
      (await decideDispute(deps.stepOf(connection), ports, decided)) ?? view(connection, params.id, principal)
    );
  });
  write(app, deps, r.retryPayout, async ({ params, connection, principal }) => {
    const retried = { contractId: params.id, personId: principal.personId };
    return (
      (await retryPayout(deps.stepOf(connection), ports, retried)) ?? view(connection, params.id, principal)
    );
  });
  read(app, deps, r.openWork, async ({ connection }) => ({ items: await openWork(connection) }));
  write(app, deps, r.retryWork, async ({ params, connection, principal }) => {
    if (!/^\d+$/.test(params.id)) return refuse('resource.not_found');
    const { count } = await connection`update outbox set parked_at = null, attempts = 0, not_before = now()
      where id = ${params.id} and parked_at is not null and done_at is null`;
    if (count === 0) return refuse('resource.not_found');
    await connection`insert into audit_entry (person_id, action, subject) values (${principal.personId}, 'work.retry', ${params.id})`;
    return {};
  });
}
