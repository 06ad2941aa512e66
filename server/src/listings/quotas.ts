/** How much a producer may list per channel and period: set by the centre, counted by the centre's calendar. */
import type { QuotaView, SalesChannel } from '@seam/protocol';
import { formatTonnes } from '@seam/units';
import { and, asc, eq } from 'drizzle-orm';
import { type Connection, type Tx, orm } from '../platform/db.ts';
import { type Refusal, refuse } from '../platform/refusal.ts';
import { listedKg } from './admission.ts';
import type { FieldErrors } from './assay.ts';
import type { ListingDeps } from './ports.ts';
import { readQuantity, refusalOf } from './readers.ts';
import { type QuotaRow, listingQuota } from './tables-more.ts';

type Deps = Pick<ListingDeps, 'clock' | 'organisations'>;

export async function quotaViews(
  connection: Connection,
  deps: Deps,
  organisationId?: string,
): Promise<QuotaView[]> {
  const rows = await orm(connection)
    .select()
    .from(listingQuota)
    .where(organisationId === undefined ? undefined : eq(listingQuota.organisationId, organisationId))
    .orderBy(asc(listingQuota.organisationId), asc(listingQuota.channel), asc(listingQuota.period));
  const names = await deps.organisations(connection, [...new Set(rows.map((row) => row.organisationId))]);
  const now = deps.clock.now();
  const views: QuotaView[] = [];
  for (const row of rows) {
    const used = await listedKg(connection, row, now);
    const left = row.limitKg > used ? row.limitKg - used : 0n;
    views.push({
      organisationId: row.organisationId,
      organisationName: names.get(row.organisationId)?.name ?? row.organisationId,
      channel: row.channel,
      period: row.period,
      limit: formatTonnes(row.limitKg),
      used: formatTonnes(used),
      left: formatTonnes(left),
    });
  }
  return views;
}

/** Null lifts it. What is on the market already stays there. */
export async function setQuota(
  tx: Tx,
  deps: Deps,
  staff: { readonly personId: string },
  of: { organisationId: string; channel: SalesChannel; period: QuotaRow['period']; limit: string | null },
): Promise<{ items: QuotaView[] } | Refusal> {
  const { organisationId, channel, period } = of;
  const names = await deps.organisations(tx, [organisationId]);
  if (!names.has(organisationId)) return refuse('resource.not_found');
  if (of.limit === null) {
    await orm(tx)
      .delete(listingQuota)
      .where(
        and(
          eq(listingQuota.organisationId, organisationId),
          eq(listingQuota.channel, channel),
          eq(listingQuota.period, period),
        ),
      );
  } else {
    const fields: FieldErrors = {};
    const limitKg = readQuantity(of.limit, 'limit', fields);
    const refusal = refusalOf(fields);
    if (refusal) return refusal;
    const set = { limitKg, setBy: staff.personId };
    await orm(tx)
      .insert(listingQuota)
      .values({ organisationId, channel, period, ...set })
      .onConflictDoUpdate({
        target: [listingQuota.organisationId, listingQuota.channel, listingQuota.period],
        set,
      });
  }
  return { items: await quotaViews(tx, deps) };
}
