/** How long bidders wait for security they did not need: measured from the ledger, published. */
import type { Connection } from '../../platform/db.ts';
import { RELEASE_WINDOW_DAYS } from './limits.ts';

export type ReleaseTime = {
  readonly days: number;
  /** Holds given back whole after their auction closed. */
  readonly releases: number;
  /** From the close to the ledger's entry, milliseconds; null when there was none. */
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  readonly sameDay: number;
};

/** Of the auctions whose security was resolved in the last days before `now`. Same day is by UTC. */
export async function releaseTime(connection: Connection, now: Date): Promise<ReleaseTime> {
  const [row] = await connection<
    { releases: number; median: number | null; p95: number | null; same: number }[]
  >`
    with released as (
      select greatest(0, extract(epoch from h.resolved_at - a.closes_at) * 1000) as ms,
             (h.resolved_at at time zone 'UTC')::date = (a.closes_at at time zone 'UTC')::date as same
        from ledger_hold h join auction a on h.subject = 'auction:' || a.id
       where h.state = 'voided' and h.resolved_by like 'bid-security-close.%'
         and h.resolved_at > ${now}::timestamptz - ${RELEASE_WINDOW_DAYS} * interval '1 day'
         and h.resolved_at <= ${now}::timestamptz)
    select count(*)::int as releases, count(*) filter (where same)::int as same,
           round(percentile_disc(0.5) within group (order by ms))::float8 as median,
           round(percentile_disc(0.95) within group (order by ms))::float8 as p95
      from released`;
  const { releases, median, p95, same } = row!;
  return { days: RELEASE_WINDOW_DAYS, releases, medianMs: median, p95Ms: p95, sameDay: same };
}
