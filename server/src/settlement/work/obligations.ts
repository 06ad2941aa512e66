/**
 * Every obligation of the house in one list: work to be done after a commit, settlements, payments, what companies owe
 * each other, holds, money in suspense, cases, messages and statements of the bank. Oldest first, page by page.
 */
import type { HouseObligation, HouseObligations, ObligationArea, ObligationWaits } from '@seam/protocol';
import { formatMoney } from '@seam/units';
import type { Connection } from '../../platform/db.ts';
import { type Refusal, refuse } from '../../platform/refusal.ts';
import { waitsFor as sideThatMoves } from '../trade/lifecycle.ts';
import { actionsOn } from './act.ts';

export type Asked = {
  readonly area?: ObligationArea | undefined;
  readonly waitsFor?: ObligationWaits | undefined;
  readonly subject?: string | undefined;
  readonly cursor?: string | undefined;
};
export type Reader = {
  readonly personId: string;
  readonly people: (connection: Connection, ids: readonly string[]) => Promise<ReadonlyMap<string, string>>;
};

const PAGE = 50;

type Row = {
  readonly area: ObligationArea;
  readonly id: string;
  readonly state: string;
  readonly subject: string;
  readonly waitsFor: ObligationWaits;
  readonly since: Date;
  readonly place: string;
  readonly dueAt: Date | null;
  readonly currency: NonNullable<HouseObligation['currency']> | null;
  readonly amount: string | null;
  readonly detail: string;
  readonly ownerId: string | null;
};

/** One row for each thing that is not done. */
const all = (sql: Connection) => sql`
  select 'work' as area, id::text as id, topic as state, coalesce(payload ->> 'contractId', effect_key) as subject,
         case when parked_at is not null then 'centre' when attempts = 0 and not_before > now() then 'time'
              else 'machine' end as waits_for,
         coalesce(parked_at, created_at) as since, not_before as due_at, null::text as currency, null::bigint as amount,
         coalesce(last_error, '') as detail, owner_id
    from outbox where done_at is null
  union all
  select 'settlement', contract_id, state, contract_id,
         case state ${sides(sql)} end, opened_at,
         case state when 'provisional_due' then provisional_due_at when 'result_due' then result_due_at end, currency,
         case when state = 'provisional_due' then provisional_amount else coalesce(final_amount, provisional_amount) end,
         coalesce(reason, ''), null
    from settlement where state not in ('closed', 'cancelled')
  union all
  select 'payment', id::text, status, obligation_key,
         case status when 'created' then 'second_person' when 'approved' then 'machine' else 'bank' end, changed_at,
         next_inquiry_at, currency, amount, coalesce(reason, ''), null
    from payment where status in ('created', 'approved', 'sending', 'unknown', 'accepted')
  union all
  select 'obligation', id::text, kind, contract_id::text, case when due_at > now() then 'time' else 'buyer' end,
         created_at, due_at, currency, amount, '', null
    from obligation where paid_at is null
  union all
  select 'hold', hold_key, reason, subject,
         case when starts_with(subject, 'payment:') then 'bank' else 'market' end, held_at, null, currency, amount, '', null
    from ledger_hold where state = 'held'
  union all
  select 'suspense', l.account || '.' || l.ref, l.direction, l.reference_text, 'centre', l.booked_at, null, l.currency,
         l.amount, coalesce(l.counterparty_name, ''), null
    from bank_line l left join suspense_decision d using (account, ref) where l.outcome = 'suspense' and d.ref is null
  union all
  select 'case', c.id::text, c.kind, c.subject,
         case when exists (select from bank_proposal p where p.kind = 'close_case' and p.subject = c.id::text
                             and p.outcome is null) then 'second_person' else 'centre' end,
         c.opened_at, null, null, null, c.detail, null
    from bank_case c where c.closed_at is null
  union all
  select 'message', source || '.' || event_id, kind, event_id,
         case when parked_at is null then 'machine' else 'centre' end, got_at, next_attempt_at, null, null,
         coalesce(last_error, ''), null
    from bank_message where done_at is null
  union all
  select 'statement', account || '.' || sequence || '.' || page, 'held', account || '.' || sequence, 'bank',
         coalesce(closing_day, current_date)::timestamptz, null, null, null, coalesce(held_reason, ''), null
    from bank_statement where status = 'held'`;

/** Who moves a settlement, as its life says it. */
function sides(sql: Connection) {
  const pairs = Object.entries(sideThatMoves).filter(([, side]) => side !== null);
  return pairs.reduce((text, [state, side]) => sql`${text} when ${state} then ${side}`, sql``);
}

/** @returns a page, with the whole's counts; the same cursor gives the same place whatever came after it. */
export async function houseObligations(
  sql: Connection,
  reader: Reader,
  asked: Asked,
): Promise<HouseObligations | Refusal> {
  const from = asked.cursor === undefined ? undefined : placeOf(asked.cursor);
  if (from === null) return refuse('request.invalid', { fields: { cursor: 'pattern' } });
  const rows = await sql<Row[]>`
    select area, id, state, subject, waits_for as "waitsFor", since, due_at as "dueAt", currency, amount::text, detail,
           owner_id as "ownerId", to_char(since at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US') as place
      from (${all(sql)}) x
     where ${asked.area === undefined ? sql`true` : sql`area = ${asked.area}`}
       and ${asked.waitsFor === undefined ? sql`true` : sql`waits_for = ${asked.waitsFor}`}
       and ${asked.subject === undefined ? sql`true` : sql`position(${asked.subject} in subject) > 0`}
       and ${
         from === undefined
           ? sql`true`
           : sql`(since at time zone 'utc', area, id) > (${from.since}::text::timestamp, ${from.area}::text, ${from.id}::text)`
       }
     order by since, area, id limit ${PAGE + 1}`;
  const counts = await sql<HouseObligations['counts'][number][]>`
    select area, count(*)::int as count, count(*) filter (where waits_for in ('centre', 'second_person'))::int
             as "waitsForCentre"
      from (${all(sql)}) x group by area order by area`;
  const shown = rows.slice(0, PAGE);
  const people = await reader.people(
    sql,
    shown.flatMap(({ ownerId }) => ownerId ?? []),
  );
  const last = shown.at(-1);
  return {
    items: shown.map((row) => itemOf(row, reader, people)),
    nextCursor: rows.length > PAGE && last ? cursorOf(last) : null,
    counts: [...counts],
  };
}

function itemOf(row: Row, { personId }: Reader, people: ReadonlyMap<string, string>): HouseObligation {
  const { ownerId, amount, since, dueAt, place: _place, ...rest } = row;
  const owner = ownerId === null ? null : { name: people.get(ownerId) ?? '', isMe: ownerId === personId };
  return {
    ...rest,
    since: since.toISOString(),
    dueAt: dueAt?.toISOString() ?? null,
    amount: amount === null ? null : formatMoney(BigInt(amount)),
    owner,
    actions: row.area === 'work' ? actionsOn({ waitsFor: row.waitsFor, owner }) : [],
  };
}

const cursorOf = ({ place, area, id }: Row): string =>
  Buffer.from(JSON.stringify([place, area, id])).toString('base64url');

function placeOf(cursor: string): { since: string; area: string; id: string } | null {
  try {
    const [since, area, id] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    const isPlace =
      typeof since === 'string' &&
      /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}$/.test(since) &&
      !Number.isNaN(Date.parse(since)) &&
      typeof area === 'string' &&
      typeof id === 'string' &&
      !id.includes('\0');
    return isPlace ? { since, area, id } : null;
  } catch {
    return null;
  }
}
