/**
 * A quality clause in words. Settlement computes from the very object that is worded here: there is no
 * second statement of a rule that could differ from it.
 */
import type { AdjustmentRule, Measure, QualityClause } from '@seam/coal';
import type { Bilingual } from './clause.ts';
import * as words from './words.ts';

type Language = 'zh' | 'en';

const fill = (phrase: string, values: Readonly<Record<string, string>>): string =>
  phrase.replaceAll(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

const both = (write: (language: Language) => string): Bilingual => ({ zh: write('zh'), en: write('en') });

/** One paragraph for each rule, then the weight rule, the limits of the price, and the rounding. */
export function qualityParagraphs(clause: QualityClause, currency: string): Bilingual[] {
  return [
    ...clause.rules.map((rule) => both((language) => ruleText(rule, currency, language))),
    ...(clause.weight ? [weightText(clause.weight)] : []),
    ...Object.entries(clause.limits ?? {}).map(([limit, value]) =>
      both((language) => {
        const text = fill(words.PRICE_LIMITS[limit]![language], { value, currency });
        return language === 'zh' ? `${text}。` : `${capital(text)}.`;
      }),
    ),
  ];
}

function weightText(weight: NonNullable<QualityClause['weight']>): Bilingual {
  return both((language) => {
    const values = { reference: weight.reference, factor: weight.factor ?? '1' };
    const text = fill(words.WEIGHT_METHODS[weight.method]![language], values);
    return language === 'zh' ? `${text}。` : `${capital(text)}.`;
  });
}

export function measureText(measure: Measure, language: Language): string {
  const name = words.MEASURES[measure.parameter]![language];
  const details = [
    ...(measure.kind ? [words.HEAT_KINDS[measure.kind]![language]] : []),
    ...(measure.basis ? [words.BASES[measure.basis]![language]] : []),
  ];
  if (details.length === 0) return name;
  return language === 'zh' ? `${name}（${details.join('，')}）` : `${name} (${details.join(', ')})`;
}

function ruleText(rule: AdjustmentRule, currency: string, language: Language): string {
  const zh = language === 'zh';
  const agreed = zh
    ? `${measureText(rule, language)}：约定值 ${rule.reference} ${rule.unit}`
    : `${capital(measureText(rule, language))}: agreed ${rule.reference} ${rule.unit}`;
  const parts = [
    agreed,
    ...(rule.tiers.length === 0 ? noAdjustment(rule, language) : adjustment(rule, currency, language)),
    ...refusal(rule, language),
  ];
  return zh ? `${parts.join('；')}。` : `${parts.join('; ')}.`;
}

/** A rule that only sets a refusal limit still says how it would be read. */
function noAdjustment(rule: AdjustmentRule, language: Language): string[] {
  const zh = language === 'zh';
  return [zh ? '不调整价格' : 'no adjustment of the price', ...manner(rule, '', language)];
}

function adjustment(rule: AdjustmentRule, currency: string, language: Language): string[] {
  const zh = language === 'zh';
  const rateUnit = fill(words.RATE_UNITS[rule.rateUnit]![language], { currency });
  const bands = rule.tiers.map(({ from, to, rate }) => {
    const band = zh
      ? `偏差自 ${from} ${to === null ? '起' : `至 ${to}（不含）`}`
      : `deviation from ${from} ${to === null ? 'upwards' : `to below ${to}`}`;
    return zh ? `${band}，每步 ${rate} ${rateUnit}` : `${band}, ${rate} ${rateUnit} a step`;
  });
  return [...bands, ...manner(rule, rateUnit, language)];
}

function manner(rule: AdjustmentRule, rateUnit: string, language: Language): string[] {
  const zh = language === 'zh';
  const unit =
    rateUnit === '' ? fill(words.RATE_UNITS[rule.rateUnit]![language], { currency: '' }) : rateUnit;
  return [
    zh ? `每步 ${rule.per} ${rule.unit}` : `a step is ${rule.per} ${rule.unit}`,
    words.DIRECTIONS[rule.direction]![language],
    words.TIER_MODES[rule.tierMode]![language],
    words.STEP_MODES[rule.stepMode]![language],
    ...(rateUnit === '' ? [zh ? `计量单位 ${unit}` : `reckoned in ${unit}`] : []),
    ...(rule.cap === undefined
      ? []
      : [zh ? `最多 ${rule.cap} ${unit}` : `at most ${rule.cap} ${unit} either way`]),
    zh
      ? `第 ${rule.stage} 级计算，结算单行 ${rule.id}`
      : `reckoned at stage ${rule.stage}, invoice line ${rule.id}`,
  ];
}

function refusal({ reject, unit }: AdjustmentRule, language: Language): string[] {
  const zh = language === 'zh';
  return [
    ...(reject?.below === undefined
      ? []
      : [
          zh
            ? `低于 ${reject.below} ${unit} 买方可拒收`
            : `below ${reject.below} ${unit} the Buyer may refuse the delivery`,
        ]),
    ...(reject?.above === undefined
      ? []
      : [
          zh
            ? `高于 ${reject.above} ${unit} 买方可拒收`
            : `above ${reject.above} ${unit} the Buyer may refuse the delivery`,
        ]),
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
