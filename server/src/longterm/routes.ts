/** HTTP of long-term contracts and of the indices their prices follow. */
import { longTermRoutes as r } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import type { Connection } from '../platform/db.ts';
import { type HttpDeps, read, write } from '../platform/http.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { obligationsSeen, payObligation } from '../settlement/public.ts';
import { answerForceMajeure, answerMove, declareForceMajeure, proposeMove } from './agreements.ts';
import {
  type Acting,
  type Who,
  actingOnRow,
  answerCallOff,
  reportNotSupplied,
  requestCallOff,
} from './commands.ts';
import { createSeries, enterValue, importValues, listSeries, seriesView, valuesOf } from './indices.ts';
import { decideShortfall, objectToShortfall } from './shortfalls.ts';
import { type NamesOf, listLongTerm, longTermView, obligationViews } from './views.ts';

export type LongTermDeps = HttpDeps & { readonly clock: Clock; readonly namesOf: NamesOf };

type Called = { readonly connection: Connection; readonly principal: Principal };

export function longTermRoutes(app: FastifyInstance, deps: LongTermDeps): void {
  contractRoutes(app, deps);
  agreementRoutes(app, deps);
  shortfallRoutes(app, deps);
  indexRoutes(app, deps);
}

const readingOf = ({ clock, namesOf }: LongTermDeps, { connection, principal }: Called) => ({
  connection,
  principal,
  namesOf,
  now: clock.now(),
});
const whoOf = ({ clock }: LongTermDeps, { principal }: Called): Who => ({ principal, now: clock.now() });

/** The contract after a command, or why that was refused. */
async function after(
  deps: LongTermDeps,
  called: Called,
  done: { contractId: string } | Refusal | undefined,
  contractId?: string,
) {
  if (isRefusal(done)) return done;
  return longTermView(readingOf(deps, called), done?.contractId ?? contractId!);
}

function contractRoutes(app: FastifyInstance, deps: LongTermDeps): void {
  read(app, deps, r.longTermContracts, async (call) => ({
    items: await listLongTerm(readingOf(deps, call)),
  }));
  read(app, deps, r.longTermContract, async (call) => longTermView(readingOf(deps, call), call.params.id));
  write(app, deps, r.callOff, async (call) => {
    const contractId = call.params.id;
    const done = await requestCallOff(call.connection, whoOf(deps, call), { contractId, ...call.body });
    return after(deps, call, done, contractId);
  });
  write(app, deps, r.confirmCallOff, async (call) =>
    after(
      deps,
      call,
      await answerCallOff(call.connection, whoOf(deps, call), { id: call.params.id, answer: 'confirmed' }),
    ),
  );
  write(app, deps, r.declineCallOff, async (call) =>
    after(
      deps,
      call,
      await answerCallOff(call.connection, whoOf(deps, call), {
        id: call.params.id,
        answer: 'declined',
        reason: call.body.reason,
      }),
    ),
  );
  write(app, deps, r.withdrawCallOff, async (call) =>
    after(
      deps,
      call,
      await answerCallOff(call.connection, whoOf(deps, call), { id: call.params.id, answer: 'withdrawn' }),
    ),
  );
  write(app, deps, r.reportNotSupplied, async (call) =>
    after(
      deps,
      call,
      await reportNotSupplied(call.connection, whoOf(deps, call), { id: call.params.id, ...call.body }),
    ),
  );
}

function agreementRoutes(app: FastifyInstance, deps: LongTermDeps): void {
  write(app, deps, r.proposeMonthMove, async (call) => {
    const contractId = call.params.id;
    const done = await proposeMove(call.connection, whoOf(deps, call), { contractId, ...call.body });
    return after(deps, call, done, contractId);
  });
  write(app, deps, r.answerMonthMove, async (call) =>
    after(
      deps,
      call,
      await answerMove(call.connection, whoOf(deps, call), { id: call.params.id, ...call.body }),
    ),
  );
  write(app, deps, r.declareForceMajeure, async (call) => {
    const contractId = call.params.id;
    const done = await declareForceMajeure(call.connection, whoOf(deps, call), { contractId, ...call.body });
    return after(deps, call, done, contractId);
  });
  write(app, deps, r.answerForceMajeure, async (call) =>
    after(
      deps,
      call,
      await answerForceMajeure(call.connection, whoOf(deps, call), { id: call.params.id, ...call.body }),
    ),
  );
  write(app, deps, r.decideForceMajeure, async (call) => {
    const { accept, reason } = call.body;
    const answer = accept ? 'accepted' : 'refused';
    const done = await answerForceMajeure(call.connection, whoOf(deps, call), {
      id: call.params.id,
      answer,
      reason,
    });
    return after(deps, call, done);
  });
}

function shortfallRoutes(app: FastifyInstance, deps: LongTermDeps): void {
  write(app, deps, r.objectToShortfall, async (call) => {
    const who = whoOf(deps, call);
    const acting: Acting | Refusal = await actingOnRow(call.connection, 'shortfall', call.params.id, who);
    if (isRefusal(acting)) return acting;
    const { programme } = acting;
    const input = { id: call.params.id, reason: call.body.reason, ...who };
    return after(
      deps,
      call,
      await objectToShortfall(call.connection, programme, input),
      programme.row.contractId,
    );
  });
  write(app, deps, r.decideShortfall, async (call) => {
    const who = whoOf(deps, call);
    const acting: Acting | Refusal = await actingOnRow(call.connection, 'shortfall', call.params.id, who);
    if (isRefusal(acting)) return acting;
    const { programme } = acting;
    const input = { id: call.params.id, ...call.body, ...who };
    return after(
      deps,
      call,
      await decideShortfall(call.connection, programme, input),
      programme.row.contractId,
    );
  });
  read(app, deps, r.obligations, async (call) => {
    const reading = readingOf(deps, call);
    return { items: await obligationViews(reading, await obligationsSeen(call.connection, call.principal)) };
  });
  write(app, deps, r.payObligation, async (call) => {
    const paid = await payObligation(call.connection, call.principal, call.params.id, deps.clock.now());
    if (paid) return paid;
    const reading = readingOf(deps, call);
    return { items: await obligationViews(reading, await obligationsSeen(call.connection, call.principal)) };
  });
}

function indexRoutes(app: FastifyInstance, deps: LongTermDeps): void {
  const series = async (connection: Connection, id: string) =>
    (await seriesView(connection, id)) ?? refuse('resource.not_found');
  read(app, deps, r.indexSeries, async ({ connection }) => ({ items: await listSeries(connection) }));
  read(app, deps, r.indexValues, async ({ connection, params }) => {
    const found = await seriesView(connection, params.id);
    return found
      ? { series: found, values: await valuesOf(connection, params.id) }
      : refuse('resource.not_found');
  });
  write(app, deps, r.createIndexSeries, async (call) => {
    const done = await createSeries(call.connection, whoOf(deps, call), call.body);
    return done ?? series(call.connection, call.body.id);
  });
  write(app, deps, r.enterIndexValue, async (call) => {
    const input = { seriesId: call.params.id, ...call.body };
    return (
      (await enterValue(call.connection, whoOf(deps, call), input)) ?? series(call.connection, call.params.id)
    );
  });
  write(app, deps, r.importIndexValues, async (call) => {
    const input = { seriesId: call.params.id, ...call.body };
    const done = await importValues(call.connection, whoOf(deps, call), input);
    if (isRefusal(done)) return done;
    return { series: (await seriesView(call.connection, call.params.id))!, ...done };
  });
}
