/**
 * May lots go to the market? Limits and quotas say no with what is left; the centre's rules may say "not yet".
 * Runs in the caller's transaction; quotas are counted under a lock, so that two at once cannot both fit.
 */
import type { SalesChannel } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, eq, inArray } from 'drizzle-orm';
import { type Connection, type Tx, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { startOfPeriod } from './centre-time.ts';
import { OPEN_LISTINGS_MAX } from './limits.ts';
import { type RuleSettings, type UnderReview, reviewReasons } from './review-rules.ts';
import {
  listingAnalysis,
  listingQuota,
  listingRule,
  type QuotaRow,
  type ReviewReason,
} from './tables-more.ts';

export type Candidate = Pick<UnderReview, 'terms' | 'mine' | 'delivery'> & {
  /** Of a lot that is stored already. */
  readonly listingId?: string;
  readonly quantityKg: bigint;
};

/** @returns for each lot why the centre wants to look first; empty: it may go to the market at once. */
export async function admit(
  tx: Tx,
  organisationId: string,
  now: Date,
  lots: readonly Candidate[],
): Promise<readonly ReviewReason[][] | Refusal> {
  const full = await tooManyOpen(tx, organisationId, lots.length);
  if (full) return full;
  const added = new Map<SalesChannel, bigint>();
  for (const { terms, quantityKg } of lots) {
    const channel = terms.channel ?? 'spot';
    added.set(channel, (added.get(channel) ?? 0n) + quantityKg);
  }
  for (const [channel, kg] of added) {
    const exceeded = await withinQuotas(tx, { organisationId, channel, kg, now });
    if (exceeded) return exceeded;
  }
  return reasonsFor(tx, organisationId, lots);
}

/** Why the company may not have so many lots `more` on the market; asked before a long file is read, too. */
export async function tooManyOpen(
  connection: Connection,
  organisationId: string,
  more: number,
): Promise<Refusal | undefined> {
  const [open] = await connection<{ n: number }[]>`select count(*)::int as n from listing
    where seller_id = ${organisationId} and state in ('published', 'in_auction', 'in_review')`;
  const left = Math.max(0, OPEN_LISTINGS_MAX - (open?.n ?? 0));
  if (more <= left) return undefined;
  return refuse('listing.too_many_open', {
    accepted: { lots: String(OPEN_LISTINGS_MAX), left: String(left) },
  });
}

/** What the rules find; `known` and certificates are read once for all. */
export async function reasonsFor(
  tx: Connection,
  organisationId: string,
  lots: readonly Candidate[],
): Promise<ReviewReason[][]> {
  const settings = await ruleSettings(tx);
  const [before] = await tx`select 1 from listing
    where seller_id = ${organisationId} and source = 'member' and published_at is not null limit 1`;
  const ids = lots.flatMap((lot) => lot.listingId ?? []);
  const flagged = await flaggedCertificates(tx, ids);
  return lots.map((lot) =>
    reviewReasons(settings, {
      ...lot,
      known: before !== undefined,
      flagged: flagged.filter((one) => one.listingId === lot.listingId),
    }),
  );
}

export async function ruleSettings(connection: Connection): Promise<RuleSettings> {
  const rows = await orm(connection).select().from(listingRule);
  return new Map(rows.map((row) => [row.id, row]));
}

async function flaggedCertificates(connection: Connection, listingIds: readonly string[]) {
  if (listingIds.length === 0) return [];
  const rows = await orm(connection)
    .select({
      listingId: listingAnalysis.listingId,
      laboratory: listingAnalysis.laboratory,
      number: listingAnalysis.number,
      flags: listingAnalysis.flags,
    })
    .from(listingAnalysis)
    .where(inArray(listingAnalysis.listingId, [...listingIds]));
  return rows.filter((row) => row.flags.length > 0).map((row) => ({ ...row, flags: row.flags.length }));
}

type Adding = { organisationId: string; channel: SalesChannel; kg: bigint; now: Date };

/** Locks the company's quotas of the channel. @returns the refusal of the tightest one that is exceeded. */
export async function withinQuotas(tx: Tx, of: Adding): Promise<Refusal | undefined> {
  const quotas = await orm(tx)
    .select()
    .from(listingQuota)
    .where(and(eq(listingQuota.organisationId, of.organisationId), eq(listingQuota.channel, of.channel)))
    .orderBy(listingQuota.period)
    .for('update');
  let tightest: { left: bigint; quota: QuotaRow } | undefined;
  for (const quota of quotas) {
    const left = quota.limitKg - (await listedKg(tx, quota, of.now));
    if (of.kg > left && (!tightest || left < tightest.left)) tightest = { left, quota };
  }
  if (!tightest) return undefined;
  const { left, quota } = tightest;
  return refuse('listing.quota_exceeded', {
    fields: { quantity: 'listing.quota_exceeded' },
    accepted: {
      quantity: `≤ ${formatTonnes(left > 0n ? left : 0n)} t`,
      channel: quota.channel,
      period: quota.period,
    },
  });
}

/** What the company has listed in the period that runs: of a lot taken back only what was sold counts. */
export async function listedKg(connection: Connection, quota: QuotaRow, now: Date): Promise<bigint> {
  const [row] = await connection<{ kg: string }[]>`select coalesce(sum(
      case when state = 'withdrawn' then quantity_kg - remaining_kg else quantity_kg end), 0)::text as kg
    from listing where seller_id = ${quota.organisationId} and source = 'member' and channel = ${quota.channel}
      and state <> 'draft' and not (published_at is null and state = 'expired')
      and coalesce(published_at, created_at) >= ${startOfPeriod(quota.period, now)}`;
  return BigInt(row?.kg ?? 0);
}
