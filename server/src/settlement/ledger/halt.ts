/** The halt of payouts: whether it stands, what was found, and how two persons end it. */
import type { Connection, Tx } from '../../platform/db.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';

/** While true no instruction goes to the bank. Trading goes on. */
export async function payoutsHalted(connection: Connection): Promise<boolean> {
  const [row] = await connection<{ halted: boolean }[]>`
    select exists (select from ledger_halt where resumed_at is null) as halted`;
  return row!.halted;
}

export type AuditState = {
  readonly lookedAt: Date | null;
  readonly tookMs: number | null;
  /** When all history was last gone through. */
  readonly lapEndedAt: Date | null;
  readonly halt: {
    readonly haltedAt: Date;
    readonly proposedBy: string | null;
    readonly proposedAt: Date | null;
    readonly reason: string | null;
  } | null;
  readonly findings: readonly {
    readonly broken: string;
    readonly detail: string;
    readonly firstSeenAt: Date;
    readonly lastSeenAt: Date;
    readonly accepted: boolean;
  }[];
};

const FINDINGS_MAX = 200;

export async function auditState(connection: Connection): Promise<AuditState> {
  const [audit] = await connection<
    { lookedAt: Date | null; tookMs: number | null; lapEndedAt: Date | null }[]
  >`
    select looked_at as "lookedAt", took_ms as "tookMs", lap_ended_at as "lapEndedAt" from ledger_audit`;
  const [open] = await connection<NonNullable<AuditState['halt']>[]>`
    select halted_at as "haltedAt", proposed_by as "proposedBy", proposed_at as "proposedAt", reason
      from ledger_halt where resumed_at is null`;
  const findings = await connection<AuditState['findings'][number][]>`
    select broken, detail, first_seen_at as "firstSeenAt", last_seen_at as "lastSeenAt", accepted_in is not null as accepted
      from ledger_finding order by accepted_in is not null, first_seen_at, id limit ${FINDINGS_MAX}`;
  return { ...audit!, halt: open ?? null, findings: [...findings] };
}

/** The first person says why payouts may go on. Saying it again, or another saying it, replaces what was said. */
export async function proposeResumption(
  tx: Tx,
  principal: Principal,
  reason: string,
): Promise<Refusal | undefined> {
  const { count } =
    await tx`update ledger_halt set proposed_by = ${principal.personId}, proposed_at = clock_timestamp(),
    reason = ${reason} where resumed_at is null`;
  if (count === 0) return refuse('ledger.not_halted');
  await note(tx, principal, 'ledger.resumption_proposed', reason);
  return undefined;
}

/** A second person ends the halt. What stood then is accepted; what is found later halts again. */
export async function confirmResumption(tx: Tx, principal: Principal): Promise<Refusal | undefined> {
  const [open] = await tx<{ id: string; proposedBy: string | null; proposedAt: Date; reason: string }[]>`
    select id::text, proposed_by as "proposedBy", proposed_at as "proposedAt", reason
      from ledger_halt where resumed_at is null for update`;
  if (!open) return refuse('ledger.not_halted');
  if (open.proposedBy === null) return refuse('ledger.resumption_not_proposed');
  if (open.proposedBy === principal.personId) return refuse('two_person.own');
  // What was found after the proposal nobody has judged: the first person has to look again.
  const [later] = await tx`select from ledger_finding f, ledger_halt h
    where h.id = ${open.id} and f.accepted_in is null and f.first_seen_at > h.proposed_at limit 1`;
  if (later) return refuse('ledger.found_since');
  await tx`update ledger_finding set accepted_in = ${open.id} where accepted_in is null`;
  await tx`update ledger_halt set resumed_by = ${principal.personId}, resumed_at = clock_timestamp() where id = ${open.id}`;
  await note(tx, principal, 'ledger.resumed', open.reason);
  return undefined;
}

async function note(tx: Tx, { personId }: Principal, action: string, reason: string): Promise<void> {
  await tx`insert into audit_entry (person_id, action, subject, detail)
    values (${personId}, ${action}, 'ledger', ${tx.json({ reason })})`;
}
