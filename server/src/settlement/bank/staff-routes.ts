/** The centre's desk for the bank: what waits, what is proved, and what two persons decide. */
import { bankRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { isRefusal, refuse } from '../../platform/refusal.ts';
import type { Tx } from '../../platform/db.ts';
import { calendarYear, isDay, setDay } from './calendar-desk.ts';
import type { BankStep } from './deps.ts';
import {
  type Viewer,
  accountsNow,
  bankDays,
  casesOf,
  heldStatements,
  limitsOf,
  paymentsOf,
  proposalById,
  suspenseLines,
} from './desk.ts';
import { approvePayment } from './payments.ts';
import { type IsCompany, decide, propose } from './proposals.ts';
import { unprovenDays } from './unproven.ts';

export type BankDeskDeps = HttpDeps & {
  readonly clock: Clock;
  readonly stepOf: (tx: Tx) => BankStep;
  readonly namesOf: Viewer['companies'];
  readonly personNamesOf: Viewer['people'];
};

export function bankDeskRoutes(app: FastifyInstance, deps: BankDeskDeps): void {
  const viewer = ({ personId }: Principal): Viewer => ({
    personId,
    now: deps.clock.now(),
    companies: deps.namesOf,
    people: deps.personNamesOf,
  });
  const isCompany: IsCompany = async (connection, id) => (await deps.namesOf(connection, [id])).has(id);
  read(app, deps, r.bankPayments, async ({ connection, principal, query }) => ({
    items: await paymentsOf(connection, viewer(principal), { show: query.show ?? 'open' }),
  }));
  write(app, deps, r.approveBankPayment, async ({ connection, principal, params }) => {
    const { id } = params;
    const [before] = await paymentsOf(connection, viewer(principal), { id });
    if (!before) return refuse('resource.not_found');
    const done = await approvePayment(deps.stepOf(connection), {
      paymentId: id,
      personId: principal.personId,
    });
    if (!done.ok) return refuse(APPROVAL_PROBLEMS[done.code]);
    await connection`insert into audit_entry (person_id, action, subject)
      values (${principal.personId}, 'bank.payment_approved', ${id})`;
    const [after] = await paymentsOf(connection, viewer(principal), { id });
    return after!;
  });
  read(app, deps, r.bankSuspense, async ({ connection, principal }) => ({
    items: await suspenseLines(connection, viewer(principal)),
  }));
  read(app, deps, r.bankStatements, async ({ connection }) => ({
    accounts: await accountsNow(connection),
    held: await heldStatements(connection),
    days: await bankDays(connection),
    unproven: await unprovenDays(connection),
  }));
  read(app, deps, r.bankCases, async ({ connection, principal }) => ({
    items: await casesOf(connection, viewer(principal)),
  }));
  read(app, deps, r.paymentLimits, async ({ connection, principal }) => ({
    items: await limitsOf(connection, viewer(principal)),
  }));
  read(app, deps, r.bankCalendar, async ({ connection, query }) =>
    calendarYear(connection, { currency: query.currency, year: Number(query.year) }),
  );
  write(app, deps, r.setBankDay, async ({ connection, principal, body }) => {
    if (!isDay(body.day)) return refuse('request.invalid', { fields: { day: 'field.invalid' } });
    await setDay(connection, principal.personId, body);
    return calendarYear(connection, { currency: body.currency, year: Number(body.day.slice(0, 4)) });
  });
  write(app, deps, r.proposeBankDecision, async ({ connection, principal, body }) => {
    const { kind, subject, reason, ...detail } = body;
    const { personId } = principal;
    const made = await propose(
      deps.stepOf(connection),
      { kind, subject, reason, detail, personId },
      isCompany,
    );
    if (isRefusal(made)) return made;
    return (await proposalById(connection, viewer(principal), made.id))!;
  });
  write(app, deps, r.decideBankProposal, async ({ connection, principal, params, body }) =>
    decide(deps.stepOf(connection), {
      proposalId: params.id,
      personId: principal.personId,
      confirm: body.confirm,
    }),
  );
}

const APPROVAL_PROBLEMS = {
  'payment.unknown': 'resource.not_found',
  'payment.self_approval': 'two_person.own',
  'payment.not_awaiting_approval': 'bank.not_awaiting_approval',
} as const;
