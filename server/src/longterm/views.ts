/** Long-term contracts as their parties and staff read them. */
import type { CallOffView, LongTermSummary, LongTermView, ObligationView } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { asc, eq, or } from 'drizzle-orm';
import { type Connection, orm } from '../platform/db.ts';
import type { Principal } from '../platform/principal.ts';
import { type Refusal } from '../platform/refusal.ts';
import { type ObligationRow, obligationsSeen, settlementStates } from '../settlement/public.ts';
import { meterOf, monthViews, runningOf } from './meter.ts';
import { type Programme, claimsOf, liftedKg, loadProgramme, sideOf, whyNone } from './programme.ts';
import { addDays, dayOf } from './rules/calendar.ts';
import { indexMonth } from './rules/price.ts';
import { type CallOffRow, longTerm } from './tables.ts';

export type NamesOf = (
  connection: Connection,
  ids: readonly string[],
) => Promise<ReadonlyMap<string, { name: string; nameZh: string | null }>>;

export type Reading = {
  readonly connection: Connection;
  readonly namesOf: NamesOf;
  readonly principal: Principal;
  readonly now: Date;
};

const money = (value: bigint): string => formatMoney(value);
const sum = (values: readonly bigint[]): bigint => values.reduce((total, one) => total + one, 0n);

export async function longTermView(reading: Reading, contractId: string): Promise<LongTermView | Refusal> {
  const { connection, principal, now } = reading;
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(contractId);
  const programme = uuid ? await loadProgramme(connection, contractId) : undefined;
  if (!programme || sideOf(programme.row, principal) === undefined)
    return whyNone(connection, contractId, principal);
  const today = dayOf(now);
  const { terms } = programme;
  const meter = meterOf(programme, today);
  const obligations = await obligationsSeen(connection, principal, contractId);
  const states = await settlementStates(
    connection,
    programme.callOffs.map(({ id }) => id),
  );
  const { window, nominationDays, answerDays, silence, carryOver, objectionDays } = terms.callOff;
  return {
    ...(await summaryOf(reading, programme, obligations)),
    currency: terms.currency as LongTermView['currency'],
    calledOff: formatTonnes(sum(claimsOf(programme).map(({ kg }) => kg))),
    today,
    earliest: addDays(today, nominationDays),
    rules: {
      window,
      nominationDays,
      answerDays,
      silence,
      carryOver,
      objectionDays,
      shortfallPerTonne: money(BigInt(terms.callOff.shortfallPerTonne)),
    },
    price: priceView(programme),
    months: monthViews(programme, meter),
    periods: meter.filter(({ kind }) => kind !== 'month'),
    callOffs: programme.callOffs
      .toReversed()
      .map((row) => callOffView(programme, row, states.get(row.id) ?? null)),
    ...papers(programme),
    obligations: await obligationViews(reading, obligations),
  };
}

function priceView({ terms }: Programme): LongTermView['price'] {
  const { priceLater, priceSteps } = terms;
  return {
    kind: priceLater ? 'formula' : priceSteps ? 'steps' : 'fixed',
    base: money(BigInt(terms.pricePerTonne)),
    steps: (priceSteps ?? []).map(({ from, pricePerTonne }) => ({
      from,
      pricePerTonne: money(BigInt(pricePerTonne)),
    })),
    expression: priceLater?.formula.expression ?? null,
    lagMonths: priceLater?.lagMonths ?? null,
    series: (priceLater?.series ?? []).map(({ name, seriesId, title, unit }) => ({
      name,
      seriesId,
      title,
      unit,
    })),
  };
}

function callOffView(programme: Programme, row: CallOffRow, settlement: string | null): CallOffView {
  return {
    id: row.id,
    n: row.n,
    month: row.month,
    quantity: formatTonnes(row.quantityKg),
    windowFrom: row.windowFrom,
    windowTo: row.windowTo,
    state: row.state,
    requestedAt: row.requestedAt.toISOString(),
    answerBy: row.answerBy.toISOString(),
    answeredAt: row.answeredAt?.toISOString() ?? null,
    bySilence: row.answeredAt !== null && row.answeredBy === null,
    reason: row.reason,
    pricePerTonne: row.pricePerTonne === null ? null : money(row.pricePerTonne),
    inputs: inputViews(programme, row),
    lifted: formatTonnes(liftedKg(row, programme.progress)),
    notSupplied: formatTonnes(row.notSuppliedKg),
    notSuppliedReason: row.notSuppliedReason,
    settlement,
  };
}

function inputViews({ terms, inputs, values }: Programme, row: CallOffRow): CallOffView['inputs'] {
  const fixed = inputs.filter(({ callOffId }) => callOffId === row.id);
  if (fixed.length > 0)
    return fixed.map(({ name, seriesId, month, version }) => ({
      name,
      seriesId,
      month,
      version,
      value:
        values.find((one) => one.seriesId === seriesId && one.month === month && one.version === version)
          ?.value ?? null,
    }));
  const waits = row.state === 'requested' || row.state === 'confirmed';
  const month = waits ? indexMonth(terms, row.month) : undefined;
  if (month === undefined) return [];
  return terms.priceLater!.series.map(({ name, seriesId }) => ({
    name,
    seriesId,
    month,
    version: null,
    value: null,
  }));
}

