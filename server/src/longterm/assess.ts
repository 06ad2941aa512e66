/** A period that has ended is measured once; whoever is short of the share gets notice of what that owes. */
import { minor } from '@seam/units';
import type { Tx } from '../platform/db.ts';
import { orm } from '../platform/db.ts';
import { newId } from '../platform/id.ts';
import { type Programme, type ProgrammeTerms, factsOf, hasEnded } from './programme.ts';
import { type Day, type Month, type PeriodKind, periodOf } from './rules/calendar.ts';
import { type Fulfilled, beyond, fulfilledOf, penaltyOf } from './rules/fulfilment.ts';
import { type AssessmentRow, assessment, shortfall } from './tables.ts';

const DAY_MS = 24 * 3600_000;
/** Parts before the whole: what months owe counts towards their quarter, and both towards the year. */
const KINDS: readonly PeriodKind[] = ['month', 'quarter', 'year'];

export type Period = {
  readonly kind: PeriodKind;
  readonly period: string;
  readonly months: readonly Month[];
};

/** The months, quarters and years of the contract, each with those of its months that the contract has. */
export function periodsOf(terms: ProgrammeTerms): Period[] {
  const months = terms.callOff.months.map(({ month }) => month);
  return KINDS.flatMap((kind) =>
    [...Map.groupBy(months, (month) => periodOf(month, kind))].map(([period, own]) => ({
      kind,
      period,
      months: own,
    })),
  );
}

export function leastOf({ callOff }: ProgrammeTerms, kind: PeriodKind): number {
  if (kind === 'month') return callOff.monthBasisPoints;
  return kind === 'quarter' ? callOff.quarterBasisPoints : callOff.yearBasisPoints;
}

export async function assessEnded(
  tx: Tx,
  programme: Programme,
  { now, today }: { readonly now: Date; readonly today: Day },
): Promise<boolean> {
  const known = [...programme.assessments];
  for (const period of periodsOf(programme.terms)) {
    if (known.some((one) => one.kind === period.kind && one.period === period.period)) continue;
    if (!period.months.every((month) => hasEnded(programme, month, today))) continue;
    // A declaration that is still being argued about may change the measure.
    const argued = programme.majeures.some(
      ({ month, state }) => period.months.includes(month) && (state === 'declared' || state === 'contested'),
    );
    if (argued) continue;
    known.push(await assess(tx, programme, { period, known, now }));
  }
  return known.length > programme.assessments.length;
}

async function assess(
  tx: Tx,
  programme: Programme,
  of: { readonly period: Period; readonly known: readonly AssessmentRow[]; readonly now: Date },
): Promise<AssessmentRow> {
  const { terms } = programme;
  const { period, known, now } = of;
  const result = fulfilledOf(period.months.map((month) => factsOf(programme, month)));
  const parts = known.filter((one) => period.kind !== one.kind && partOf(one, period));
  const row: AssessmentRow = {
    contractId: terms.contractId,
    kind: period.kind,
    period: period.period,
    contractedKg: result.contracted,
    excusedKg: result.excused,
    deliveredKg: result.delivered,
    sellerShortKg: result.sellerShort,
    buyerShortKg: result.buyerShort,
    sellerOwes: beyond(
      owed(terms, period.kind, result, result.sellerShort),
      parts.map((one) => one.sellerOwes),
    ),
    buyerOwes: beyond(
      owed(terms, period.kind, result, result.buyerShort),
      parts.map((one) => one.buyerOwes),
    ),
    assessedAt: now,
  };
  await orm(tx).insert(assessment).values(row);
  for (const side of ['seller', 'buyer'] as const) {
    const amount = side === 'seller' ? row.sellerOwes : row.buyerOwes;
    if (amount > 0n) await notice(tx, row, { side, amount, objectionDays: terms.callOff.objectionDays });
  }
  return row;
}

const owed = (terms: ProgrammeTerms, kind: PeriodKind, result: Fulfilled, shortKg: bigint): bigint =>
  penaltyOf(result, shortKg, {
    leastBasisPoints: leastOf(terms, kind),
    perTonne: minor(BigInt(terms.callOff.shortfallPerTonne)),
  });

/** Months and quarters within a year, months within a quarter. */
function partOf({ kind, period }: AssessmentRow, whole: Period): boolean {
  if (kind === 'month') return whole.months.includes(period);
  return kind === 'quarter' && whole.kind === 'year' && period.startsWith(whole.period);
}

async function notice(
  tx: Tx,
  row: AssessmentRow,
  of: { side: 'seller' | 'buyer'; amount: bigint; objectionDays: number },
): Promise<void> {
  await orm(tx)
    .insert(shortfall)
    .values({
      id: newId(),
      contractId: row.contractId,
      kind: row.kind,
      period: row.period,
      side: of.side,
      amount: of.amount,
      state: 'noticed',
      objectBy: new Date(row.assessedAt.getTime() + of.objectionDays * DAY_MS),
      noticedAt: row.assessedAt,
    });
}
