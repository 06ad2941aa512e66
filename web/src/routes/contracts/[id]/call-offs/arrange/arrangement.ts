/** What was typed into the form of a long-term contract, as the exchange takes it. */
import type { IndexSeriesView } from '@seam/protocol';

export function addMonths(month: string, count: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const index = year * 12 + number - 1 + count;
  return `${Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`;
}

/** Equal shares in hundredths of a percent that add up to the whole, the larger ones first. */
export function evenShares(count: number): string[] {
  const part = Math.floor(10_000 / count);
  const more = 10_000 - part * count;
  return Array.from({ length: count }, (_none, at) => ((part + (at < more ? 1 : 0)) / 100).toFixed(2));
}

/** "8.33" to 833; undefined for what is no percentage with at most two digits. */
export function basisPoints(percent: string): number | undefined {
  const match = /^(\d{1,3})(?:\.(\d{1,2}))?$/.exec(percent);
  if (!match) return undefined;
  const value = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return value <= 10_000 ? value : undefined;
}

type Typed = {
  readonly indices: readonly IndexSeriesView[];
  readonly months: readonly string[];
  readonly minor: (amount: string) => bigint | undefined;
};

const DAYS = ['nominationDays', 'answerDays', 'objectionDays'] as const;
const SHARES = {
  monthShare: 'monthBasisPoints',
  quarterShare: 'quarterBasisPoints',
  yearShare: 'yearBasisPoints',
};

/** @param of reads an input by its name. */
export function arrangementTyped(
  of: (name: string) => string,
  { indices, months, minor }: Typed,
): { arrangement: Record<string, unknown>; wrong: Record<string, string> } {
  const wrong: Record<string, string> = {};
  const shares = months.map((month) => {
    const share = basisPoints(of(`share.${month}`));
    if (share === undefined) wrong[`share.${month}`] = 'field.out_of_range';
    return { month, basisPoints: share ?? 0 };
  });
  const together = shares.reduce((sum, share) => sum + share.basisPoints, 0);
  if (Object.keys(wrong).length === 0 && together !== 10_000) wrong['shares'] = 'shares_do_not_add_up';
  const callOff: Record<string, unknown> = { shares };
  for (const name of ['window', 'silence', 'carryOver']) callOff[name] = of(name);
  for (const name of DAYS) {
    if (/^\d{1,2}$/.test(of(name))) callOff[name] = Number(of(name));
    else wrong[name] = 'field.out_of_range';
  }
  for (const [name, path] of Object.entries(SHARES)) {
    const share = basisPoints(of(name));
    if (share === undefined) wrong[name] = 'field.out_of_range';
    callOff[path] = share;
  }
  const shortfall = minor(of('shortfallPerTonne'));
  if (shortfall === undefined || shortfall < 0n) wrong['shortfallPerTonne'] = 'field.out_of_range';
  callOff['shortfallPerTonne'] = String(shortfall ?? 0n);
  return { arrangement: { callOff, ...priceTyped(of, { indices, months, minor, wrong }) }, wrong };
}

function priceTyped(
  of: (name: string) => string,
  { indices, months, minor, wrong }: Typed & { wrong: Record<string, string> },
): Record<string, unknown> {
  if (of('priceKind') === 'steps') {
    const price = minor(of('stepPrice'));
    if (price === undefined || price <= 0n) wrong['stepPrice'] = 'field.out_of_range';
    if (!/^\d{4}-\d{2}$/.test(of('stepFrom'))) wrong['stepFrom'] = 'field.required';
    const first = minor(of('basePrice'));
    return {
      priceSteps: [
        { from: months[0]!, pricePerTonne: String(first ?? 0n) },
        { from: of('stepFrom'), pricePerTonne: String(price ?? 0n) },
      ],
    };
  }
  if (of('priceKind') !== 'formula') return {};
  const series = indices.find(({ id }) => id === of('series'));
  if (!series) wrong['series'] = 'field.required';
  if (of('expression') === '') wrong['expression'] = 'field.required';
  return {
    priceLater: {
      expression: of('expression'),
      lagMonths: Number(of('lagMonths')) || 0,
      series: series ? [{ name: 'X', seriesId: series.id, title: series.title, unit: series.unit }] : [],
    },
  };
}
