import { resultReportRoutes as r } from '@seam/protocol';
import type { Paper, renderPaper } from '@seam/esign';
import type { FastifyInstance } from 'fastify';
import type { NamesOf } from '../../logistics/public.ts';
import { Fault } from '../../platform/fault.ts';
import { type HttpDeps, read } from '../../platform/http.ts';
import { isRefusal } from '../../platform/refusal.ts';
import { paperOf } from './paper.ts';
import { resultReport } from './report.ts';

export type ResultReportDeps = HttpDeps & {
  readonly namesOf: NamesOf;
  /** Draws a paper away from the market's event loop. */
  readonly draw: (paper: Omit<Paper, 'fonts'>) => ReturnType<typeof renderPaper>;
};

export function resultReportHttp(app: FastifyInstance, deps: ResultReportDeps): void {
  read(app, deps, r.resultReport, async ({ params, connection, principal }) =>
    resultReport(connection, deps.namesOf, params.id, principal),
  );
  read(app, deps, r.resultReportPaper, async ({ params, connection, principal, reply }) => {
    const report = await resultReport(connection, deps.namesOf, params.id, principal);
    if (isRefusal(report)) return report;
    const drawn = await deps.draw(paperOf(report));
    if (!drawn.ok) throw new Fault('contract.font_missing_glyph', drawn.detail);
    return reply
      .type('application/pdf')
      .header('content-disposition', `attachment; filename="result-report-${params.id}.pdf"`)
      .header('cache-control', 'private, no-store')
      .send(Buffer.from(drawn.bytes));
  });
}
