/** The bank as the centre's desk sees it. */
import type {
  BankAccountNow,
  BankCase,
  BankDay,
  BankPayment,
  BankProposal,
  HeldStatement,
  PaymentLimit,
  SuspenseLine,
} from '@seam/protocol';
import { type Currency, formatMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { addBusinessDays, bankCalendars } from './calendar.ts';
import { lineKey } from './cases.ts';
import { correctionOf } from './corrections.ts';
import { type Payment, mayBeApprovedBy } from './payments.ts';
import { type Proposal, openProposals } from './proposals.ts';
import { bankProof, dayProofs } from './proof.ts';
import { HALTING_CASES } from './sending.ts';

type Named = { readonly name: string; readonly nameZh: string | null };
/** Who asks, and how ids become names. */
export type Viewer = {
  readonly personId: string;
  readonly now: Date;
  readonly companies: (connection: Connection, ids: readonly string[]) => Promise<ReadonlyMap<string, Named>>;
  readonly people: (connection: Connection, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};
const LIST_MAX = 200;

/** What waits for a person to confirm it, by what it is about. */
type Waiting = (kind: BankProposal['kind'], subject: string) => BankProposal | null;

async function waiting(connection: Connection, viewer: Viewer): Promise<Waiting> {
  const open = await openProposals(connection);
  const companies = await viewer.companies(
    connection,
    open.flatMap(({ detail }) => detail.companyId ?? []),
  );
  const people = await viewer.people(
    connection,
    open.map(({ proposedBy }) => proposedBy),
  );
  const views = new Map(
    open.map((one) => [`${one.kind} ${one.subject}`, proposalView(one, viewer, { companies, people })]),
  );
  return (kind, subject) => views.get(`${kind} ${subject}`) ?? null;
}

/** The proposal of this id as it waits. */
export async function proposalById(
  connection: Connection,
  viewer: Viewer,
  id: string,
): Promise<BankProposal | undefined> {
  const found = (await openProposals(connection)).find((one) => one.id === id);
  return found && ((await waiting(connection, viewer))(found.kind, found.subject) ?? undefined);
}

function proposalView(
  { id, kind, subject, detail, reason, proposedBy, proposedAt }: Proposal,
  viewer: Viewer,
  names: { companies: ReadonlyMap<string, Named>; people: ReadonlyMap<string, string> },
): BankProposal {
  const { companyId, above, approvals } = detail;
  return {
    id,
    kind,
    subject,
    reason,
    by: personOf(proposedBy, viewer, names.people),
    at: proposedAt.toISOString(),
    company: companyId === undefined ? null : companyOf(companyId, names.companies),
    above: above ?? null,
    approvals: approvals ?? null,
  };
}

/** The exchange itself makes most payments. */
const personOf = (id: string, viewer: Viewer, names: ReadonlyMap<string, string>): BankProposal['by'] => ({
  name: names.get(id) ?? id,
  mine: id === viewer.personId,
});
const companyOf = (id: string, names: ReadonlyMap<string, Named>): BankPayment['company'] => ({
  id,
  name: names.get(id)?.name ?? '',
  nameZh: names.get(id)?.nameZh ?? null,
});

type PaymentRow = {
  id: string;
  endToEndId: string;
  obligationKey: string;
  orgId: string;
  currency: Currency;
  amount: string;
  creditorName: string;
  creditorAccount: string;
  remittance: string;
  state: Payment['status'];
  reason: string | null;
  createdAt: Date;
  changedAt: Date;
  createdBy: string;
  approvalsRequired: number;
  approvals: { by: string; at: string }[];
  attempts: number;
  nextInquiryAt: Date | null;
  replaces: string | null;
};

/** Those that wait for an approval first, then what is under way, then what ended, newest first. */
export async function paymentsOf(
  connection: Connection,
  viewer: Viewer,
  which: { readonly show: 'open' | 'all' } | { readonly id: string },
): Promise<BankPayment[]> {
  const filter =
    'id' in which
      ? connection`p.id::text = ${which.id}`
      : which.show === 'all'
        ? connection`true`
        : connection`p.status not in ('settled', 'rejected', 'failed', 'returned')`;
  const rows = await connection<PaymentRow[]>`
    select p.id, p.end_to_end_id as "endToEndId", p.obligation_key as "obligationKey", p.org_id as "orgId", p.currency,
           p.amount::text, p.creditor_name as "creditorName", p.creditor_account as "creditorAccount", p.remittance,
           p.status as state, p.reason, p.created_at as "createdAt", p.changed_at as "changedAt",
           p.created_by as "createdBy", p.approvals_required::int as "approvalsRequired",
           coalesce((select json_agg(json_build_object('by', a.person_id, 'at', a.at) order by a.at)
              from payment_approval a where a.payment_id = p.id), '[]') as approvals,
           (select count(*)::int from payment_attempt t where t.payment_id = p.id) as attempts,
           p.next_inquiry_at as "nextInquiryAt",
           (select r.end_to_end_id from payment r where r.id = p.replaces) as replaces
      from payment p where ${filter}
     order by (p.status = 'created') desc, (p.rank < 45) desc, p.created_at desc, p.id limit ${LIST_MAX}`;
  const proposals = await waiting(connection, viewer);
  const companies = await viewer.companies(
    connection,
    rows.map(({ orgId }) => orgId),
  );
  const people = await viewer.people(
    connection,
    rows.flatMap(({ createdBy, approvals }) => [createdBy, ...approvals.map(({ by }) => by)]),
  );
  return rows.map(({ orgId, createdBy, approvals, ...row }) => ({
    ...row,
    amount: formatMoney(BigInt(row.amount)),
    company: companyOf(orgId, companies),
    createdAt: row.createdAt.toISOString(),
    changedAt: row.changedAt.toISOString(),
    nextInquiryAt: row.nextInquiryAt?.toISOString() ?? null,
    createdBy: personOf(createdBy, viewer, people),
    approvals: approvals.map(({ by, at }) => ({
      by: personOf(by, viewer, people),
      at: new Date(at).toISOString(),
    })),
    mayApprove: mayBeApprovedBy(
      { status: row.state, createdBy, approvedBy: approvals.map(({ by }) => by) },
      viewer.personId,
    ),
    proposal: proposals('fail_payment', row.id),
  }));
}

/** What two persons may say of a line in suspense. */
const LINE_DECISIONS = ['identify_deposit', 'return_credit', 'contest_debit'] as const;

export async function suspenseLines(connection: Connection, viewer: Viewer): Promise<SuspenseLine[]> {
  const rows = await connection<
    {
      account: string;
      ref: string;
      currency: Currency;
      direction: 'credit' | 'debit';
      amount: string;
      bookedAt: Date;
      counterpartyName: string | null;
      counterpartyAccount: string | null;
      text: string;
      state: SuspenseLine['state'];
    }[]
  >`select l.account, l.ref, l.currency, l.direction, l.amount::text, l.booked_at as "bookedAt",
           l.counterparty_name as "counterpartyName", l.counterparty_account as "counterpartyAccount",
           l.reference_text as text, l.state
      from suspense_open l order by l.booked_at, l.ref limit ${LIST_MAX}`;
  const calendarOf = await bankCalendars(connection);
  const proposals = await waiting(connection, viewer);
  return rows.map(({ account, ref, bookedAt, ...row }) => ({
    ...row,
    key: lineKey(account, ref),
    amount: formatMoney(BigInt(row.amount)),
    bookedAt: bookedAt.toISOString(),
    aged: addBusinessDays(calendarOf(row.currency), bookedAt, 1) <= viewer.now,
    proposal: LINE_DECISIONS.map((kind) => proposals(kind, lineKey(account, ref))).find(Boolean) ?? null,
  }));
}

export async function accountsNow(connection: Connection): Promise<BankAccountNow[]> {
  const latest = await connection<{ number: string; sequence: string | null; day: string | null }[]>`
    select number, statement_sequence::text as sequence, statement_day::text as day from bank_own_account`;
  return (await bankProof(connection)).map((one) => {
    const last = latest.find(({ number }) => number === one.account);
    return {
      currency: one.currency,
      account: one.account,
      sequence: last?.sequence == null ? null : Number(last.sequence),
      day: last?.day ?? null,
      ledger: formatMoney(one.ledger),
      statement: formatMoney(one.statement),
      inTransit: formatMoney(one.inTransit),
      difference: formatMoney(one.difference),
    };
  });
}

export async function heldStatements(connection: Connection): Promise<HeldStatement[]> {
  const rows = await connection<
    {
      account: string;
      currency: Currency;
      sequence: string;
      page: number;
      opening: string | null;
      closing: string | null;
      reason: string | null;
      code: string | null;
      params: Record<string, string>;
      gotAt: Date;
    }[]
  >`select s.account, o.currency, s.sequence::text, s.page::int, s.opening::text, s.closing::text,
           s.held_reason as reason, s.held_code as code, s.held_params as params, m.got_at as "gotAt"
      from bank_statement s join bank_own_account o on o.number = s.account join bank_message m using (source, event_id)
     where s.status = 'held' order by o.currency, s.sequence, s.page limit ${LIST_MAX}`;
  const money = (value: string | null): string | null => (value === null ? null : formatMoney(BigInt(value)));
  return rows.map(({ code, params, ...row }) => ({
    ...row,
    note: code === null ? null : { code, params },
    sequence: Number(row.sequence),
    opening: money(row.opening),
    closing: money(row.closing),
    reason: row.reason ?? '',
    gotAt: row.gotAt.toISOString(),
  }));
}

export async function bankDays(connection: Connection): Promise<BankDay[]> {
  return (await dayProofs(connection, LIST_MAX)).map(({ madeAt, ...row }) => ({
    ...row,
    currency: row.currency as Currency,
    ledger: formatMoney(row.ledger),
    statement: formatMoney(row.statement),
    inTransit: formatMoney(row.inTransit),
    difference: formatMoney(row.difference),
    members: formatMoney(row.members),
    suspense: formatMoney(row.suspense),
    madeAt: madeAt.toISOString(),
  }));
}

/** How long a closed case is still shown. */
const CLOSED_DAYS = 14;

export async function casesOf(connection: Connection, viewer: Viewer): Promise<BankCase[]> {
  const rows = await connection<
    {
      id: string;
      kind: string;
      subject: string;
      detail: string;
      code: string | null;
      params: Record<string, string>;
      openedAt: Date;
      closedAt: Date | null;
      closedBy: string[] | null;
    }[]
  >`select id, kind, subject, detail, code, params, opened_at as "openedAt", closed_at as "closedAt", closed_by as "closedBy"
      from bank_case
     where closed_at is null
        or closed_at > ${viewer.now.toISOString()}::text::timestamptz - ${CLOSED_DAYS} * interval '1 day'
     order by closed_at is not null, case when closed_at is null then opened_at end, closed_at desc limit ${LIST_MAX}`;
  const proposals = await waiting(connection, viewer);
  const people = await viewer.people(
    connection,
    rows.flatMap(({ closedBy }) => closedBy ?? []),
  );
  const corrections = await correctionsOf(
    connection,
    viewer,
    rows.filter((row) => row.closedAt === null && CORRECTABLE.has(row.kind)).map(({ id }) => id),
  );
  return rows.map(({ code, params, ...row }) => ({
    ...row,
    note: code === null ? null : { code, params },
    correction: corrections.get(row.id) ?? null,
    openedAt: row.openedAt.toISOString(),
    closedAt: row.closedAt?.toISOString() ?? null,
    closedBy: (row.closedBy ?? []).map((id) => people.get(id) ?? id),
    haltsPayouts: row.closedAt === null && HALTING_CASES.some((kind) => kind === row.kind),
    proposal: proposals('correct_line', row.id) ?? proposals('close_case', row.id),
  }));
}

const CORRECTABLE: ReadonlySet<string> = new Set(['not_on_statement', 'line_conflict', 'line_reference']);

async function correctionsOf(
  connection: Connection,
  viewer: Viewer,
  ids: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<BankCase['correction']>>> {
  const wanted = [];
  for (const id of ids) wanted.push(await correctionOf(connection, id));
  const found = wanted.filter((one) => one !== undefined);
  const names = await viewer.companies(
    connection,
    found.flatMap(({ after }) => after.orgId ?? []),
  );
  return new Map(
    found.map(({ caseId, currency, before, after }) => [
      caseId,
      {
        currency,
        before: formatMoney(before.amount),
        after: formatMoney(after.amount),
        company: after.orgId === null ? null : companyOf(after.orgId, names),
      },
    ]),
  );
}

export async function limitsOf(connection: Connection, viewer: Viewer): Promise<PaymentLimit[]> {
  const rows = await connection<{ currency: Currency; above: string; approvals: number }[]>`
    select currency, above::text, approvals::int from payment_limit order by currency`;
  const proposals = await waiting(connection, viewer);
  return rows.map((row) => ({
    ...row,
    above: formatMoney(BigInt(row.above)),
    proposal: proposals('change_limit', row.currency),
  }));
}
