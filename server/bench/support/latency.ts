/** Where most of the measured times lie. Sorts `times`. */
export function quantile(times: number[], share: number): number {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}

export const rounded = (value: number): number => Math.round(value * 100) / 100;
