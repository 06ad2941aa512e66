/** Who is stopped and why, as those it stops see it; and what staff did to a market, with its place in the journal. */
import type { BlockScope } from '@seam/engine';
import type { MarketSupervision } from '@seam/protocol';
import type { Connection } from '../platform/db.ts';
import { scopeKey } from './kill-scope.ts';
import { ACTIONS_SHOWN } from './limits.ts';

export type Stop<Of extends string> = { readonly of: Of; readonly reason: string; readonly at: string };

/** The widest of `scopes` that is stopped; they are given from the widest on. */
export async function stopOf<Of extends BlockScope['of']>(
  connection: Connection,
  instrumentId: string,
  scopes: readonly (BlockScope & { readonly of: Of })[],
): Promise<Stop<Of> | null> {
  const rows = await connection<{ key: string; reason: string; at: Date }[]>`
    select scope_key as key, reason, set_at as at from market_block
     where instrument_id = ${instrumentId} and scope_key in ${connection(scopes.map(scopeKey))}`;
  for (const scope of scopes) {
    const row = rows.find(({ key }) => key === scopeKey(scope));
    if (row) return { of: scope.of, reason: row.reason, at: row.at.toISOString() };
  }
  return null;
}

type Action = MarketSupervision['actions'][number];

/** Newest first, without the intents that came to a result. */
export async function actionsOf(connection: Connection, instrumentId: string): Promise<Action[]> {
  const rows = await connection<(Omit<Action, 'at'> & { at: Date })[]>`
    select at, person_id as person, action, coalesce(detail->>'scope', detail->>'for') as about,
           detail->>'reason' as reason, (detail->>'seq')::float8 as seq, detail->>'refused' as refused
      from audit_entry entry
     where subject = ${`market:${instrumentId}`}
       and not (action like '%.intended' and exists (
         select 1 from audit_entry done where done.subject = entry.subject
            and done.action || '.intended' = entry.action
            and done.detail->>'commandId' = entry.detail->>'commandId'))
     order by at desc, id desc limit ${ACTIONS_SHOWN}`;
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
