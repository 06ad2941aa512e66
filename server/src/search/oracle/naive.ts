/** The search as its rules read, over plain rows with exact fractions: slow, and what the index must equal. */
import {
  type LandedCost,
  compare,
  distanceKm,
  freightPerTonne,
  landedCost,
  multiply,
  rational,
  roundHalfEven,
} from '@seam/coal';
import { reaches, referenceMarket } from '../../listings/public.ts';
import { FACETS, type Facet } from '../lots.ts';
import type { LotRow, Seller, Site } from '../lot-row.ts';
import { QUALITY_COLUMNS, exactQuality } from '../quality-columns.ts';
import type { Question } from '../search-index.ts';
import { wordsOf } from '../words.ts';

export type World = {
  readonly rows: readonly LotRow[];
  readonly sites: ReadonlyMap<string, Site>;
  readonly sellers: ReadonlyMap<string, Seller>;
};

/** The ids of everything that fits, in order. */
export function naiveSearch(world: World, question: Question): string[] {
  const { conditions } = question;
  const fit = world.rows.filter(
    (row) =>
      fitsRest(world, question, row) && FACETS.every((facet) => fitsFacet(world, question, row, facet)),
  );
  const key = (row: LotRow): ReturnType<typeof rational> | undefined => {
    const whole = (value: number | undefined | null) => (value == null ? undefined : rational(value));
    switch (conditions.sort) {
      case 'newest':
        return undefined;
      case 'price':
        return row.currency === conditions.chosen.currency?.[0] ? whole(row.price) : undefined;
      case 'distance':
        return whole(kilometres(world, row, question.near ?? question.to!.point));
      case 'landed_cost':
        return costAt(world, question, row)?.perGigajoule;
    }
  };
  const keyed = fit.map((row) => ({ id: row.id, key: key(row) }));
  const newest = conditions.sort === 'newest' ? -1 : 1;
  keyed.sort((a, b) => {
    if (a.key && b.key) return compare(a.key, b.key) || (a.id < b.id ? -1 : 1);
    return Number(!a.key) - Number(!b.key) || (a.id < b.id ? -newest : newest);
  });
  return keyed.map(({ id }) => id);
}

/** Of each value, how many would fit were only its own facet not chosen from. */
export function naiveFacets(world: World, question: Question, facet: Facet): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of world.rows) {
    const others = FACETS.filter((other) => other !== facet);
    if (!fitsRest(world, question, row)) continue;
    if (!others.every((other) => fitsFacet(world, question, row, other))) continue;
    const value = facetOf(world, row, facet);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function facetOf(world: World, row: LotRow, facet: Facet): string | null {
  if (facet === 'country') return world.sites.get(row.mineId)!.country;
  if (facet === 'rank') return row.coalRank;
  return row[facet];
}

function fitsFacet(world: World, { conditions }: Question, row: LotRow, facet: Facet): boolean {
  const chosen = conditions.chosen[facet];
  return !chosen || chosen.includes(facetOf(world, row, facet) ?? '');
}

function fitsRest(world: World, question: Question, row: LotRow): boolean {
  const { conditions, near, now } = question;
  const isBound = row.source === 'member' && row.state !== 'in_auction';
  if (isBound && row.expiresAt <= now) return false;
  if (conditions.source !== 'all' && (row.source === 'member') !== (conditions.source === 'offers'))
    return false;
  for (const { column, low, high } of conditions.ranges) {
    const value = exactQuality(row.assay, QUALITY_COLUMNS[column]!);
    if (!value) return false;
    const whole = Number(roundHalfEven(value));
    if (whole < low || whole > high) return false;
  }
  if (conditions.seller !== undefined && row.sellerId !== conditions.seller) return false;
  if (conditions.priceMin !== undefined && !(row.price !== null && row.price >= conditions.priceMin))
    return false;
  if (conditions.priceMax !== undefined && !(row.price !== null && row.price <= conditions.priceMax))
    return false;
  if (conditions.quantityMinKg !== undefined && row.remainingKg < conditions.quantityMinKg) return false;
  if (conditions.windowTo !== undefined && row.windowFrom > conditions.windowTo) return false;
  if (conditions.windowFrom !== undefined && row.windowTo < conditions.windowFrom) return false;
  if (near && conditions.radiusKm !== undefined) {
    const km = kilometres(world, row, near);
    if (km === undefined || km > conditions.radiusKm) return false;
  }
  if (!conditions.words.every((word) => isNamed(world, row, word))) return false;
  return isAffordable(world, question, row);
}

function isAffordable(world: World, question: Question, row: LotRow): boolean {
  const { landedMax, landedTonneMax } = question.conditions;
  if (!landedMax && !landedTonneMax) return true;
  const cost = costAt(world, question, row);
  if (!cost) return false;
  if (landedMax && compare(cost.perGigajoule, landedMax) > 0) return false;
  return !landedTonneMax || compare(cost.perTonne, landedTonneMax) <= 0;
}

function isNamed(world: World, row: LotRow, word: string): boolean {
  const sites = [row.mineId, row.deliveryPlaceId].flatMap((id) =>
    id === null ? [] : [world.sites.get(id)!],
  );
  const seller = world.sellers.get(row.sellerId)!;
  const names = [
    ...sites.flatMap(({ name, nameZh, region }) => [name, nameZh ?? '', region]),
    seller.name,
    seller.nameZh ?? '',
  ];
  const isChinese = /[\u3400-\u9fff]/.test(word);
  return names
    .flatMap((name) => wordsOf(name))
    .some((own) => (isChinese ? own.includes(word) : own.startsWith(word)));
}

function kilometres(
  world: World,
  row: LotRow,
  to: { latitude: number; longitude: number },
): number | undefined {
  const site = world.sites.get(row.deliveryPlaceId ?? row.mineId)!;
  const { latitude, longitude } = site;
  return latitude === null || longitude === null ? undefined : distanceKm({ latitude, longitude }, to);
}

function costAt(world: World, { to }: Question, row: LotRow): LandedCost | undefined {
  if (!to || row.deliveryPlaceId === null || row.price === null || !row.currency || !row.searchHeat)
    return undefined;
  const km = kilometres(world, row, to.point);
  if (km === undefined || !reaches(row.transport, km)) return undefined;
  const market = referenceMarket(to.currency);
  return landedCost({
    price: multiply(rational(row.price), market.rates[row.currency]!),
    freight: freightPerTonne(market.tariffs[row.transport]!, km),
    heat: rational(row.searchHeat),
    referenceHeat: market.referenceHeat,
  });
}
