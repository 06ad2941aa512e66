/**
 * Starting again what was stopped takes two different people. The first leaves an approval that cannot be
 * taken back or changed; it is about one stop (`occasion`, the entry that made it) and no later one.
 */
import type { Approvals } from '@seam/engine';
import type { Connection, Tx } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';

export type Occasion = {
  readonly instrumentId: string;
  /** `resume`, or `lift:<scope>`. */
  readonly action: string;
  readonly occasion: number;
};

/**
 * Adds a person's approval. The caller holds a lock on the instrument, so that of two at once one sees the other.
 * @returns both people, or null while a second one is awaited; refused when the same person asks again.
 */
export async function approve(tx: Tx, of: Occasion, personId: string): Promise<Approvals | null | Refusal> {
  const { instrumentId, action, occasion } = of;
  const other = await approvedBy(tx, of, personId);
  const { count } = await tx`insert into market_approval (instrument_id, action, occasion, person_id)
    values (${instrumentId}, ${action}, ${occasion}, ${personId}) on conflict do nothing`;
  if (other === undefined) return count === 0 ? refuse('market.approvals_invalid') : null;
  return [other, personId];
}

/** The first who agreed, other than `except`. */
export async function approvedBy(
  connection: Connection,
  { instrumentId, action, occasion }: Occasion,
  except = '',
): Promise<string | undefined> {
  const [row] = await connection<{ person: string }[]>`select person_id as person from market_approval
    where instrument_id = ${instrumentId} and action = ${action} and occasion = ${occasion}
      and person_id <> ${except} order by at, id limit 1`;
  return row?.person;
}
