import { redirect, type Actions } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import { localPath, refuse, text } from '#lib/form/server.ts';
import { locales } from '#lib/i18n/dictionary.ts';
import { densities, keySettings, preferenceMaxAgeSeconds, themes } from '#lib/shell/preferences.ts';
import { shell } from '#lib/i18n/shell.ts';
import type { PageServerLoad } from './$types';

const allowed: Readonly<Record<string, readonly string[]>> = {
  locale: locales,
  theme: themes,
  density: densities,
  keys: keySettings,
};

export const load: PageServerLoad = ({ locals }) => ({ title: shell[locals.locale].preferences });

export const actions: Actions = {
  /** Any of locale, theme, density and keys; what is not in its list is left alone. */
  set: async ({ request, cookies, url }) => {
    const data = await request.formData();
    for (const [name, values] of Object.entries(allowed)) {
      const value = text(data, name);
      if (!values.includes(value)) continue;
      // Readable by scripts on purpose: nothing secret, and the page applies a switch at once.
      cookies.set(name, value, {
        path: '/',
        maxAge: preferenceMaxAgeSeconds,
        sameSite: 'lax',
        httpOnly: false,
        secure: url.protocol === 'https:',
      });
    }
    redirect(303, localPath(text(data, 'returnTo')));
  },

  robots: async ({ request, fetch }) => {
    const data = await request.formData();
    const result = await call(fetch, 'POST', '/v1/demo/robots', {
      body: { on: text(data, 'running') === 'true' },
    });
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, localPath(text(data, 'returnTo')));
  },
};
