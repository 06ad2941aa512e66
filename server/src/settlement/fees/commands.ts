/**
 * How a fee changes: proposed in public with a reason, commented on by members, confirmed by a second person after
 * the comment period, and in force from an instant that was announced. What was written is never edited.
 */
import { type FeeScope, type FeeTerms, feeFaults, scopeKey } from '@seam/ledger';
import { type Tx, UNIQUE_VIOLATION, isPgError } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { COMMENTS_MAX, COMMENT_MS, NOTICE_MS } from './limits.ts';
import { type FeeRuleRow, confirmed, feeRules } from './rows.ts';

export type NewFeeRule = {
  readonly scope: FeeScope;
  readonly terms: FeeTerms;
  readonly from: Date;
  readonly to: Date | null;
  readonly reason: string;
};

type Person = Pick<Principal, 'personId'>;

export async function proposeFee(
  tx: Tx,
  { personId }: Person,
  rule: NewFeeRule,
  now: Date,
): Promise<{ readonly id: string } | Refusal> {
  const faults = feeFaults(rule, confirmed(await feeRules(tx)));
  if (Object.keys(faults).length > 0) return refuse('fee.invalid', { fields: faults });
  const unknown = await strangers(tx, rule.scope);
  if (unknown) return refuse('fee.invalid', { fields: { [unknown]: 'fee.company_unknown' } });
  const earliest = new Date(now.getTime() + NOTICE_MS);
  if (rule.from < earliest) {
    return refuse('fee.notice_too_short', {
      fields: { from: 'fee.notice_too_short' },
      accepted: { from: earliest.toISOString() },
    });
  }
  const id = newId();
  const { scope, terms, from, to, reason } = rule;
  // One that nobody confirmed in time stands in nobody's way.
  await tx`update fee_rule set outcome = 'withdrawn', decided_by = ${personId}, decided_at = ${now}
    where scope_key = ${scopeKey(scope)} and outcome is null and valid_from <= ${now}`;
  try {
    await tx.savepoint(
      async (
        inner,
      ) => inner`insert into fee_rule (id, scope_key, seller_id, buyer_id, seller_kind, format, market,
          coal_rank, delivery_term, currency, basis_points, per_tonne, minimum, maximum, paid_by, tax_basis_points,
          valid_from, valid_to, reason, proposed_by, proposed_at)
        values (${id}, ${scopeKey(scope)}, ${scope.sellerId ?? null}, ${scope.buyerId ?? null},
          ${scope.sellerKind ?? null}, ${scope.format ?? null}, ${scope.market ?? null}, ${scope.coalRank ?? null},
          ${scope.deliveryTerm ?? null}, ${scope.currency ?? null}, ${terms.basisPoints},
          ${String(terms.perTonne)}::text::bigint, ${String(terms.minimum)}::text::bigint,
          ${String(terms.maximum)}::text::bigint, ${terms.paidBy}, ${terms.taxBasisPoints}, ${from}, ${to}, ${reason},
          ${personId}, ${now})`,
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('two_person.open_already');
    throw error;
  }
  await note(tx, personId, 'fees.proposed', { id, reason });
  return { id };
}

/** A company that a rule names has to be one. */
async function strangers(tx: Tx, scope: FeeScope): Promise<'sellerId' | 'buyerId' | undefined> {
  for (const name of ['sellerId', 'buyerId'] as const) {
    if (scope[name] === undefined) continue;
    const [known] = await tx`select from organisation where id::text = ${scope[name]}`;
    if (!known) return name;
  }
  return undefined;
}

/** Anybody of a company, while the rule is open for comments. */
export async function commentOnFee(
  tx: Tx,
  principal: Principal,
  of: { readonly id: string; readonly text: string },
  now: Date,
): Promise<Refusal | undefined> {
  const row = await lockRule(tx, of.id);
  if (!row) return refuse('resource.not_found');
  if (row.outcome !== null || now >= commentUntil(row)) return refuse('fee.comments_closed');
  const [count] = await tx<{ n: number }[]>`
    select count(*)::int as n from fee_comment where rule_id = ${of.id}`;
  if (count!.n >= COMMENTS_MAX) return refuse('fee.comments_closed');
  await tx`insert into fee_comment (id, rule_id, organisation_id, person_id, text, at)
    values (${newId()}, ${of.id}, ${principal.organisationId}, ${principal.personId}, ${of.text}, ${now})`;
  return undefined;
}

/** The second person, once the comments are in and before it is to hold; or either of them takes it back. */
export async function decideFee(
  tx: Tx,
  { personId }: Person,
  of: { readonly id: string; readonly confirm: boolean },
  now: Date,
): Promise<Refusal | undefined> {
  const row = await lockRule(tx, of.id);
  if (!row) return refuse('resource.not_found');
  if (row.outcome !== null) return refuse('two_person.decided');
  if (of.confirm) {
    const problem = await mayConfirm(tx, row, personId, now);
    if (problem) return problem;
  }
  const outcome = of.confirm ? 'confirmed' : 'withdrawn';
  await tx`update fee_rule set outcome = ${outcome}, decided_by = ${personId}, decided_at = ${now},
      version = case when ${of.confirm} then (select coalesce(max(o.version), 0) + 1 from fee_rule o
                                               where o.scope_key = fee_rule.scope_key) end
    where id = ${of.id}`;
  await note(tx, personId, `fees.${outcome}`, row);
  return undefined;
}

async function mayConfirm(
  tx: Tx,
  row: FeeRuleRow,
  personId: string,
  now: Date,
): Promise<Refusal | undefined> {
  if (row.proposedBy === personId) return refuse('two_person.own');
  if (now < commentUntil(row)) {
    return refuse('fee.comment_period', { accepted: { after: commentUntil(row).toISOString() } });
  }
  // Announced for a day that has come: nobody may be charged by it without having known.
  if (now >= row.from) return refuse('fee.too_late');
  const faults = feeFaults(row, confirmed(await feeRules(tx)));
  return Object.keys(faults).length > 0 ? refuse('fee.invalid', { fields: faults }) : undefined;
}

export const commentUntil = ({ proposedAt }: Pick<FeeRuleRow, 'proposedAt'>): Date =>
  new Date(proposedAt.getTime() + COMMENT_MS);

async function lockRule(tx: Tx, id: string): Promise<FeeRuleRow | undefined> {
  if (!/^[0-9a-f-]{36}$/.test(id)) return undefined;
  await tx`select from fee_rule where id = ${id} for update`;
  return (await feeRules(tx, id))[0];
}

async function note(
  tx: Tx,
  personId: string,
  action: string,
  { id, reason }: Pick<FeeRuleRow, 'id' | 'reason'>,
): Promise<void> {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, ${id}, ${tx.json({ reason })})`;
}
