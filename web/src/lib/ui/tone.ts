/** What a colour means. Components never show a tone without a word. */
export type Tone = 'neutral' | 'brand' | 'good' | 'warn' | 'bad' | 'info' | 'buy' | 'sell' | 'accent';

export const softTone: Record<Tone, string> = {
  neutral: 'bg-sunken text-ink-soft',
  brand: 'bg-brand-soft text-brand-ink',
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  info: 'bg-info-soft text-info',
  buy: 'bg-buy-soft text-buy',
  sell: 'bg-sell-soft text-sell',
  accent: 'bg-accent-soft text-accent-ink',
};
