/**
 * When the centre looks at a lot before the market does: pure. Which rules are on, and for which channels, the
 * centre decides; what they find is a code with the texts that show it.
 */
import { JURISDICTION_PACKS, type JurisdictionPack, placeInBand, rational, regulatedBand } from '@seam/coal';
import type { ReviewRule, SalesChannel } from '@seam/protocol';
import { formatMoney, minor } from '@seam/units';
import type { ReviewReason } from './tables-more.ts';
import type { MineRow, NewListingRow, PlaceRow } from './tables.ts';

export type RuleSettings = ReadonlyMap<
  ReviewRule,
  { readonly enabled: boolean; readonly channels: readonly SalesChannel[] }
>;

export type UnderReview = {
  readonly terms: Pick<
    NewListingRow,
    | 'channel'
    | 'coalRank'
    | 'currency'
    | 'pricePerTonne'
    | 'searchNetArJPerG'
    | 'deliveryTerm'
    | 'windowFrom'
    | 'windowTo'
  >;
  readonly mine: Pick<MineRow, 'country' | 'region' | 'longitude'>;
  readonly delivery: Pick<PlaceRow, 'name' | 'country'>;
  /** The company had a lot on the market before. */
  readonly known: boolean;
  /** Certificates of the lot in which the audit found something. */
  readonly flagged: readonly {
    readonly laboratory: string;
    readonly number: string;
    readonly flags: number;
  }[];
};

export function reviewReasons(settings: RuleSettings, of: UnderReview): ReviewReason[] {
  const channel = of.terms.channel ?? 'spot';
  const applies = (rule: ReviewRule): boolean => {
    const setting = settings.get(rule);
    return setting !== undefined && setting.enabled && setting.channels.includes(channel);
  };
  const reasons: ReviewReason[] = [];
  if (applies('first_listing') && !of.known) reasons.push({ code: 'first_listing', values: {} });
  if (applies('price_band')) {
    const outside = outsideBand(of);
    if (outside) reasons.push({ code: 'price_band', values: outside });
  }
  if (applies('certificate_flags')) {
    for (const { laboratory, number, flags } of of.flagged) {
      reasons.push({ code: 'certificate_flags', values: { laboratory, number, flags: String(flags) } });
    }
  }
  return reasons;
}

/** Bands are set for coal that is burnt for steam. */
const STEAM = new Set(['bituminous', 'sub_bituminous', 'lignite']);

function outsideBand({ terms, mine, delivery }: UnderReview): Record<string, string> | undefined {
  const { pricePerTonne, searchNetArJPerG: heat, windowFrom: day } = terms;
  if (terms.currency !== 'CNY' || !pricePerTonne || !heat || !STEAM.has(terms.coalRank)) return undefined;
  const area = areaOf(terms.deliveryTerm ?? null, mine, delivery);
  const pack = JURISDICTION_PACKS.find((one) => inForce(one, day));
  if (!area || !pack) return undefined;
  const band = regulatedBand(pack, { area, day, heat: rational(heat), unit: 'J/g' });
  if (!band.ok) return undefined;
  const price = minor(pricePerTonne);
  if (placeInBand(band, price) === 'within') return undefined;
  const [low, high] = [formatMoney(band.shown.low), formatMoney(band.shown.high)];
  return { price: formatMoney(price), low, high, area, edition: pack.edition };
}

function inForce(pack: JurisdictionPack, day: string): boolean {
  return day >= pack.validFrom && (pack.validTo === undefined || day <= pack.validTo);
}

/** East of it lie the leagues that the notice calls the east of Inner Mongolia. */
const EAST_OF_DEGREES = 115;

/** Which area's band a price falls under: the port's when it is loaded there, else that of the mine. */
export function areaOf(
  term: string | null,
  mine: UnderReview['mine'],
  delivery: UnderReview['delivery'],
): string | undefined {
  if (mine.country !== 'CN') return undefined;
  if (term === 'fob') return /qinhuangdao|秦皇岛/i.test(delivery.name) ? 'qinhuangdao' : undefined;
  // Freight is in the others' prices, and in no band.
  if (term !== 'ex_mine' && term !== 'for_rail' && term !== 'fca') return undefined;
  if (/inner mongolia|nei mongol|内蒙古/i.test(mine.region)) {
    if (mine.longitude === null) return undefined;
    return mine.longitude >= EAST_OF_DEGREES ? 'inner_mongolia_east' : 'inner_mongolia_west';
  }
  if (/shaanxi|陕西/i.test(mine.region)) return 'shaanxi';
  return /shanxi|山西/i.test(mine.region) ? 'shanxi' : undefined;
}
