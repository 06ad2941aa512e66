/** A measured quantity by name: `Calorific value, net, as received`. */
import { coal } from '#lib/i18n/coal.ts';
import { useMessages } from '#lib/i18n/messages.svelte.ts';

export type Measure = {
  parameter: string;
  unit: string;
  basis?: string | null | undefined;
  kind?: string | null | undefined;
};

/** Call it while a component initialises. */
export function useMeasureText(): (measure: Measure) => string {
  const t = useMessages(coal);
  const word = (name: string): string => (name in coal.en ? t(name as keyof typeof coal.en) : name);
  return ({ parameter, kind, basis }) =>
    [parameter, kind, basis]
      .filter((name) => typeof name === 'string')
      .map(word)
      .join(', ');
}
