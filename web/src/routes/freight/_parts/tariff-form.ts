/** A tariff as its form sends it, as the wire wants it; what is left empty is left out. */
import { TARIFF_KINDS, type TariffInput } from '@seam/protocol';
import { decimalText, text } from '#lib/form/read.ts';

export const STEP_ROWS = [0, 1, 2] as const;

export function readTariff(data: FormData): TariffInput {
  const amount = (name: string): string => decimalText(data, `tariff.${name}`);
  const kind = TARIFF_KINDS.find((name) => name === text(data, 'tariff.kind')) ?? 'per_tonne';
  const own = {
    per_tonne: ['perTonne'],
    per_tonne_km: ['perTonneKm', 'terminal', 'minimum'],
    weight_steps: [],
  } as const satisfies Record<TariffInput['kind'], readonly string[]>;
  const names = [...own[kind], 'loading', 'unloading', 'lossPermille', 'distanceKm', 'hours'];
  const steps = STEP_ROWS.map((row) => ({
    fromTonnes: amount(`steps.${row}.fromTonnes`),
    perTonne: amount(`steps.${row}.perTonne`),
  })).filter(({ fromTonnes, perTonne }) => fromTonnes !== '' || perTonne !== '');
  const validTo = text(data, 'tariff.validTo');
  return {
    kind,
    currency: text(data, 'tariff.currency'),
    ...Object.fromEntries(names.flatMap((name) => (amount(name) === '' ? [] : [[name, amount(name)]]))),
    ...(kind === 'weight_steps' && steps.length > 0 && { steps }),
    validFrom: text(data, 'tariff.validFrom'),
    ...(validTo !== '' && { validTo }),
    source: text(data, 'tariff.source'),
  };
}
