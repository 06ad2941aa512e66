/**
 * A posting undone by two persons: one says why, another confirms, and the opposite effect is made of the stored
 * rows. Nobody types an amount. Whatever stands in the way is looked at when it is proposed and again when it is
 * confirmed; then the ledger's own guards decide: one reversal of an effect, no hold resolved twice, no money that
 * is gone.
 */
import { type Leg, type Posting, type PostingReason, REVERSED_BY, reversal, reversalKey } from '@seam/ledger';
import { formatMoney, minor } from '@seam/units';
import { type Connection, type Tx, UNIQUE_VIOLATION, isPgError } from '../../platform/db.ts';
import { newId } from '../../platform/id.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { post } from './ledger.ts';

export type StoredEffect = Posting & { readonly at: Date };

/** What was recorded under a key, its legs in their order. */
export async function effectOf(connection: Connection, effectKey: string): Promise<StoredEffect | undefined> {
  type Row = {
    reason: PostingReason;
    subject: string;
    at: Date;
    phase: Leg['phase'];
    debit: string;
    credit: string;
    amount: string;
    holdKey: string | null;
  };
  const rows = await connection<Row[]>`
    select f.reason, f.subject, f.at, t.phase, t.debit_account as debit, t.credit_account as credit,
           t.amount::text, t.pending_key as "holdKey"
      from ledger_effect f join ledger_transfer t using (effect_key)
     where f.effect_key = ${effectKey} order by t.leg`;
  const [first] = rows;
  if (!first) return undefined;
  const legs = rows.map(({ phase, debit, credit, amount, holdKey }) => ({
    phase,
    debit,
    credit,
    amount: minor(BigInt(amount)),
    ...(holdKey !== null && { holdKey }),
  })) as Leg[];
  return { effectKey, reason: first.reason, subject: first.subject, at: first.at, legs };
}

/** Why an effect cannot be undone here now, or nothing. */
export async function whyNot(connection: Connection, effect: StoredEffect): Promise<Refusal | undefined> {
  const [done] =
    await connection`select from ledger_effect where effect_key = ${reversalKey(effect.effectKey)}`;
  if (done) return refuse('ledger.reversed');
  const by = REVERSED_BY[effect.reason];
  if (by === 'nobody' || effect.legs.some(({ phase }) => phase === 'void_pending')) {
    return refuse('ledger.not_reversible');
  }
  if (by === 'bank' || by === 'settlement') return refuse('ledger.reversed_elsewhere', { accepted: { by } });
  if (by === 'market' && (await marketCounts(connection, effect))) {
    return refuse('ledger.reversed_elsewhere', { accepted: { by } });
  }
  const [resolved] = await connection`
    select from ledger_transfer h join ledger_transfer r on r.pending_key = h.key
     where h.effect_key = ${effect.effectKey} and h.phase = 'pending' limit 1`;
  return resolved ? refuse('ledger.hold_resolved') : undefined;
}

/** The market's limit stands on this hold, or its release is under way: the engine may never have more than the ledger. */
async function marketCounts(connection: Connection, { subject }: StoredEffect): Promise<boolean> {
  const auctionId = /^auction:(.+)$/.exec(subject)?.[1];
  if (auctionId === undefined) return true;
  const [row] = await connection<{ counts: boolean }[]>`
    select exists (select from auction where id = ${auctionId} and closed_seq is null)
        or exists (select from outbox where done_at is null
                     and starts_with(effect_key, ${`auction:${auctionId}:`})) as counts`;
  return row!.counts;
}

type Person = { readonly personId: string };

/** The first person. Two proposals at once: one is open, the other is told so. */
export async function proposeReversal(
  tx: Tx,
  { personId }: Person,
  of: { readonly effectKey: string; readonly reason: string },
  now: Date,
): Promise<Refusal | { readonly id: string }> {
  const effect = await effectOf(tx, of.effectKey);
  if (!effect) return refuse('resource.not_found');
  const problem = await whyNot(tx, effect);
  if (problem) return problem;
  const id = newId();
  try {
    await tx.savepoint(
      async (inner) => inner`insert into ledger_reversal (id, effect_key, reason, proposed_by, proposed_at)
        values (${id}, ${of.effectKey}, ${of.reason}, ${personId}, ${now})`,
    );
  } catch (error) {
    if (isPgError(error, UNIQUE_VIOLATION)) return refuse('two_person.open_already');
    throw error;
  }
  await note(tx, personId, 'ledger.reversal_proposed', of);
  return { id };
}

/** The second person: the opposite effect, or no. Refused, it stays open: money may come back. */
export async function decideReversal(
  tx: Tx,
  { personId }: Person,
  of: { readonly id: string; readonly confirm: boolean },
  now: Date,
): Promise<Refusal | { readonly outcome: 'reversed' | 'rejected' }> {
  if (!/^[0-9a-f-]{36}$/.test(of.id)) return refuse('resource.not_found');
  const [row] = await tx<{ effectKey: string; reason: string; proposedBy: string; outcome: string | null }[]>`
    select effect_key as "effectKey", reason, proposed_by as "proposedBy", outcome
      from ledger_reversal where id = ${of.id} for update`;
  if (!row) return refuse('resource.not_found');
  if (row.outcome !== null) return refuse('two_person.decided');
  if (of.confirm) {
    if (row.proposedBy === personId) return refuse('two_person.own');
    const problem = await reverse(tx, row.effectKey);
    if (problem) return problem;
  }
  const outcome = of.confirm ? 'reversed' : 'rejected';
  await tx`update ledger_reversal set outcome = ${outcome}, decided_by = ${personId}, decided_at = ${now}
    where id = ${of.id}`;
  await note(tx, personId, `ledger.reversal_${outcome}`, row);
  return { outcome };
}

async function reverse(tx: Tx, effectKey: string): Promise<Refusal | undefined> {
  const effect = await effectOf(tx, effectKey);
  const problem = effect ? await whyNot(tx, effect) : refuse('resource.not_found');
  if (problem) return problem;
  const done = await post(
    tx,
    reversal(effect!, { effectKey: reversalKey(effectKey), subject: effect!.subject }),
  );
  if (done.ok) return done.outcomes[0] === 'exists' ? refuse('ledger.reversed') : undefined;
  return done.code === 'ledger.insufficient_funds'
    ? refuse(done.code, {
        accepted: { available: formatMoney(done.available), account: done.account },
      })
    : refuse(done.code);
}

export type ReversalRow = {
  readonly id: string;
  readonly effectKey: string;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly outcome: 'reversed' | 'rejected' | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
};

const LIST_MAX = 100;

/** Open ones first, then the newest. @param effectKey only of this effect. */
export async function reversals(connection: Connection, effectKey?: string): Promise<ReversalRow[]> {
  return connection<ReversalRow[]>`
    select id, effect_key as "effectKey", reason, proposed_by as "proposedBy", proposed_at as "proposedAt", outcome,
           decided_by as "decidedBy", decided_at as "decidedAt"
      from ledger_reversal where ${effectKey ?? null}::text is null or effect_key = ${effectKey ?? null}::text
     order by outcome is not null, proposed_at desc, id limit ${LIST_MAX}`;
}

async function note(
  tx: Tx,
  personId: string,
  action: string,
  of: { readonly effectKey: string; readonly reason: string },
): Promise<void> {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, ${of.effectKey}, ${tx.json({ reason: of.reason })})`;
}
