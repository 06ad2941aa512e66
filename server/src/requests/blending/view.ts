/** A blend in the words of the wire: every value in the unit its limit was written in. */
import type { Blend, BlendRefusal, LeftOut } from '@seam/blend';
import {
  type Limit,
  type Rational,
  convertEnergy,
  divide,
  rational,
  roundHalfUp,
  toDecimal,
} from '@seam/coal';
import type { BlendView, ListingSummary } from '@seam/protocol';
import { type Currency, formatMoney, formatTonnes } from '@seam/units';
import { referenceRate } from '../../listings/public.ts';
import { limitStatement } from '../rules.ts';
import type { RequestRow } from '../tables.ts';

type Shown = Pick<BlendView, 'requestId' | 'currency' | 'quantity' | 'available' | 'lots'>;

/** @param lots summaries of the parts and of the best lot alone, with their landed cost. */
export function blendView(
  found: Blend | BlendRefusal,
  shown: Shown,
  lots: ReadonlyMap<string, ListingSummary>,
): BlendView {
  const base = { ...shown, ...EMPTY, leftOut: counted('leftOut' in found ? found.leftOut : []) };
  if (!found.ok) {
    if (found.code === 'limit_contradictory') throw new Error('a stored limit excludes itself');
    if (found.code !== 'limits_out_of_reach') return { ...base, outcome: found.code };
    const nearest = found.nearest.map(({ limit, value, end }) => ({ ...valueView(limit, value), end }));
    return { ...base, outcome: found.code, nearest };
  }
  const listing = (id: string): ListingSummary => {
    const lot = lots.get(id);
    if (!lot) throw new Error(`listing ${id} of a blend is not shown`);
    return lot;
  };
  return {
    ...base,
    outcome: 'blended',
    parts: found.parts.map(({ id, quantity }) => ({
      listing: listing(id),
      quantity: formatTonnes(quantity),
    })),
    costPerTonne: money(found.costPerTonne),
    costPerGigajoule: found.costPerGigajoule ? money(found.costPerGigajoule) : null,
    values: found.values.map(({ limit, value }) => valueView(limit, value)),
    rates: ratesOf(
      found.parts.map(({ id }) => listing(id)),
      shown.currency,
    ),
    prices: found.prices.map(({ limit, end, step, savingPerTonne }) => ({
      limit: limitStatement(limit),
      end,
      step: valueView(limit, rational(step)).value,
      savingPerTonne: money(savingPerTonne),
    })),
    bestSingle: found.bestSingle ? listing(found.bestSingle.id) : null,
  };
}

const EMPTY = {
  parts: [],
  costPerTonne: null,
  costPerGigajoule: null,
  rates: [],
  values: [],
  prices: [],
  bestSingle: null,
  nearest: [],
} satisfies Partial<BlendView>;

/** By which rate each foreign price was counted; what is paid is agreed in the request's currency. */
function ratesOf(parts: readonly ListingSummary[], to: Currency): BlendView['rates'] {
  const foreign = new Set(parts.flatMap(({ currency }) => (currency && currency !== to ? [currency] : [])));
  return [...foreign].toSorted().map((from) => ({ from, rate: toDecimal(referenceRate(from, to), 6) }));
}

const money = (value: Rational) => formatMoney(roundHalfUp(value));

function valueView(limit: Limit, value: Rational): BlendView['values'][number] {
  const statement = limitStatement(limit);
  if (limit.parameter !== 'calorificValue')
    return { limit: statement, value: toDecimal(divide(value, rational(100)), 2) };
  const unit = statement.unit ?? 'J/g';
  return { limit: statement, value: toDecimal(convertEnergy(value, 'J/g', unit), unit === 'MJ/kg' ? 3 : 0) };
}

function counted(leftOut: readonly LeftOut[]): BlendView['leftOut'] {
  const counts = new Map<string, BlendView['leftOut'][number]>();
  for (const { reason, parameter } of leftOut) {
    const key = `${reason} ${parameter}`;
    counts.set(key, { reason, parameter, lots: (counts.get(key)?.lots ?? 0) + 1 });
  }
  return [...counts.values()].toSorted((a, b) => b.lots - a.lots);
}

export function shownOf(
  request: RequestRow,
  quantityKg: bigint,
): Pick<Shown, 'requestId' | 'currency' | 'quantity'> {
  return { requestId: request.id, currency: request.currency, quantity: formatTonnes(quantityKg) };
}
