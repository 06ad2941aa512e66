/** What the form of a lot offers as choices. */
import type { PlaceView, SpecialSessionView } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { countries, nameIn, placeOptions } from '#lib/lots/options.ts';

/** @param own places that have to be among the choices, whatever the register shows first. */
export async function formChoices(
  fetch: typeof globalThis.fetch,
  locale: Locale,
  own: readonly (PlaceView | null)[] = [],
) {
  const [places, sessions] = await Promise.all([
    call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places'),
    call<{ items: SpecialSessionView[] }>(fetch, 'GET', '/v1/special-sessions'),
  ]);
  const found = places.ok ? places.data.items : [];
  const more = own.filter((place) => place !== null && !found.some(({ id }) => id === place.id));
  const all = [
    ...new Map([...more, ...found].flatMap((place) => (place ? [[place.id, place]] : []))).values(),
  ];
  return {
    countries: countries(locale),
    places: placeOptions(all, locale),
    sessions: sessions.ok
      ? sessions.data.items.map((session) => ({
          value: session.id,
          label: `${nameIn(locale, session)} · ${session.opensAt.slice(0, 16).replace('T', ' ')} UTC`,
        }))
      : [],
  };
}
