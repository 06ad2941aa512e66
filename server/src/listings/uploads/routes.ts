/** HTTP of files of lots: template, preview, what is wrong line by line, confirmation, export. */
import { type UploadPreview, listingUploadRoutes as routes } from '@seam/protocol';
import { desc, eq } from 'drizzle-orm';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { orm } from '../../platform/db.ts';
import { type Answer, act, read } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { isRefusal, refuse } from '../../platform/refusal.ts';
import { listing } from '../tables.ts';
import {
  UPLOAD_BYTES_MAX,
  type UploadDeps,
  confirmUpload,
  previewUpload,
  refusedRows,
  uploadPreview,
} from './commands.ts';
import { CSV_START, csvLine, lotsCsv, templateCsv } from './export.ts';

type Deps = Omit<UploadDeps, 'fresh'> & { readonly wake: () => void };

export function listingUploadRoutes(app: FastifyInstance, given: Deps): void {
  const deps = { ...given, fresh: new Map<string, UploadPreview>() };
  // A file is no JSON: it has a type and a limit of its own.
  app.addContentTypeParser(
    'text/csv',
    { parseAs: 'buffer', bodyLimit: UPLOAD_BYTES_MAX },
    (_httpRequest, body, done) => done(null, body),
  );
  read(app, deps, routes.lotTemplate, async ({ reply }) => sendCsv(reply, 'lots.csv', templateCsv()));
  read(app, deps, routes.exportLots, async ({ connection, principal, reply }) => {
    const rows = await orm(connection)
      .select()
      .from(listing)
      .where(eq(listing.sellerId, principal.organisationId))
      .orderBy(desc(listing.id))
      .limit(EXPORT_ROWS_MAX);
    return sendCsv(reply, 'my-lots.csv', await lotsCsv(connection, rows));
  });
  act(app, deps, routes.previewLots, async ({ body, query, principal }) => {
    if (!Buffer.isBuffer(body)) return refuse('listing.upload_empty');
    return previewUpload(deps, actorOf(principal), { name: query.name ?? '', file: body });
  });
  read(app, deps, routes.lotUpload, async ({ params, principal }) =>
    uploadPreview(deps, actorOf(principal), params.id),
  );
  read(app, deps, routes.refusedLots, async ({ params, principal, reply }) => {
    const rows = await refusedRows(deps, actorOf(principal), params.id);
    if (isRefusal(rows)) return rows;
    const lines = rows.map(({ line, code, fields }) => {
      const told = Object.entries(fields).map(([field, what]) => `${field}: ${what}`);
      return csvLine([String(line), code, told.join('; ')]);
    });
    return sendCsv(reply, 'refused.csv', CSV_START + csvLine(['line', 'code', 'fields']) + lines.join(''));
  });
  act(app, deps, routes.confirmLots, async ({ params, principal }) =>
    confirmUpload(deps, actorOf(principal), params.id),
  );
}

/** Every lot a company may have open, a hundred times over. */
const EXPORT_ROWS_MAX = 100_000;

function actorOf({ personId, organisationId }: Principal) {
  return { personId, organisationId };
}

function sendCsv(reply: FastifyReply, name: string, text: string): Answer<typeof routes.lotTemplate> {
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(text);
}
