/** A buyer's posting in words: what it takes, and how it stands. */
import type { BuyListingView } from '@seam/protocol';
import { formatNumber } from '#lib/format/format.ts';
import { coal } from '#lib/i18n/coal.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';
import { shelf } from '#lib/i18n/shelf.ts';
import { usePreferences } from '#lib/shell/preferences-context.svelte.ts';
import type { Tone } from '#lib/ui/tone.ts';

export const POSTING_TONES: Record<BuyListingView['state'], Tone> = {
  published: 'good',
  filled: 'brand',
  withdrawn: 'neutral',
  expired: 'neutral',
};

/** Kinds of coal, then its limits, each as one text. */
export function useWantedWords() {
  const t = useMessages(shelf);
  const c = useMessages(coal);
  const preferences = usePreferences();
  const number = (text: string): string => formatNumber(text, preferences.locale);
  const ranks = ({ coalRanks }: BuyListingView): string =>
    coalRanks.length === 0 ? t('anyRank') : coalRanks.map((rank) => c(rank)).join(', ');
  const limits = ({
    quality: { calorificMin, ashMax, sulphurMax, moistureMax },
  }: BuyListingView): string[] => [
    ...(calorificMin === undefined ? [] : [`${c('net')} ar ≥ ${number(calorificMin)} kcal/kg`]),
    ...(ashMax === undefined ? [] : [`${c('ash')} ar ≤ ${number(ashMax)} %`]),
    ...(sulphurMax === undefined ? [] : [`${c('sulphur')} ar ≤ ${number(sulphurMax)} %`]),
    ...(moistureMax === undefined ? [] : [`${c('totalMoisture')} ≤ ${number(moistureMax)} %`]),
  ];
  return { ranks, limits };
}
