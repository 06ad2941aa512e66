import { help } from './content.server.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = ({ locals }) => ({
  title: help[locals.locale].title,
  help: help[locals.locale],
});
