/** Writes the value of a parameter in one language. Every leaf of the value shows: nothing is agreed unseen. */
import type { Assay, CalorificValue, Share } from '@seam/coal';
import { formatMoney, formatScaled, formatTonnes } from '@seam/units';
import type { Parameter, ParameterForm } from './clause.ts';
import type {
  FormulaTerms,
  MonthTerms,
  NameTerms,
  OriginTerms,
  PartyTerms,
  PriceLaterTerms,
  PriceStepTerms,
} from './terms.ts';
import * as words from './words.ts';

type Language = 'zh' | 'en';
type Write = (value: never, language: Language, context: Context) => string;
type Context = { readonly currency: string; readonly parameter: Parameter };

/** @param currency of the contract, written with every amount. */
export function formatValue(
  parameter: Parameter,
  value: unknown,
  language: Language,
  currency: string,
): string {
  return WRITERS[parameter.form](value as never, language, { currency, parameter });
}

export const percent = (basisPoints: number): string => `${formatScaled(BigInt(basisPoints), 2)} %`;

const asText = (value: string | number): string => String(value);

const WRITERS: Record<ParameterForm, Write> = {
  text: asText,
  integer: asText,
  days: (count: number, language) =>
    language === 'zh' ? `${count} 日` : `${count} ${count === 1 ? 'day' : 'days'}`,
  day: asText,
  currency: asText,
  basis_points: percent,
  mass: (kg: string) => formatTonnes(BigInt(kg)),
  money: (minor: string, _language, { currency }) => `${currency} ${formatMoney(BigInt(minor))}`,
  choice: (value: string, language, { parameter }) => parameter.words?.[value]?.[language] ?? value,
  party,
  name: bothNames,
  mine,
  assay,
  // Worded rule by rule in paragraphs of its own.
  quality: () => '',
  months: (months: readonly MonthTerms[], language) =>
    months
      .map(({ month, kg }) =>
        language === 'zh'
          ? `${month}：${formatTonnes(BigInt(kg))} 吨`
          : `${month}: ${formatTonnes(BigInt(kg))} t`,
      )
      .join(language === 'zh' ? '；' : '; '),
  formula: ({ expression, hash }: FormulaTerms['frozen'], language) =>
    language === 'zh' ? `${expression}（SHA-256 ${hash}）` : `${expression} (SHA-256 ${hash})`,
  quotations: (quotations: FormulaTerms['quotations'], language) =>
    quotations.length === 0
      ? language === 'zh'
        ? '无'
        : 'none'
      : quotations
          .map(({ index, date, value, source }) =>
            language === 'zh'
              ? `${index} ${date} ${value}（${source}）`
              : `${index} ${date} ${value} (${source})`,
          )
          .join(language === 'zh' ? '；' : '; '),
  steps: (steps: readonly PriceStepTerms[], language, { currency }) =>
    steps
      .map(({ from, pricePerTonne }) => {
        const price = `${currency} ${formatMoney(BigInt(pricePerTonne))}`;
        return language === 'zh' ? `自 ${from} 起每吨 ${price}` : `from ${from} ${price} per tonne`;
      })
      .join(language === 'zh' ? '；' : '; '),
  series: (series: PriceLaterTerms['series'], language) =>
    series
      .map(({ name, seriesId, title, unit }) =>
        language === 'zh'
          ? `${name} 为平台指数 ${seriesId}“${title}”（${unit}）`
          : `${name} is the index ${seriesId} "${title}" (${unit}) of the exchange`,
      )
      .join(language === 'zh' ? '；' : '; '),
  origin: ({ kind, id, saleId }: OriginTerms, language) => {
    const word = words.ORIGINS[kind]?.[language] ?? kind;
    return language === 'zh' ? `${word} ${id}，成交 ${saleId}` : `${word} ${id}, sale ${saleId}`;
  },
};

/** The own language's name first, the other in brackets: it is one company under both. */
function bothNames({ name, nameZh }: NameTerms, language: Language): string {
  if (nameZh === null || nameZh === name) return name;
  return language === 'zh' ? `${nameZh}（${name}）` : `${name} (${nameZh})`;
}

function mine({ name, nameZh, country }: NameTerms & { country: string }, language: Language): string {
  const other = nameZh === null || nameZh === name ? [] : [language === 'zh' ? name : nameZh];
  const details = [...other, country];
  return language === 'zh' ? `${nameZh ?? name}（${details.join('，')}）` : `${name} (${details.join(', ')})`;
}

function party(of: PartyTerms, language: Language): string {
  const zh = language === 'zh';
  const legalId = zh
    ? `${of.legalIdKind === 'uscc' ? '统一社会信用代码' : '法人机构识别编码'} ${of.legalId}`
    : `${of.legalIdKind.toUpperCase()} ${of.legalId}`;
  const rest = zh
    ? [legalId, `地址 ${of.address}`, `银行账户 ${of.bankAccount}`, `平台会员 ${of.organisationId}`]
    : [legalId, `address ${of.address}`, `bank account ${of.bankAccount}`, `member ${of.organisationId}`];
  return [bothNames(of, language), ...rest].join(zh ? '，' : ', ');
}

const SHARES = [
  'totalMoisture',
  'inherentMoisture',
  'ash',
  'volatileMatter',
  'sulphur',
  'fixedCarbon',
  'hydrogen',
] as const;

function assay(of: Assay, language: Language): string {
  const zh = language === 'zh';
  const share = (name: string, { basisPoints, basis }: Share): string =>
    `${words.MEASURES[name]![language]} ${percent(basisPoints)} ${words.BASES[basis]![language]}`;
  const heat = ({ joulesPerGram, kind, basis }: CalorificValue): string =>
    `${words.MEASURES['calorificValue']![language]} ${joulesPerGram} J/g ${words.HEAT_KINDS[kind]![language]} ${words.BASES[basis]![language]}`;
  const parts = [
    heat(of.calorificValue),
    ...SHARES.flatMap((name) => (of[name] ? [share(name, of[name])] : [])),
    ...(['ash', 'volatileMatter', 'sulphur'] as const).flatMap((name) =>
      (of.also?.[name] ?? []).map((one) => share(name, one)),
    ),
    ...(of.also?.calorificValue ?? []).map(heat),
    ...(of.hardgroveIndex === undefined
      ? []
      : [`${words.MEASURES['hardgroveIndex']![language]} ${of.hardgroveIndex}`]),
    ...(of.ashFusion ? [ashFusion(of.ashFusion, language)] : []),
    ...(of.size ? [`${zh ? '粒度' : 'size'} ${of.size.minMm}–${of.size.maxMm} mm`] : []),
  ];
  return parts.join(zh ? '，' : ', ');
}

function ashFusion(of: NonNullable<Assay['ashFusion']>, language: Language): string {
  const zh = language === 'zh';
  const temperatures = [
    ...(of.deformationCelsius === undefined
      ? []
      : [`${zh ? '灰变形温度' : 'ash deformation'} ${of.deformationCelsius} °C`]),
    ...(of.softeningCelsius === undefined
      ? []
      : [`${zh ? '灰软化温度' : 'ash softening'} ${of.softeningCelsius} °C`]),
  ];
  return [...temperatures, words.ATMOSPHERES[of.atmosphere]![language]].join(' ');
}
