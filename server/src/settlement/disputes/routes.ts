import { type DisputeView, disputeRoutes as r } from '@seam/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection, Tx } from '../../platform/db.ts';
import { type HttpDeps, act, inTransaction, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import type { BankStep } from '../bank/deps.ts';
import type { TradePorts } from '../trade/ports.ts';
import { admit, confirm, propose, reject } from './decide.ts';
import { readFile } from './evidence.ts';
import { fileDispute } from './file.ts';
import { acceptDecision, appeal } from './finish.ts';
import { addEvidence, agree, endEvidence, makeOffer, withdraw } from './hearing.ts';
import { disputeView, listDisputes } from './queries.ts';

export type DisputeDeps = HttpDeps & {
  readonly clock: Clock;
  readonly ports: TradePorts;
  readonly stepOf: (tx: Tx) => BankStep;
  /** Whether a file may be taken: by its content, never by its name. */
  readonly checkFile: (of: {
    readonly name: string;
    readonly declared: string;
    readonly bytes: Uint8Array;
  }) => Promise<{ readonly name: string; readonly mediaType: string } | Refusal>;
};

export function disputeHttp(app: FastifyInstance, deps: DisputeDeps): void {
  const { clock, ports } = deps;
  const shown = async (connection: Connection, principal: Principal, id: string) =>
    (await disputeView({ connection, namesOf: ports.namesOf, principal, now: clock.now() }, id)) ??
    refuse('resource.not_found');

  read(app, deps, r.disputes, async ({ connection, principal, query }) => {
    const reading = { connection, namesOf: ports.namesOf, principal, now: clock.now() };
    const { contract } = query;
    return {
      items: await listDisputes(reading, {
        ...(contract !== undefined && { contract }),
        open: query.open === 'true',
      }),
    };
  });
  read(app, deps, r.dispute, async ({ connection, principal, params }) =>
    shown(connection, principal, params.id),
  );
  write(app, deps, r.fileDispute, async ({ connection, principal, params, body }) => {
    const filing = { contractId: params.id, ...body };
    const filed = await fileDispute(deps.stepOf(connection), ports, principal, filing);
    return isRefusal(filed) ? filed : shown(connection, principal, filed.id);
  });
  evidenceRoutes(app, deps, shown);
  partyRoutes(app, deps, shown);
  staffRoutes(app, deps, shown);
}

type Shown = (connection: Connection, principal: Principal, id: string) => Promise<DisputeView | Refusal>;

function evidenceRoutes(app: FastifyInstance, deps: DisputeDeps, shown: Shown): void {
  const { clock } = deps;
  write(app, deps, r.stateInDispute, async ({ connection, principal, params, body }) => {
    const said = { id: params.id, text: body.text, now: clock.now() };
    return (await addEvidence(connection, principal, said)) ?? shown(connection, principal, params.id);
  });
  // Looks into the file before it opens a transaction. The same file again is refused, so a retry does no harm.
  act(app, deps, r.fileInDispute, async ({ connection, principal, params, body }) => {
    const known = await shown(connection, principal, params.id);
    if (isRefusal(known)) return known;
    const bytes = new Uint8Array(Buffer.from(body.content, 'base64'));
    const file = await deps.checkFile({ name: body.name, declared: body.mediaType, bytes });
    if (isRefusal(file)) return file;
    const handedIn = { id: params.id, text: body.text ?? '', file: { ...file, bytes }, now: clock.now() };
    return inTransaction(
      deps.sql,
      async (tx) => (await addEvidence(tx, principal, handedIn)) ?? shown(tx, principal, params.id),
    );
  });
  read(app, deps, r.disputeFile, async ({ connection, principal, params, reply }) => {
    const asked = { disputeId: params.id, file: params.file, now: clock.now() };
    const found = await readFile(connection, principal, asked);
    return found ? sendDownload(reply, found) : refuse('resource.not_found');
  });
  write(
    app,
    deps,
    r.endEvidence,
    async ({ connection, principal, params }) =>
      (await endEvidence(connection, principal, params.id, clock.now())) ??
      shown(connection, principal, params.id),
  );
}

/** To keep, not to show: no browser runs or guesses at what somebody else has handed in. */
function sendDownload(reply: FastifyReply, of: { name: string; mediaType: string; file: Uint8Array }) {
  return reply
    .header('content-type', of.mediaType)
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(of.name)}`)
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "default-src 'none'; sandbox")
    .send(Buffer.from(of.file));
}

function partyRoutes(app: FastifyInstance, deps: DisputeDeps, shown: Shown): void {
  const { clock, ports } = deps;
  write(app, deps, r.offerInDispute, async ({ connection, principal, params, body }) => {
    const named = { id: params.id, ...body, now: clock.now() };
    return (await makeOffer(connection, principal, named)) ?? shown(connection, principal, params.id);
  });
  write(app, deps, r.agreeInDispute, async ({ connection, principal, params, body }) => {
    const accepted = { id: params.id, offer: body.offer };
    return (
      (await agree(deps.stepOf(connection), ports, principal, accepted)) ??
      shown(connection, principal, params.id)
    );
  });
  write(
    app,
    deps,
    r.withdrawDispute,
    async ({ connection, principal, params }) =>
      (await withdraw(connection, principal, params.id, clock.now())) ??
      shown(connection, principal, params.id),
  );
  write(
    app,
    deps,
    r.acceptDecision,
    async ({ connection, principal, params }) =>
      (await acceptDecision(deps.stepOf(connection), ports, principal, params.id)) ??
      shown(connection, principal, params.id),
  );
  write(app, deps, r.appealDispute, async ({ connection, principal, params, body }) => {
    const asked = { id: params.id, reason: body.reason };
    return (
      (await appeal(deps.stepOf(connection), principal, asked)) ?? shown(connection, principal, params.id)
    );
  });
}

function staffRoutes(app: FastifyInstance, deps: DisputeDeps, shown: Shown): void {
  const { clock, ports } = deps;
  write(app, deps, r.admitDispute, async ({ connection, principal, params }) => {
    const by = { side: 'centre', personId: principal.personId } as const;
    return (await admit(connection, by, params.id, clock.now())) ?? shown(connection, principal, params.id);
  });
  write(app, deps, r.rejectDispute, async ({ connection, principal, params, body }) => {
    const rejected = { id: params.id, ...body, now: clock.now() };
    return (await reject(connection, principal, rejected)) ?? shown(connection, principal, params.id);
  });
  write(app, deps, r.proposeDecision, async ({ connection, principal, params, body }) => {
    const proposed = { id: params.id, ...body, now: clock.now() };
    return (await propose(connection, principal, proposed)) ?? shown(connection, principal, params.id);
  });
  write(app, deps, r.confirmDecision, async ({ connection, principal, params, body }) => {
    const confirmed = { id: params.id, proposal: body.proposal };
    return (
      (await confirm(deps.stepOf(connection), ports, principal, confirmed)) ??
      shown(connection, principal, params.id)
    );
  });
}
