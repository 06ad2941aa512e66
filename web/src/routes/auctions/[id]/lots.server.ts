/** The own lots that a supplier can deliver from. */
import type { ListingSummary } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { nameOf } from '#lib/api/market.server.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';

export type LotChoice = { readonly id: string; readonly name: string; readonly remaining: string };

export async function supplyLots(
  fetch: typeof globalThis.fetch,
  locale: Locale,
): Promise<readonly LotChoice[]> {
  const mine = await call<{ items: ListingSummary[] }>(fetch, 'GET', '/v1/listings/mine');
  if (!mine.ok) return [];
  return mine.data.items
    .filter(({ state }) => state === 'published')
    .map((listing) => ({
      id: listing.id,
      name: nameOf(listing.mine, locale),
      remaining: listing.remaining,
    }));
}
