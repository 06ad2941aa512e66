/** Places to choose from: the company's own first, then plants, ports and stations by country. */
import type { PlaceView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { nameIn } from '#lib/lots/options.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';

type Option = { value: string; label: string };
export type PlaceChoices = {
  own: Option[];
  plants: Option[];
  ports: Option[];
  stations: Option[];
  /** Where each is, for the map. */
  points: Record<string, { latitude: number; longitude: number }>;
};

export async function placeChoices(
  fetch: typeof globalThis.fetch,
  locale: Locale,
  isMember: boolean,
): Promise<PlaceChoices> {
  const ask = (url: `/v1/${string}`) => call<{ items: PlaceView[] }>(fetch, 'GET', url);
  const [own, plants, ports, stations] = await Promise.all([
    isMember ? ask('/v1/search/own-places') : undefined,
    ask('/v1/places?kind=plant'),
    ask('/v1/places?kind=port'),
    ask('/v1/places?kind=station'),
  ]);
  const points: PlaceChoices['points'] = {};
  const taken = new Set<string>();
  const options = (answer: Awaited<ReturnType<typeof ask>> | undefined): Option[] =>
    (answer?.ok ? answer.data.items : []).flatMap((place) => {
      const { id, latitude, longitude, country } = place;
      if (latitude === null || longitude === null || taken.has(id)) return [];
      taken.add(id);
      points[id] = { latitude, longitude };
      return [{ value: id, label: `${nameIn(locale, place)} (${country})` }];
    });
  return {
    own: options(own),
    plants: options(plants),
    ports: options(ports),
    stations: options(stations),
    points,
  };
}

/** Names of all of them, by id. */
export function placeNames({ own, plants, ports, stations }: PlaceChoices): Record<string, string> {
  return Object.fromEntries(
    [...own, ...plants, ...ports, ...stations].map(({ value, label }) => [value, label]),
  );
}
