/** What lists of lots show beside them: scores of sellers, and what their mines' coal was found to hold. */
import type { ListingExperience, ReputationBrief } from '@seam/protocol';
import { call } from '#lib/api/call.ts';

export type Track = {
  readonly scores: Readonly<Record<string, ReputationBrief>>;
  readonly experience: Readonly<Record<string, ListingExperience>>;
};
export const NO_TRACK: Track = { scores: {}, experience: {} };

/** One answer of the exchange names so many. */
const ASKED_MAX = 50;

type Lot = { readonly id: string; readonly source: string; readonly seller: { readonly id: string } };

/** Empty for visitors, and where the exchange does not answer: a list is shown without it. */
export async function trackOf(
  fetch: typeof globalThis.fetch,
  signedIn: boolean,
  lots: readonly Lot[],
): Promise<Track> {
  const members = lots.filter(({ source }) => source === 'member').slice(0, ASKED_MAX);
  if (!signedIn || members.length === 0) return NO_TRACK;
  const ids = members.map(({ id }) => id).join(',');
  const sellers = [...new Set(members.map(({ seller }) => seller.id))].join(',');
  const [experience, scores] = await Promise.all([
    call<{ items: ListingExperience[] }>(fetch, 'GET', `/v1/experience?listings=${ids}`),
    call<{ items: ReputationBrief[] }>(fetch, 'GET', `/v1/reputations?companies=${sellers}`),
  ]);
  return {
    experience: experience.ok
      ? Object.fromEntries(experience.data.items.map((one) => [one.listingId, one]))
      : {},
    scores: scores.ok ? Object.fromEntries(scores.data.items.map((one) => [one.companyId, one])) : {},
  };
}

/** A cost per gigajoule as listed, at the heat that was found; two digits, rounded half up. */
export function costAsFound(perGigajoule: string, one: ListingExperience | undefined): string | null {
  if (!one || one.listed === null || one.expected === null || one.expected <= 0) return null;
  const [whole = '0', part = ''] = perGigajoule.split('.');
  const minor = BigInt(whole + part.padEnd(2, '0').slice(0, 2));
  const [by, of] = [BigInt(one.listed), BigInt(one.expected)];
  const text = String((2n * minor * by + of) / (2n * of)).padStart(3, '0');
  return `${text.slice(0, -2)}.${text.slice(-2)}`;
}

type Costed = {
  readonly id: string;
  readonly landed: { readonly perGigajoule: string } | null;
};

/** One page of lots by what they cost at the heat that was found; lots without a cost stay behind. */
export function byCostAsFound<Row extends Costed>(lots: readonly Row[], track: Track): Row[] {
  const cost = ({ id, landed }: Row): number =>
    landed === null
      ? Number.POSITIVE_INFINITY
      : Number(costAsFound(landed.perGigajoule, track.experience[id]) ?? landed.perGigajoule);
  return lots.toSorted((a, b) => {
    const [left, right] = [cost(a), cost(b)];
    return left === right ? 0 : left - right;
  });
}
