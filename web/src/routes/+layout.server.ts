import { call } from '#lib/api/call.ts';
import type { Demo } from '#lib/api/demo.ts';
import type { LayoutServerLoad } from './$types';

export const load: LayoutServerLoad = async ({ locals, fetch }) => {
  const demo = await call<Demo>(fetch, 'GET', '/v1/demo');
  return {
    session: locals.session,
    preferences: locals.preferences,
    demo: demo.ok && demo.data.demo ? demo.data : null,
    now: Date.now(),
    formKey: crypto.randomUUID(),
  };
};
