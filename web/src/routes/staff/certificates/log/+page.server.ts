import { redirect } from '@sveltejs/kit';
import { certificates } from '#lib/i18n/certificates.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ locals }) => {
  if (!locals.session) redirect(303, '/login?returnTo=%2Fstaff%2Fcertificates%2Flog');
  return { title: certificates[locals.locale].logTitle };
};
