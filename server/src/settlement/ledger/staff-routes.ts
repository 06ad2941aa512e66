/** HTTP of the ledger for the centre: any account, any effect, reversals by two persons. */
import { ledgerStaffRoutes as r } from '@seam/protocol';
import { parseAccountCode } from '@seam/ledger';
import { formatMoney } from '@seam/units';
import type { FastifyInstance } from 'fastify';
import type { Clock } from '../../platform/clock.ts';
import type { Connection } from '../../platform/db.ts';
import { type HttpDeps, read, write } from '../../platform/http.ts';
import type { Principal } from '../../platform/principal.ts';
import { refuse } from '../../platform/refusal.ts';
import { type LedgerAccount, accountAt, accountByCode, accountsOfKind, reasonsOf } from './any-account.ts';
import { fileOf, lineView } from './lines.ts';
import { statement } from './read.ts';
import {
  type ReversalRow,
  decideReversal,
  effectOf,
  proposeReversal,
  reversals,
  whyNot,
} from './reversals.ts';

const PAGE_LINES = 50;
const PAGE_ACCOUNTS = 100;

export type NamesOf = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;
export type LedgerStaffDeps = HttpDeps & { readonly clock: Clock; readonly namesOf: NamesOf };

export function ledgerStaffHttp(app: FastifyInstance, deps: LedgerStaffDeps): void {
  accounts(app, deps);
  effects(app, deps);
}

function accounts(app: FastifyInstance, deps: LedgerStaffDeps): void {
  const views = async (connection: Connection, list: readonly LedgerAccount[]) => {
    const names = await deps.namesOf(connection, [...new Set(list.map(({ owner }) => owner))]);
    return list.map((one) => {
      const named = names.get(one.owner);
      return {
        code: one.code,
        owner: named ? { name: named.name, nameZh: named.nameZh } : null,
        currency: one.currency,
        kind: one.kind,
        ...totals(one),
      };
    });
  };
  read(app, deps, r.ledgerAccounts, async ({ connection, query }) => {
    const found = await accountsOfKind(connection, { ...query, limit: PAGE_ACCOUNTS + 1 });
    const page = found.slice(0, PAGE_ACCOUNTS);
    return {
      items: await views(connection, page),
      next: found.length > page.length ? page.at(-1)!.code : null,
    };
  });
  read(app, deps, r.staffStatement, async ({ connection, query }) => {
    const { account: code, at, before, ...filter } = query;
    const account = await accountByCode(connection, code);
    if (!account) return refuse('resource.not_found');
    const lines = await statement(connection, code, {
      ...filter,
      limit: PAGE_LINES + 1,
      ...(before !== undefined && { before: Number(before) }),
    });
    const page = lines.slice(0, PAGE_LINES);
    const [view] = await views(connection, [account]);
    return {
      account: view!,
      past: at === undefined ? null : totals(await accountAt(connection, account, at)),
      reasons: await reasonsOf(connection, code),
      items: page.map((line) => ({
        ...lineView(line, account.kind),
        effectKey: line.effectKey,
        counterAccount: line.counterAccount,
      })),
      next: lines.length > page.length ? String(page.at(-1)!.entryNo) : null,
    };
  });
  read(app, deps, r.exportStaffStatement, async ({ connection, query, reply }) => {
    const { account: code, ...filter } = query;
    if (!(await accountByCode(connection, code))) return refuse('resource.not_found');
    await reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${code.replaceAll('/', '-')}.csv"`)
      .send(await fileOf(connection, code, filter));
    return '';
  });
}

function effects(app: FastifyInstance, deps: LedgerStaffDeps): void {
  read(app, deps, r.ledgerEffect, async ({ connection, principal, query }) => {
    const effect = await effectOf(connection, query.key);
    if (!effect) return refuse('resource.not_found');
    const why = await whyNot(connection, effect);
    const [undone] = await connection<{ key: string }[]>`
      select effect_key as key from ledger_effect where effect_key = 'reversal.' || ${query.key}`;
    return {
      effectKey: effect.effectKey,
      reason: effect.reason,
      subject: effect.subject,
      at: effect.at.toISOString(),
      legs: effect.legs.map((leg) => ({
        phase: leg.phase,
        debit: leg.debit,
        credit: leg.credit,
        currency: parseAccountCode(leg.debit).currency,
        amount: formatMoney(leg.amount),
        holdKey: 'holdKey' in leg ? leg.holdKey : null,
      })),
      hindrance: why ? { code: why.refused, by: (why.accepted?.['by'] as 'bank') ?? null } : null,
      reversedBy: undone?.key ?? null,
      reversals: await reversalViews(connection, principal, await reversals(connection, query.key)),
    };
  });
  read(app, deps, r.reversals, async ({ connection, principal }) => ({
    items: await reversalViews(connection, principal, await reversals(connection)),
  }));
  write(app, deps, r.proposeReversal, async ({ connection, principal, body }) =>
    proposeReversal(connection, principal, body, deps.clock.now()),
  );
  write(app, deps, r.decideReversal, async ({ connection, principal, params, body }) =>
    decideReversal(connection, principal, { id: params.id, ...body }, deps.clock.now()),
  );
}

const totals = ({ balance, held }: Pick<LedgerAccount, 'balance' | 'held'>) => ({
  balance: formatMoney(balance),
  held: formatMoney(held),
});

async function reversalViews(connection: Connection, { personId }: Principal, rows: readonly ReversalRow[]) {
  const ids = [...new Set(rows.flatMap((row) => [row.proposedBy, row.decidedBy ?? row.proposedBy]))];
  const people = await connection<{ id: string; name: string }[]>`
    select id::text as id, name from person where id::text = any(${ids})`;
  const nameOf = (id: string): string => people.find((one) => one.id === id)?.name ?? id;
  return rows.map((row) => ({
    id: row.id,
    effectKey: row.effectKey,
    reason: row.reason,
    by: { name: nameOf(row.proposedBy), mine: row.proposedBy === personId },
    at: row.proposedAt.toISOString(),
    outcome: row.outcome,
    decidedBy: row.decidedBy === null ? null : nameOf(row.decidedBy),
    decidedAt: row.decidedAt?.toISOString() ?? null,
  }));
}
