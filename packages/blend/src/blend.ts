/**
 * The cheapest combination of lots that keeps every limit of a buyer at the plant.
 *
 * A linear programme finds it, whole kilograms and exact fractions prove it: no blend leaves here that
 * breaks a limit by the least fraction, and none is dearer than the best lot alone.
 */
import { type Limit, type Rational, ZERO, compare, divide, heatOn, rational } from '@seam/coal';
import { kilograms } from '@seam/units';
import { limitPrices, outOfReach } from './explain.ts';
import type { Programme } from './lp.ts';
import type { Blend, BlendLot, BlendPart, BlendProblem, BlendRefusal } from './problem.ts';
import { inKilograms } from './optimum.ts';
import { freed } from './programme.ts';
import { beyond, costPerTonne, valueOf } from './round.ts';
import { type Row, eligible, termOf } from './rows.ts';
import type { Solver } from './solver.ts';

export function findBlend(problem: BlendProblem, solve: Solver): Blend | BlendRefusal {
  const crossed = problem.limits.find(contradicts);
  if (crossed) return { ok: false, code: 'limit_contradictory', limit: crossed };
  const { lots, rows, leftOut } = eligible(problem.lots, problem.limits);
  const available = kilograms(lots.reduce((sum, lot) => sum + lot.available, 0n));
  if (available < problem.quantity) return { ok: false, code: 'quantity_short', available, leftOut };
  const single = bestSingle(lots, rows, problem);
  const programme: Programme = {
    lots,
    rows,
    quantity: Number(problem.quantity) / 1000,
    ...(problem.maximumLots !== undefined && { maximumLots: problem.maximumLots }),
  };
  const found = inKilograms(programme, problem, solve);
  if (found === 'infeasible' && !single) {
    return { ok: false, code: 'limits_out_of_reach', nearest: outOfReach(freed(programme), solve), leftOut };
  }
  if (typeof found === 'string' && !single) return { ok: false, code: 'too_hard', leftOut };
  const parts = cheaper(lots, typeof found === 'string' ? undefined : found, single);
  return {
    ok: true,
    parts: partsOf(lots, parts),
    costPerTonne: costPerTonne(lots, parts),
    ...perGigajoule(lots, parts),
    values: problem.limits.flatMap((limit) => valueUnder(limit, rows, parts)),
    prices: limitPrices(programme, parts, solve),
    ...(single && { bestSingle: { id: single.lot.id, costPerTonne: single.lot.costPerTonne } }),
    leftOut,
  };
}

function contradicts({ minimum, maximum }: Limit): boolean {
  return minimum !== undefined && maximum !== undefined && minimum > maximum;
}

type Single = { readonly lot: BlendLot; readonly parts: readonly bigint[] };

function bestSingle(
  lots: readonly BlendLot[],
  rows: readonly Row[],
  { quantity }: BlendProblem,
): Single | undefined {
  let best: Single | undefined;
  lots.forEach((lot, at) => {
    if (lot.available < quantity || quantity < (lot.minimumTake ?? 0n)) return;
    if (best && compare(best.lot.costPerTonne, lot.costPerTonne) <= 0) return;
    const alone = rows.every((row) => compare(beyond(row, row.terms[at]!.value, row.bound), ZERO) <= 0);
    if (alone) best = { lot, parts: lots.map((_, index) => (index === at ? quantity : 0n)) };
  });
  return best;
}

function cheaper(
  lots: readonly BlendLot[],
  found: readonly bigint[] | undefined,
  single: Single | undefined,
): readonly bigint[] {
  if (!single) return found!;
  if (!found) return single.parts;
  return compare(single.lot.costPerTonne, costPerTonne(lots, found)) <= 0 ? single.parts : found;
}

/** Largest first, then by id. */
function partsOf(lots: readonly BlendLot[], parts: readonly bigint[]): readonly BlendPart[] {
  const taken = lots.flatMap(({ id, costPerTonne: cost }, index) =>
    parts[index] === 0n ? [] : [{ id, quantity: kilograms(parts[index]!), costPerTonne: cost }],
  );
  return taken.toSorted((a, b) => Number(b.quantity - a.quantity) || (a.id < b.id ? -1 : 1));
}

function valueUnder(limit: Limit, rows: readonly Row[], parts: readonly bigint[]): Blend['values'] {
  const row = rows.find((one) => one.limit === limit);
  return row ? [{ limit, value: valueOf(row, parts) }] : [];
}

function perGigajoule(
  lots: readonly BlendLot[],
  parts: readonly bigint[],
): { readonly costPerGigajoule?: Rational } {
  const taken = lots.filter((_, index) => parts[index]! > 0n);
  if (!taken.every(({ assay }) => heatOn(assay, 'net', 'ar'))) return {};
  const net: Limit = { parameter: 'calorificValue', kind: 'net', basis: 'ar' };
  const terms = taken.map(({ assay }) => termOf(assay, net)!);
  const heat = valueOf(
    { terms },
    parts.filter((part) => part > 0n),
  );
  if (compare(heat, rational(0)) <= 0) return {};
  // 1 J/g is 0.001 GJ/t.
  return { costPerGigajoule: divide(costPerTonne(lots, parts), divide(heat, rational(1000))) };
}
