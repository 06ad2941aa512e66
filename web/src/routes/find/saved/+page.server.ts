import { type Actions, redirect } from '@sveltejs/kit';
import type { SavedSearchView, SearchAlertView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { addressOf, readAddress } from '#lib/find/query.ts';
import { placeChoices, placeNames } from '#lib/find/places.ts';
import { decimalText, idempotency, refuse, text } from '#lib/form/server.ts';
import { find as texts } from '#lib/i18n/find.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname + url.search)}`);
  const find = readAddress(url.searchParams);
  const cursor = url.searchParams.get('cursor');
  const [saved, alerts, places] = await Promise.all([
    call<{ items: SavedSearchView[]; mailAvailable: boolean }>(fetch, 'GET', '/v1/saved-searches'),
    call<{ items: SearchAlertView[]; nextCursor: string | null }>(
      fetch,
      'GET',
      `/v1/search-alerts${cursor ? `?${new URLSearchParams({ cursor })}` : ''}`,
    ),
    placeChoices(fetch, locals.locale, locals.session.organisation !== null),
  ]);
  const items = saved.ok ? saved.data.items : [];
  return {
    title: texts[locals.locale].savedSearches,
    find,
    isNew: Object.keys(find.query).length > 0,
    saved: items.map((each) => {
      const own = readAddress(new URLSearchParams(each.query));
      return { ...each, find: own, address: addressOf(own).toString() };
    }),
    mailAvailable: saved.ok && saved.data.mailAvailable,
    alerts: alerts.ok ? alerts.data.items : [],
    next:
      alerts.ok && alerts.data.nextCursor !== null
        ? `/find/saved?${new URLSearchParams({ cursor: alerts.data.nextCursor })}`
        : null,
    problem: saved.ok ? null : saved.problem,
    placeNames: placeNames(places),
  };
};

const mailOf = (data: FormData): 'en' | 'zh' | null => {
  const mail = text(data, 'mail');
  return mail === 'en' || mail === 'zh' ? mail : null;
};

export const actions: Actions = {
  save: async ({ request, fetch }) => {
    const data = await request.formData();
    const { landedMax: _old, ...query } = readAddress(new URLSearchParams(text(data, 'search'))).query;
    const landedMax = decimalText(data, 'landedMax');
    const result = await call<SavedSearchView>(fetch, 'POST', '/v1/saved-searches', {
      body: {
        name: text(data, 'name'),
        query: { ...query, ...(landedMax && { landedMax }) },
        mail: mailOf(data),
      },
      ...idempotency(data),
    });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, '/find/saved');
  },
  change: async ({ request, fetch }) => {
    const data = await request.formData();
    const landedMax = decimalText(data, 'landedMax');
    const result = await call(fetch, 'POST', `/v1/saved-searches/${encodeURIComponent(text(data, 'id'))}`, {
      body: {
        name: text(data, 'name'),
        mail: mailOf(data),
        ...(data.has('landedMax') && { landedMax: landedMax === '' ? null : landedMax }),
      },
    });
    return result.ok ? { done: true } : refuse(result.problem, data);
  },
  read: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = encodeURIComponent(text(data, 'id'));
    const result = await call(fetch, 'POST', `/v1/saved-searches/${id}/read`);
    return result.ok ? { done: true } : refuse(result.problem, data);
  },
  stop: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = encodeURIComponent(text(data, 'id'));
    const result = await call(fetch, 'DELETE', `/v1/saved-searches/${id}`);
    return result.ok ? { done: true } : refuse(result.problem, data);
  },
};