function papers(
  programme: Programme,
): Pick<LongTermView, 'moves' | 'forceMajeure' | 'shortfalls' | 'trueUps'> {
  return {
    moves: programme.moves.toReversed().map((one) => ({
      id: one.id,
      side: one.side,
      fromMonth: one.fromMonth,
      toMonth: one.toMonth,
      quantity: formatTonnes(one.quantityKg),
      reason: one.reason,
      state: one.state,
      proposedAt: one.proposedAt.toISOString(),
    })),
    forceMajeure: programme.majeures.toReversed().map((one) => ({
      id: one.id,
      side: one.side,
      month: one.month,
      quantity: formatTonnes(one.quantityKg),
      reason: one.reason,
      state: one.state,
      declaredAt: one.declaredAt.toISOString(),
    })),
    shortfalls: programme.shortfalls.toReversed().map((one) => ({
      id: one.id,
      kind: one.kind,
      period: one.period,
      side: one.side,
      amount: money(one.amount),
      state: one.state,
      noticedAt: one.noticedAt.toISOString(),
      objectBy: one.objectBy.toISOString(),
      objection: one.objection,
      decided: one.decided === null ? null : money(one.decided),
      decision: one.decision,
    })),
    trueUps: programme.trueUps.toReversed().map((one) => ({
      id: one.id,
      callOff: programme.callOffs.find(({ id }) => id === one.callOffId)!.n,
      seriesId: one.seriesId,
      month: one.month,
      version: one.version,
      fromPrice: money(one.fromPrice),
      toPrice: money(one.toPrice),
      amount: one.amount === null ? null : money(one.amount),
    })),
  };
}

async function summaryOf(
  { connection, namesOf, principal, now }: Reading,
  programme: Programme,
  obligations: readonly ObligationRow[],
): Promise<LongTermSummary> {
  const { row, terms, callOffs, moves, majeures, shortfalls } = programme;
  const today = dayOf(now);
  const names = await namesOf(connection, [row.sellerId, row.buyerId]);
  const party = (id: string) => ({
    id,
    name: names.get(id)?.name ?? '',
    nameZh: names.get(id)?.nameZh ?? null,
  });
  const running = runningOf(meterOf(programme, today), programme, today);
  const overdue = obligations.filter(
    (one) => one.contractId === row.contractId && one.paidAt === null && one.dueAt < now,
  ).length;
  return {
    contractId: row.contractId,
    number: terms.number,
    seller: party(row.sellerId),
    buyer: party(row.buyerId),
    mine: sideOf(row, principal) ?? null,
    state: row.state,
    total: formatTonnes(BigInt(terms.quantityKg)),
    delivered: formatTonnes(sum(callOffs.map((one) => liftedKg(one, programme.progress)))),
    now: running,
    waiting: {
      answers:
        callOffs.filter(({ state }) => state === 'requested').length +
        moves.filter(({ state }) => state === 'proposed').length +
        majeures.filter(({ state }) => state === 'declared').length,
      prices: callOffs.filter(({ state }) => state === 'confirmed').length,
      disputes:
        majeures.filter(({ state }) => state === 'contested').length +
        shortfalls.filter(({ state }) => state === 'objected').length,
      overdue,
    },
    behind: overdue > 0 || running.some(({ level }) => level === 'short' || level === 'behind'),
  };
}

/** The ones behind first, then by number. */
export async function listLongTerm(reading: Reading): Promise<LongTermSummary[]> {
  const { connection, principal } = reading;
  const mine = or(
    eq(longTerm.sellerId, principal.organisationId),
    eq(longTerm.buyerId, principal.organisationId),
  );
  const rows = await orm(connection)
    .select({ id: longTerm.contractId })
    .from(longTerm)
    .where(principal.staff ? undefined : mine)
    .orderBy(asc(longTerm.openedAt));
  const obligations = await obligationsSeen(connection, principal);
  const items: LongTermSummary[] = [];
  for (const { id } of rows)
    items.push(await summaryOf(reading, (await loadProgramme(connection, id))!, obligations));
  return items.toSorted((one, other) => Number(other.behind) - Number(one.behind));
}

export async function obligationViews(
  { connection, namesOf, principal }: Reading,
  rows: readonly ObligationRow[],
): Promise<ObligationView[]> {
  const names = await namesOf(
    connection,
    rows.flatMap(({ debtorId, creditorId }) => [debtorId, creditorId]),
  );
  const party = (id: string) => ({
    id,
    name: names.get(id)?.name ?? '',
    nameZh: names.get(id)?.nameZh ?? null,
  });
  return rows.map((row) => ({
    id: row.id,
    contractId: row.contractId,
    kind: row.kind,
    debtor: party(row.debtorId),
    creditor: party(row.creditorId),
    currency: row.currency,
    amount: money(row.amount),
    dueAt: row.dueAt.toISOString(),
    paidAt: row.paidAt?.toISOString() ?? null,
    mine:
      row.debtorId === principal.organisationId
        ? 'debtor'
        : row.creditorId === principal.organisationId
          ? 'creditor'
          : null,
  }));
}
