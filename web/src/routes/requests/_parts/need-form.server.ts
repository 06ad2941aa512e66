/** What the forms of a request and of a pool share: quality, place, money, and keeping what was typed. */
import type { LimitStatement, PlaceView, RequestView } from '@seam/protocol';
import type { ActionFailure } from '@sveltejs/kit';
import { call } from '#lib/api/call.ts';
import type { Problem } from '#lib/api/problem.ts';
import { type Refused, decimalText, refuse, text } from '#lib/form/server.ts';
import type { Locale } from '#lib/i18n/dictionary.ts';
import { placeOptions } from '#lib/lots/options.ts';
import { filled, forForm, readLimits } from '#lib/lots/wire-form.ts';

type Fetch = typeof globalThis.fetch;

/** Places coal can be sent to, as choices. */
export async function plantChoices(fetch: Fetch, locale: Locale) {
  const places = await call<{ items: PlaceView[] }>(fetch, 'GET', '/v1/places');
  const located = places.ok ? places.data.items.filter((place) => place.latitude !== null) : [];
  return placeOptions(
    located.filter((place) => place.kind !== 'mine_mouth'),
    locale,
  );
}

export function readNeed(data: FormData) {
  const number = (name: string): string => decimalText(data, name);
  const limits = readLimits((name) => (/\.(basis|unit|kind)$/.test(name) ? text(data, name) : number(name)));
  const coalRanks = data.getAll('coalRanks').filter((rank) => typeof rank === 'string');
  const money = filled({
    quantity: number('quantity'),
    minimumQuantity: number('minimumQuantity'),
    windowFrom: text(data, 'windowFrom'),
    windowTo: text(data, 'windowTo'),
    currency: text(data, 'currency'),
    priceCeiling: number('priceCeiling'),
    ceilingAt: text(data, 'ceilingAt'),
    note: text(data, 'note'),
  });
  return { limits, body: { coalRanks, limits, ...money } };
}

/** A place that is not in the register, as the form has it; undefined when nothing of it was typed. */
export function readPlace(data: FormData, prefix: string, kind: 'plant') {
  const place = filled({
    name: text(data, `${prefix}.name`),
    nameZh: text(data, `${prefix}.nameZh`),
    country: text(data, `${prefix}.country`),
    latitude: decimalText(data, `${prefix}.latitude`),
    longitude: decimalText(data, `${prefix}.longitude`),
  });
  return Object.keys(place).length > 0 ? { kind, ...place } : undefined;
}

export function refuseNeed(
  problem: Problem,
  limits: readonly LimitStatement[],
  data: FormData,
): ActionFailure<Refused> {
  const refused = refuse(forForm(problem, limits), data);
  // Several boxes share this name; `typed` keeps only the last.
  for (const rank of data.getAll('coalRanks'))
    refused.data.values = { ...refused.data.values, [`coalRanks.${String(rank)}`]: 'on' };
  return refused;
}

/** A draft as its form shows it. */
export function typedBefore(draft: RequestView): Record<string, string> {
  const plain = (value: string): string => value.replace(/\.?0+$/, '');
  const limits = draft.limits.flatMap(({ parameter, ...rest }) =>
    Object.entries(rest).map(([name, value]) => [`limits.${parameter}.${name}`, value]),
  );
  return {
    ...Object.fromEntries(draft.coalRanks.map((rank) => [`coalRanks.${rank}`, 'on'])),
    ...(Object.fromEntries(limits) as Record<string, string>),
    quantity: plain(draft.quantity),
    minimumQuantity: draft.minimumQuantity === draft.quantity ? '' : plain(draft.minimumQuantity),
    priceCeiling: draft.priceCeiling ?? '',
    ceilingAt: draft.ceilingAt,
    currency: draft.currency,
    plantPlaceId: draft.plant.id,
    windowFrom: draft.windowFrom,
    windowTo: draft.windowTo,
    validUntil: draft.expiresAt,
    note: draft.note,
    audience: draft.audience,
  };
}
