import type { LotComparison } from '@seam/protocol';
import { call } from '#lib/api/call.ts';
import { BASES, HEAT_UNITS, type ShownColumn, showOf } from '#lib/find/query.ts';
import { placeChoices, placeNames } from '#lib/find/places.ts';
import { find as texts } from '#lib/i18n/find.ts';
import type { PageServerLoad } from './$types';

const REFERENCES = ['4500', '5000', '5500', '6000', '6322', '7000'] as const;

/** The address is the whole comparison. Ticked boxes send `ids` several times, a link once with commas. */
export const load: PageServerLoad = async ({ fetch, url, locals }) => {
  const params = url.searchParams;
  const ids = [...new Set(params.getAll('ids').flatMap((each) => each.split(',')))].filter(Boolean);
  const to = params.get('toPoint')?.trim() || params.get('to') || '';
  const costCurrency = params.get('costCurrency') ?? '';
  const reference = REFERENCES.find((known) => known === params.get('referenceKcal')) ?? '6000';
  const basis = BASES.find((known) => known === params.get('basis')) ?? 'ar';
  const heat = HEAT_UNITS.find((known) => known === params.get('heat')) ?? 'kcal/kg';
  const onBasis = basis === 'daf' ? 'd' : basis;
  const columns: ShownColumn[] = [
    { parameter: 'net', basis: onBasis },
    { parameter: 'gross', basis },
    { parameter: 'totalMoisture', basis: 'ar' },
    { parameter: 'ash', basis: onBasis },
    { parameter: 'sulphur', basis },
    { parameter: 'volatileMatter', basis },
    { parameter: 'fixedCarbon', basis },
    { parameter: 'hardgrove', basis: '' },
    { parameter: 'ashSoftening', basis: '' },
    { parameter: 'sizeMax', basis: '' },
  ];
  const query = new URLSearchParams({
    ids: ids.join(','),
    referenceKcal: reference,
    show: showOf(columns, heat),
    ...(to && { to }),
    ...(costCurrency && { costCurrency }),
  });
  const [answer, places] = await Promise.all([
    ids.length > 1 ? call<LotComparison>(fetch, 'GET', `/v1/search/compare?${query}`) : undefined,
    placeChoices(fetch, locals.locale, locals.session?.organisation != null),
  ]);
  const back = params.get('back') ?? '';
  return {
    title: texts[locals.locale].comparison,
    ids,
    to,
    costCurrency,
    reference,
    references: REFERENCES,
    basis,
    heat,
    columns,
    comparison: answer?.ok ? answer.data : null,
    problem: answer && !answer.ok ? answer.problem : null,
    places,
    placeNames: placeNames(places),
    back,
  };
};
