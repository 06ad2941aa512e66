/** What the demo trades in order books: two coals for delivery in the coming month, and their trading day. */
import type { ListInstrumentBody, SessionPhase } from '@seam/protocol';

export type DemoInstrument = Omit<ListInstrumentBody, 'session'>;

const RULES = {
  currency: 'CNY',
  tickSize: '1.00',
  lotSize: '100',
  hardCollarPercent: '10',
  softCollarPercent: '5',
  maximumOrderValue: '20000000.00',
  volatilityPercent: '4',
  volatilityWindowSeconds: 300,
  volatilityCallSeconds: 120,
  reopeningCallSeconds: 60,
} as const;

/** Of the month after `now`: when that month comes, others take their place. */
export function demoInstruments(now: Date): DemoInstrument[] {
  const month = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1));
  const deliveryPeriod = month.toISOString().slice(0, 7);
  return [
    {
      ...RULES,
      id: `Q5500-QHD-${deliveryPeriod}`,
      grade: 'Q5500',
      specification: '5500 kcal/kg net ar, S ≤ 0.8 %, ash ≤ 20 %',
      deliveryTerm: 'fob',
      deliveryPlace: 'Qinhuangdao 秦皇岛',
      deliveryPeriod,
      referencePrice: '742.00',
    },
    {
      ...RULES,
      id: `Q5800-ORDOS-${deliveryPeriod}`,
      grade: 'Q5800',
      specification: '5800 kcal/kg net ar, S ≤ 0.6 %, ash ≤ 15 %',
      deliveryTerm: 'ex_mine',
      deliveryPlace: 'Ordos 鄂尔多斯',
      deliveryPeriod,
      referencePrice: '565.00',
    },
  ];
}

const MINUTE_MS = 60_000;
const CLOSING_CALL_AT_MS = 23 * 60 * MINUTE_MS + 40 * MINUTE_MS;
const CLOSED_AT_MS = CLOSING_CALL_AT_MS + 5 * MINUTE_MS;
/** From one day's beginning to the next. */
export const TRADING_DAY_MS = 24 * 60 * MINUTE_MS;

/** An opening call of a minute, continuous trading for almost a day, a closing call, a short rest. */
export function tradingDay(from: Date): SessionPhase[] {
  const at = (ms: number): string => new Date(from.getTime() + ms).toISOString();
  return [
    { phase: 'call', startsAt: at(0), noCancelSeconds: 5, randomEndSeconds: 20 },
    { phase: 'continuous', startsAt: at(MINUTE_MS) },
    { phase: 'call', startsAt: at(CLOSING_CALL_AT_MS), noCancelSeconds: 30, randomEndSeconds: 60 },
    { phase: 'closed', startsAt: at(CLOSED_AT_MS) },
  ];
}

/** When the next day begins after one that closes at `closesAt`, or at once when that was long ago. */
export function nextDay(closesAt: Date, now: Date): Date {
  const due = closesAt.getTime() + TRADING_DAY_MS - CLOSED_AT_MS;
  return new Date(Math.max(due, now.getTime() + 5_000));
}
