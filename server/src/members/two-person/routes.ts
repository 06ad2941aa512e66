/** HTTP of what takes two people, at the centre and inside a company. */
import { proposalRoutes as routes } from '@seam/protocol';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection, Tx } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { type Refusal, isRefusal, refuse } from '../../platform/refusal.ts';
import { proposeAccount } from '../bank/change.ts';
import { lockOrganisation } from '../commands/steps.ts';
import { relatedOrganisations } from '../groups/evidence.ts';
import { relatedTo } from '../groups/owner-group.ts';
import { organisationById } from '../queries.ts';
import { approveProposal, refuseProposal } from './answer.ts';
import type { EffectDeps } from './effects.ts';
import { holdsOffice } from './offices.ts';
import { propose } from './propose.ts';
import { proposalViews } from './queries.ts';

export type TwoPersonDeps = HttpDeps & EffectDeps & { readonly clock: Clock };

export function twoPersonRoutes(app: FastifyInstance, deps: TwoPersonDeps): void {
  const { clock } = deps;
  const one = async (connection: Connection, principal: Principal, id: string) => {
    const [view] = await proposalViews(connection, { id }, { principal, now: clock.now() });
    return view ?? refuse('resource.not_found');
  };
  const answer =
    (how: 'approve' | 'refuse') =>
    async ({ connection, principal, params, body }: Answering) => {
      const given = { id: params.id, reason: body.reason, principal, now: clock.now() };
      const refusal =
        how === 'approve'
          ? await approveProposal(connection, deps, given)
          : await refuseProposal(connection, given);
      return refusal ?? one(connection, principal, params.id);
    };
  write(app, deps, routes.approveStaffProposal, answer('approve'));
  write(app, deps, routes.refuseStaffProposal, answer('refuse'));
  write(app, deps, routes.approveCompanyProposal, answer('approve'));
  write(app, deps, routes.refuseCompanyProposal, answer('refuse'));

  read(app, deps, routes.staffProposals, async ({ connection, principal }) => ({
    items: await proposalViews(connection, { open: 'centre' }, { principal, now: clock.now() }),
  }));
  read(app, deps, routes.staffProposalsAbout, async ({ connection, principal, params }) => {
    if (!(await organisationById(connection, params.id))) return refuse('resource.not_found');
    const which = { side: 'centre', organisationId: params.id } as const;
    return { items: await proposalViews(connection, which, { principal, now: clock.now() }) };
  });
  read(app, deps, routes.companyProposals, async ({ connection, principal }) => {
    const which = { side: 'company', organisationId: principal.organisationId } as const;
    return { items: await proposalViews(connection, which, { principal, now: clock.now() }) };
  });
  write(app, deps, routes.changeBankAccount, async ({ connection, principal, body }) => {
    const made = await proposeAccount(connection, principal, body, clock.now());
    return isRefusal(made) ? made : one(connection, principal, made.id);
  });
  write(app, deps, routes.relateCompanies, async ({ connection, principal, params, body }) => {
    const of = {
      organisationId: params.id,
      other: body.with,
      reason: body.reason,
      principal,
      now: clock.now(),
    };
    const made = await proposeRelation(connection, of);
    return isRefusal(made) ? made : one(connection, principal, made.id);
  });
}

type Answering = {
  readonly connection: Tx;
  readonly principal: Principal;
  readonly params: { readonly id: string };
  readonly body: { readonly reason: string };
};

/** With what the two share at this moment: what the second person is shown is what the first one saw. */
async function proposeRelation(
  tx: Tx,
  of: { organisationId: string; other: string | null; reason: string; principal: Principal; now: Date },
): Promise<{ id: string } | Refusal> {
  const { organisationId, other, reason, now } = of;
  const kind = other === null ? 'unrelate' : 'relate';
  if (!holdsOffice(of.principal, kind)) return refuse('two_person.office');
  if (!(await lockOrganisation(tx, organisationId))) return refuse('resource.not_found');
  const made = {
    side: 'centre',
    organisationId,
    kind,
    reason,
    personId: of.principal.personId,
    now,
  } as const;
  const related = await relatedTo(tx, organisationId);
  if (other === null) return related.length === 0 ? refuse('member.not_related') : propose(tx, made);
  if (other === organisationId || !(await organisationById(tx, other))) return refuse('resource.not_found');
  if (related.includes(other)) return refuse('member.related_already');
  const found = (await relatedOrganisations(tx, organisationId)).find(({ id }) => id === other);
  return propose(tx, { ...made, payload: { with: other, shares: found?.shares ?? [] } });
}
