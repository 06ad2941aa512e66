/** Sentences for what packages/coal says in codes and numbers, in the visitor's language. */
import type { AuditFlagView, LimitStatement, MatchReasonView } from '@seam/protocol';
import { convertEnergy, rational, roundHalfEven } from '@seam/coal';
import { formatNumber } from '#lib/format/format.ts';
import { coal } from '#lib/i18n/coal.ts';
import { listings } from '#lib/i18n/listings.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { buying } from '#lib/i18n/requests-buying.ts';
import { requests } from '#lib/i18n/requests.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';

type CoalKey = keyof (typeof coal)['en'];

export function useFlagText(): (flag: AuditFlagView) => string {
  const t = useMessages(listings);
  const c = useMessages(coal);
  const preferences = usePreferences();
  return ({ code, basis, numbers }) => {
    const points = (name: string): string =>
      formatNumber(((numbers[name] ?? 0) / 100).toFixed(2), preferences.locale);
    const joules = (name: string): string => formatNumber(numbers[name] ?? 0, preferences.locale);
    const on = basis ? c(basis) : '';
    switch (code) {
      case 'proximate_sum':
        return t('proximate_sum', { sum: points('sumBasisPoints'), basis: on });
      case 'ash_bases_disagree':
      case 'volatile_matter_bases_disagree':
      case 'sulphur_bases_disagree': {
        const parameter = c(
          (
            { ash_bases_disagree: 'ash', volatile_matter_bases_disagree: 'volatileMatter' } as Record<
              string,
              CoalKey
            >
          )[code] ?? 'sulphur',
        );
        const [stated, expected] = [points('statedBasisPoints'), points('expectedBasisPoints')];
        return t('bases_disagree', {
          parameter,
          stated: `${stated} %`,
          basis: on,
          expected: `${expected} %`,
        });
      }
      case 'total_moisture_below_inherent':
        return t(code, { total: points('totalBasisPoints'), inherent: points('inherentBasisPoints') });
      case 'gross_air_dried_below_as_received':
        return t(code, {
          dried: joules('airDriedJoulesPerGram'),
          received: joules('asReceivedJoulesPerGram'),
        });
      case 'gross_not_above_net':
        return t(code, { gross: joules('grossJoulesPerGram'), net: joules('netJoulesPerGram') });
      case 'net_calorific_value_disagrees':
      case 'calorific_value_bases_disagree':
        return t('net_calorific_value_disagrees', {
          stated: joules('statedJoulesPerGram'),
          expected: joules('expectedJoulesPerGram'),
          basis: on,
        });
      case 'calorific_value_daf_implausible':
        return t(code, { value: joules('dryAshFreeJoulesPerGram') });
      case 'rank_disagrees':
        return t(code, { value: points('volatileMatterBasisPoints') });
      default:
        return code;
    }
  };
}

/** `Ash ≤ 16 % as received`, `Calorific value ≥ 5,000 kcal/kg net as received`. */
export function useLimitText(): (limit: LimitStatement) => string {
  const t = useMessages(requests);
  const c = useMessages(coal);
  const preferences = usePreferences();
  return ({ parameter, basis, kind, unit, minimum, maximum }) => {
    const suffix = unitOf(parameter, unit);
    const value = (text: string): string => `${formatNumber(text, preferences.locale)}${suffix}`;
    return [
      c(parameter),
      minimum === undefined ? '' : t('atLeast', { value: value(minimum) }),
      maximum === undefined ? '' : t('atMost', { value: value(maximum) }),
      kind ? c(kind) : '',
      basis && parameter !== 'totalMoisture' ? c(basis) : '',
    ]
      .filter((part) => part !== '')
      .join(' ');
  };
}

/** A value in the unit of its limit. */
export function useLimitValue(): (limit: LimitStatement, value: string) => string {
  const preferences = usePreferences();
  return ({ parameter, unit }, value) =>
    `${formatNumber(value, preferences.locale)}${unitOf(parameter, unit)}`;
}

export function useReasonText(): (reason: MatchReasonView) => string {
  const t = useMessages(requests);
  const b = useMessages(buying);
  const c = useMessages(coal);
  const preferences = usePreferences();
  return ({ code, parameter, basis, kind, values }) => {
    const number = (name: string): string => formatNumber(values[name] ?? '', preferences.locale);
    // Heat is compared in J/g; people read kilocalories.
    const shown = (text: string | undefined): string => {
      if (text === undefined) return '';
      const heat = parameter === 'calorificValue';
      const plain = heat
        ? String(roundHalfEven(convertEnergy(rational(BigInt(text)), 'J/g', 'kcal/kg')))
        : text;
      return `${formatNumber(plain, preferences.locale)}${heat ? ' kcal/kg' : unitOf(parameter, undefined)}`;
    };
    switch (code) {
      case 'within_limit':
      case 'below_minimum':
      case 'above_maximum':
      case 'not_stated': {
        const what = [
          parameter ? c(parameter) : '',
          kind ? c(kind) : '',
          basis && parameter !== 'totalMoisture' ? c(basis) : '',
        ];
        const limit = [
          values['minimum'] === undefined ? '' : t('atLeast', { value: shown(values['minimum']) }),
          values['maximum'] === undefined ? '' : t('atMost', { value: shown(values['maximum']) }),
        ];
        const words = { what: join(what), limit: join(limit) };
        if (code === 'not_stated') return t(code, words);
        const by = values['by'] === undefined ? '' : b('missedBy', { by: shown(values['by']) });
        return join([t(code, { ...words, offered: shown(values['offered']) }), by && `(${by})`]);
      }
      case 'rank_wanted':
      case 'rank_not_wanted':
        return t(code, { rank: c((values['rank'] ?? 'bituminous') as CoalKey) });
      case 'quantity_enough':
        return t(code, { offered: number('offered') });
      case 'quantity_partial':
        return t(code, { offered: number('offered'), wanted: number('wanted') });
      case 'quantity_short':
        return t(code, { offered: number('offered') });
      case 'window_overlaps':
        return t(code, { days: number('days') });
      case 'window_disjoint':
        return t(code, { days: number('gapDays') });
      case 'distance':
        return t(code, { km: number('km') });
      case 'out_of_reach':
        return b(code, { km: number('km') });
      case 'price_open':
      case 'landed_cost_unknown':
        return t(code);
      case 'landed_cost':
        return t(code, {
          currency: values['currency'] ?? '',
          perGigajoule: number('perGigajoule'),
          perTonne: number('perTonne'),
          freightPerTonne: number('freightPerTonne'),
        });
      case 'price_within_ceiling':
      case 'price_above_ceiling':
        return join([
          t(code, {
            price: number('price'),
            ceiling: number('ceiling'),
            currency: values['currency'] ?? '',
          }),
          values['at'] === 'delivered' ? b('atPlant') : '',
          values['by'] === undefined ? '' : `(${b('missedBy', { by: number('by') })})`,
        ]);
      case 'ceiling_not_comparable':
        return t(code, { currency: values['currency'] ?? '' });
      default:
        return code;
    }
  };
}

const PLAIN: Readonly<Record<string, string>> = { hardgroveIndex: '', ashSoftening: ' °C', sizeMax: ' mm' };

function unitOf(parameter: string | undefined, unit: string | undefined): string {
  if (parameter === 'calorificValue') return ` ${unit ?? 'J/g'}`;
  return PLAIN[parameter ?? ''] ?? ' %';
}

function join(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
