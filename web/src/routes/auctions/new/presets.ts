/** How long an auction runs, and the soft close that suits it. Seconds unless named otherwise. */
type Soft = {
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
} as const satisfies Record<string, { minutes: number | null; soft: Soft }>;

export type Preset = keyof typeof presets;

export function isPreset(word: string): word is Preset {
  return Object.hasOwn(presets, word);
}
