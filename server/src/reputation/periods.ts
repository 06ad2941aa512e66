/** Fulfilment by month, quarter and year, from the calendar days deliveries were due. Pure. */
import type { FulfilmentView } from '@seam/protocol';
import { formatScaled, formatTonnes } from '@seam/units';
import type { DueFacts } from './facts.ts';
import { FULFILMENT_LEAST, fulfilment } from './success.ts';

type Period = FulfilmentView['period'];

const LABEL: Readonly<Record<Period, (day: string) => string>> = {
  month: (day) => day.slice(0, 7),
  quarter: (day) => `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`,
  year: (day) => day.slice(0, 4),
};
/** So many of each are shown, the newest first. */
const SHOWN = { month: 6, quarter: 4, year: 2 } as const;

/** The first day that any of the shown periods can hold. */
export function firstDayShown(now: Date): string {
  return `${now.getUTCFullYear() - SHOWN.year + 1}-01-01`;
}

export function fulfilmentViews(company: string, due: readonly DueFacts[]): FulfilmentView[] {
  const views: FulfilmentView[] = [];
  for (const side of ['seller', 'buyer'] as const) {
    const mine = due.filter((one) => (side === 'seller' ? one.sellerId : one.buyerId) === company);
    for (const period of ['month', 'quarter', 'year'] as const) {
      const labels = [...new Set(mine.map(({ day }) => LABEL[period](day)))]
        .toSorted()
        .toReversed()
        .slice(0, SHOWN[period]);
      for (const label of labels) {
        const found = fulfilment(
          mine.filter(({ day }) => LABEL[period](day) === label),
          FULFILMENT_LEAST[period],
        );
        if (!found) continue;
        views.push({
          period,
          side,
          label,
          contracted: formatTonnes(found.contractedKg),
          delivered: formatTonnes(found.liftedKg),
          share: formatScaled(BigInt(found.percent), 4),
          least: formatScaled(BigInt(FULFILMENT_LEAST[period]), 4),
          below: found.below,
        });
      }
    }
  }
  return views;
}

/** The newest month, quarter or year of a side is below what it should be. */
export function isFlagged(views: readonly FulfilmentView[]): boolean {
  const seen = new Set<string>();
  return views.some(({ side, period, below }) => {
    const key = `${side} ${period}`;
    const isNewest = !seen.has(key);
    seen.add(key);
    return isNewest && below;
  });
}
