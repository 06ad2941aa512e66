/**
 * Proves the ledger: what is new since the last look against what was proved before, and a part of the older
 * history each time, so that all of it is gone through in laps. A difference halts payouts, not trading, until
 * two persons have looked.
 */
import type { Sql } from 'postgres';
import type { Tx } from '../../platform/db.ts';

/** Entries that are new since the last look, and entries, effects and transfers of the lap, in one look. */
export type AuditLimits = { readonly fresh: number; readonly lap: number };
const LIMITS: AuditLimits = { fresh: 50_000, lap: 5_000 };

export type Finding = { readonly broken: string; readonly detail: string };
export type AuditLook = {
  readonly findings: readonly Finding[];
  /** Findings that nobody has accepted: payouts are halted while there are some. */
  readonly unaccepted: number;
  readonly entries: number;
};

/** @returns undefined where another process is looking at this moment. */
export async function auditLedger(sql: Sql, limits: AuditLimits = LIMITS): Promise<AuditLook | undefined> {
  return sql.begin('isolation level repeatable read', async (tx) => lookAtLedger(tx, limits));
}

/** One look, in a transaction that sees one instant: `auditLedger` is what servers call. */
export async function lookAtLedger(tx: Tx, limits: AuditLimits = LIMITS): Promise<AuditLook | undefined> {
  const [lock] = await tx<{ mine: boolean }[]>`
    select pg_try_advisory_xact_lock(hashtext('ledger audit')) as mine`;
  if (!lock?.mine) return undefined;
  const began = performance.now();
  const fresh = await freshSlices(tx, limits.fresh);
  const lap = await lapSlices(tx, limits.lap);
  const keys = await lapKeys(tx, limits.lap);
  const findings = distinct([
    ...(await tx<Finding[]>`select broken, detail from ledger_audit_accounts()`),
    ...(await auditEntries(tx, [...fresh, ...lap.slices])),
    ...(await auditEffects(tx, [...(await effectKeysOf(tx, fresh)), ...keys.keys])),
  ]);
  await remember(tx, fresh);
  const entries = [...fresh, ...lap.slices].reduce(
    (sum, slice) => sum + Number(slice.last - slice.first) + 1,
    0,
  );
  await moveOn(tx, { lap, keys, entries, tookMs: Math.round(performance.now() - began) });
  return { findings, unaccepted: await halt(tx, findings), entries };
}

/** Entries `first`..`last` of an account. */
type Slice = { readonly account: string; readonly first: bigint; readonly last: bigint };
type RawSlice = { account: string; first: string; last: string };
const slicesOf = (rows: readonly RawSlice[]): Slice[] =>
  rows.map(({ account, first, last }) => ({ account, first: BigInt(first), last: BigInt(last) }));

async function freshSlices(tx: Tx, limit: number): Promise<Slice[]> {
  return slicesOf(
    await tx<RawSlice[]>`
      select account, first::text, least(last, first + ${limit - 1}::int)::text as last
        from (select a.code as account, coalesce(c.entry_no, 0) + 1 as first, a.entries as last,
                     coalesce(sum(a.entries - coalesce(c.entry_no, 0)) over (order by a.code collate "C"
                       rows between unbounded preceding and 1 preceding), 0) as before
                from ledger_account a left join ledger_checkpoint c on c.account = a.code
               where a.entries > coalesce(c.entry_no, 0)) x
       where before < ${limit}::int`,
  );
}

type Lap = {
  readonly slices: Slice[];
  readonly account: string;
  readonly entry: bigint;
  readonly ended: boolean;
};

/** The next entries behind the cursor, account after account. */
async function lapSlices(tx: Tx, limit: number): Promise<Lap> {
  const slices = slicesOf(
    await tx<RawSlice[]>`
      select account, first::text, least(last, first + ${limit}::int - 1 - before)::text as last
        from (select a.code as account, case when a.code = u.account_cursor then u.entry_cursor + 1 else 1 end as first,
                     a.entries as last,
                     coalesce(sum(a.entries - case when a.code = u.account_cursor then u.entry_cursor else 0 end)
                       over (order by a.code collate "C" rows between unbounded preceding and 1 preceding), 0) as before
                from ledger_account a, ledger_audit u
               where a.code collate "C" >= u.account_cursor collate "C" and a.entries > 0
                 and (a.code <> u.account_cursor or a.entries > u.entry_cursor)) x
       where before < ${limit}::int order by account collate "C"`,
  );
  const covered = slices.reduce((sum, slice) => sum + Number(slice.last - slice.first) + 1, 0);
  const end = slices.at(-1);
  return { slices, account: end?.account ?? '', entry: end?.last ?? 0n, ended: covered < limit };
}

type Keys = { readonly keys: string[]; readonly effect: string | null; readonly transfer: string | null };

