import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { refuse, refuseFields } from '#lib/form/server.ts';
import { members } from '#lib/i18n/members.ts';
import { forForm, missing, password } from '#lib/members/wire-form.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fcompany%2Fpassword');
  return { title: members[locals.locale].passwordTitle, done: url.searchParams.has('done') };
};

/** The form's names end in "password", so that what was typed never comes back into the page. */
const names: Readonly<Record<string, string>> = { current: 'currentPassword', next: 'nextPassword' };

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const fields = missing(data, Object.values(names));
    if (Object.keys(fields).length > 0) return refuseFields(fields, data);
    const body = { current: password(data, 'currentPassword'), next: password(data, 'nextPassword') };
    const result = await call(fetch, 'POST', '/v1/password', { body });
    if (!result.ok)
      return refuse(
        forForm(result.problem, (name) => names[name] ?? name),
        data,
      );
    redirect(303, '/company/password?done');
  },
};
