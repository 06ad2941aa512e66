/** A small lot of coal that two trucks can carry, with values that agree with each other. */
import type { AnalysisValue, DeliveryOrderView, ListingInput } from '@seam/protocol';

const DAY_MS = 24 * 3600_000;
export const day = (fromToday: number): string =>
  new Date(Date.now() + fromToday * DAY_MS).toISOString().slice(0, 10);

export function smallLot(mineId: string): ListingInput {
  return {
    mineId,
    coalRank: 'bituminous',
    assay: {
      totalMoisture: '12.00',
      inherentMoisture: '5.00',
      ash: { value: '14.00', basis: 'ad' },
      volatileMatter: { value: '35.00', basis: 'daf' },
      sulphur: { value: '0.60', basis: 'd' },
      calorificValue: { value: '23012', unit: 'J/g', kind: 'net', basis: 'ar' },
      size: { minMm: '0', maxMm: '50' },
    },
    quantity: '100',
    currency: 'CNY',
    saleMethod: 'auction',
    startPrice: '600.00',
    deliveryTerm: 'ex_mine',
    windowFrom: day(0),
    windowTo: day(40),
    transport: 'road',
  };
}

/** A certificate that answers the contract's clause with what was promised, but `ash` points more ash. */
export function analysis(order: DeliveryOrderView, ash: number): AnalysisValue[] {
  return order.required.map(({ parameter, unit, basis, kind, reference }) => ({
    parameter: parameter as AnalysisValue['parameter'],
    unit: unit as AnalysisValue['unit'],
    ...(basis ? { basis: basis as 'ar' } : {}),
    ...(kind ? { kind: kind as 'net' } : {}),
    value: parameter === 'ash' ? (Number(reference) + ash).toFixed(2) : reference,
  }));
}
