/** A moment that a form sends in the address: `at` as it was typed, and its zone. */
import { fromLocalInput, isTimeZone } from '#lib/format/zone.ts';

export type Moment = {
  /** RFC 3339; null when none was asked for, or what was typed is none. */
  readonly instant: string | null;
  /** As it was typed, for the field. */
  readonly typed: string;
  readonly wrong: boolean;
};

export function momentOf(query: URLSearchParams): Moment {
  const typed = query.get('at') ?? '';
  const zone = query.get('at.zone') ?? '';
  const instant = typed === '' || !isTimeZone(zone) ? null : fromLocalInput(typed, zone);
  return { instant, typed, wrong: typed !== '' && instant === null };
}
