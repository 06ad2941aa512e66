/**
 * Lots side by side, brought to one reference coal: what as much heat costs as a tonne of the reference
 * holds, and why one costs more than the best, split into its price, its way and its heat. Read from
 * PostgreSQL at this moment, for here somebody decides.
 */
import {
  type LandedCost,
  type Rational,
  multiply,
  divide,
  rational,
  roundHalfUp,
  subtract,
  toJoulesPerGram,
} from '@seam/coal';
import {
  COMPARED_VALUES,
  type ComparedLot,
  type LotComparison,
  type Query,
  type searchRoutes,
} from '@seam/protocol';
import { formatMoney } from '@seam/units';
import type { Connection } from '../platform/db.ts';
import { type Refusal, isRefusal, refuse } from '../platform/refusal.ts';
import { readConditions } from './conditions.ts';
import type { Destination } from './destination.ts';
import { landedUnknown } from './landed-unknown.ts';
import { COMPARED_MAX } from './limits.ts';
import { type LotNow, lotsNow } from './lots-now.ts';
import type { SearchDeps } from './routes.ts';
import type { SearchIndex } from './search-index.ts';

/** 6,000 kcal/kg, the reference of the seaborne benchmarks. */
const REFERENCE_KCAL = '6000';

type Entry = LotNow;

export async function compareLots(
  deps: SearchDeps,
  sql: Connection,
  query: Query<typeof searchRoutes.compareLots>,
  asker?: string,
): Promise<LotComparison | Refusal> {
  const ids = query.ids.split(',');
  if (ids.length < 2 || ids.length > COMPARED_MAX || new Set(ids).size !== ids.length) {
    return refuse('search.compare_count', {
      fields: { ids: 'search.compare_count' },
      accepted: { ids: `2 – ${COMPARED_MAX}` },
    });
  }
  const conditions = readConditions({
    ...(query.to !== undefined && { to: query.to }),
    ...(query.costCurrency !== undefined && { costCurrency: query.costCurrency }),
    ...(query.show !== undefined && { show: query.show }),
  });
  const question = isRefusal(conditions) ? conditions : await deps.search.placed(conditions, asker);
  if (isRefusal(question)) return question;
  const now = await lotsNow(deps, sql, ids, question);
  if (!now) return refuse('resource.not_found', { detail: 'a lot to compare is not on the market' });
  const { index, entries, destination } = now;
  const heat = toJoulesPerGram(rational(BigInt(query.referenceKcal ?? REFERENCE_KCAL)), 'kcal/kg');
  return comparison(index, entries, { destination, heat });
}

function comparison(
  index: SearchIndex,
  entries: readonly Entry[],
  { destination, heat }: { destination: Destination | undefined; heat: number },
): LotComparison {
  const costed = entries.filter(({ cost }) => cost !== undefined);
  const best = costed.toSorted(
    (a, b) => destination!.compare(a.slot, b.slot) || (a.lot.id < b.lot.id ? -1 : 1),
  )[0];
  const compared = entries.map((entry): ComparedLot => ({
    lot: entry.lot,
    normalised: entry.cost ? formatMoney(normalised(entry, heat)) : null,
    best: [],
    reasons:
      entry.cost && best
        ? reasons(index, entry, best, heat)
        : [{ code: landedUnknown(index.lots, entry.slot, destination), values: {} }],
  }));
  return {
    referenceHeat: heat,
    costCurrency: destination?.currency ?? null,
    bestId: best?.lot.id ?? null,
    lots: markBest(compared),
  };
}

/** Minor units for as much heat as a tonne of reference coal holds. */
function normalised(entry: Entry, heat: number): bigint {
  return roundHalfUp(perReference(entry.cost!.perTonne, heat, entry.lot.netCalorificValue!));
}

function perReference(perTonne: Rational, referenceHeat: number, heat: number): Rational {
  return divide(multiply(perTonne, rational(referenceHeat)), rational(heat));
}

/** Against the best: its price and its freight at the best one's heat; what is left is its own heat. */
function reasons(index: SearchIndex, entry: Entry, best: Entry, heat: number): ComparedLot['reasons'] {
  const { lots } = index;
  const own = entry.cost!;
  const of = (cost: LandedCost): Rational => subtract(cost.perTonne, cost.freightPerTonne);
  if (entry === best)
    return [
      {
        code: 'best',
        values: {
          perGigajoule: formatMoney(roundHalfUp(own.perGigajoule)),
          price: formatMoney(roundHalfUp(of(own))),
          freight: formatMoney(roundHalfUp(own.freightPerTonne)),
          heat: String(lots.whole.heat[entry.slot]!),
        },
      },
    ];
  const bestHeat = best.lot.netCalorificValue!;
  const total = normalised(entry, heat) - normalised(best, heat);
  const part = (value: Rational): bigint => roundHalfUp(perReference(value, heat, bestHeat));
  const price = part(subtract(of(own), of(best.cost!)));
  const freight = part(subtract(own.freightPerTonne, best.cost!.freightPerTonne));
  const figures = (amount: bigint, mine: string, theirs: string) => ({
    amount: formatMoney(amount),
    own: mine,
    best: theirs,
  });
  const money = (value: Rational): string => formatMoney(roundHalfUp(value));
  return [
    { code: 'price', values: figures(price, money(of(own)), money(of(best.cost!))) },
    {
      code: 'freight',
      values: figures(freight, money(own.freightPerTonne), money(best.cost!.freightPerTonne)),
    },
    {
      code: 'heat',
      values: figures(total - price - freight, String(entry.lot.netCalorificValue), String(bestHeat)),
    },
  ];
}

/** More is better of these; less of all others. */
const MORE = new Set<string>(['netCalorificValue', 'remaining']);

function markBest(compared: readonly ComparedLot[]): ComparedLot[] {
  const currencies = new Set(compared.map(({ lot }) => lot.currency));
  const valueOf = (each: ComparedLot, name: (typeof COMPARED_VALUES)[number]): number | null => {
    const { lot, normalised: cost } = each;
    // Amounts in two currencies have no order.
    if (name === 'price' && currencies.size > 1) return null;
    const value =
      name === 'normalised'
        ? cost
        : name === 'perGigajoule' || name === 'landedPerTonne'
          ? (lot.landed?.[name] ?? null)
          : lot[name];
    return value === null ? null : Number(value);
  };
  const bests = COMPARED_VALUES.map((name) => {
    const values = compared.map((each) => valueOf(each, name)).filter((value) => value !== null);
    // Where all are alike, or only one is known, none is the best.
    if (values.length < 2 || new Set(values).size === 1) return null;
    return MORE.has(name) ? Math.max(...values) : Math.min(...values);
  });
  return compared.map((each) => ({
    ...each,
    best: COMPARED_VALUES.filter((name, at) => bests[at] !== null && valueOf(each, name) === bests[at]),
  }));
}
