import { error, redirect } from '@sveltejs/kit';
import type { BlendView, RequestView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { blends } from '#lib/i18n/blends.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(url.pathname)}`);
  const base = `/v1/requests/${encodeURIComponent(params.id)}` as const;
  const found = await call<RequestView>(fetch, 'GET', base);
  if (!found.ok) error(found.problem.status, { message: found.problem.title, code: found.problem.code });
  const wish = Object.fromEntries(
    ['maximumLots', 'minimumTake'].map((name) => [name, url.searchParams.get(name)?.trim() ?? '']),
  ) as { maximumLots: string; minimumTake: string };
  const query = new URLSearchParams(Object.entries(wish).filter(([, value]) => value !== ''));
  const blend = await call<BlendView>(fetch, 'GET', `${base}/blend?${query}`);
  if (!blend.ok && blend.problem.status === 404) error(404, { message: blend.problem.title });
  return {
    title: blends[locals.locale].title,
    request: found.data,
    wish,
    blend: blend.ok ? blend.data : null,
    problem: blend.ok ? null : blend.problem,
  };
};
