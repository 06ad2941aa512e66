/** What the forms of a dispute send: each reads its fields, calls the exchange, and gives back what was typed. */
import type { ActionFailure, RequestEvent } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import type { Problem } from '#lib/api/problem.ts';
import { type Refused, decimalText, idempotency, refuse, refuseFields, text } from '#lib/form/server.ts';

type Done = { readonly done: `done_${string}` };
type Result = Promise<Done | ActionFailure<Refused>>;
type Event = Pick<RequestEvent, 'request' | 'fetch'>;

/** Codes of the wire's schema as sentences of a form; a code with a dot has a sentence of its own. */
const WORDS: Readonly<Record<string, string>> = {
  required: 'field.required',
  minLength: 'field.too_short',
  maxLength: 'field.too_long',
  pattern: 'field.not_a_number',
  enum: 'field.required',
  too_large: 'field.out_of_range',
  not_positive: 'field.out_of_range',
};

function forFields(problem: Problem): Problem {
  if (!problem.fields) return problem;
  const fields = Object.entries(problem.fields).map(([name, code]): [string, string] => [
    name.replace('/', '').split('.')[0]!,
    code.includes('.') ? code : (WORDS[code] ?? 'field.invalid'),
  ]);
  return { ...problem, fields: Object.fromEntries(fields) };
}

async function send(
  { fetch }: Event,
  data: FormData,
  of: { readonly url: string; readonly done: string; readonly body?: object },
): Result {
  const result = await call<unknown>(fetch, 'POST', `/v1/${of.url}`, {
    ...(of.body && { body: of.body }),
    ...idempotency(data),
  });
  return result.ok ? { done: `done_${of.done}` } : refuse(forFields(result.problem), data);
}

/** One of the two, as the exchange wants it; both or none is its refusal. */
function claimOf(data: FormData): { amount?: string; pricePerTonne?: string } {
  const amount = decimalText(data, 'amount');
  const pricePerTonne = decimalText(data, 'pricePerTonne');
  return { ...(amount !== '' && { amount }), ...(pricePerTonne !== '' && { pricePerTonne }) };
}

/** Codes of the fields that are empty or too short; undefined when all are well. */
function lacking(data: FormData, least: Readonly<Record<string, number>>) {
  const wrong = Object.entries(least).flatMap(([name, length]): [string, string][] => {
    const { length: typed } = text(data, name);
    return typed >= length ? [] : [[name, typed === 0 ? 'field.required' : 'field.too_short']];
  });
  return wrong.length > 0 ? refuseFields(Object.fromEntries(wrong), data) : undefined;
}

const idOf = (data: FormData): string => encodeURIComponent(text(data, 'dispute'));

/** Of either side; `contract` is the settlement's. */
export async function fileDispute(event: Event, contract: string): Result {
  const data = await event.request.formData();
  const wrong = lacking(data, { cause: 1, statement: 5 });
  if (wrong) return wrong;
  const body = { cause: text(data, 'cause'), statement: text(data, 'statement'), ...claimOf(data) };
  return send(event, data, {
    url: `settlements/${encodeURIComponent(contract)}/disputes`,
    done: 'file',
    body,
  });
}

export const partyActions = {
  async say(event: Event): Result {
    const data = await event.request.formData();
    const body = { text: text(data, 'text') };
    return (
      lacking(data, { text: 1 }) ??
      send(event, data, { url: `disputes/${idOf(data)}/statements`, done: 'say', body })
    );
  },
  async attach(event: Event): Result {
    const data = await event.request.formData();
    const file = data.get('file');
    if (!(file instanceof File) || file.name === '') return refuseFields({ file: 'field.required' }, data);
    const content = Buffer.from(await file.arrayBuffer()).toString('base64');
    const body = { name: file.name, mediaType: typeOf(file), content };
    return send(event, data, { url: `disputes/${idOf(data)}/files`, done: 'attach', body });
  },
  async evidenceEnd(event: Event): Result {
    const data = await event.request.formData();
    return send(event, data, { url: `disputes/${idOf(data)}/evidence-end`, done: 'evidenceEnd' });
  },
  async offer(event: Event): Result {
    const data = await event.request.formData();
    return send(event, data, { url: `disputes/${idOf(data)}/offers`, done: 'offer', body: claimOf(data) });
  },
  async agree(event: Event): Result {
    const data = await event.request.formData();
    const body = { offer: Number(text(data, 'offer')) };
    return send(event, data, { url: `disputes/${idOf(data)}/agreement`, done: 'agree', body });
  },
  async withdraw(event: Event): Result {
    const data = await event.request.formData();
    return send(event, data, { url: `disputes/${idOf(data)}/withdrawal`, done: 'withdraw' });
  },
  async acceptDecision(event: Event): Result {
    const data = await event.request.formData();
    return send(event, data, { url: `disputes/${idOf(data)}/decision-acceptance`, done: 'acceptDecision' });
  },
  async appeal(event: Event): Result {
    const data = await event.request.formData();
    const body = { reason: text(data, 'reason') };
    return (
      lacking(data, { reason: 5 }) ??
      send(event, data, { url: `disputes/${idOf(data)}/appeal`, done: 'appeal', body })
    );
  },
};

export const centreActions = {
  async admit(event: Event): Result {
    const data = await event.request.formData();
    return send(event, data, { url: `staff/disputes/${idOf(data)}/admission`, done: 'admit' });
  },
  async reject(event: Event): Result {
    const data = await event.request.formData();
    const body = { reason: text(data, 'reason'), text: text(data, 'text') };
    return (
      lacking(data, { reason: 1, text: 5 }) ??
      send(event, data, { url: `staff/disputes/${idOf(data)}/rejection`, done: 'reject', body })
    );
  },
  async propose(event: Event): Result {
    const data = await event.request.formData();
    const owedBy = text(data, 'owedBy');
    const amount = decimalText(data, 'compensation');
    if (owedBy !== '' && amount === '') return refuseFields({ compensation: 'field.required' }, data);
    const body = {
      ...claimOf(data),
      ...(owedBy !== '' && { compensation: { owedBy, amount } }),
      reasons: text(data, 'reasons'),
    };
    return (
      lacking(data, { reasons: 20 }) ??
      send(event, data, { url: `staff/disputes/${idOf(data)}/proposals`, done: 'propose', body })
    );
  },
  async confirm(event: Event): Result {
    const data = await event.request.formData();
    const body = { proposal: Number(text(data, 'proposal')) };
    return send(event, data, { url: `staff/disputes/${idOf(data)}/confirmation`, done: 'confirm', body });
  },
};

/** What the browser does not know by itself: some systems have no name for tables of text. */
function typeOf({ name, type }: File): string {
  if (/\.csv$/i.test(name)) return 'text/csv';
  return type === '' && /\.txt$/i.test(name) ? 'text/plain' : type;
}
