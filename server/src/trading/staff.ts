/**
 * One staff action: what is meant goes into the audit trail before the market is told, what came of it
 * after. A trail that ends with the intent says where to look.
 */
import type { CommandBody } from '@seam/engine';
import type { Sql } from 'postgres';
import type { GridTerms } from '../exchange/grid.ts';
import type { Connection } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal } from '../platform/refusal.ts';
import { type Accepted, type Market, staffActor, submit } from './market.ts';

export type StaffDeps = {
  readonly sql: Sql;
  readonly market: Market;
  /** Resolves when the views have reached the place of an acknowledged command. */
  readonly caughtUp: (place: { shard: number; seq: number }) => Promise<void>;
};
export type Action = {
  readonly instrumentId: string;
  readonly body: CommandBody;
  /** What the trail says beside the command's name: the reason, the scope, who agreed. */
  readonly detail?: Readonly<Record<string, string | number | null>>;
};

/** Each call is a command of its own; the views have seen it when this resolves. */
export async function act(
  deps: StaffDeps,
  { personId }: Pick<Principal, 'personId'>,
  { instrumentId, body, detail = {} }: Action,
): Promise<Accepted | Refusal> {
  const commandId = `staff.${newId()}`;
  const subject = `market:${instrumentId}`;
  await note(deps.sql, {
    personId,
    action: `${body.type}.intended`,
    subject,
    detail: { commandId, ...detail },
  });
  const terms = deps.market.market(instrumentId)?.terms;
  const answer = await send(deps, { personId, commandId, body }, terms);
  const came = isRefusal(answer) ? { refused: answer.refused } : { seq: answer.seq };
  await note(deps.sql, { personId, action: body.type, subject, detail: { commandId, ...detail, ...came } });
  return answer;
}

async function send(
  { market, caughtUp }: StaffDeps,
  { personId, commandId, body }: { personId: string; commandId: string; body: CommandBody },
  terms: GridTerms | undefined,
): Promise<Accepted | Refusal> {
  const answer = await submit(market, { actor: staffActor(personId), cmdId: commandId, body }, terms);
  if (!isRefusal(answer)) await caughtUp(answer);
  return answer;
}

export async function note(
  connection: Connection,
  entry: {
    readonly personId: string;
    readonly action: string;
    readonly subject: string;
    readonly detail: Readonly<Record<string, string | number | null>>;
  },
): Promise<void> {
  await connection`insert into audit_entry (person_id, action, subject, detail)
    values (${entry.personId}, ${entry.action}, ${entry.subject}, ${connection.json(entry.detail)})`;
}
