import { error, redirect, type Actions } from '@sveltejs/kit';
import type { ListingDocumentView, ListingView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { decimalText, idempotency, refuse, text } from '#lib/form/server.ts';
import { lotForms } from '#lib/i18n/lot-forms.ts';
import { filled, forForm } from '#lib/lots/wire-form.ts';
import { assayBody } from '../../_parts/lot-body.ts';
import type { PageServerLoad } from './$types';

export const load: PageServerLoad = async ({ fetch, params, locals }) => {
  const id = encodeURIComponent(params.id);
  if (!locals.session) redirect(303, `/login?returnTo=${encodeURIComponent(`/lots/${id}/certificate`)}`);
  const lot = await call<ListingView>(fetch, 'GET', `/v1/listings/${id}`);
  if (!lot.ok) error(lot.problem.status, { message: lot.problem.title, code: lot.problem.code });
  if (!lot.data.mineToSell) redirect(303, `/lots/${id}`);
  return {
    title: lotForms[locals.locale].certificateTitle,
    lot: lot.data,
    documents: lot.data.documents.map(({ id: value, name }) => ({ value, label: name })),
  };
};

const seals = (data: FormData, name: string): string[] =>
  text(data, name)
    .split(/[\s,，、;；]+/)
    .filter((one) => one !== '');

function certificateBody(data: FormData, documentId: string): Record<string, unknown> {
  const [sealsSet, sealsFound] = [seals(data, 'sealsSet'), seals(data, 'sealsFound')];
  const grams = decimalText(data, 'sampleGrams');
  return {
    laboratory: text(data, 'laboratory'),
    number: text(data, 'number'),
    issuedOn: text(data, 'issuedOn'),
    ...filled({
      documentId,
      sampledOn: text(data, 'sampledOn'),
      preparedOn: text(data, 'preparedOn'),
      analysedOn: text(data, 'analysedOn'),
      declaredClass: text(data, 'declaredClass'),
    }),
    // What is no number stays a text, and is refused with its field named.
    ...(grams !== '' && { sampleGrams: /^\d{1,9}$/.test(grams) ? Number(grams) : grams }),
    ...(sealsSet.length > 0 && { sealsSet }),
    ...(sealsFound.length > 0 && { sealsFound }),
    assay: assayBody(data),
  };
}

export const actions: Actions = {
  default: async ({ request, fetch, params }) => {
    const data = await request.formData();
    const url = `/v1/listings/${encodeURIComponent(params['id'] ?? '')}` as const;
    const key = idempotency(data).idempotencyKey;
    const file = data.get('file');
    if (file instanceof File && file.size > 0) {
      const body = {
        kind: 'certificate_of_analysis',
        visibility: 'public',
        name: file.name.slice(0, 200) || 'certificate',
        file: Buffer.from(await file.arrayBuffer()).toString('base64'),
      };
      const options = { body, ...(key !== undefined && { idempotencyKey: `${key}.file` }) };
      const stored = await call<ListingDocumentView>(fetch, 'POST', `${url}/documents`, options);
      if (!stored.ok) return refuse(stored.problem, data);
      // When its values are refused the file is with the lot already, and chosen.
      data.set('documentId', stored.data.id);
    }
    const result = await call(fetch, 'POST', `${url}/certificates`, {
      body: certificateBody(data, text(data, 'documentId')),
      ...idempotency(data),
    });
    if (!result.ok) return refuse(forForm(result.problem), data);
    redirect(303, `/lots/${encodeURIComponent(params['id'] ?? '')}?certificate=entered`);
  },
};
