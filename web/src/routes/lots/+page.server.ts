import type { ListingSummary, PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { listings } from '#lib/i18n/listings.ts';
import { countries, placeOptions } from '#lib/lots/options.ts';
import type { PageServerLoad } from './$types';

const FILTERS = [
  'country',
  'rank',
  'calorificMin',
  'calorificMax',
  'sulphurMax',
  'ashMax',
  'moistureMax',
  'transport',
  'currency',
  'source',
  'text',
  'to',
  'sort',
  'cursor',
] as const;
export type Filters = Partial<Record<(typeof FILTERS)[number], string>>;

/** The filters are the address: a page can be kept, sent and gone back to. */
export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const filters: Filters = {};
  for (const name of FILTERS) {
    const value = url.searchParams.get(name)?.trim();
    if (value) filters[name] = value;
  }
  // The header's search box says `q`.
  const searched = url.searchParams.get('q')?.trim();
  if (searched && !filters.text) filters.text = searched.slice(0, 100);
  const query = new URLSearchParams(filters);
  if (!filters.source) query.set('source', 'offers');
  if (filters.source === 'all') query.delete('source');
  const [lots, places] = await Promise.all([
    call<{ items: ListingSummary[]; nextCursor: string | null }>(fetch, 'GET', `/v1/listings?${query}`),
    call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places'),
  ]);
  const { cursor: _here, ...without } = filters;
  const next = lots.ok ? lots.data.nextCursor : null;
  return {
    title: listings[locals.locale].title,
    filters,
    lots: lots.ok ? lots.data.items : [],
    problem: lots.ok ? null : lots.problem,
    next: next === null ? null : `/lots?${new URLSearchParams({ ...without, cursor: next })}`,
    countries: countries(locals.locale),
    places: places.ok
      ? placeOptions(
          places.data.items.filter(
            (place) => place.latitude !== null && (place.kind === 'plant' || place.kind === 'port'),
          ),
          locals.locale,
        )
      : [],
  };
};
