import { redirect } from '@sveltejs/kit';
import type { SearchExplained, SearchPage } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { isFromForm, readAddress, shownColumns, showOf, toAddress, withChange } from '#lib/find/query.ts';
import { placeChoices, placeNames } from '#lib/find/places.ts';
import { byCostAsFound, trackOf } from '#lib/reputation/track.ts';
import { find as texts } from '#lib/i18n/find.ts';
import type { PageServerLoad } from './$types';

const PAGE_LOTS = '40';

/** The address is the whole search: it can be kept, sent and gone back to. */
export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (isFromForm(url.searchParams)) {
    const form = new FormData();
    for (const [name, value] of url.searchParams) form.append(name, value);
    redirect(303, `/find?${toAddress(form)}`);
  }
  const find = readAddress(url.searchParams);
  const columns = shownColumns(find);
  const asked = new URLSearchParams(find.query);
  const page = new URLSearchParams({
    ...find.query,
    show: showOf(columns, find.heat),
    facets: 'yes',
    limit: PAGE_LOTS,
    ...(find.cursor !== undefined && { cursor: find.cursor }),
  });
  const [answer, places] = await Promise.all([
    call<SearchPage>(fetch, 'GET', `/v1/search/lots?${page}`),
    placeChoices(fetch, locals.locale, locals.session?.organisation != null),
  ]);
  const nothing = answer.ok && answer.data.items.length === 0 && find.cursor === undefined;
  const explained = nothing
    ? await call<SearchExplained>(fetch, 'GET', `/v1/search/conditions?${asked}`)
    : undefined;
  const track = await trackOf(fetch, locals.session !== null, answer.ok ? answer.data.items : []);
  const counted = url.searchParams.get('experience') === 'yes';
  const next = answer.ok ? answer.data.nextCursor : null;
  return {
    title: texts[locals.locale].title,
    find,
    columns,
    lots: !answer.ok ? [] : counted ? byCostAsFound(answer.data.items, track) : answer.data.items,
    track,
    counted,
    /** The same search, counted the other way; null where nothing would change. */
    countOther: Object.values(track.experience).some(({ expected }) => expected !== null)
      ? `/find?${new URLSearchParams(withChange(find, {}))}${counted ? '' : '&experience=yes'}`
      : null,
    facets: answer.ok ? (answer.data.facets ?? null) : null,
    costCurrency: answer.ok ? answer.data.costCurrency : null,
    problem: answer.ok ? null : answer.problem,
    explained: explained?.ok ? explained.data : null,
    next: next === null ? null : `/find?${withChange(find, { cursor: next })}`,
    places,
    placeNames: placeNames(places),
  };
};
