import { redirect } from '@sveltejs/kit';
import { contractTerms } from '#lib/i18n/contract-terms.ts';
import { loadTerms } from '../terms/_parts/load.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async (event) => {
  const loaded = await loadTerms(event);
  const { terms } = loaded;
  // An amendment has none of its own: those of its contract are meant.
  if (terms.amends) redirect(303, `/contracts/${terms.amends.id}/amendments`);
  return { ...loaded, title: `${contractTerms[event.locals.locale].amendments} ${terms.number}` };
};
