import { redirect, type Actions } from '@sveltejs/kit';
import type { QuotaView, UploadPreview } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';
import { lots } from '#lib/i18n/lots.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, locals, url }) => {
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent('/lots/import')}`);
  const id = url.searchParams.get('upload');
  const [upload, quotas] = await Promise.all([
    id === null ? null : call<UploadPreview>(fetch, 'GET', `/v1/listing-uploads/${encodeURIComponent(id)}`),
    call<{ items: QuotaView[] }>(fetch, 'GET', '/v1/listing-quotas'),
  ]);
  return {
    title: lots[locals.locale].upload,
    upload: upload?.ok ? upload.data : null,
    problem: upload && !upload.ok ? upload.problem : null,
    quotas: quotas.ok ? quotas.data.items : [],
  };
};

export const actions: Actions = {
  preview: async ({ request, fetch }) => {
    const data = await request.formData();
    const file = data.get('file');
    if (!(file instanceof File) || file.size === 0) return refuseFields({ file: 'field.required' }, data);
    const result = await call<UploadPreview>(
      fetch,
      'POST',
      `/v1/listing-uploads?${new URLSearchParams({ name: file.name.slice(0, 200) })}`,
      { body: await file.arrayBuffer(), headers: { 'content-type': 'text/csv' } },
    );
    if (!result.ok) return refuse(result.problem, data);
    redirect(303, `/lots/import?upload=${result.data.id}`);
  },
  confirm: async ({ request, fetch }) => {
    const data = await request.formData();
    const id = encodeURIComponent(text(data, 'id'));
    const result = await call<{ made: number; inReview: number }>(
      fetch,
      'POST',
      `/v1/listing-uploads/${id}/confirm`,
      idempotency(data),
    );
    return result.ok ? { confirmed: result.data } : refuse(result.problem, data);
  },
};
