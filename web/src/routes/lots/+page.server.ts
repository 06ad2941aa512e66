import { redirect } from '@sveltejs/kit';
import type { PageServerLoad } from './$types';

/** Lots were once browsed here; what was asked in an old address is asked of the search. */
const KEPT = ['text', 'q', 'country', 'rank', 'transport', 'currency', 'source', 'to', 'sort'] as const;

export const load: PageServerLoad = ({ url }) => {
  const address = new URLSearchParams();
  for (const name of KEPT) {
    const value = url.searchParams.get(name);
    if (value) address.set(name === 'q' ? 'text' : name, value);
  }
  redirect(308, `/find${address.size > 0 ? `?${address}` : ''}`);
};
