/** HTTP of talks. */
import { negotiationRoutes as r } from '@seam/protocol';
import { eq } from 'drizzle-orm';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { actorOf } from '../listings/public.ts';
import { type Connection, first, orm } from '../platform/db.ts';
import { act, inTransaction, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { acceptOffer } from './accept.ts';
import { checkFile } from './files/check.ts';
import { contentDisposition } from './files/name.ts';
import { seenBy } from './ground.ts';
import { mayInspect, recordInspection } from './inspection.ts';
import { News } from './news.ts';
import { makeOffer, rejectOffer, withdrawOffer } from './offers.ts';
import { openNegotiation } from './open.ts';
import type { NegotiationDeps } from './ports.ts';
import {
  attachmentOf,
  entriesOf,
  listNegotiations,
  negotiationView,
  offerRedline,
  previewOffer,
  summaries,
  transcriptOf,
} from './queries.ts';
import { type EntryRow, negotiation } from './tables.ts';
import { attach, end, markRead, say } from './talk.ts';
import { transcriptText } from './transcript.ts';
import { entryView, offerView } from './view.ts';

export function negotiationRoutes(app: FastifyInstance, deps: NegotiationDeps): void {
  const news = new News(deps.sql);
  app.addHook('onClose', async () => news.close());
  readingRoutes(app, deps, news);
  talkRoutes(app, deps);
  offerRoutes(app, deps);
  recordRoutes(app, deps);
}

function readingRoutes(app: FastifyInstance, deps: NegotiationDeps, news: News): void {
  const { clock } = deps;
  const gone = refuse('resource.not_found');
  read(app, deps, r.listNegotiations, async ({ connection, principal }) => ({
    items: await listNegotiations(deps, connection, principal.organisationId),
    serverTime: clock.now().toISOString(),
  }));
  read(
    app,
    deps,
    r.getNegotiation,
    async ({ connection, params, principal }) =>
      (await negotiationView(deps, connection, principal.organisationId, params.id)) ?? gone,
  );
  read(app, deps, r.negotiationNews, async ({ connection, params, query, principal, httpRequest }) => {
    if (!(await seenBy(connection, principal, params.id))) return gone;
    const after = Number(query.after);
    await news.wait({
      negotiationId: params.id,
      personId: principal.personId,
      isNew: async () => (await entriesOf(connection, params.id)) > after,
      onGone: (stop) => httpRequest.raw.once('close', stop),
    });
    return { entries: await entriesOf(connection, params.id), serverTime: clock.now().toISOString() };
  });
  read(
    app,
    deps,
    r.offerRedline,
    async ({ connection, params, query, principal }) =>
      (await offerRedline(connection, principal.organisationId, {
        id: params.id,
        from: Number(query.from),
        to: Number(query.to),
      })) ?? gone,
  );
  read(app, deps, r.previewOffer, async ({ connection, params, body, principal }) =>
    previewOffer(deps, connection, principal.organisationId, { id: params.id, terms: body.terms }),
  );
}

function talkRoutes(app: FastifyInstance, deps: NegotiationDeps): void {
  const { clock, contracts } = deps;
  const shown = async (connection: Connection, done: EntryRow | Refusal) => {
    if (isRefusal(done)) return done;
    return entryView(done, await contracts.personNamesOf(connection, [done.personId ?? '']));
  };
  write(app, deps, r.openNegotiation, async ({ connection, body, principal }) => {
    const row = await openNegotiation(connection, deps, actorOf(principal), body);
    if (isRefusal(row)) return row;
    const [summary] = await summaries(deps, connection, [row], principal.organisationId);
    return summary!;
  });
  write(app, deps, r.sayInNegotiation, async ({ connection, params, body, principal }) => {
    const input = { text: body.text, now: clock.now() };
    return shown(connection, await say(connection, actorOf(principal), params.id, input));
  });
  // Looks into the file before it opens a transaction.
  act(app, deps, r.attachToNegotiation, async ({ connection, params, body, principal }) => {
    if (!(await seenBy(connection, principal, params.id))) return refuse('resource.not_found');
    const bytes = new Uint8Array(Buffer.from(body.content, 'base64'));
    const file = await checkFile({ name: body.name, declared: body.mediaType, bytes });
    if (isRefusal(file)) return file;
    return inTransaction(deps.sql, async (tx) => {
      const input = { file, bytes, now: clock.now() };
      return shown(tx, await attach(tx, actorOf(principal), params.id, input));
    });
  });
  write(app, deps, r.markNegotiationRead, async ({ connection, params, body, principal }) =>
    markRead(connection, actorOf(principal), params.id, body.n),
  );
  write(app, deps, r.endNegotiation, async ({ connection, params, principal }) =>
    shown(connection, await end(connection, actorOf(principal), params.id, { now: clock.now(), deps })),
  );
  write(app, deps, r.rejectOffer, async ({ connection, params, body, principal }) =>
    shown(connection, await rejectOffer(connection, deps, actorOf(principal), params.id, body)),
  );
  write(app, deps, r.withdrawOffer, async ({ connection, params, body, principal }) =>
    shown(connection, await withdrawOffer(connection, deps, actorOf(principal), params.id, body)),
  );
}

function offerRoutes(app: FastifyInstance, deps: NegotiationDeps): void {
  write(app, deps, r.makeOffer, async ({ connection, params, body, principal }) => {
    const made = await makeOffer(connection, deps, actorOf(principal), params.id, body);
    if (isRefusal(made)) return made;
    const names = await deps.contracts.personNamesOf(connection, [made.personId]);
    const view = await negotiationView(deps, connection, principal.organisationId, params.id);
    return view?.offers.at(-1) ?? offerView(made, undefined, { names, now: deps.clock.now() });
  });
  write(app, deps, r.acceptOffer, async ({ connection, params, body, principal }) =>
    acceptOffer(connection, deps, actorOf(principal), params.id, body),
  );
}

function recordRoutes(app: FastifyInstance, deps: NegotiationDeps): void {
  const { clock } = deps;
  const rowOf = async (connection: Connection, principal: Principal, id: string) =>
    principal.staff
      ? first(await orm(connection).select().from(negotiation).where(eq(negotiation.id, id)))
      : (await seenBy(connection, principal, id))?.row;
  read(app, deps, r.negotiationTranscript, async ({ connection, params, principal }) => {
    const row = await rowOf(connection, principal, params.id);
    return row ? transcriptOf(deps, connection, row) : refuse('resource.not_found');
  });
  read(app, deps, r.negotiationTranscriptText, async ({ connection, params, principal, reply }) => {
    const row = await rowOf(connection, principal, params.id);
    if (!row) return refuse('resource.not_found');
    const text = transcriptText(await transcriptOf(deps, connection, row));
    return sendDownload(reply, Buffer.from(text), {
      type: 'text/plain; charset=utf-8',
      name: `negotiation-${row.id}.txt`,
    });
  });
  write(app, deps, r.inspectNegotiation, async ({ connection, params, body, principal }) => {
    const row = await rowOf(connection, principal, params.id);
    if (!row) return refuse('resource.not_found');
    const { personId } = principal;
    const reason = { negotiationId: row.id, personId, reason: body.reason, now: clock.now() };
    await recordInspection(connection, reason);
    return transcriptOf(deps, connection, row);
  });
  read(app, deps, r.negotiationAttachment, async ({ connection, params, principal, reply }) => {
    const row = await rowOf(connection, principal, params.id);
    if (!row) return refuse('resource.not_found');
    const asked = { negotiationId: row.id, personId: principal.personId, now: clock.now() };
    if (principal.staff && !(await mayInspect(connection, asked)))
      return refuse('negotiation.inspection_missing');
    const found = await attachmentOf(connection, row.id, params.attachmentId);
    if (!found) return refuse('resource.not_found');
    return sendDownload(reply, found.file, { type: found.mediaType, name: found.name });
  });
}

/** To keep, not to show: no browser runs or guesses at what somebody else has sent. */
function sendDownload(
  reply: FastifyReply,
  bytes: Uint8Array,
  of: { readonly type: string; readonly name: string },
): FastifyReply {
  return reply
    .type(of.type)
    .header('content-disposition', contentDisposition(of.name))
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .header('cache-control', 'private, no-store')
    .send(Buffer.from(bytes));
}
