/** The fulfilment meter: every month, quarter and year of a contract as it stands now, or as it was assessed. */
import { compare, floor, multiply, rational, toDecimal } from '@seam/coal';
import type { FulfilmentLevel, LongTermMonth, PeriodView } from '@seam/protocol';
import { formatMoney, formatTonnes } from '@seam/units';
import { type Period, leastOf, periodsOf } from './assess.ts';
import { type Programme, claimedKg, claimsOf, factsOf, hasEnded, monthsOf } from './programme.ts';
import { type Day, monthOf, periodOf } from './rules/calendar.ts';
import { type Fulfilled, fulfilledOf } from './rules/fulfilment.ts';
import { remainingIn } from './rules/remaining.ts';

export function meterOf(programme: Programme, today: Day): PeriodView[] {
  return periodsOf(programme.terms).map((period) => periodView(programme, period, today));
}

/** The month, quarter and year that run; before the first and after the last, that one. */
export function runningOf(meter: readonly PeriodView[], programme: Programme, today: Day): PeriodView[] {
  const months = programme.terms.callOff.months.map(({ month }) => month);
  const now = monthOf(today);
  const month = months.findLast((one) => one <= now) ?? months[0]!;
  return (['month', 'quarter', 'year'] as const).map((kind) =>
    meter.find((one) => one.kind === kind && one.period === periodOf(month, kind))!,
  );
}

function periodView(programme: Programme, period: Period, today: Day): PeriodView {
  const { kind } = period;
  const assessed = programme.assessments.find((one) => one.kind === kind && one.period === period.period);
  const result: Fulfilled = assessed
    ? {
        contracted: assessed.contractedKg,
        excused: assessed.excusedKg,
        delivered: assessed.deliveredKg,
        sellerShort: assessed.sellerShortKg,
        buyerShort: assessed.buyerShortKg,
      }
    : fulfilledOf(period.months.map((month) => factsOf(programme, month)));
  const least = leastOf(programme.terms, kind);
  const due = result.contracted - result.excused;
  const ended = period.months.every((month) => hasEnded(programme, month, today));
  return {
    kind,
    period: period.period,
    contracted: formatTonnes(result.contracted),
    excused: formatTonnes(result.excused),
    delivered: formatTonnes(result.delivered),
    percent: percentOf(result, result.delivered),
    sellerPercent: ended ? percentOf(result, due - result.sellerShort) : null,
    buyerPercent: ended ? percentOf(result, due - result.buyerShort) : null,
    least: toDecimal(rational(least, 100), 2),
    // While it runs nobody is short yet.
    sellerShort: formatTonnes(ended ? result.sellerShort : 0n),
    buyerShort: formatTonnes(ended ? result.buyerShort : 0n),
    sellerOwes: assessed ? formatMoney(assessed.sellerOwes) : null,
    buyerOwes: assessed ? formatMoney(assessed.buyerOwes) : null,
    assessedAt: assessed?.assessedAt.toISOString() ?? null,
    level: ended ? endedLevel(result, least) : runningLevel(programme, period, { today, least }),
  };
}

/** Rounded down: 89.999 is not 90. */
function percentOf({ contracted, excused }: Fulfilled, done: bigint): string | null {
  const due = contracted - excused;
  if (due <= 0n) return null;
  return toDecimal(rational(floor(multiply(rational(done, due), rational(10_000))), 100), 2);
}

function reaches(done: bigint, due: bigint, leastBasisPoints: number): boolean {
  return compare(rational(done * 10_000n), rational(due * BigInt(leastBasisPoints))) >= 0;
}

function endedLevel(
  { contracted, excused, sellerShort, buyerShort }: Fulfilled,
  least: number,
): FulfilmentLevel {
  const due = contracted - excused;
  if (due <= 0n) return 'none';
  const short = sellerShort > buyerShort ? sellerShort : buyerShort;
  return reaches(due - short, due, least) ? 'met' : 'short';
}

/** Measured by the months that have begun, with what is called off and not lifted yet. */
function runningLevel(
  programme: Programme,
  period: Period,
  { today, least }: { today: Day; least: number },
): FulfilmentLevel {
  const begun = period.months.filter((month) => month <= monthOf(today));
  if (begun.length === 0) return 'ahead';
  const { contracted, excused } = fulfilledOf(begun.map((month) => factsOf(programme, month)));
  if (contracted - excused <= 0n) return 'none';
  const promised = programme.callOffs
    .filter(({ month }) => begun.includes(month))
    .reduce((sum, row) => sum + claimedKg(row, programme.progress), 0n);
  return reaches(promised, contracted - excused, least) ? 'on_track' : 'behind';
}

export function monthViews(programme: Programme, meter: readonly PeriodView[]): LongTermMonth[] {
  const months = monthsOf(programme);
  const claims = claimsOf(programme);
  const { carryOver, months: signed } = programme.terms.callOff;
  return signed.map(({ month, kg }) => ({
    ...meter.find((one) => one.kind === 'month' && one.period === month)!,
    signed: formatTonnes(BigInt(kg)),
    calledOff: formatTonnes(
      claims.filter((one) => one.month === month).reduce((sum, one) => sum + one.kg, 0n),
    ),
    remaining: formatTonnes(remainingIn(month, months, claims, carryOver)!),
  }));
}
