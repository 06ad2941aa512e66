/**
 * What anybody may ask the authority: its certificates and lists, the OCSP responder, the timestamp
 * authority, and the log. Addresses and formats are those that openssl and other tools know.
 */
import { certificateRoutes as r } from '@seam/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { read } from '../../platform/http.ts';
import { refuse } from '../../platform/refusal.ts';
import { logPage } from './certificate-log.ts';
import { answerOcsp } from './ocsp.ts';
import { currentIssuingList, newestList } from './revocation-lists.ts';
import type { PkiDeps } from './routes.ts';
import { answerTimestamp } from './timestamps.ts';

/** A hundred CertIDs with SHA-256 hashes and a nonce; a query is smaller than one of them. */
const REQUEST_BYTES_MAX = 16 * 1024;
/** An address asks twice a second all day; a script that does more waits. Each answer costs a signature. */
const ASKED_PER_MINUTE = 120;

export function publicRoutes(app: FastifyInstance, deps: PkiDeps): void {
  const { authorities, clock, sql } = deps;
  read(app, deps, r.rootCertificate, async ({ reply }) =>
    sendPublic(reply, authorities.root, 'application/pkix-cert', 'seam-root.cer'),
  );
  read(app, deps, r.issuingCertificate, async ({ reply }) =>
    sendPublic(reply, authorities.issuing.certificate, 'application/pkix-cert', 'seam-issuing.cer'),
  );
  read(app, deps, r.rootRevocationList, async ({ reply }) => {
    const list = await newestList(sql, 'root');
    // Its key is in a safe: the list appears when somebody has fetched it (`seam pki root-crl`).
    if (!list) return refuse('resource.not_found');
    return sendPublic(reply, list.der, 'application/pkix-crl', 'seam-root.crl');
  });
  read(app, deps, r.revocationList, async ({ reply }) => {
    const list = await currentIssuingList(sql, authorities.issuing, clock.now());
    return sendPublic(reply, list.der, 'application/pkix-crl', 'seam-issuing.crl');
  });
  read(app, deps, r.certificateLog, async ({ query, connection }) =>
    logPage(connection, Number(query.after ?? 0)),
  );
  void app.register(async (scope) => binaryRoutes(scope, deps));
}

/** In a scope of their own: only here are these two kinds of body read. */
async function binaryRoutes(scope: FastifyInstance, deps: PkiDeps): Promise<void> {
  const { sql, authorities, clock } = deps;
  scope.addContentTypeParser(
    ['application/ocsp-request', 'application/timestamp-query'],
    { parseAs: 'buffer', bodyLimit: REQUEST_BYTES_MAX },
    async (_httpRequest: unknown, body: unknown) => body,
  );
  scope.addHook('onRequest', scope.rateLimit({ max: ASKED_PER_MINUTE, timeWindow: 60_000 }));
  const ocsp = async (reply: FastifyReply, request: Uint8Array): Promise<FastifyReply> =>
    sendPublic(reply, await answerOcsp(sql, authorities, request, clock.now()), 'application/ocsp-response');
  read(scope, deps, r.askOcsp, async ({ httpRequest, reply }) => ocsp(reply, bytesOf(httpRequest.body)));
  read(scope, deps, r.askOcspByUrl, async ({ httpRequest, reply }) => {
    const rest = (httpRequest.params as { '*': string })['*'];
    return ocsp(reply, new Uint8Array(Buffer.from(rest, 'base64')));
  });
  read(scope, deps, r.askTimestamp, async ({ httpRequest, reply }) =>
    sendPublic(
      reply,
      await answerTimestamp({ sql, authorities, clock }, bytesOf(httpRequest.body)),
      'application/timestamp-reply',
    ),
  );
}

const bytesOf = (body: unknown): Uint8Array =>
  body instanceof Uint8Array ? new Uint8Array(body) : new Uint8Array();

function sendPublic(reply: FastifyReply, bytes: Uint8Array, type: string, name?: string): FastifyReply {
  if (name) void reply.header('content-disposition', `inline; filename="${name}"`);
  // What holds now may be revoked in a moment: a stale answer is worse than another request.
  return reply.type(type).header('cache-control', 'no-cache').send(Buffer.from(bytes));
}
