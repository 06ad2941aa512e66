import type { Actions } from '@sveltejs/kit';
import { refuse } from '#lib/form/server.ts';
import { styleguide } from '#lib/i18n/styleguide.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => ({ title: styleguide[locals.locale].title });

export const actions: Actions = {
  /** Refuses whatever comes, to show how a refusal looks with and without scripts. */
  default: async ({ request }) => {
    const data = await request.formData();
    return refuse(
      {
        code: 'request.invalid',
        title: 'Some fields need attention',
        status: 422,
        fields: { tonnes: 'field.not_a_number', term: 'field.required', agree: 'field.required' },
        requestId: '0198c2f0-7a11-7c21-9f3e-0d2b6c1a55ee',
      },
      data,
    );
  },
};
