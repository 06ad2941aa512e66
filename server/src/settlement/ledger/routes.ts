/** HTTP of the ledger: what a company reads of its accounts, and what the centre reads of all. */
import { ACCOUNT_KINDS } from '@seam/ledger';
import { type LedgerAudit, ledgerRoutes as r, settlementRoutes } from '@seam/protocol';
import { type Currency, formatMoney } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { refuse } from '../../platform/refusal.ts';
import { auditState, confirmResumption, proposeResumption } from './halt.ts';
import { fileOf, lineView } from './lines.ts';
import { type AccountBalance, balances, balancesAt, statement, trialBalance } from './read.ts';
import { type LedgerStaffDeps, ledgerStaffHttp } from './staff-routes.ts';

const PAGE_LINES = 50;

export function ledgerHttp(app: FastifyInstance, deps: LedgerStaffDeps): void {
  ledgerStaffHttp(app, deps);
  read(app, deps, settlementRoutes.balances, async ({ connection, principal, query }) => ({
    items: (query.at === undefined
      ? await balances(connection, principal.organisationId)
      : await balancesThen(connection, principal.organisationId, new Date(query.at))
    ).map(({ currency, kind, contractId, balance, held, available }) => ({
      currency,
      kind,
      contractId,
      balance: formatMoney(balance),
      held: formatMoney(held),
      available: formatMoney(available),
    })),
  }));
  read(app, deps, r.accountStatement, async ({ connection, principal, query }) => {
    const account = await ownAccount(connection, principal, query);
    if (!account) return refuse('resource.not_found');
    const page = { limit: PAGE_LINES, ...(query.before !== undefined && { before: Number(query.before) }) };
    const lines = await statement(connection, account.code, page);
    const oldest = lines.at(-1);
    return {
      currency: account.currency,
      kind: account.kind,
      contractId: account.contractId,
      now: { balance: formatMoney(account.balance), held: formatMoney(account.held) },
      items: lines.map((line) => lineView(line, account.kind)),
      next: oldest && oldest.entryNo > 1 ? String(oldest.entryNo) : null,
    };
  });
  read(app, deps, r.exportStatement, async ({ connection, principal, query, reply }) => {
    const account = await ownAccount(connection, principal, query);
    if (!account) return refuse('resource.not_found');
    const name = [account.currency, account.kind, account.contractId].filter(Boolean).join('-');
    await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}.csv"`)
      .send(await fileOf(connection, account.code));
    return '';
  });
  staff(app, deps);
}

function staff(app: FastifyInstance, deps: HttpDeps): void {
  read(app, deps, r.trialBalance, async ({ connection, query }) => ({
    at: query.at ?? null,
    rows: (await trialBalance(connection, query.at === undefined ? null : new Date(query.at))).map((row) => ({
      currency: row.currency,
      kind: row.kind,
      accounts: row.accounts,
      debits: formatMoney(row.debitsPosted),
      credits: formatMoney(row.creditsPosted),
      held: formatMoney(row.debitsPending),
    })),
    violations: (await auditState(connection)).findings
      .filter((finding) => !finding.accepted)
      .map(({ broken, detail }) => `${broken}: ${detail}`),
  }));
  read(app, deps, r.ledgerAudit, async ({ connection, principal }) => auditView(connection, principal));
  write(
    app,
    deps,
    r.proposeResumption,
    async ({ connection, principal, body }) =>
      (await proposeResumption(connection, principal, body.reason)) ?? auditView(connection, principal),
  );
  write(
    app,
    deps,
    r.confirmResumption,
    async ({ connection, principal }) =>
      (await confirmResumption(connection, principal)) ?? auditView(connection, principal),
  );
}

type Asked = { readonly currency: Currency; readonly kind: string; readonly contractId?: string };

/** Only of the caller's own company: nobody can name another's account. */
async function ownAccount(
  connection: Connection,
  { organisationId }: Principal,
  { currency, kind, contractId }: Asked,
): Promise<AccountBalance | undefined> {
  const own = await balances(connection, organisationId);
  return own.find(
    (one) => one.currency === currency && one.kind === kind && one.contractId === (contractId ?? null),
  );
}

async function balancesThen(connection: Connection, orgId: string, at: Date): Promise<AccountBalance[]> {
  return (await balancesAt(connection, orgId, at)).map((then): AccountBalance => {
    const credit = (then.creditsPosted - then.debitsPosted) as typeof then.creditsPosted;
    const balance = ACCOUNT_KINDS[then.kind].normal === 'credit' ? credit : (-credit as typeof credit);
    const held = then.debitsPending;
    const { code, currency, kind, contractId } = then;
    return { code, currency, kind, contractId, balance, held, available: (balance - held) as typeof held };
  });
}

async function auditView(connection: Connection, principal: Principal): Promise<LedgerAudit> {
  const { lookedAt, lapEndedAt, halt, findings } = await auditState(connection);
  const [person] =
    halt?.proposedBy == null
      ? []
      : await connection<{ name: string }[]>`select name from person where id::text = ${halt.proposedBy}`;
  return {
    lookedAt: lookedAt?.toISOString() ?? null,
    lapEndedAt: lapEndedAt?.toISOString() ?? null,
    halt: halt && {
      haltedAt: halt.haltedAt.toISOString(),
      proposal:
        halt.proposedBy === null
          ? null
          : {
              by: person?.name ?? halt.proposedBy,
              at: halt.proposedAt!.toISOString(),
              reason: halt.reason!,
              mine: halt.proposedBy === principal.personId,
            },
    },
    findings: findings.map((one) => ({
      broken: one.broken,
      detail: one.detail,
      firstSeenAt: one.firstSeenAt.toISOString(),
      lastSeenAt: one.lastSeenAt.toISOString(),
      accepted: one.accepted,
    })),
  };
}
