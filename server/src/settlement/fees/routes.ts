/** HTTP of fees: rules for everybody, comments of members, changes by two persons of the centre. */
import { FEE_DIMENSIONS, type FeeScope } from '@seam/ledger';
import { type FeeRuleView, type NewFeeRule as Body, feeRoutes as r } from '@seam/protocol';
import { formatMoney, formatScaled, parseMoney, parseScaled } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import type { NamesOf } from '../trade/ports.ts';
import { type NewFeeRule, commentOnFee, commentUntil, decideFee, proposeFee } from './commands.ts';
import { type FeeRuleRow, confirmed, feeRules } from './rows.ts';
import { stateOf } from './state.ts';

export type FeeDeps = HttpDeps & { readonly clock: Clock; readonly namesOf: NamesOf };

export function feeHttp(app: FastifyInstance, deps: FeeDeps): void {
  const { clock } = deps;
  read(app, deps, r.feeRules, async ({ connection, maybePrincipal }) => ({
    items: await rulesSeen(connection, deps, maybePrincipal),
  }));
  write(
    app,
    deps,
    r.commentOnFee,
    async ({ connection, principal, params, body }) =>
      (await commentOnFee(connection, principal, { id: params.id, ...body }, clock.now())) ?? {},
  );
  write(app, deps, r.proposeFee, async ({ connection, principal, body }) =>
    proposeFee(connection, principal, ruleOf(body), clock.now()),
  );
  write(
    app,
    deps,
    r.decideFee,
    async ({ connection, principal, params, body }) =>
      (await decideFee(connection, principal, { id: params.id, ...body }, clock.now())) ?? {},
  );
}

function ruleOf(body: Body): NewFeeRule {
  const percent = (text: string): number => Number(parseScaled(text, 2) ?? -1n);
  const money = (text: string): bigint => parseMoney(text) ?? -1n;
  const scope = Object.fromEntries(
    FEE_DIMENSIONS.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])),
  ) as FeeScope;
  return {
    scope,
    terms: {
      basisPoints: percent(body.percent),
      perTonne: money(body.perTonne),
      minimum: money(body.minimum),
      maximum: money(body.maximum),
      paidBy: body.paidBy,
      taxBasisPoints: percent(body.taxPercent),
    },
    from: new Date(body.from),
    to: body.to === undefined ? null : new Date(body.to),
    reason: body.reason,
  };
}

type Comment = {
  readonly ruleId: string;
  readonly organisationId: string;
  readonly text: string;
  readonly at: Date;
};

/** A rule that names a company is its own business and the centre's; every other one is everybody's. */
async function rulesSeen(
  connection: Connection,
  { namesOf, clock }: FeeDeps,
  principal: Principal | null,
): Promise<FeeRuleView[]> {
  const all = await feeRules(connection);
  const staff = principal?.staff ?? false;
  const own = principal?.organisationId ?? '';
  const rows = all.filter(
    ({ scope }) =>
      staff ||
      (scope.sellerId === undefined && scope.buyerId === undefined) ||
      (own !== '' && (scope.sellerId === own || scope.buyerId === own)),
  );
  const comments = await connection<Comment[]>`
    select rule_id::text as "ruleId", organisation_id as "organisationId", text, at from fee_comment
     where rule_id::text = any(${rows.map(({ id }) => id)}) and (${staff} or organisation_id = ${own})
     order by at, id`;
  const ids = [
    ...rows.flatMap(({ scope }) => [scope.sellerId ?? '', scope.buyerId ?? '']),
    ...comments.map(({ organisationId }) => organisationId),
  ].filter((id) => id !== '');
  const names = await namesOf(connection, [...new Set(ids)]);
  const company = (id: string) => {
    const named = names.get(id);
    return { id, name: named?.name ?? id, nameZh: named?.nameZh ?? null };
  };
  const now = clock.now();
  const versions = confirmed(all);
  return rows.map((row) => ({
    ...viewOf(row, company),
    state: stateOf(row, versions, now),
    mayComment: own !== '' && row.outcome === null && now < commentUntil(row),
    comments: comments
      .filter(({ ruleId }) => ruleId === row.id)
      .map(({ organisationId, text, at }) => ({
        company: company(organisationId),
        text,
        at: at.toISOString(),
      })),
    own: staff && row.proposedBy === principal?.personId,
  }));
}

type Company = (id: string) => { id: string; name: string; nameZh: string | null };

function viewOf(
  row: FeeRuleRow,
  company: Company,
): Omit<FeeRuleView, 'state' | 'mayComment' | 'comments' | 'own'> {
  const { sellerId, buyerId, ...scope } = row.scope;
  const { terms } = row;
  return {
    id: row.id,
    version: row.version,
    scope: {
      seller: sellerId === undefined ? null : company(sellerId),
      buyer: buyerId === undefined ? null : company(buyerId),
      sellerKind: scope.sellerKind ?? null,
      format: scope.format ?? null,
      market: scope.market ?? null,
      coalRank: scope.coalRank ?? null,
      deliveryTerm: scope.deliveryTerm ?? null,
      currency: scope.currency ?? null,
    },
    percent: formatScaled(BigInt(terms.basisPoints), 2),
    perTonne: formatMoney(terms.perTonne),
    minimum: formatMoney(terms.minimum),
    maximum: formatMoney(terms.maximum),
    paidBy: terms.paidBy,
    taxPercent: formatScaled(BigInt(terms.taxBasisPoints), 2),
    from: row.from.toISOString(),
    to: row.to?.toISOString() ?? null,
    reason: row.reason,
    proposedAt: row.proposedAt.toISOString(),
    commentUntil: commentUntil(row).toISOString(),
  };
}
