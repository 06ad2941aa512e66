/** HTTP of terms: reading them, negotiating them, and what came of it. */
import { contractTermsRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, act, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { ContractFiles } from '../files/files.ts';
import type { ContractPorts } from '../ports.ts';
import { sendFile } from '../send-file.ts';
import { type NegotiationDeps, acceptProposal } from './accept.ts';
import { propose, rejectProposal, withdrawProposal } from './propose.ts';
import { contractTermsView, versionFile, versionRedline } from './queries.ts';

type Deps = HttpDeps & NegotiationDeps & { readonly ports: ContractPorts; readonly files: ContractFiles };

export function contractTermsRoutes(app: FastifyInstance, deps: Deps): void {
  const { clock, ports, stageOf } = deps;
  const view = async (connection: Connection, id: string, principal: Principal, version?: number) =>
    contractTermsView({ connection, ports, stageOf, now: clock.now() }, id, principal, version);
  const after = async (
    connection: Connection,
    principal: Principal,
    done: { contractId: string } | Refusal,
  ) => (isRefusal(done) ? done : view(connection, done.contractId, principal));

  read(app, deps, r.contractTerms, async ({ params, query, connection, principal }) =>
    view(connection, params.id, principal, query.version === undefined ? undefined : Number(query.version)),
  );
  read(app, deps, r.contractRedline, async ({ params, query, connection, principal }) =>
    versionRedline(connection, params.id, principal, { from: Number(query.from), to: Number(query.to) }),
  );
  read(app, deps, r.contractVersionDocument, async ({ params, connection, principal, reply }) => {
    const found = await versionFile(connection, params.id, principal, Number(params.version));
    if (!found) return refuse('resource.not_found');
    return sendFile(reply, await deps.files.run('revision', found.of), 'application/pdf', found.name);
  });
  write(app, deps, r.proposeTerms, async ({ params, body, connection, principal }) => {
    const input = { ...body, contractId: params.id, now: clock.now(), stageOf };
    return after(connection, principal, await propose(connection, principal, input));
  });
  // Renders before it opens its transaction.
  act(app, deps, r.acceptProposal, async ({ params, body, connection, principal }) =>
    after(
      connection,
      principal,
      await acceptProposal(deps, principal, { proposalId: params.id, sha256: body.sha256 }),
    ),
  );
  write(app, deps, r.rejectProposal, async ({ params, body, connection, principal }) => {
    const input = { proposalId: params.id, reason: body.reason, now: clock.now() };
    return after(connection, principal, await rejectProposal(connection, principal, input));
  });
  write(app, deps, r.withdrawProposal, async ({ params, connection, principal }) => {
    const input = { proposalId: params.id, now: clock.now() };
    return after(connection, principal, await withdrawProposal(connection, principal, input));
  });
}
