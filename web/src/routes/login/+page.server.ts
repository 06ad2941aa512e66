import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { localPath, refuse, refuseFields, text } from '#lib/form/server.ts';
import { login } from '#lib/i18n/login.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals, url }) => ({
  title: login[locals.locale].title,
  returnTo: localPath(url.searchParams.get('returnTo')),
});

export const actions: Actions = {
  default: async ({ request, fetch }) => {
    const data = await request.formData();
    const email = text(data, 'email');
    const password = data.get('password');
    const missing = {
      ...(email === '' ? { email: 'field.required' } : {}),
      ...(typeof password !== 'string' || password === '' ? { password: 'field.required' } : {}),
    };
    if (Object.keys(missing).length > 0) return refuseFields(missing, data);
    const result = await call(fetch, 'POST', '/v1/login', { body: { email, password } });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, localPath(text(data, 'returnTo')));
  },
};
