import type { Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { refuse, text } from '#lib/form/server.ts';
import { find as texts } from '#lib/i18n/find.ts';
import type { PageServerLoad } from './$types';

type Mail = { name: string; active: boolean };

/** The link of a letter. Looking changes nothing: mail programs look at links by themselves. */
export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const token = url.searchParams.get('token') ?? '';
  const answer = await call<Mail>(fetch, 'GET', `/v1/search-mail?${new URLSearchParams({ token })}`);
  return {
    title: texts[locals.locale].stopTitle,
    token,
    mail: answer.ok ? answer.data : null,
  };
};

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const result = await call<Mail>(fetch, 'POST', '/v1/search-mail/stop', {
      body: { token: text(data, 'token') },
    });
    return result.ok ? { stopped: true } : refuse(result.problem, data);
  },
};
