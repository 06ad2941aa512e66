import { verifyTexts } from '#lib/signing/texts/verify.ts';
import type { PageServerLoad } from './$types';

/** What the QR code of a contract names; shown, never believed. */
const NUMBER = /^[\w-]{1,40}$/;
const ID = /^[0-9a-f-]{36}$/;

export const load: PageServerLoad = async ({ url, locals }) => {
  const named = url.searchParams.get('contract') ?? '';
  const id = url.searchParams.get('id') ?? '';
  return {
    title: verifyTexts[locals.locale].title,
    named: NUMBER.test(named) ? named : null,
    /** Of a contract that a logged-in party can fetch from the exchange. */
    id: locals.session && ID.test(id) ? id : null,
  };
};
