/** Sentences for the numbers of a quality clause, in the visitor's language. */
import { formatNumber } from '#lib/format/format.ts';
import { coal } from '#lib/i18n/coal.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import type { AdjustmentView, QualityView } from './terms.ts';
import { termsTexts } from './texts/terms.ts';

/** A word of the trade, or the code itself where nobody wrote one. */
export function useTradeWord(): (code: string) => string {
  const c = useMessages(coal);
  return (code) => (code in coal.en ? c(code as keyof (typeof coal)['en']) : code);
}

export type ClauseWords = {
  parameter(rule: QualityView): string;
  agreed(rule: QualityView): string;
  adjustment(rule: QualityView, currency: string): readonly string[];
  refusal(rule: QualityView): readonly string[];
};

export function useClauseWords(): ClauseWords {
  const t = useMessages(termsTexts);
  const word = useTradeWord();
  const preferences = usePreferences();
  const number = (text: string): string => formatNumber(text, preferences.locale);
  const measured = (text: string, unit: string): string => `${number(text)}\u00a0${unit}`;

  function step(
    view: Extract<AdjustmentView, { form: 'step' }>,
    rule: QualityView,
    currency: string,
  ): string {
    const values = {
      rate: signed(view.rate, number),
      per: number(view.per),
      unit: rule.unit,
      side: t(view.direction),
    };
    const sentence =
      view.rateUnit === 'percent_of_price'
        ? t('stepPercent', values)
        : t('stepMoney', { ...values, currency });
    if (view.from === '0' && view.to === null) return sentence;
    const band =
      view.to === null
        ? t('bandOpen', { from: number(view.from), unit: rule.unit })
        : t('band', { from: number(view.from), to: number(view.to), unit: rule.unit });
    return `${band}: ${sentence}`;
  }

  return {
    parameter({ parameter, kind, basis }) {
      const detail = [kind, parameter === 'totalMoisture' ? null : basis].filter((part) => part !== null);
      return [word(parameter), ...detail.map((part) => word(part))].join(' ');
    },
    agreed: (rule) => measured(rule.agreed, rule.unit),
    adjustment: (rule, currency) =>
      rule.adjustments.map((view) => {
        if (view.form === 'none') return t('noAdjustment');
        return view.form === 'ratio' ? t('ratio') : step(view, rule, currency);
      }),
    refusal: (rule) => [
      ...(rule.rejectBelow === null ? [] : [t('under', { value: measured(rule.rejectBelow, rule.unit) })]),
      ...(rule.rejectAbove === null ? [] : [t('over', { value: measured(rule.rejectAbove, rule.unit) })]),
    ],
  };
}

function signed(rate: string, number: (text: string) => string): string {
  return rate.startsWith('-') ? number(rate) : `+${number(rate)}`;
}
