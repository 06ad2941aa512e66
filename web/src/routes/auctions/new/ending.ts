import { isPreset, presets } from './presets.ts';
import type { Reader } from './reader.ts';

const MINUTE_MS = 60_000;

/** The planned end of what the duration is of: `closesAt` of a date of one's own, else so long after the opening. */
export function ending(form: Reader, fromMs: number): string {
  const preset = form.text('preset');
  const seconds = /^s(\d{1,7})$/.exec(preset)?.[1];
  if (seconds !== undefined) return new Date(fromMs + Number(seconds) * 1000).toISOString();
  const minutes = isPreset(preset) ? presets[preset].minutes : presets.p15.minutes;
  if (minutes === null) return form.moment('closesAt') ?? '';
  return new Date(fromMs + minutes * MINUTE_MS).toISOString();
}
