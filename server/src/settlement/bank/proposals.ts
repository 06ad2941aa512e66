/**
 * Decisions about money at the bank that take two persons: one proposes with a reason, another confirms, and only then
 * it happens. What was open when it was proposed may not be any more: then it is refused and stays a proposal.
 */
import type { BankDecision } from '@seam/protocol';
import { type Currency, CURRENCIES, formatMoney, parseMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { closeCase, identifyDeposit, lineKey, unmatchedDeposits } from './cases.ts';
import { contest, contestable } from './claims.ts';
import { correctLine, correctionOf } from './corrections.ts';
import type { BankStep } from './deps.ts';
import { failPayment, mayFail, paymentById } from './payments.ts';
import { returnToSender, returnable } from './suspense-returns.ts';

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

export type Proposal = {
  readonly id: string;
  readonly kind: BankDecision;
  readonly subject: string;
  readonly detail: {
    readonly companyId?: string | undefined;
    readonly above?: string | undefined;
    readonly approvals?: number | undefined;
    /** Of the bank that a credit goes back to; absent: our own. */
    readonly bankCode?: string | undefined;
  };
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
};
export type Wanted = Pick<Proposal, 'kind' | 'subject' | 'detail' | 'reason'> & { readonly personId: string };

/** Companies are members', not the bank's. */
export type IsCompany = (connection: Connection, id: string) => Promise<boolean>;

/** All that wait for a second person, oldest first. */
export async function openProposals(connection: Connection): Promise<Proposal[]> {
  return connection<Proposal[]>`select id, kind, subject, detail, reason, proposed_by as "proposedBy",
      proposed_at as "proposedAt" from bank_proposal where outcome is null order by proposed_at, id limit 500`;
}

export async function propose(
  step: BankStep,
  wanted: Wanted,
  isCompany: IsCompany,
): Promise<Refusal | { readonly id: string }> {
  const { tx, now } = step;
  const { kind, subject, reason, personId } = wanted;
  const judged = await judge(step, wanted, isCompany);
  if (judged) return judged;
  const id = newId();
  const { count } =
    await tx`insert into bank_proposal (id, kind, subject, detail, reason, proposed_by, proposed_at)
    values (${id}, ${kind}, ${subject}, ${tx.json(wanted.detail)}, ${reason}, ${personId},
      ${now.toISOString()}::text::timestamptz) on conflict do nothing`;
  if (count === 0) return refuse('two_person.open_already');
  await note(step, personId, 'bank.proposed', wanted);
  return { id };
}

/** Why this cannot be decided now, or nothing. */
async function judge(
  step: BankStep,
  { kind, subject, detail }: Wanted | Proposal,
  isCompany: IsCompany,
): Promise<Refusal | undefined> {
  switch (kind) {
    case 'identify_deposit': {
      if (!(await lineInSuspense(step, subject))) return refuse('bank.not_open');
      const company = await isCompany(step.tx, detail.companyId ?? '');
      return company
        ? undefined
        : refuse('bank.company_unknown', { fields: { companyId: 'bank.company_unknown' } });
    }
    case 'close_case': {
      const [open] = isUuid(subject)
        ? await step.tx`select from bank_case where id = ${subject} and closed_at is null`
        : [];
      return open ? undefined : refuse('bank.not_open');
    }
    case 'correct_line': {
      const wanted = isUuid(subject) ? await correctionOf(step.tx, subject) : undefined;
      return wanted ? undefined : refuse('bank.not_open');
    }
    case 'return_credit':
      return (await returnable(step, subject)) ? undefined : refuse('bank.not_open');
    case 'contest_debit':
      return (await contestable(step, subject)) ? undefined : refuse('bank.not_open');
    case 'fail_payment': {
      const payment = isUuid(subject) ? await paymentById(step.tx, subject, 'lock') : undefined;
      const problem = payment ? await mayFail(step, payment) : 'payment.unknown';
      return problem && refuse(PROBLEMS[problem]);
    }
    case 'change_limit':
      return limitOf(subject, detail)
        ? undefined
        : refuse('request.invalid', { fields: { above: 'field.invalid' } });
  }
}

const PROBLEMS = {
  'payment.unknown': 'resource.not_found',
  'payment.not_in_doubt': 'bank.not_open',
  'payment.window_open': 'bank.window_open',
  'payment.statement_missing': 'bank.statement_missing',
} as const;

type Limit = { readonly currency: Currency; readonly above: bigint; readonly approvals: number };

function limitOf(subject: string, { above, approvals }: Proposal['detail']): Limit | undefined {
  const currency = CURRENCIES.find((one) => one === subject);
  const amount = above === undefined ? undefined : parseMoney(above);
  if (!currency || amount === undefined || amount > 10n ** 15n || approvals === undefined) return undefined;
  return { currency, above: amount, approvals };
}

async function lineInSuspense({ tx }: BankStep, key: string) {
  return (await unmatchedDeposits(tx)).find(({ account, ref }) => lineKey(account, ref) === key);
}

export type Decision = { readonly proposalId: string; readonly personId: string; readonly confirm: boolean };

/** Takes effect in this transaction, or is refused as a whole and stays open. */
export async function decide(
  step: BankStep,
  { proposalId, personId, confirm }: Decision,
): Promise<Refusal | { readonly outcome: 'confirmed' | 'rejected' }> {
  const { tx, now } = step;
  const [proposal] = isUuid(proposalId)
    ? await tx<(Proposal & { outcome: string | null })[]>`select id, kind, subject, detail, reason,
        proposed_by as "proposedBy", proposed_at as "proposedAt", outcome from bank_proposal where id = ${proposalId} for update`
    : [];
  if (!proposal) return refuse('resource.not_found');
  if (proposal.outcome !== null) return refuse('two_person.decided');
  if (confirm) {
    if (proposal.proposedBy === personId) return refuse('two_person.own');
    const problem = await carryOut(step, proposal, personId);
    if (problem) return problem;
  }
  const outcome = confirm ? 'confirmed' : 'rejected';
  await tx`update bank_proposal set outcome = ${outcome}, decided_by = ${personId},
      decided_at = ${now.toISOString()}::text::timestamptz where id = ${proposal.id}`;
  await note(step, personId, `bank.${outcome}`, proposal);
  return { outcome };
}

async function carryOut(step: BankStep, proposal: Proposal, personId: string): Promise<Refusal | undefined> {
  const { kind, subject, detail, reason } = proposal;
  const people = [proposal.proposedBy, personId] as const;
  switch (kind) {
    case 'identify_deposit': {
      const line = await lineInSuspense(step, subject);
      if (!line) return refuse('bank.not_open');
      const { account, ref } = line;
      const done = await identifyDeposit(step, { account, ref, orgId: detail.companyId!, people });
      return done.ok ? undefined : refuse('bank.not_open');
    }
    case 'close_case': {
      const done = await closeCase(step, { caseId: subject, people });
      return done.ok ? undefined : refuse('bank.not_open');
    }
    case 'correct_line': {
      const done = await correctLine(step, { caseId: subject, people, reason });
      return done ? undefined : refuse('bank.not_open');
    }
    case 'return_credit': {
      const line = await returnable(step, subject);
      const done = line && (await returnToSender(step, line, { people, reason, bankCode: detail.bankCode }));
      return done ? undefined : refuse('bank.not_open');
    }
    case 'contest_debit': {
      const line = await contestable(step, subject);
      return line && (await contest(step, line, { people, reason })) ? undefined : refuse('bank.not_open');
    }
    case 'fail_payment': {
      const done = await failPayment(step, { paymentId: subject, people, reason });
      if (done.ok) return undefined;
      return refuse(done.code === 'payment.needs_two_people' ? 'two_person.own' : PROBLEMS[done.code]);
    }
    case 'change_limit': {
      const { currency, above, approvals } = limitOf(subject, detail)!;
      await step.tx`insert into payment_limit (currency, above, approvals)
        values (${currency}, ${above.toString()}::text::bigint, ${approvals})
        on conflict (currency) do update set above = excluded.above, approvals = excluded.approvals`;
      return undefined;
    }
  }
}

async function note(step: BankStep, personId: string, action: string, of: Wanted | Proposal): Promise<void> {
  const { above } = of.detail;
  const detail = {
    ...of.detail,
    ...(above !== undefined && { above: formatMoney(parseMoney(above) ?? 0n) }),
  };
  await step.tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, ${`${of.kind}:${of.subject}`}, ${step.tx.json({ reason: of.reason, ...detail })})`;
}
