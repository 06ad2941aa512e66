/** How long an auction runs, and the soft close that suits it. Seconds unless named otherwise. */
import { type PresetName, PRESETS, type SoftCloseTerms } from '@seam/protocol';

type Window = {
  readonly windowSeconds: number;
  readonly extensionSeconds: number;
  readonly extensionsMax: number;
  readonly hardEndAfterSeconds: number;
};
export const presets = {
  p2: {
    minutes: 2,
    soft: { windowSeconds: 20, extensionSeconds: 20, extensionsMax: 15, hardEndAfterSeconds: 300 },
  },
  p15: {
    minutes: 15,
    soft: { windowSeconds: 120, extensionSeconds: 120, extensionsMax: 10, hardEndAfterSeconds: 900 },
  },
  p60: {
    minutes: 60,
    soft: { windowSeconds: 120, extensionSeconds: 120, extensionsMax: 15, hardEndAfterSeconds: 1_800 },
  },
  own: {
    minutes: null,
    soft: { windowSeconds: 120, extensionSeconds: 120, extensionsMax: 15, hardEndAfterSeconds: 1_800 },
  },
} as const satisfies Record<string, { minutes: number | null; soft: Window }>;

export type Preset = keyof typeof presets;

export function isPreset(word: string): word is Preset {
  return Object.hasOwn(presets, word);
}

/** Rules as others use them, for a seller or for a buyer. */
export function usages(side: 'sell' | 'buy'): readonly PresetName[] {
  const names = Object.keys(PRESETS) as PresetName[];
  return names.filter((name) => PRESETS[name].direction === side);
}

export function isUsage(word: string | null): word is PresetName {
  return word !== null && Object.hasOwn(PRESETS, word);
}

/** What the fields hold when the rules of `name` are taken. */
export function usageDefaults(name: PresetName): Record<string, string> {
  const { durationSeconds, softClose, ...rest } = PRESETS[name];
  return {
    ...(durationSeconds === null ? {} : { preset: `s${durationSeconds}` }),
    ...softDefaults(softClose),
    ...('bidIncrement' in rest ? { bidIncrement: rest.bidIncrement } : {}),
    ...('maximumIncrement' in rest ? { maximumIncrement: rest.maximumIncrement } : {}),
  };
}

function softDefaults(soft: SoftCloseTerms): Record<string, string> {
  const { mode = 'window', ...numbers } = soft as { mode?: string } & Record<string, unknown>;
  const stop = soft.mode === 'cooloff' ? soft.dailyStop : undefined;
  const texts = Object.entries(numbers).filter(([, value]) => typeof value === 'number');
  return {
    softMode: mode,
    ...Object.fromEntries(texts.map(([key, value]) => [key, String(value)])),
    ...(stop === undefined
      ? {}
      : { dailyStop: stop.stop, dailyResume: stop.resume ?? '', utcOffset: stop.utcOffset }),
  };
}
