import { invoiceRoutes as r } from '@seam/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, read } from '../../platform/http.ts';
import { refuse } from '../../platform/refusal.ts';
import { type Draw, paperBytes } from './paper-file.ts';
import { invoiceSeen, invoicesSeen } from './queries.ts';

export type InvoiceDeps = HttpDeps & {
  /** Draws a paper away from the market's event loop. */
  readonly draw: Draw;
};

export function invoiceRoutes(app: FastifyInstance, deps: InvoiceDeps): void {
  read(app, deps, r.invoices, async ({ connection, principal, query }) =>
    invoicesSeen(connection, principal, query),
  );
  read(app, deps, r.invoiceUbl, async ({ connection, principal, params, reply }) => {
    const row = await invoiceSeen(connection, principal, params.id);
    if (!row) return refuse('resource.not_found');
    return send(reply, Buffer.from(row.ubl), 'application/xml; charset=utf-8', `${row.number}.xml`);
  });
  read(app, deps, r.invoicePaper, async ({ connection, principal, params, reply }) => {
    const row = await invoiceSeen(connection, principal, params.id);
    if (!row) return refuse('resource.not_found');
    const pdf = await paperBytes(connection as Connection, row, deps.draw);
    return send(reply, pdf, 'application/pdf', `${row.number}.pdf`);
  });
}

/** A file that only its asker may keep. */
function send(reply: FastifyReply, bytes: Uint8Array, type: string, name: string): FastifyReply {
  return reply
    .type(type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'private, no-store')
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}
