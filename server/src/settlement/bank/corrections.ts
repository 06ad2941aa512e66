/**
 * A credit that the bank notified and that its statement does not know, or knows otherwise: two persons correct it to
 * what the statement says. The line stays as it came; its last correction is what it is taken for. One effect undoes
 * what was booked and books what is right, under the same subject as the first. What a member has spent meanwhile it
 * owes. None of it can have been withdrawn: nothing leaves that no statement has confirmed.
 */
import { type Posting, moves, partyAccount, platformAccount, posting } from '@seam/ledger';
import { type Currency, type Minor, formatMoney, minor, parseMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { assert } from '../../platform/fault.ts';
import { lockAccounts, post } from '../ledger/ledger.ts';
import { closeOf, lineKey, openCase } from './cases.ts';
import type { BankStep } from './deps.ts';
import { explainTopUps, ownerOf } from './owners.ts';
import { lockOwnAccount, workOff } from './statements.ts';

type Taken = {
  readonly amount: Minor;
  /** Null: nobody's; in suspense. */
  readonly orgId: string | null;
  readonly reference: string | null;
};
export type Correction = {
  readonly caseId: string;
  readonly kind: 'not_on_statement' | 'line_conflict' | 'line_reference';
  readonly account: string;
  readonly ref: string;
  readonly currency: Currency;
  readonly before: Taken;
  readonly after: Taken;
};

type Row = {
  readonly kind: Correction['kind'];
  readonly params: Readonly<Record<string, string>>;
  readonly account: string;
  readonly ref: string;
  readonly currency: Currency;
  readonly amount: string;
  readonly outcome: string;
  readonly orgId: string | null;
  readonly reference: string | null;
  readonly firstOrg: string | null;
  readonly firstReference: string | null;
  readonly identified: string | null;
};

/** What the case would be corrected to: undefined where it is no credit, or the bank has to speak first. */
export async function correctionOf(connection: Connection, caseId: string): Promise<Correction | undefined> {
  const [row] = await connection<Row[]>`
    select c.kind, c.params, l.account, l.ref, l.currency, l.amount::text, l.outcome, l.org_id as "orgId",
           l.virtual_reference as reference, b.org_id as "firstOrg", b.virtual_reference as "firstReference",
           d.org_id as identified
      from bank_case c join bank_line_now l on l.account || '.' || l.ref = c.subject
      join bank_line b on b.account = l.account and b.ref = l.ref
      left join suspense_decision d on d.account = l.account and d.ref = l.ref
     where c.id = ${caseId} and c.closed_at is null and l.direction = 'credit' and l.statement_sequence is null
       and c.kind in ('not_on_statement', 'line_conflict', 'line_reference')
       and l.outcome in ('deposit', 'suspense', 'void')`;
  if (!row) return undefined;
  const { kind, account, ref, currency } = row;
  const before: Taken = {
    amount: minor(BigInt(row.amount)),
    orgId: row.outcome === 'suspense' ? row.identified : row.orgId,
    reference: row.reference,
  };
  const after = await afterOf(connection, row, before);
  return after && { caseId, kind, account, ref, currency, before, after };
}

async function afterOf(connection: Connection, row: Row, before: Taken): Promise<Taken | undefined> {
  const { kind, params, currency } = row;
  if (kind === 'not_on_statement') return { amount: minor(0n), orgId: null, reference: null };
  // Of two notifications nobody knows which is right: the statement has to say it.
  if (params['sequence'] === undefined) return undefined;
  if (kind === 'line_conflict') {
    const amount = params['direction'] === 'credit' ? parseMoney(params['amount'] ?? '') : undefined;
    if (amount === undefined || amount === 0n) return undefined;
    if (row.outcome !== 'void') return { ...before, amount };
    return { amount, orgId: row.identified ?? row.firstOrg, reference: row.firstReference };
  }
  const owner = await ownerOf(connection, currency, [params['text'] ?? '']);
  return { amount: before.amount, orgId: owner?.orgId ?? null, reference: owner?.reference ?? null };
}

/** @returns false when the case has become another one, or was closed, since it was proposed. */
export async function correctLine(
  step: BankStep,
  of: { readonly caseId: string; readonly people: readonly [string, string]; readonly reason: string },
): Promise<boolean> {
  const [place] = await step.tx<{ account: string }[]>`
    select l.account from bank_case c join bank_line l on l.account || '.' || l.ref = c.subject where c.id = ${of.caseId}`;
  // Whoever books lines of the account waits: what is read from here on stays so.
  const account = place && (await lockOwnAccount(step, place.account));
  const wanted = account && (await correctionOf(step.tx, of.caseId));
  if (!wanted) return false;
  await carryOut(step, wanted, of);
  await closeOf(step, [wanted.kind], lineKey(wanted.account, wanted.ref), of.people);
  await workOff(step, account);
  return true;
}

async function carryOut(
  step: BankStep,
  wanted: Correction,
  of: { readonly people: readonly [string, string]; readonly reason: string },
): Promise<void> {
  const { account, ref, before, after } = wanted;
  const [last] = await step.tx<{ no: number }[]>`
    select coalesce(max(no), 0)::int as no from bank_correction where account = ${account} and ref = ${ref}`;
  const no = last!.no + 1;
  const { undone, owed } = await postingOf(step, wanted, no);
  const done = await post(step.tx, undone);
  assert(done.ok, `correction ${no} of ${ref}`);
  const outcome = after.amount === 0n ? 'void' : after.orgId === null ? 'suspense' : 'deposit';
  await step.tx`insert into bank_correction (account, ref, no, outcome, amount, org_id, virtual_reference, case_id, reason,
      decided_by, confirmed_by, at, effect_key)
    values (${account}, ${ref}, ${no}, ${outcome}, ${after.amount.toString()}::text::bigint, ${after.orgId},
      ${after.orgId === null ? null : after.reference}, ${wanted.caseId}, ${of.reason}, ${of.people[0]}, ${of.people[1]},
      ${step.now.toISOString()}::text::timestamptz, ${undone.effectKey})`;
  const key = lineKey(account, ref);
  if (outcome !== 'suspense') await closeOf(step, ['deposit_unmatched', 'suspense_aged'], key, of.people);
  else if (before.orgId !== null) {
    const said = {
      direction: 'credit',
      currency: wanted.currency,
      amount: formatMoney(after.amount),
      name: '',
    };
    await openCase(step, 'deposit_unmatched', key, { code: 'line', ...said });
  }
  await tellOwners(step, wanted, { no, owed, isNew: before.orgId !== after.orgId });
}

/** Undoes what the line was taken for and books what it is; `owed`: what the first owner has spent of it. */
async function postingOf(
  step: BankStep,
  { account, ref, currency, before, after }: Correction,
  no: number,
): Promise<{ undone: Posting; owed: Minor }> {
  const bank = platformAccount(currency, 'bank_clearing');
  const suspense = platformAccount(currency, 'suspense');
  const owners = [...new Set([before.orgId, after.orgId])].filter((id) => id !== null);
  const codes = owners.flatMap((id) => [
    partyAccount(id, currency, 'free'),
    partyAccount(id, currency, 'receivable'),
  ]);
  const states = await lockAccounts(step.tx, [bank, suspense, ...codes]);
  const freeOf = (id: string): Minor => states.get(partyAccount(id, currency, 'free'))!.available;
  const owedOf = (id: string): Minor => states.get(partyAccount(id, currency, 'receivable'))!.balance;
  const covered = before.orgId === null ? before.amount : least(before.amount, freeOf(before.orgId));
  const rest = minor(before.amount - covered);
  const owedNow =
    after.orgId === null ? 0n : owedOf(after.orgId) + (after.orgId === before.orgId ? rest : 0n);
  const repaid = least(after.amount, minor(owedNow));
  const from = before.orgId === null ? suspense : partyAccount(before.orgId, currency, 'free');
  const to = after.orgId === null ? suspense : partyAccount(after.orgId, currency, 'free');
  const legs = [
    { debit: from, credit: bank, amount: covered },
    ...(before.orgId === null
      ? []
      : [{ debit: partyAccount(before.orgId, currency, 'receivable'), credit: bank, amount: rest }]),
    ...(after.orgId === null
      ? []
      : [{ debit: bank, credit: partyAccount(after.orgId, currency, 'receivable'), amount: repaid }]),
    { debit: bank, credit: to, amount: minor(after.amount - repaid) },
  ];
  const key = lineKey(account, ref);
  const undone = posting({
    effectKey: `deposit-corrected.${key}.${no}`,
    reason: 'correction',
    subject: `bank_entry:${key}`,
    legs: moves(legs),
  });
  const owed = before.orgId === after.orgId ? minor(rest > repaid ? rest - repaid : 0n) : rest;
  return { undone, owed };
}

const least = (one: Minor, other: Minor): Minor => (one < other ? one : other);

async function tellOwners(
  step: BankStep,
  { account, ref, currency, before, after }: Correction,
  { no, owed, isNew }: { readonly no: number; readonly owed: Minor; readonly isNew: boolean },
): Promise<void> {
  const key = lineKey(account, ref);
  const lineRef = `${key}.${no}`;
  const less = isNew ? before.amount : minor(before.amount - after.amount);
  if (before.orgId !== null && less > 0n) {
    await step.tell({ type: 'deposit_returned', orgId: before.orgId, currency, amount: less, owed, lineRef });
    const said = { currency, amount: formatMoney(less), owed: formatMoney(owed), name: '' };
    if (owed > 0n)
      await openCase(step, 'top_up_required', `${before.orgId}.${lineRef}`, { code: 'owed', ...said });
  }
  const more = isNew ? after.amount : minor(after.amount - before.amount);
  if (after.orgId === null || more <= 0n) return;
  const receivable = partyAccount(after.orgId, currency, 'receivable');
  const left = (await lockAccounts(step.tx, [receivable])).get(receivable)!.balance;
  if (left === 0n) await explainTopUps(step, after.orgId, currency);
  const [named] = await step.tx<{ key: string | null }[]>`
    select nullif(obligation_key, '') as key from virtual_account where reference = ${after.reference}`;
  const obligationKey = named?.key ?? null;
  await step.tell({
    type: 'deposit_credited',
    orgId: after.orgId,
    currency,
    amount: more,
    lineRef,
    obligationKey,
  });
}