/** The next effects, and the effects that the next transfers name, which may be lost. `null`: the end is reached. */
async function lapKeys(tx: Tx, limit: number): Promise<Keys> {
  const effects = await tx<{ key: string }[]>`
    select f.effect_key as key from ledger_effect f, ledger_audit u
     where f.effect_key > u.effect_cursor order by f.effect_key limit ${limit}`;
  const transfers = await tx<{ key: string; effectKey: string }[]>`
    select t.key, t.effect_key as "effectKey" from ledger_transfer t, ledger_audit u
     where t.key > u.transfer_cursor order by t.key limit ${limit}`;
  return {
    keys: [...new Set([...effects.map((row) => row.key), ...transfers.map((row) => row.effectKey)])],
    effect: effects.length < limit ? null : effects.at(-1)!.key,
    transfer: transfers.length < limit ? null : transfers.at(-1)!.key,
  };
}

async function auditEntries(tx: Tx, slices: readonly Slice[]): Promise<Finding[]> {
  const { accounts, firsts, lasts } = columns(slices);
  return tx<Finding[]>`select broken, detail
    from ledger_audit_entries(${accounts}::text[], ${firsts}::text[]::bigint[], ${lasts}::text[]::bigint[])`;
}

async function auditEffects(tx: Tx, keys: readonly string[]): Promise<Finding[]> {
  return tx<Finding[]>`select broken, detail from ledger_audit_effects(${[...keys]}::text[])`;
}

async function effectKeysOf(tx: Tx, slices: readonly Slice[]): Promise<string[]> {
  const { accounts, firsts, lasts } = columns(slices);
  const rows = await tx<{ key: string }[]>`
    select distinct t.effect_key as key
      from unnest(${accounts}::text[], ${firsts}::text[]::bigint[], ${lasts}::text[]::bigint[]) as s(account, first, last)
      join ledger_entry e on e.account = s.account and e.entry_no between s.first and s.last
      join ledger_transfer t on t.key = e.transfer_key`;
  return rows.map((row) => row.key);
}

function columns(slices: readonly Slice[]) {
  return {
    accounts: slices.map((slice) => slice.account),
    firsts: slices.map((slice) => slice.first.toString()),
    lasts: slices.map((slice) => slice.last.toString()),
  };
}

/** What is proved now is what the next look goes on from. */
async function remember(tx: Tx, slices: readonly Slice[]): Promise<void> {
  const { accounts, lasts } = columns(slices);
  await tx`insert into ledger_checkpoint
    select e.account, e.entry_no, e.debits_posted, e.credits_posted, e.debits_pending, e.credits_pending
      from unnest(${accounts}::text[], ${lasts}::text[]::bigint[]) as s(account, last)
      join ledger_entry e on e.account = s.account and e.entry_no = s.last
    on conflict (account) do update set entry_no = excluded.entry_no, debits_posted = excluded.debits_posted,
      credits_posted = excluded.credits_posted, debits_pending = excluded.debits_pending,
      credits_pending = excluded.credits_pending`;
}

/** A lap is over when entries, effects and transfers have each reached their end since it began. */
async function moveOn(
  tx: Tx,
  { lap, keys, entries, tookMs }: { lap: Lap; keys: Keys; entries: number; tookMs: number },
): Promise<void> {
  const ended = [
    ...(lap.ended ? ['entries'] : []),
    ...(keys.effect === null ? ['effects'] : []),
    ...(keys.transfer === null ? ['transfers'] : []),
  ];
  await tx`update ledger_audit set looked_at = clock_timestamp(), took_ms = ${tookMs}, entries = ${entries},
    account_cursor = ${lap.ended ? '' : lap.account}, entry_cursor = ${lap.ended ? '0' : lap.entry.toString()}::text::bigint,
    effect_cursor = ${keys.effect ?? ''}, transfer_cursor = ${keys.transfer ?? ''},
    lap_began_at = coalesce(lap_began_at, clock_timestamp()),
    ended = array(select distinct unnest(ended || ${ended}::text[]))`;
  await tx`update ledger_audit set lap_ended_at = clock_timestamp(), lap_began_at = clock_timestamp(), ended = '{}'
    where cardinality(ended) = 3`;
}

/** Keeps the findings. @returns how many stand unaccepted; then there is an open halt. */
async function halt(tx: Tx, findings: readonly Finding[]): Promise<number> {
  for (const { broken, detail } of findings) {
    await tx`insert into ledger_finding (broken, detail) values (${broken}, ${detail})
      on conflict (broken, detail) do update set last_seen_at = clock_timestamp()`;
  }
  const [row] = await tx<{ open: number }[]>`
    select count(*)::int as open from ledger_finding where accepted_in is null`;
  if (row!.open > 0) {
    await tx`insert into ledger_halt default values on conflict ((true)) where resumed_at is null do nothing`;
  }
  return row!.open;
}

function distinct(findings: readonly Finding[]): Finding[] {
  return [...new Map(findings.map((one) => [`${one.broken} ${one.detail}`, one])).values()];
}
