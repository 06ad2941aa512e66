/** Reasons of a match as the wire shows them: codes and numbers, and how far a limit is missed. */
import {
  type LandedCost,
  type Match,
  type MatchReason,
  type RequestNeeds,
  compareMatches,
  roundHalfUp,
  subtract,
} from '@seam/coal';
import type { MatchReasonView, Verdict } from '@seam/protocol';
import { formatMoney, formatScaled, parseScaled } from '@seam/units';
import type { ListingRow, PlaceRow } from '../../listings/public.ts';
import type { RequestRow } from '../tables.ts';
import { BLOCKING } from './market-pass.ts';
import { isInReach, judge, offerOf } from './needs.ts';

export type Judged = { readonly row: ListingRow; readonly match: Match; readonly reasons: MatchReasonView[] };

/** What the exact fractions say of these lots, best first. Lots without a known place are left out. */
export function judgeLots(
  request: RequestRow,
  needs: RequestNeeds,
  rows: Iterable<ListingRow>,
  places: ReadonlyMap<string, PlaceRow>,
): Judged[] {
  const judged: Judged[] = [];
  for (const row of rows) {
    const offer = offerOf(row, places);
    if (!offer) continue;
    const match = judge(request, needs, offer);
    const reasons = reasonViews(match.reasons);
    const leads = isInReach(needs, offer);
    if (!leads) reasons.push(outOfReach(match, offer.transport));
    judged.push({ row, match: leads ? match : { ...match, fits: false }, reasons });
  }
  return judged.toSorted((a, b) => unmet(a) - unmet(b) || compareMatches(a.match, b.match));
}

/** One lot of an answer, at what it asks. */
export function judgeAnswer(
  request: RequestRow,
  needs: RequestNeeds,
  row: ListingRow,
  places: ReadonlyMap<string, PlaceRow>,
  answer: Parameters<typeof offerOf>[2],
): Pick<Judged, 'match' | 'reasons'> | undefined {
  const offer = offerOf(row, places, answer);
  if (!offer) return undefined;
  const match = judge(request, needs, offer);
  return { match, reasons: reasonViews(match.reasons) };
}

export function unmet({ reasons }: Pick<Judged, 'reasons'>): number {
  return reasons.filter(({ met }) => !met).length;
}

function outOfReach({ distanceKm: km }: Match, transport: string): MatchReasonView {
  return { code: 'out_of_reach', met: false, values: { km: String(km), transport } };
}

const BLOCKS: ReadonlySet<string> = new Set(BLOCKING);

export function verdictOf(reasons: readonly MatchReasonView[], nearMisses: number): Verdict {
  const missed = reasons.filter(({ met }) => !met);
  if (missed.length === 0) return 'fits';
  return missed.length <= nearMisses && !missed.some(({ code }) => BLOCKS.has(code))
    ? 'fits_but'
    : 'fits_not';
}

export function reasonViews(reasons: readonly MatchReason[]): MatchReasonView[] {
  return reasons.map((reason) => ({ ...reason, values: { ...reason.values, ...missedBy(reason) } }));
}

/** How far: of a limit in its unit, of a ceiling in money. */
function missedBy({ code, values }: MatchReason): { by?: string } {
  const difference = (from: string | undefined, to: string | undefined): { by?: string } => {
    if (from === undefined || to === undefined) return {};
    const digits = /\.(\d+)$/.exec(from)?.[1]?.length ?? 0;
    const [more, less] = [parseScaled(from, digits), parseScaled(to, digits)];
    return more === undefined || less === undefined ? {} : { by: formatScaled(more - less, digits) };
  };
  switch (code) {
    case 'below_minimum':
      return difference(values['minimum'], values['offered']);
    case 'above_maximum':
      return difference(values['offered'], values['maximum']);
    case 'price_above_ceiling':
      return difference(values['price'], values['ceiling']);
    default:
      return {};
  }
}

/** Per GJ at the plant, in the request's money; negative: cheaper than the best that fits. */
export function againstBest(landed: LandedCost | undefined, best: LandedCost | undefined): string | null {
  if (!landed || !best) return null;
  const minor = roundHalfUp(subtract(landed.perGigajoule, best.perGigajoule));
  return minor < 0n ? `-${formatMoney(-minor)}` : formatMoney(minor);
}
